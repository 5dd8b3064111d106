//! The names of contexts, and the fields that paths lead to.

use super::{
    EventField, LogField, MetricField, PointField, ResourceField, ScopeField, SpanField, datapoint, log,
    metric, resource, scope, span, spanevent,
};
use crate::ast::{Key, Path};

/// What a path leads to, before its keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    /// The scratch map of a record and a group of statements.
    Cache,
    /// Of the resource.
    Resource(ResourceField),
    /// Of the instrumentation scope.
    Scope(ScopeField),
    /// Of the span.
    Span(SpanField),
    /// Of the metric.
    Metric(MetricField),
    /// Of the event.
    Event(EventField),
    /// Of the data point.
    Point(PointField),
    /// Of the log record.
    Log(LogField),
}

impl Field {
    /// Whether keys may follow.
    pub(crate) fn indexable(self) -> bool {
        match self {
            Self::Cache => true,
            Self::Resource(field) => field == ResourceField::Attributes,
            Self::Scope(field) => field == ScopeField::Attributes,
            Self::Span(field) => field == SpanField::Attributes,
            Self::Metric(field) => field == MetricField::Metadata,
            Self::Event(field) => field == EventField::Attributes,
            Self::Point(field) => field == PointField::Attributes,
            Self::Log(field) => matches!(field, LogField::Attributes | LogField::Body),
        }
    }
}

impl Field {
    /// Whether it is a map, whatever record it is of.
    #[inline]
    pub(crate) fn is_map(self) -> bool {
        self != Self::Log(LogField::Body) && self.indexable()
    }
}

/// What the statements of a group are about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Resources.
    Resource,
    /// Instrumentation scopes.
    Scope,
    /// Spans.
    Span,
    /// Events of spans.
    SpanEvent,
    /// Metrics.
    Metric,
    /// Data points.
    DataPoint,
    /// Log records.
    Log,
}

/// The fields of a context: names, with dots between segments.
pub(super) type Table = &'static [(&'static str, Field)];

impl Kind {
    /// The context's name, as paths begin with it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Resource => "resource",
            Self::Scope => "scope",
            Self::Span => "span",
            Self::Metric => "metric",
            Self::SpanEvent => "spanevent",
            Self::DataPoint => "datapoint",
            Self::Log => "log",
        }
    }

    /// Which contexts' paths statements may use, their own first.
    const fn visible(self) -> &'static [Self] {
        match self {
            Self::Resource => &[Self::Resource],
            Self::Scope => &[Self::Scope, Self::Resource],
            Self::Span => &[Self::Span, Self::Scope, Self::Resource],
            Self::Metric => &[Self::Metric, Self::Scope, Self::Resource],
            Self::SpanEvent => &[Self::SpanEvent, Self::Span, Self::Scope, Self::Resource],
            Self::DataPoint => &[Self::DataPoint, Self::Metric, Self::Scope, Self::Resource],
            Self::Log => &[Self::Log, Self::Scope, Self::Resource],
        }
    }

    /// Whether paths in statements about this may begin with `name` as that of a context.
    pub(crate) fn names_context(self, name: &str) -> bool {
        self.named(name).is_some()
    }

    /// Whether statements about this may use the paths of `other`.
    pub(crate) fn sees(self, other: Self) -> bool {
        self.visible().contains(&other)
    }

    const fn table(self) -> Table {
        match self {
            Self::Resource => resource::FIELDS,
            Self::Scope => scope::FIELDS,
            Self::Span => span::FIELDS,
            Self::Metric => metric::FIELDS,
            Self::SpanEvent => spanevent::FIELDS,
            Self::DataPoint => datapoint::FIELDS,
            Self::Log => log::FIELDS,
        }
    }

    /// The visible context of that name.
    fn named(self, name: &str) -> Option<Self> {
        let name = if name == "instrumentation_scope" { "scope" } else { name };
        self.visible().iter().copied().find(|kind| kind.name() == name)
    }

    /// The names that paths may begin with, each with `rest` behind it.
    fn names(self, rest: &str) -> String {
        let mut names = Vec::new();
        for kind in self.visible() {
            if *kind == Self::Scope {
                names.push(format!("\"instrumentation_scope{rest}\""));
            }
            names.push(format!("\"{}{rest}\"", kind.name()));
        }
        names.join(", ")
    }

    /// Where the Go collector's documentation lists the paths.
    fn reference(self) -> String {
        let name = self.name();
        format!(
            "https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/contexts/ottl{name}"
        )
    }

    /// What `path` leads to, and the keys behind it. With `prefixed`, it has to begin with a context's name.
    pub(crate) fn resolve(self, path: &Path, prefixed: bool) -> Result<(Field, &[Key]), String> {
        let whole = full(path);
        let first = &path.fields[0];
        let plain = first.keys.is_empty();
        let mut fields = &path.fields[..];
        let mut kind = self;
        match self.named(&first.name).filter(|_| plain && fields.len() > 1) {
            Some(named) => {
                kind = named;
                fields = &fields[1..];
            }
            None if prefixed && plain && fields.len() > 1 => {
                let name = &first.name;
                let names = self.names("");
                return Err(format!(
                    "context \"{name}\" from path \"{whole}\" is not valid, it must be replaced by one of: {names}"
                ));
            }
            None if prefixed => {
                let names = self.names(&format!(".{whole}"));
                return Err(format!(
                    "missing context name for path \"{whole}\", possibly valid options are: {names}"
                ));
            }
            None => {}
        }
        let (field, used) = kind.find(self, fields, &whole)?;
        for (at, segment) in fields.iter().enumerate() {
            if at > used {
                return Err(format!(
                    "the path section {:?} was not used by the context - \
                     this likely means you are using extra path sections",
                    segment.name
                ));
            }
            let indexable = at == used && field.indexable();
            if !indexable && !segment.keys.is_empty() {
                return Err(format!(
                    "the keys indexing {:?} were not used by the context - \
                     this likely means you are trying to index a path that does not support indexing",
                    segment.name
                ));
            }
        }
        Ok((field, &fields[used].keys))
    }

    /// The field that `fields` begin with, and which of them is its last.
    fn find(self, own: Self, fields: &[crate::ast::Field], whole: &str) -> Result<(Field, usize), String> {
        let name = &fields[0].name;
        if name == "cache" {
            if self == own {
                return Ok((Field::Cache, 0));
            }
            let (lower, upper) = (own.name(), self.name());
            let better = whole.replacen(&format!("{upper}."), &format!("{lower}."), 1);
            return Err(format!(
                "access to cache must be performed using the same context, please replace {whole:?} with {better:?}"
            ));
        }
        let get = |name: &str| self.table().iter().find(|(own, _)| *own == name).map(|(_, field)| *field);
        let unknown = |segment: &str| {
            format!(
                "segment {segment:?} from path {whole:?} is not a valid path nor a valid OTTL keyword \
                 for the {} context - review {} to see all valid paths",
                self.name(),
                self.reference()
            )
        };
        if let Some(second) = fields.get(1) {
            let prefix = format!("{name}.");
            if let Some(field) = get(&format!("{prefix}{}", second.name)) {
                return Ok((field, 1));
            }
            if self.table().iter().any(|(own, _)| own.starts_with(&prefix)) {
                return Err(unknown(&second.name));
            }
        }
        Ok((get(name).ok_or_else(|| unknown(name))?, 0))
    }

    /// The number that an enum's name stands for here: those of the visible contexts.
    pub(crate) fn symbol(self, name: &str) -> Option<i64> {
        let tables = self.visible().iter().map(|kind| match kind {
            Self::Span => span::SYMBOLS,
            Self::Metric => metric::SYMBOLS,
            Self::DataPoint => datapoint::SYMBOLS,
            Self::Log => log::SYMBOLS,
            Self::Resource | Self::Scope | Self::SpanEvent => &[],
        });
        let index = |symbols: &[&str]| symbols.iter().position(|own| *own == name);
        tables.flatten().find_map(|symbols| index(symbols)).and_then(|at| i64::try_from(at).ok())
    }
}

/// A path as the Go collector prints it.
fn full(path: &Path) -> String {
    let segments: Vec<_> = path
        .fields
        .iter()
        .map(|field| format!("{}{}", field.name, crate::parser::plain(&field.keys)))
        .collect();
    segments.join(".")
}
