//! The log that `service::telemetry::logs` describes.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
};

use slimcol_config::{LogLevel, Logs, Node};

use super::{Core, Encoding, Field, Level, Log, Output, Sampler, Sink, encode};
use crate::goerror;

impl Log {
    /// The log that `settings` describe; `resource` says who logs.
    ///
    /// # Errors
    /// The Go collector's text: an encoding that does not exist, a file that cannot be opened.
    pub(crate) fn open(settings: &Logs, resource: &BTreeMap<String, String>) -> Result<Self, String> {
        let encoding = match settings.encoding.as_str() {
            "console" => Encoding::Console,
            "json" => Encoding::Json,
            other => {
                return Err(format!("failed to create logger: no encoder registered for name {other:?}"));
            }
        };
        let outputs = outputs(settings)?;
        let level = threshold(settings.level);
        let sampling = &settings.sampling;
        let count = |n: i64| u64::try_from(n).unwrap_or_default();
        let sampler = sampling
            .enabled
            .then(|| Sampler::new(sampling.tick.std(), count(sampling.initial), count(sampling.thereafter)));
        let sink = Mutex::new(Sink { sampler, outputs, line: String::new() });
        let core = Core { level, encoding, caller: !settings.disable_caller, sink };
        let fields = standing_fields(settings, encoding, resource);
        Ok(Self { caller: core.caller, core: Arc::new(core), fields: fields.into(), exported: None })
    }

    /// Opens the files anew: somebody may have moved them away.
    ///
    /// # Errors
    /// As [`Log::open`]; then the old ones stay.
    pub(crate) fn reopen(&self, settings: &Logs) -> Result<(), String> {
        let outputs = outputs(settings)?;
        self.sink().outputs = outputs;
        Ok(())
    }
}

fn outputs(settings: &Logs) -> Result<Vec<Output>, String> {
    let open = |path: &String| {
        Output::open(path).map_err(|e| {
            let why = goerror::text(&e);
            format!("failed to create logger: open sink {path:?}: open {path}: {why}")
        })
    };
    settings.output_paths.iter().map(open).collect()
}

/// The lowest level that is written. No line here has one of zap's levels above `error`, so with those none is.
fn threshold(level: LogLevel) -> Option<Level> {
    match level {
        LogLevel::Debug => Some(Level::Debug),
        LogLevel::Info => Some(Level::Info),
        LogLevel::Warn => Some(Level::Warn),
        LogLevel::Error => Some(Level::Error),
        LogLevel::DPanic | LogLevel::Panic | LogLevel::Fatal => None,
    }
}

/// The fields of every line: the initial ones sorted by name, as zap has them, then the resource.
fn standing_fields(settings: &Logs, encoding: Encoding, resource: &BTreeMap<String, String>) -> String {
    let mut fields = String::new();
    for (name, value) in slimcol_order::map(settings.initial_fields.iter().map(|(k, v)| (k, v))) {
        let mut json = String::new();
        write_json(&mut json, value);
        encode::raw_field(&mut fields, encoding, name, &json);
    }
    if !settings.disable_zap_resource {
        let mut json = String::from("{");
        let all: Vec<(&str, Field<'_>)> = resource.iter().map(|(k, v)| (k.as_str(), v.into())).collect();
        encode::append(&mut json, 1, encoding, &all);
        json.push('}');
        encode::raw_field(&mut fields, encoding, "resource", &json);
    }
    fields
}

/// Appends a value of the configuration as compact JSON.
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
