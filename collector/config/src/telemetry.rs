//! `service::telemetry`: how the collector reports on itself.

use crate::{Duration, Issue, Leaf, Node, Problems, Section, Settings};

/// The `service::telemetry` section.
#[derive(Clone, Debug)]
pub struct Telemetry {
    /// Its log.
    pub logs: Logs,
    /// Its metrics.
    pub metrics: Metrics,
    /// Its traces.
    pub traces: Traces,
    /// Attributes of everything it reports.
    pub resource: Resource,
}

impl Settings for Telemetry {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            logs: from.section("logs"),
            metrics: from.section("metrics"),
            traces: from.section("traces"),
            resource: from.section("resource"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.metrics.level != MetricsLevel::None && self.metrics.readers.as_ref().is_some_and(is_empty) {
            let message = "collector telemetry metrics reader should exist when metric level is not none";
            problems.add("metrics.readers", message);
        }
        if self.metrics.views.is_some() && self.metrics.level != MetricsLevel::Detailed {
            let message = "service::telemetry::metrics::views can only be set when \
                           service::telemetry::metrics::level is detailed";
            problems.add("metrics.views", message);
        }
        problems.within("resource", &self.resource);
    }
}

fn is_empty(list: &Node) -> bool {
    list.items().is_some_and(<[Node]>::is_empty)
}

/// How severe a line must be to be logged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the levels are zap's")]
pub enum LogLevel {
    Debug,
    Info,
    Warn,
    Error,
    DPanic,
    Panic,
    Fatal,
}

impl Leaf for LogLevel {
    fn leaf(node: &Node) -> Result<Self, String> {
        let word = String::leaf(node)?;
        Ok(match word.to_ascii_lowercase().as_str() {
            "debug" => Self::Debug,
            "info" | "" => Self::Info,
            "warn" | "warning" => Self::Warn,
            "error" => Self::Error,
            "dpanic" => Self::DPanic,
            "panic" => Self::Panic,
            "fatal" => Self::Fatal,
            _ => return Err(format!("unrecognized level: {word:?}")),
        })
    }
}

/// The `logs` section: zap's configuration.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "the keys are what they are")]
pub struct Logs {
    /// The least severe level that is logged.
    pub level: LogLevel,
    /// `console` or `json`.
    pub encoding: String,
    /// zap's development mode.
    pub development: bool,
    /// Leaves out lines that repeat.
    pub sampling: Sampling,
    /// `stdout`, `stderr` or files.
    pub output_paths: Vec<String>,
    /// Where the log's own errors go.
    pub error_output_paths: Vec<String>,
    /// Fields of every line.
    pub initial_fields: Vec<(String, Node)>,
    /// Leaves out where in the code a line comes from.
    pub disable_caller: bool,
    /// Leaves out stack traces.
    pub disable_stacktrace: bool,
    /// Leaves the resource out of lines.
    pub disable_zap_resource: bool,
    /// Where the log is exported to, as written.
    pub processors: Option<Node>,
}

impl Settings for Logs {
    fn read(from: &mut Section<'_>) -> Self {
        let stderr = || vec!["stderr".to_owned()];
        let fields = from.node("initial_fields").filter(|n| !n.is_null());
        if let Some(wrong) = fields.filter(|n| !n.is_map()) {
            let message = format!(
                "expected type 'map[string]interface {{}}', got unconvertible type '{}'",
                wrong.go_type()
            );
            from.error("initial_fields", message);
        }
        Self {
            level: from.get("level", LogLevel::Info),
            encoding: from.get("encoding", "console".into()),
            development: from.get("development", false),
            sampling: from.section("sampling"),
            output_paths: from.get("output_paths", stderr()),
            error_output_paths: from.get("error_output_paths", stderr()),
            initial_fields: fields
                .map_or(&[][..], Node::entries)
                .iter()
                .map(|e| (e.key.clone(), e.value.clone()))
                .collect(),
            disable_caller: from.get("disable_caller", false),
            disable_stacktrace: from.get("disable_stacktrace", false),
            disable_zap_resource: from.get("disable_zap_resource", false),
            processors: raw_list(from, "processors"),
        }
    }
}

/// Sampling of the log: of lines with the same level and message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sampling {
    /// Whether any line is left out.
    pub enabled: bool,
    /// The time over which lines are counted.
    pub tick: Duration,
    /// How many lines per tick are logged before any is left out.
    pub initial: i64,
    /// After that every so-many-th line is; 0 for none.
    pub thereafter: i64,
}

impl Settings for Sampling {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            enabled: from.get("enabled", true),
            tick: from.get("tick", Duration::secs(10)),
            initial: from.get("initial", 10),
            thereafter: from.get("thereafter", 100),
        }
    }
}

/// How much is measured or traced.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs, reason = "the levels are configtelemetry's")]
pub enum MetricsLevel {
    None,
    Basic,
    Normal,
    Detailed,
}

impl Leaf for MetricsLevel {
    fn leaf(node: &Node) -> Result<Self, String> {
        let word = String::leaf(node)?;
        Ok(match word.to_ascii_lowercase().as_str() {
            "none" | "" => Self::None,
            "basic" => Self::Basic,
            "normal" => Self::Normal,
            "detailed" => Self::Detailed,
            _ => return Err(format!("unknown metrics level {word:?}")),
        })
    }
}

/// The `metrics` section.
#[derive(Clone, Debug)]
pub struct Metrics {
    /// How much is measured.
    pub level: MetricsLevel,
    /// Who reads the metrics, as written; `None` for the default, Prometheus at `localhost:8888`.
    pub readers: Option<Node>,
    /// How metrics are reshaped, as written.
    pub views: Option<Node>,
}

impl Settings for Metrics {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            level: from.get("level", MetricsLevel::Normal),
            readers: raw_list(from, "readers"),
            views: raw_list(from, "views"),
        }
    }
}

/// The `traces` section.
#[derive(Clone, Debug)]
pub struct Traces {
    /// Whether spans are made.
    pub level: MetricsLevel,
    /// How context crosses processes: `tracecontext`, `b3`.
    pub propagators: Vec<String>,
    /// Where spans go, as written.
    pub processors: Option<Node>,
    /// Limits of spans, as written.
    pub limits: Option<Node>,
    /// Which spans are made, as written.
    pub sampler: Option<Node>,
}

impl Settings for Traces {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            level: from.get("level", MetricsLevel::Basic),
            propagators: from.get("propagators", Vec::new()),
            processors: raw_list(from, "processors"),
            limits: from.node("limits").cloned(),
            sampler: from.node("sampler").cloned(),
        }
    }
}

/// The `resource` section, in its declarative or its older inline form.
#[derive(Clone, Debug, Default)]
pub struct Resource {
    /// Attributes by name; without a value one that is there by default is left out.
    pub attributes: Vec<(String, Option<String>)>,
    /// The URL of the attributes' schema.
    pub schema_url: Option<String>,
    /// Whether the older form was used, which is worth a warning.
    pub legacy: bool,
    mixed: bool,
    attributes_list: bool,
}

impl Settings for Resource {
    fn read(from: &mut Section<'_>) -> Self {
        let declared = from.list::<Attribute>("attributes");
        let mut resource = Self {
            schema_url: from.find("schema_url"),
            attributes_list: from.find::<String>("attributes_list").is_some(),
            ..Self::default()
        };
        for key in ["detectors", "detection/development"] {
            from.node(key);
        }
        from.allow_any_key();
        let known = ["attributes", "schema_url", "attributes_list", "detectors", "detection/development"];
        for entry in from.here().map_or(&[][..], Node::entries) {
            if known.contains(&entry.key.as_str()) {
                continue;
            }
            resource.legacy = true;
            let value = entry.value.as_str().filter(|_| !entry.value.is_null());
            if value.is_none() && !entry.value.is_null() {
                let message = format!("legacy resource attribute {:?} must be string or null", entry.key);
                from.report(
                    Issue::new(format!("service::telemetry::resource: {message}"))
                        .at(entry.value_place().clone()),
                );
            }
            resource.attributes.push((entry.key.clone(), value.map(Into::into)));
        }
        resource.mixed = resource.legacy && !declared.is_empty();
        resource.attributes.extend(declared.into_iter().map(|a| (a.name, Some(a.value))));
        resource
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.attributes_list {
            let message =
                "resource::attributes_list is not currently supported, please use resource::attributes";
            problems.add("attributes_list", message);
        }
        if self.mixed {
            let message =
                "resource::attributes cannot be used together with legacy inline resource attributes";
            problems.add("attributes", message);
        }
    }
}

/// An attribute of the declarative form.
struct Attribute {
    name: String,
    value: String,
}

impl Settings for Attribute {
    fn read(from: &mut Section<'_>) -> Self {
        let name = from.get("name", String::new());
        from.node("type");
        let value = match from.node("value") {
            Some(node) => node.scalar_text().unwrap_or_else(|| {
                from.error("value", "only strings, numbers and booleans can be attributes");
                String::new()
            }),
            None => String::new(),
        };
        Self { name, value }
    }
}

/// A list that is kept as written.
fn raw_list(from: &mut Section<'_>, key: &'static str) -> Option<Node> {
    let node = from.node(key).filter(|n| !n.is_null())?;
    if node.items().is_none() {
        from.error(key, format!("source data must be an array or slice, got {}", node.go_kind()));
    }
    Some(node.clone())
}

#[cfg(test)]
mod tests;
