//! `service::telemetry::logs`: the keys of zap, which the Go collector logs with.

use super::{processors::TelemetryProcessor, readers::list};
use crate::{Duration, Leaf, Node, Section, Settings, Shape, Shown};

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
    const SHAPE: Shape = Shape::AnyCase(&["debug", "info", "warn", "error", "dpanic", "panic", "fatal"]);

    fn show(&self) -> Shown {
        Shown::text(match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
            Self::DPanic => "dpanic",
            Self::Panic => "panic",
            Self::Fatal => "fatal",
        })
    }

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
    sent_by: Vec<TelemetryProcessor>,
}

impl Logs {
    /// Who exports the log.
    pub fn sent_by(&self) -> &[TelemetryProcessor] {
        &self.sent_by
    }
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
        let (processors, sent_by) =
            list(from, "logs", "processors", |one| TelemetryProcessor::read(one, "log", 1000));
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
            processors,
            sent_by,
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
