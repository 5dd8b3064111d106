//! Entries as an OTLP request, written once and without a tree in between.

use slimcol_pdata::{Invalid, Logs, put};

use crate::{Entry, Map, Resource, Text, Value, json};

/// How deep lists and maps in a record may nest: a request nests at most a hundred messages, and a map takes three. What is
/// deeper is sent as the text of its JSON.
const DEEPEST: u32 = 30;

/// The entries as log records, grouped by resource and within it by scope, in the order in which each came first.
///
/// The request is checked as those from outside are, so that nothing in an entry can spoil what it is batched with.
pub fn encode(entries: &[Entry]) -> Result<Logs, Invalid> {
    let mut resources: Vec<Group<'_>> = Vec::new();
    for entry in entries {
        let group = match resources.iter().rposition(|group| group.resource == &entry.resource) {
            Some(at) => &mut resources[at],
            None => push(&mut resources, Group { resource: &entry.resource, scopes: Vec::new() }),
        };
        let scope = match group.scopes.iter().rposition(|scope| *scope.name == entry.scope_name) {
            Some(at) => &mut group.scopes[at],
            None => push(&mut group.scopes, Scope { name: &entry.scope_name, records: Vec::new() }),
        };
        record(entry, &mut scope.records);
    }
    Logs::from_bytes(request(&resources).into())
}

struct Group<'a> {
    resource: &'a Resource,
    scopes: Vec<Scope<'a>>,
}

struct Scope<'a> {
    name: &'a Text,
    /// Encoded `log_records`.
    records: Vec<u8>,
}

fn push<T>(to: &mut Vec<T>, item: T) -> &mut T {
    to.push(item);
    to.last_mut().expect("it was pushed")
}

fn request(resources: &[Group<'_>]) -> Vec<u8> {
    let named = |name: &Text| if name.is_empty() { 0 } else { put::bytes_len(1, name.len()) };
    let scope_len = |scope: &Scope<'_>| put::bytes_len(1, named(scope.name)) + scope.records.len();
    let attributes = |group: &Group<'_>| pairs_len(1, group.resource.map(), DEEPEST);
    let group_len = |group: &Group<'_>| {
        let scopes: usize = group.scopes.iter().map(|scope| put::bytes_len(2, scope_len(scope))).sum();
        put::bytes_len(1, attributes(group)) + scopes
    };
    let len = resources.iter().map(|group| put::bytes_len(1, group_len(group))).sum();
    let mut to = Vec::with_capacity(len);
    for group in resources {
        put::head(&mut to, 1, group_len(group));
        put::head(&mut to, 1, attributes(group));
        pairs(&mut to, 1, group.resource.map(), DEEPEST);
        for scope in &group.scopes {
            put::head(&mut to, 2, scope_len(scope));
            put::head(&mut to, 1, named(scope.name));
            text(&mut to, 1, scope.name);
            to.extend_from_slice(&scope.records);
        }
    }
    to
}

/// Appends a `log_records` field.
fn record(entry: &Entry, to: &mut Vec<u8>) {
    let severity = entry.severity;
    let name = if entry.severity_text.is_empty() { severity.name() } else { &entry.severity_text };
    let body = (entry.body != Value::Null).then(|| value_len(&entry.body, DEEPEST));
    let trace = entry.trace.as_deref();
    let trace_id = trace.filter(|t| !t.trace_id.is_empty()).map(|t| fixed::<16>(&t.trace_id));
    let span_id = trace.filter(|t| !t.span_id.is_empty()).map(|t| fixed::<8>(&t.span_id));
    let flags = trace.and_then(|t| t.flags.first()).copied().unwrap_or_default();
    let len = entry.timestamp.map_or(0, |_| 9)
        + 9
        + if severity.number() == 0 { 0 } else { 2 }
        + text_len(3, name)
        + body.map_or(0, |len| put::bytes_len(5, len))
        + pairs_len(6, &entry.attributes, DEEPEST)
        + if flags == 0 { 0 } else { 5 }
        + trace_id.map_or(0, |_| 18)
        + span_id.map_or(0, |_| 10);
    to.reserve(len + 6);
    put::head(to, 2, len);
    if let Some(time) = entry.timestamp {
        put::fixed64(to, 1, time.cast_unsigned());
    }
    if severity.number() != 0 {
        put::varint_field(to, 2, severity.number().into());
    }
    text(to, 3, name);
    if let Some(len) = body {
        put::head(to, 5, len);
        value(to, &entry.body, DEEPEST);
    }
    pairs(to, 6, &entry.attributes, DEEPEST);
    if flags != 0 {
        put::fixed32(to, 8, flags.into());
    }
    if let Some(id) = trace_id {
        put::bytes(to, 9, &id);
    }
    if let Some(id) = span_id {
        put::bytes(to, 10, &id);
    }
    put::fixed64(to, 11, entry.observed.cast_unsigned());
}

/// The first bytes, with zeros for what is missing.
fn fixed<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut id = [0; N];
    for (to, from) in id.iter_mut().zip(bytes) {
        *to = *from;
    }
    id
}

fn text_len(number: u32, text: &str) -> usize {
    if text.is_empty() { 0 } else { put::bytes_len(number, text.len()) }
}

fn text(to: &mut Vec<u8>, number: u32, text: &str) {
    if !text.is_empty() {
        put::bytes(to, number, text.as_bytes());
    }
}

/// The length of a map's pairs as repeated field `number`.
fn pairs_len(number: u32, map: &Map, depth: u32) -> usize {
    map.iter().map(|(name, value)| put::bytes_len(number, pair_len(name, value, depth))).sum()
}

fn pair_len(name: &Text, value: &Value, depth: u32) -> usize {
    text_len(1, name) + put::bytes_len(2, value_len(value, depth))
}

fn pairs(to: &mut Vec<u8>, number: u32, map: &Map, depth: u32) {
    for (name, of_name) in map.iter() {
        let len = value_len(of_name, depth);
        put::head(to, number, text_len(1, name) + put::bytes_len(2, len));
        text(to, 1, name);
        put::head(to, 2, len);
        value(to, of_name, depth);
    }
}

/// The length of an `AnyValue`.
fn value_len(value: &Value, depth: u32) -> usize {
    match value {
        Value::Null => 0,
        Value::Bool(_) => 2,
        Value::Int(number) => 1 + put::varint64_len(number.cast_unsigned()),
        Value::Float(_) => 9,
        Value::Text(text) => put::bytes_len(1, text.len()),
        Value::Bytes(bytes) => put::bytes_len(7, bytes.len()),
        Value::List(_) | Value::Map(_) if depth == 0 => put::bytes_len(1, cut(value).len()),
        Value::List(items) => put::bytes_len(5, items_len(items, depth - 1)),
        Value::Map(map) => put::bytes_len(6, pairs_len(1, map, depth - 1)),
    }
}

fn items_len(items: &[Value], depth: u32) -> usize {
    items.iter().map(|item| put::bytes_len(1, value_len(item, depth))).sum()
}

/// Appends an `AnyValue`.
fn value(to: &mut Vec<u8>, from: &Value, depth: u32) {
    match from {
        Value::Null => {}
        Value::Bool(set) => put::varint_field(to, 2, (*set).into()),
        Value::Int(number) => put::varint_field(to, 3, number.cast_unsigned()),
        Value::Float(number) => put::fixed64(to, 4, number.to_bits()),
        Value::Text(text) => put::bytes(to, 1, text.as_bytes()),
        Value::Bytes(bytes) => put::bytes(to, 7, bytes),
        Value::List(_) | Value::Map(_) if depth == 0 => put::bytes(to, 1, cut(from).as_bytes()),
        Value::List(items) => {
            put::head(to, 5, items_len(items, depth - 1));
            for item in items {
                put::head(to, 1, value_len(item, depth - 1));
                value(to, item, depth - 1);
            }
        }
        Value::Map(map) => {
            put::head(to, 6, pairs_len(1, map, depth - 1));
            pairs(to, 1, map, depth - 1);
        }
    }
}

#[cold]
fn cut(value: &Value) -> String {
    json::text(value)
}

#[cfg(test)]
mod tests;
