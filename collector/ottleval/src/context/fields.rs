//! The names of contexts, and the fields that paths lead to.

use super::{
    EventField, ExemplarField, LogField, MetricField, PointField, ResourceField, ScopeField, SenderField,
    SpanField, datapoint, exemplar, log, metric, resource, scope, sender, span, spanevent,
};

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
    /// Of the exemplar.
    Exemplar(ExemplarField),
    /// Of who sent the request.
    Sender(SenderField),
}

impl Field {
    /// Whether keys may follow.
    pub fn indexable(self) -> bool {
        match self {
            Self::Log(LogField::Body) => true,
            Self::Sender(field) => field != SenderField::Addr,
            field => field.is_map(),
        }
    }

    /// Whether it is a map, whatever record it is of.
    #[inline]
    pub fn is_map(self) -> bool {
        matches!(
            self,
            Self::Cache
                | Self::Resource(ResourceField::Attributes)
                | Self::Scope(ScopeField::Attributes)
                | Self::Span(SpanField::Attributes)
                | Self::Metric(MetricField::Metadata)
                | Self::Event(EventField::Attributes)
                | Self::Point(PointField::Attributes)
                | Self::Log(LogField::Attributes)
                | Self::Exemplar(ExemplarField::FilteredAttributes)
        )
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
    /// Exemplars of data points.
    Exemplar,
}

/// The fields of a context: names, with dots between segments.
pub(super) type Table = &'static [(&'static str, Field)];

/// What paths begin with that lead to who sent a request.
pub const SENDER: &str = "otelcol";

/// Where those paths lead to.
pub const SENDER_FIELDS: &[(&str, Field)] = sender::FIELDS;

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
            Self::Exemplar => "exemplar",
        }
    }

    /// Which contexts' paths statements may use, their own first.
    pub const fn visible(self) -> &'static [Self] {
        match self {
            Self::Resource => &[Self::Resource],
            Self::Scope => &[Self::Scope, Self::Resource],
            Self::Span => &[Self::Span, Self::Scope, Self::Resource],
            Self::Metric => &[Self::Metric, Self::Scope, Self::Resource],
            Self::SpanEvent => &[Self::SpanEvent, Self::Span, Self::Scope, Self::Resource],
            Self::DataPoint => &[Self::DataPoint, Self::Metric, Self::Scope, Self::Resource],
            Self::Log => &[Self::Log, Self::Scope, Self::Resource],
            Self::Exemplar => &[Self::Exemplar, Self::DataPoint, Self::Metric, Self::Scope, Self::Resource],
        }
    }

    /// Whether paths in statements about this may begin with `name` as that of a context.
    pub fn names_context(self, name: &str) -> bool {
        self.named(name).is_some() || name == SENDER
    }

    /// Whether statements about this may use the paths of `other`.
    pub fn sees(self, other: Self) -> bool {
        self.visible().contains(&other)
    }

    /// The fields that paths lead to here.
    pub const fn table(self) -> &'static [(&'static str, Field)] {
        match self {
            Self::Resource => resource::FIELDS,
            Self::Scope => scope::FIELDS,
            Self::Span => span::FIELDS,
            Self::Metric => metric::FIELDS,
            Self::SpanEvent => spanevent::FIELDS,
            Self::DataPoint => datapoint::FIELDS,
            Self::Log => log::FIELDS,
            Self::Exemplar => exemplar::FIELDS,
        }
    }

    /// The visible context of that name.
    pub fn named(self, name: &str) -> Option<Self> {
        let name = if name == "instrumentation_scope" { "scope" } else { name };
        self.visible().iter().copied().find(|kind| kind.name() == name)
    }

    /// The number that an enum's name stands for here: those of the visible contexts, but none in statements about exemplars.
    pub fn symbol(self, name: &str) -> Option<i64> {
        if self == Self::Exemplar {
            return None;
        }
        let tables = self.visible().iter().map(|kind| match kind {
            Self::Span => span::SYMBOLS,
            Self::Metric => metric::SYMBOLS,
            Self::DataPoint => datapoint::SYMBOLS,
            Self::Log => log::SYMBOLS,
            Self::Resource | Self::Scope | Self::SpanEvent | Self::Exemplar => &[],
        });
        let index = |symbols: &[&str]| symbols.iter().position(|own| *own == name);
        tables.flatten().find_map(|symbols| index(symbols)).and_then(|at| i64::try_from(at).ok())
    }
}
