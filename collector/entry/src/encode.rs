//! Entries as an OTLP request, written without a tree in between.

use slimcol_pdata::{Invalid, Logs, put};

use crate::{Entry, Map, Shared, Text, Value, json};

/// How deep lists and maps in a record may nest: a request nests at most a hundred messages, and a map takes three. What is
/// deeper is sent as the text of its JSON.
const DEEPEST: u32 = 30;

/// An OTLP request of log records, which grows by one entry after the other, so that nobody holds many entries for it.
///
/// Records are grouped by resource and within it by scope, in the order in which each came first.
#[derive(Debug, Default)]
pub struct Encoder {
    resources: Vec<Group>,
    /// The attributes that were shared last, and how they are encoded in records.
    shared: (Shared, Vec<u8>),
}

#[derive(Debug)]
struct Group {
    resource: Shared,
    scopes: Vec<Scope>,
}

#[derive(Debug)]
struct Scope {
    name: Text,
    /// Encoded `log_records`.
    records: Vec<u8>,
}

impl Encoder {
    /// Whether nothing was added.
    pub fn is_empty(&self) -> bool {
        self.resources.is_empty()
    }

    /// Adds an entry as a log record.
    pub fn add(&mut self, entry: &Entry) {
        if entry.attributes.is_shared() && !entry.attributes.is(&self.shared.0) {
            self.shared.0 = entry.attributes.clone();
            self.shared.1.clear();
            pairs(&mut self.shared.1, 6, &entry.attributes, DEEPEST);
        }
        let group = match self.resources.iter().rposition(|group| group.resource == entry.resource) {
            Some(at) => &mut self.resources[at],
            None => push(&mut self.resources, Group { resource: entry.resource.clone(), scopes: Vec::new() }),
        };
        let scope = match group.scopes.iter().rposition(|scope| scope.name == entry.scope_name) {
            Some(at) => &mut group.scopes[at],
            None => push(&mut group.scopes, Scope { name: entry.scope_name.clone(), records: Vec::new() }),
        };
        let shared = entry.attributes.is_shared().then_some(&self.shared.1[..]);
        record(&mut scope.records, entry, shared);
    }

    /// The request.
    ///
    /// # Errors
    /// It is checked as those from outside are, so that nothing in an entry can spoil what it is batched with.
    pub fn finish(self) -> Result<Logs, Invalid> {
        Logs::from_bytes(request(&self.resources).into())
    }
}

fn push<T>(to: &mut Vec<T>, item: T) -> &mut T {
    to.push(item);
    to.last_mut().expect("it was pushed")
}

fn request(resources: &[Group]) -> Vec<u8> {
    let named = |name: &Text| if name.is_empty() { 0 } else { put::bytes_len(1, name.len()) };
    let scope_len = |scope: &Scope| put::bytes_len(1, named(&scope.name)) + scope.records.len();
    let attributes: Vec<Vec<u8>> = resources.iter().map(|group| encoded(&group.resource)).collect();
    let group_len = |group: &Group, attributes: &[u8]| {
        let scopes: usize = group.scopes.iter().map(|scope| put::bytes_len(2, scope_len(scope))).sum();
        put::bytes_len(1, attributes.len()) + scopes
    };
    let lens = resources.iter().zip(&attributes).map(|(group, attributes)| group_len(group, attributes));
    let mut to = Vec::with_capacity(lens.map(|len| put::bytes_len(1, len)).sum());
    for (group, attributes) in resources.iter().zip(&attributes) {
        put::head(&mut to, 1, group_len(group, attributes));
        put::bytes(&mut to, 1, attributes);
        for scope in &group.scopes {
            put::head(&mut to, 2, scope_len(scope));
            put::head(&mut to, 1, named(&scope.name));
            text(&mut to, 1, &scope.name);
            to.extend_from_slice(&scope.records);
        }
    }
    to
}

fn encoded(resource: &Map) -> Vec<u8> {
    let mut to = Vec::new();
    pairs(&mut to, 1, resource, DEEPEST);
    to
}

/// Appends a `log_records` field. `shared` is what the attributes are, if that is known.
fn record(to: &mut Vec<u8>, entry: &Entry, shared: Option<&[u8]>) {
    let severity = entry.severity;
    let name = if entry.severity_text.is_empty() { severity.name() } else { &entry.severity_text };
    // Most records take two bytes for their length.
    message(to, 2, 2, |to| {
        if let Some(time) = entry.timestamp {
            put::fixed64(to, 1, time.cast_unsigned());
        }
        if severity.number() != 0 {
            put::varint_field(to, 2, severity.number().into());
        }
        text(to, 3, name);
        if entry.body != Value::Null {
            value_field(to, 5, &entry.body, DEEPEST);
        }
        match shared {
            Some(shared) => to.extend_from_slice(shared),
            None => pairs(to, 6, &entry.attributes, DEEPEST),
        }
        if let Some(trace) = entry.trace.as_deref() {
            if let Some(&flags @ 1..) = trace.flags.first() {
                put::fixed32(to, 8, flags.into());
            }
            if !trace.trace_id.is_empty() {
                put::bytes(to, 9, &fixed::<16>(&trace.trace_id));
            }
            if !trace.span_id.is_empty() {
                put::bytes(to, 10, &fixed::<8>(&trace.span_id));
            }
        }
        put::fixed64(to, 11, entry.observed.cast_unsigned());
    });
}

/// Appends a message that `write` writes, behind a length that is then known. `room` is how many bytes are left for that
/// length: where it takes another number, the message moves.
fn message(to: &mut Vec<u8>, number: u32, room: usize, write: impl FnOnce(&mut Vec<u8>)) {
    put::key(to, number, 2);
    let start = to.len();
    to.resize(start + room, 0);
    write(to);
    let end = to.len();
    let len = end - start - room;
    let takes = put::varint64_len(len as u64);
    if takes > room {
        to.resize(end + takes - room, 0);
    }
    if takes != room {
        to.copy_within(start + room..end, start + takes);
        to.truncate(start + takes + len);
    }
    let mut rest = len;
    for (at, byte) in to[start..start + takes].iter_mut().enumerate() {
        *byte = u8::try_from(rest & 0x7f).unwrap_or_default() | if at + 1 < takes { 0x80 } else { 0 };
        rest >>= 7;
    }
}

/// The first bytes, with zeros for what is missing.
fn fixed<const N: usize>(bytes: &[u8]) -> [u8; N] {
    let mut id = [0; N];
    for (to, from) in id.iter_mut().zip(bytes) {
        *to = *from;
    }
    id
}

fn text(to: &mut Vec<u8>, number: u32, text: &str) {
    if !text.is_empty() {
        put::bytes(to, number, text.as_bytes());
    }
}

/// Appends a map's pairs as repeated field `number`.
fn pairs(to: &mut Vec<u8>, number: u32, map: &Map, depth: u32) {
    for (name, of_name) in map.iter() {
        let known = flat_len(of_name).map(|len| {
            let name = if name.is_empty() { 0 } else { put::bytes_len(1, name.len()) };
            name + put::bytes_len(2, len)
        });
        match known {
            Some(len) => {
                put::head(to, number, len);
                text(to, 1, name);
                value_field(to, 2, of_name, depth);
            }
            None => message(to, number, 2, |to| {
                text(to, 1, name);
                value_field(to, 2, of_name, depth);
            }),
        }
    }
}

/// The length of an `AnyValue` that has no others in it.
fn flat_len(value: &Value) -> Option<usize> {
    Some(match value {
        Value::Null => 0,
        Value::Bool(_) => 2,
        Value::Int(number) => 1 + put::varint64_len(number.cast_unsigned()),
        Value::Float(_) => 9,
        Value::Text(text) => put::bytes_len(1, text.len()),
        Value::Bytes(bytes) => put::bytes_len(7, bytes.len()),
        Value::List(_) | Value::Map(_) => return None,
    })
}

/// Appends a field that is an `AnyValue`.
fn value_field(to: &mut Vec<u8>, number: u32, from: &Value, depth: u32) {
    match flat_len(from) {
        Some(len) => {
            put::head(to, number, len);
            value(to, from, depth);
        }
        None => message(to, number, 1, |to| value(to, from, depth)),
    }
}

/// Appends what an `AnyValue` is.
fn value(to: &mut Vec<u8>, from: &Value, depth: u32) {
    match from {
        Value::Null => {}
        Value::Bool(set) => put::varint_field(to, 2, (*set).into()),
        Value::Int(number) => put::varint_field(to, 3, number.cast_unsigned()),
        Value::Float(number) => put::fixed64(to, 4, number.to_bits()),
        Value::Text(text) => put::bytes(to, 1, text.as_bytes()),
        Value::Bytes(bytes) => put::bytes(to, 7, bytes),
        Value::List(_) | Value::Map(_) if depth == 0 => put::bytes(to, 1, cut(from).as_bytes()),
        Value::List(items) => message(to, 5, 1, |to| {
            for item in items {
                value_field(to, 1, item, depth - 1);
            }
        }),
        Value::Map(map) => message(to, 6, 2, |to| pairs(to, 1, map, depth - 1)),
    }
}

#[cold]
fn cut(value: &Value) -> String {
    json::text(value)
}

#[cfg(test)]
mod tests;
