//! `service::telemetry::logs`, and the log that it describes.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use slimcol_config::{Duration, Leaf, Node, Optional, Section, Settings};

use super::{Core, Encoding, Field, Level, Log, Output, Sampler, Sink, encode};
use crate::goerror;

/// How the collector logs.
#[derive(Clone, Debug)]
pub(crate) struct LogSettings {
    level: Threshold,
    encoding: String,
    sampling: Optional<Sampling>,
    output_paths: Vec<String>,
    caller: bool,
    resource: bool,
    initial_fields: BTreeMap<String, Json>,
}

impl Settings for LogSettings {
    fn read(from: &mut Section<'_>) -> Self {
        // Keys of zap that change nothing here are taken, so that configurations which have them still load.
        from.get("development", false);
        from.get("disable_stacktrace", false);
        from.get("error_output_paths", Vec::<String>::new());
        from.node("processors");
        Self {
            level: from.get("level", Threshold(Some(Level::Info))),
            encoding: from.get("encoding", "console".to_owned()),
            sampling: from.optional("sampling", true),
            output_paths: from.get("output_paths", vec!["stderr".to_owned()]),
            caller: !from.get("disable_caller", false),
            resource: !from.get("disable_zap_resource", false),
            initial_fields: from.get("initial_fields", BTreeMap::new()),
        }
    }
}

/// Which of the lines that repeat are written.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sampling {
    tick: Duration,
    initial: u64,
    thereafter: u64,
}

impl Settings for Sampling {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            tick: from.get("tick", Duration::secs(10)),
            initial: from.get("initial", 10),
            thereafter: from.get("thereafter", 100),
        }
    }
}

/// The lowest level that is written; nothing is if there is none (zap's levels above `error`, which no line here has).
#[derive(Clone, Copy, Debug)]
struct Threshold(Option<Level>);

impl Leaf for Threshold {
    fn leaf(node: &Node) -> Result<Self, String> {
        let word = String::leaf(node)?;
        Ok(Self(match word.to_ascii_lowercase().as_str() {
            "debug" => Some(Level::Debug),
            "info" | "" => Some(Level::Info),
            "warn" => Some(Level::Warn),
            "error" => Some(Level::Error),
            "dpanic" | "panic" | "fatal" => None,
            _ => return Err(format!("unrecognized level: {word:?}")),
        }))
    }
}

/// Any value of the configuration as compact JSON.
#[derive(Clone, Debug)]
struct Json(String);

impl Leaf for Json {
    fn leaf(node: &Node) -> Result<Self, String> {
        let mut json = String::new();
        write_json(&mut json, node);
        Ok(Self(json))
    }
}

fn write_json(to: &mut String, node: &Node) {
    if node.is_null() {
        to.push_str("null");
    } else if let Some(value) = node.as_bool() {
        to.push_str(if value { "true" } else { "false" });
    } else if let Some(number) = node.as_i64() {
        to.push_str(&number.to_string());
    } else if let Some(number) = node.as_f64() {
        to.push_str(&number.to_string());
    } else if let Some(text) = node.as_str() {
        encode::string(to, text);
    } else if let Some(items) = node.items() {
        to.push('[');
        for (i, item) in items.iter().enumerate() {
            to.push_str(if i > 0 { "," } else { "" });
            write_json(to, item);
        }
        to.push(']');
    } else {
        to.push('{');
        for (i, entry) in node.entries().iter().enumerate() {
            to.push_str(if i > 0 { "," } else { "" });
            encode::string(to, entry.key());
            to.push(':');
            write_json(to, entry.value());
        }
        to.push('}');
    }
}

/// Makes the log that `settings` describe; `resource` says who logs, in the order shown.
///
/// # Errors
/// The Go collector's text: an encoding that does not exist, a file that cannot be opened.
pub(crate) fn open(settings: &LogSettings, resource: &[(String, String)]) -> Result<Log, String> {
    let encoding = match settings.encoding.as_str() {
        "console" => Encoding::Console,
        "json" => Encoding::Json,
        other => return Err(format!("failed to create logger: no encoder registered for name {other:?}")),
    };
    let mut outputs = Vec::new();
    for path in &settings.output_paths {
        outputs.push(Output::open(path).map_err(|e| {
            format!("failed to create logger: open sink {path:?}: open {path}: {}", goerror::text(&e))
        })?);
    }
    let Some(level) = settings.level.0 else { return Ok(Log::none()) };
    let sampling = settings.sampling.as_ref();
    let sampler = sampling.map(|s| Sampler::new(s.tick.std(), s.initial, s.thereafter));
    let core = Core {
        level,
        encoding,
        caller: settings.caller,
        sink: Mutex::new(Sink { sampler, outputs, line: String::new() }),
    };
    let mut fields = String::new();
    for (name, json) in &settings.initial_fields {
        encode::raw_field(&mut fields, encoding, name, &json.0);
    }
    if settings.resource {
        let mut json = String::from("{");
        let all: Vec<(&str, Field<'_>)> = resource.iter().map(|(k, v)| (k.as_str(), v.into())).collect();
        encode::append(&mut json, 1, encoding, &all);
        json.push('}');
        encode::raw_field(&mut fields, encoding, "resource", &json);
    }
    Ok(Log { caller: core.caller, core: Arc::new(core), fields: fields.into() })
}
