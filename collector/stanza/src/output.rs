//! `stdout` and `file_output`: entries that end here, each a line of JSON or as a template says.

mod template;

use std::{
    fs::{File, OpenOptions},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    sync::{Mutex, PoisonError},
};

use slimcol_config::{Section, Settings};
use slimcol_entry::json;
use slimcol_pdata::json::base64;
use slimcol_service::{Log, go_error};
use slimcol_timeformat::{Format, Time, Zone};

use self::template::Template;
use crate::{
    Entry, Map, Text, Value,
    operator::{Build, With, Work},
};

/// `stdout`, which has no keys.
#[derive(Debug)]
pub(crate) struct Stdout;

/// The keys of `file_output`.
#[derive(Debug)]
pub(crate) struct FileOutput {
    path: String,
    format: Option<Template>,
}

/// Writes entries.
#[derive(Debug)]
pub(crate) struct Output {
    /// Nothing for the collector's own output.
    path: Option<String>,
    /// Nothing for JSON.
    format: Option<Template>,
    /// Opened with the first entry: who only checks a configuration shall not make files.
    file: Mutex<Option<File>>,
    times: Format,
    log: Log,
}

impl Settings for Stdout {
    fn read(_: &mut Section<'_>) -> Self {
        Self
    }
}

impl Settings for FileOutput {
    fn read(from: &mut Section<'_>) -> Self {
        let source = Some(from.get("format", String::new())).filter(|source| !source.is_empty());
        let format = source.map(Template::parse).transpose().map_err(|error| from.error("format", error));
        Self { path: from.get("path", String::new()), format: format.unwrap_or_default() }
    }
}

impl Build for Stdout {
    fn outputs(&self) -> Option<Vec<String>> {
        Some(Vec::new())
    }

    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Out(Output::new(None, None, with)))
    }
}

impl Build for FileOutput {
    fn outputs(&self) -> Option<Vec<String>> {
        Some(Vec::new())
    }

    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        if self.path.is_empty() {
            return Err("must provide a path to output to".into());
        }
        Ok(Work::Out(Output::new(Some(self.path.clone()), self.format.clone(), with)))
    }
}

impl Output {
    fn new(path: Option<String>, format: Option<Template>, with: &With<'_>) -> Self {
        let times = Format::gotime("2006-01-02T15:04:05.999999999Z07:00");
        Self { path, format, file: Mutex::default(), times, log: with.log.clone() }
    }

    /// Writes entries. What went wrong is logged, and appended to `errors`.
    pub(crate) fn write(&self, entries: &[Entry], errors: &mut Vec<String>) {
        let mut lines = String::new();
        for entry in entries {
            if let Some(format) = &self.format {
                format.write(entry, &mut lines);
            } else {
                lines.push_str(&self.line(entry));
                lines.push('\n');
            }
        }
        if let Err(why) = self.append(&lines) {
            self.log.error("Failed to process entry", &[("error", (&why).into())]);
            errors.push(why);
        }
    }

    fn append(&self, lines: &str) -> Result<(), String> {
        let Some(path) = &self.path else {
            return io::stdout().lock().write_all(lines.as_bytes()).map_err(|error| go_error(&error));
        };
        let mut open = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        let file = if let Some(file) = &mut *open {
            file
        } else {
            let file = OpenOptions::new().append(true).create(true).mode(0o600).open(path);
            open.insert(file.map_err(|error| format!("open {path}: {}", go_error(&error)))?)
        };
        file.write_all(lines.as_bytes()).map_err(|error| format!("write {path}: {}", go_error(&error)))
    }

    /// The entry as Go's `entry.Entry` is in JSON.
    fn line(&self, entry: &Entry) -> String {
        let mut parts = Map::default();
        let mut put = |name: &'static str, value: Value| parts.insert(Text::from_static(name), value);
        put("observed_timestamp", self.time(Some(entry.observed)));
        put("timestamp", self.time(entry.timestamp));
        put(
            "body",
            match &entry.body {
                Value::Bytes(bytes) => bytes_of(bytes),
                other => other.clone(),
            },
        );
        for (name, map) in [("attributes", &entry.attributes), ("resource", &entry.resource)] {
            if !map.is_empty() {
                put(name, Value::Map(map.clone().into_map()));
            }
        }
        if !entry.severity_text.is_empty() {
            put("severity_text", Value::Text(entry.severity_text.clone()));
        }
        if let Some(trace) = &entry.trace {
            let ids =
                [("span_id", &trace.span_id), ("trace_id", &trace.trace_id), ("trace_flags", &trace.flags)];
            for (name, id) in ids.into_iter().filter(|(_, id)| !id.is_empty()) {
                put(name, bytes_of(id));
            }
        }
        put("severity", Value::Int(entry.severity.number().into()));
        put("scope_name", Value::Text(entry.scope_name.clone()));
        let text = json::text(&Value::Map(parts));
        if self.path.is_some() {
            return text;
        }
        // Only on the way to files Go says that it is for no web page.
        text.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026")
    }

    /// A time; without one it is Go's first.
    fn time(&self, nanos: Option<i64>) -> Value {
        let Some(nanos) = nanos else { return Value::Text(Text::from_static("0001-01-01T00:00:00Z")) };
        let seconds = nanos.div_euclid(1_000_000_000);
        let rest = u32::try_from(nanos.rem_euclid(1_000_000_000)).unwrap_or_default();
        Value::Text(self.times.text(&Time { seconds, nanos: rest, zone: Zone::Utc }).into())
    }
}

fn bytes_of(bytes: &[u8]) -> Value {
    let mut text = Vec::new();
    base64::encode(&mut text, bytes);
    // Base64 is text; the default is for the type.
    Value::Text(String::from_utf8(text).unwrap_or_default().into())
}
