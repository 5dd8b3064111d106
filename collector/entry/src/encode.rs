//! Entries as an OTLP request, written without a tree in between.

use std::mem;

use bytes::Bytes;
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
    items: usize,
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
    /// Encoded `log_records`, behind so much room that all that comes before them fits most of the time.
    records: Vec<u8>,
}

/// Room for what comes before records.
const ROOM: usize = 256;

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
            None => push(&mut group.scopes, Scope { name: entry.scope_name.clone(), records: vec![0; ROOM] }),
        };
        let shared = entry.attributes.is_shared().then_some(&self.shared.1[..]);
        record(&mut scope.records, entry, shared);
        self.items += 1;
    }

    /// The request. Nothing in an entry can spoil it: texts are UTF-8, ids are made as long as they must be, and what nests
    /// too deep is cut.
    ///
    /// # Errors
    /// It is larger than a request can be.
    pub fn finish(self) -> Result<Logs, Invalid> {
        Logs::made(request(self.resources), self.items)
    }
}

fn push<T>(to: &mut Vec<T>, item: T) -> &mut T {
    to.push(item);
    to.last_mut().expect("it was pushed")
}

/// Records that all have one resource and scope, as most have, are not copied: what comes before them goes where room was
/// left for it.
fn request(mut resources: Vec<Group>) -> Bytes {
    let only = matches!(&resources[..], [group] if group.scopes.len() == 1);
    let scopes = resources.iter().flat_map(|group| &group.scopes);
    let mut to = Vec::with_capacity(if only { ROOM } else { scopes.map(|scope| scope.records.len()).sum() });
    for group in &resources {
        group.head(&mut to);
        for scope in &group.scopes {
            scope.head(&mut to);
            if !only {
                to.extend_from_slice(scope.records());
            }
        }
    }
    if only {
        let scope = &mut resources[0].scopes[0];
        if let Some(start) = ROOM.checked_sub(to.len()) {
            let mut records = mem::take(&mut scope.records);
            records[start..ROOM].copy_from_slice(&to);
            return Bytes::from(records).slice(start..);
        }
        to.extend_from_slice(scope.records());
    }
    to.into()
}

impl Group {
    /// Appends a `resource_logs` field up to its first scope.
    fn head(&self, to: &mut Vec<u8>) {
        let mut attributes = Vec::new();
        pairs(&mut attributes, 1, &self.resource, DEEPEST);
        let scopes: usize = self.scopes.iter().map(|scope| put::bytes_len(2, scope.len())).sum();
        put::head(to, 1, put::bytes_len(1, attributes.len()) + scopes);
        put::bytes(to, 1, &attributes);
    }
}

impl Scope {
    fn records(&self) -> &[u8] {
        &self.records[ROOM..]
    }

    /// How long it is as a message.
    fn len(&self) -> usize {
        put::bytes_len(1, self.name_len()) + self.records().len()
    }

    fn name_len(&self) -> usize {
        if self.name.is_empty() { 0 } else { put::bytes_len(1, self.name.len()) }
    }

    /// Appends a `scope_logs` field up to its first record.
    fn head(&self, to: &mut Vec<u8>) {
        put::head(to, 2, self.len());
        put::head(to, 1, self.name_len());
        text(to, 1, &self.name);
    }
}

/// Appends a `log_records` field. `shared` is what the attributes are, if that is known.
fn record(to: &mut Vec<u8>, entry: &Entry, shared: Option<&[u8]>) {
    let severity = entry.severity;
    let name = if entry.severity_text.is_empty() { severity.name() } else { &entry.severity_text };
    // Most records take two bytes for their length.
    message(to, 2, 2, |to| {
        if let Some(time) = entry.timestamp {
            fixed64(to, 0x09, time.cast_unsigned());
        }
        if severity.number() != 0 {
            to.extend_from_slice(&[0x10, severity.number()]);
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
        fixed64(to, 0x59, entry.observed.cast_unsigned());
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
        bytes(to, number, text.as_bytes());
    }
}

/// Appends a map's pairs as repeated field `number`.
fn pairs(to: &mut Vec<u8>, number: u32, map: &Map, depth: u32) {
    for (name, of_name) in map.iter() {
        let Some(len) = flat_len(of_name) else {
            message(to, number, 2, |to| {
                text(to, 1, name);
                value_field(to, 2, of_name, depth);
            });
            continue;
        };
        if let Some(whole) = short(name.len() + len + 4)
            && !name.is_empty()
        {
            // Most of what there is: lengths of one byte, written together.
            to.extend_from_slice(&[tag(number), whole, 0x0a, low(name.len())]);
            to.extend_from_slice(name.as_bytes());
            to.extend_from_slice(&[0x12, low(len)]);
            value(to, of_name, depth);
            continue;
        }
        let name_len = if name.is_empty() { 0 } else { put::bytes_len(1, name.len()) };
        put::head(to, number, name_len + put::bytes_len(2, len));
        text(to, 1, name);
        value_field(to, 2, of_name, depth);
    }
}

/// The key of a field that has a length, which is one byte for the first fifteen.
fn tag(number: u32) -> u8 {
    low((number << 3 | 2) as usize)
}

/// A length that takes one byte.
fn short(len: usize) -> Option<u8> {
    (len < 0x80).then_some(low(len))
}

/// The low seven bits.
#[expect(clippy::cast_possible_truncation, reason = "seven bits fit")]
const fn low(len: usize) -> u8 {
    (len & 0x7f) as u8
}

/// Appends a field of eight bytes behind its key.
fn fixed64(to: &mut Vec<u8>, key: u8, value: u64) {
    let mut field = [key; 9];
    field[1..].copy_from_slice(&value.to_le_bytes());
    to.extend_from_slice(&field);
}

/// Appends a text or bytes, whatever they are.
fn bytes(to: &mut Vec<u8>, number: u32, bytes: &[u8]) {
    match short(bytes.len()) {
        Some(len) => to.extend_from_slice(&[tag(number), len]),
        None => put::head(to, number, bytes.len()),
    }
    to.extend_from_slice(bytes);
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
        Value::Bool(set) => to.extend_from_slice(&[0x10, (*set).into()]),
        Value::Int(number) => put::varint_field(to, 3, number.cast_unsigned()),
        Value::Float(number) => fixed64(to, 0x21, number.to_bits()),
        Value::Text(text) => bytes(to, 1, text.as_bytes()),
        Value::Bytes(data) => bytes(to, 7, data),
        Value::List(_) | Value::Map(_) if depth == 0 => bytes(to, 1, cut(from).as_bytes()),
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
