use slimcol_config::{Section, Settings, parse};
use slimcol_entry::json;
use slimcol_service::Log;

use super::*;
use crate::{Map, Text, Value};

struct Operators(Vec<OperatorConfig>);

impl Settings for Operators {
    fn read(from: &mut Section<'_>) -> Self {
        Self(from.list("operators"))
    }
}

fn read(operators: &str) -> Result<Operators, String> {
    let node = parse("test.yaml", &format!("operators: [{operators}]")).map_err(|error| error.to_string())?;
    let mut section = Section::new(Some(&node), "");
    let operators = Operators::read(&mut section);
    let issues = section.finish().issues;
    let messages: Vec<_> = issues.into_iter().map(|issue| issue.message).collect();
    if messages.is_empty() { Ok(operators) } else { Err(messages.join("; ")) }
}

fn built(operators: &str, log: &Log) -> Result<Pipeline, String> {
    let operators = read(operators)?;
    Pipeline::new(Input { id: "file_input", outputs: &[] }, &operators.0, log)
}

fn value(text: &str) -> Value {
    json::read(&text.to_owned().into(), json::Numbers::Whole).unwrap()
}

/// An entry of JSON: the body, and other parts by their names.
fn entry(text: &str) -> Entry {
    let Value::Map(parts) = value(text) else { panic!("no map: {text}") };
    let map = |name: &str| parts.get(name).and_then(Value::as_map).cloned().unwrap_or_default();
    Entry {
        body: parts.get("body").cloned().unwrap_or_default(),
        attributes: map("attributes").into(),
        resource: crate::Shared::new(map("resource")),
        ..Entry::default()
    }
}

/// What an entry holds, as JSON, empty parts left out.
fn shown(entry: &Entry) -> String {
    let mut parts = Map::default();
    let mut put = |name: &'static str, value: Value| {
        let nothing = matches!(&value, Value::Null) || value.as_map().is_some_and(Map::is_empty);
        if !nothing && value != Value::Text(Text::new()) && value != Value::Int(0) {
            parts.insert(Text::from_static(name), value);
        }
    };
    put("body", entry.body.clone());
    put("attributes", Value::Map(entry.attributes.clone().into_map()));
    put("resource", Value::Map(entry.resource.clone().into_map()));
    put("timestamp", entry.timestamp.map_or(Value::Null, Value::Int));
    put("severity", Value::Int(entry.severity.number().into()));
    put("text", Value::Text(entry.severity_text.clone()));
    put("scope", Value::Text(entry.scope_name.clone()));
    if let Some(trace) = &entry.trace {
        let hex = |bytes: &[u8]| bytes.iter().map(|b| format!("{b:02x}")).collect::<Vec<_>>().concat();
        let ids = format!("{}/{}/{}", hex(&trace.trace_id), hex(&trace.span_id), hex(&trace.flags));
        put("trace", Value::Text(ids.into()));
    }
    json::text(&Value::Map(parts))
}

/// What becomes of entries, one to a line, and then what went wrong.
fn outcome(operators: &str, entries: &[&str]) -> String {
    let pipeline = match built(operators, &Log::none()) {
        Ok(pipeline) => pipeline,
        Err(error) => return format!("refused: {error}"),
    };
    let done = pipeline.process(entries.iter().map(|text| entry(text)).collect());
    let entries = done.entries.iter().map(shown);
    entries.chain(done.errors.iter().map(|error| format!("! {error}"))).collect::<Vec<_>>().join("\n")
}

mod changing;
mod container;
mod parsing;
mod recombining;
mod routing;
mod syslog;
mod wiring;
mod writing;
