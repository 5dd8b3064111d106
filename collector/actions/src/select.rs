//! Which items are meant: `include` and `exclude`, for each signal.
//!
//! A choice is made in steps, as far down as it depends on something: by the resource, by the scope, by the item.

use slimcol_pattern::Names;
use slimcol_pdata::{
    enums::SPAN_KIND,
    view::{LogRecordRef, ResourceRef, ScopeRef, SpanRef},
};

use crate::{
    MatchConfig, SeverityConfig,
    properties::{self, Libraries, Wants},
};

/// What is chosen by `include` and not by `exclude`.
#[derive(Debug)]
pub struct Selection<M> {
    include: Option<M>,
    exclude: Option<M>,
}

/// How far a choice has come: what is still to be asked of what lies within.
#[derive(Clone, Copy, Debug)]
pub struct Chosen {
    /// `include` does not say no.
    included: bool,
    /// `exclude` may still say yes.
    excluded: bool,
}

impl Chosen {
    /// Whether nothing within can be chosen.
    pub fn nothing(self) -> bool {
        !self.included
    }
}

impl<M> Selection<M> {
    /// Compiles both with `new`.
    pub fn new(
        include: Option<&MatchConfig>,
        exclude: Option<&MatchConfig>,
        new: impl Fn(&MatchConfig) -> Result<M, String>,
    ) -> Result<Self, String> {
        Ok(Self { include: include.map(&new).transpose()?, exclude: exclude.map(&new).transpose()? })
    }

    /// Whether everything is chosen.
    pub fn all(&self) -> bool {
        self.include.is_none() && self.exclude.is_none()
    }

    /// The choice before anything was looked at.
    pub fn begin(&self) -> Chosen {
        Chosen { included: true, excluded: self.exclude.is_some() }
    }

    /// The choice after a look by `matches`.
    pub fn narrow(&self, chosen: Chosen, matches: impl Fn(&M) -> bool) -> Chosen {
        Chosen {
            included: chosen.included && self.include.as_ref().is_none_or(&matches),
            excluded: chosen.excluded && self.exclude.as_ref().is_some_and(&matches),
        }
    }

    /// The choice after the last look.
    pub fn ends(&self, chosen: Chosen, matches: impl Fn(&M) -> bool) -> bool {
        let chosen = self.narrow(chosen, matches);
        chosen.included && !chosen.excluded
    }
}

/// Properties that spans and logs have in common.
#[derive(Debug)]
struct Common {
    resources: Wants,
    libraries: Libraries,
    attributes: Wants,
}

impl Common {
    fn new(config: &MatchConfig) -> Result<Self, String> {
        Ok(Self {
            libraries: Libraries::new(config)?,
            attributes: Wants::new(config, &config.attributes, "attribute")?,
            resources: Wants::new(config, &config.resources, "resource")?,
        })
    }
}

/// Properties of spans.
#[derive(Debug)]
pub struct Spans {
    common: Common,
    services: Option<Names>,
    names: Option<Names>,
    kinds: Option<Names>,
}

impl Spans {
    /// The properties as they are written; the error is Go's message.
    pub fn new(config: &MatchConfig) -> Result<Self, String> {
        let foreign = [
            ("log_bodies", !config.log_bodies.is_empty()),
            ("log_severity_texts", !config.log_severity_texts.is_empty()),
            ("log_severity_number", config.log_severity_number.is_some()),
        ];
        if let Some((key, _)) = foreign.iter().find(|(_, written)| *written) {
            return Err(format!("{key} should not be specified for trace spans"));
        }
        if config.services.is_empty()
            && config.span_names.is_empty()
            && config.attributes.is_empty()
            && config.libraries.is_empty()
            && config.resources.is_empty()
            && config.span_kinds.is_empty()
        {
            let message =
                "at least one of \"attributes\", \"libraries\",  or \"resources\" field must be specified";
            return Err(message.into());
        }
        if config.match_type == "strict"
            && config.span_kinds.iter().any(|kind| !SPAN_KIND[1..].contains(&kind.as_str()))
        {
            let mut kinds = SPAN_KIND[1..].to_vec();
            slimcol_order::sort(&mut kinds);
            return Err(format!(
                "span_kinds string must match one of the standard span kinds when match_type=strict: [{}]",
                kinds.join(" ")
            ));
        }
        Ok(Self {
            common: Common::new(config)?,
            services: properties::optional(config, &config.services, "service name")?,
            names: properties::optional(config, &config.span_names, "span name")?,
            kinds: properties::optional(config, &config.span_kinds, "span kind")?,
        })
    }

    /// Whether the resource matches.
    pub fn resource(&self, resource: ResourceRef<'_>) -> bool {
        let service = |services: &Names| match resource.attributes().get("service.name") {
            Some(name) => services.matches(&name.to_text()),
            None => services.matches("<nil-service-name>"),
        };
        self.services.as_ref().is_none_or(service) && self.common.resources.match_all(resource.attributes())
    }

    /// Whether the scope matches.
    pub fn scope(&self, scope: ScopeRef<'_>) -> bool {
        self.common.libraries.match_all(scope)
    }

    /// Whether the span matches.
    pub fn span(&self, span: SpanRef<'_>) -> bool {
        let kind =
            || usize::try_from(span.kind()).ok().and_then(|kind| SPAN_KIND.get(kind)).copied().unwrap_or("");
        self.names.as_ref().is_none_or(|names| names.matches(span.name()))
            && self.kinds.as_ref().is_none_or(|kinds| kinds.matches(kind()))
            && self.common.attributes.match_all(span.attributes())
    }
}

/// Properties of logs.
#[derive(Debug)]
pub struct Logs {
    common: Common,
    bodies: Option<Names>,
    severity_texts: Option<Names>,
    severity: Option<SeverityConfig>,
}

impl Logs {
    /// The properties as they are written; the error is Go's message.
    pub fn new(config: &MatchConfig) -> Result<Self, String> {
        if !(config.span_names.is_empty() && config.services.is_empty() && config.span_kinds.is_empty()) {
            return Err("services, span_names, and span_kinds are not valid for log records".into());
        }
        if config.attributes.is_empty()
            && config.libraries.is_empty()
            && config.resources.is_empty()
            && config.log_bodies.is_empty()
            && config.log_severity_texts.is_empty()
            && config.log_severity_number.is_none()
        {
            let message = "at least one of \"attributes\", \"libraries\", \"span_kinds\", \"resources\", \"log_bodies\", \
                           \"log_severity_texts\" or \"log_severity_number\" field must be specified";
            return Err(message.into());
        }
        Ok(Self {
            common: Common::new(config)?,
            bodies: properties::optional(config, &config.log_bodies, "log record body")?,
            severity_texts: properties::optional(
                config,
                &config.log_severity_texts,
                "log record severity text",
            )?,
            severity: config.log_severity_number.clone(),
        })
    }

    /// Whether the resource matches.
    pub fn resource(&self, resource: ResourceRef<'_>) -> bool {
        self.common.resources.match_all(resource.attributes())
    }

    /// Whether the scope matches.
    pub fn scope(&self, scope: ScopeRef<'_>) -> bool {
        self.common.libraries.match_all(scope)
    }

    /// Whether the log record matches.
    pub fn record(&self, record: LogRecordRef<'_>) -> bool {
        let severity = |wanted: &SeverityConfig| match record.severity_number() {
            0 => wanted.match_undefined,
            number => number >= wanted.min,
        };
        self.bodies.as_ref().is_none_or(|bodies| bodies.matches(&record.body().to_text()))
            && self.severity_texts.as_ref().is_none_or(|texts| texts.matches(record.severity_text()))
            && self.severity.as_ref().is_none_or(severity)
            && self.common.attributes.match_all(record.attributes())
    }
}

/// Properties of metrics.
#[derive(Debug)]
pub struct Metrics {
    resources: Wants,
    names: Option<Names>,
}

impl Metrics {
    /// The properties as they are written.
    pub fn new(config: &MatchConfig) -> Result<Self, String> {
        if config.metric_names.is_empty() && config.resources.is_empty() {
            return Err("at least one of \"metric_names\" or \"resources\" field must be specified".into());
        }
        Ok(Self {
            resources: Wants::new(config, &config.resources, "resource")?,
            names: properties::optional(config, &config.metric_names, "metric name")?,
        })
    }

    /// Whether the resource matches.
    pub fn resource(&self, resource: ResourceRef<'_>) -> bool {
        self.resources.match_all(resource.attributes())
    }

    /// Whether a metric of that name matches.
    pub fn metric(&self, name: &str) -> bool {
        self.names.as_ref().is_none_or(|names| names.matches(name))
    }
}
