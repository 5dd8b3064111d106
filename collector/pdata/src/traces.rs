//! Spans and log records by the trace that they belong to.

use std::collections::HashMap;

use crate::{
    Data, Signal,
    fields::Fields,
    level::Level,
    put,
    rope::{Piece, Rope},
    view::find,
};

/// Repeated headers may grow a request by so many bytes and eight times its size, as when it is cut into parts.
const GROWTH: usize = 64 << 20;

impl Data {
    /// The telemetry by trace id, which is zeros for what belongs to none: of each scope the spans or log records of a trace
    /// together, in the order of first appearance (Go's `batchpersignal`). Points belong to no trace.
    ///
    /// What is repeated adds at most eight times the request's size and 64 MiB: beyond that the rest of a scope stays together.
    pub fn split_by_trace(self) -> Vec<([u8; 16], Self)> {
        let signal = self.signal();
        let id = match signal {
            Signal::Traces => 1,
            Signal::Logs => 9,
            Signal::Metrics => return vec![([0; 16], self)],
        };
        let rope = self.into_rope();
        let mut room = rope.len().saturating_mul(8).saturating_add(GROWTH);
        let mut parts = Vec::new();
        for piece in rope.pieces() {
            for entry in Fields::of(&piece.bytes).filter(|field| field.number == 1) {
                let (head, scopes) = apart(Level::Resource, entry.value);
                for scope in scopes {
                    let (scope_head, items) = apart(Level::Scope, scope);
                    let repeated = head.len() + scope_head.len();
                    for (trace, items, count) in by_trace(&items, id, repeated, &mut room) {
                        let bytes = entry_of(&head, &scope_head, &items).into();
                        parts.push((trace, Self::new(signal, Rope::from(Piece { bytes, items: count }))));
                    }
                }
            }
        }
        parts
    }
}

/// What a message says of itself, encoded, and what it repeats.
fn apart(level: Level, body: &[u8]) -> (Vec<u8>, Vec<&[u8]>) {
    let (mut head, mut repeated) = (Vec::new(), Vec::new());
    for field in Fields::of(body) {
        if level.repeats(field.number) {
            repeated.push(field.value);
        } else {
            head.extend_from_slice(field.whole);
        }
    }
    (head, repeated)
}

/// Items by trace: the id, the items as fields of their scope, and how many there are.
fn by_trace(items: &[&[u8]], id: u32, repeated: usize, room: &mut usize) -> Vec<([u8; 16], Vec<u8>, usize)> {
    let mut places: HashMap<[u8; 16], usize> = HashMap::new();
    let mut parts: Vec<([u8; 16], Vec<u8>, usize)> = Vec::new();
    for item in items {
        let trace = find(item, id).and_then(|field| field.value.try_into().ok()).unwrap_or_default();
        let at = match places.get(&trace) {
            Some(at) => *at,
            None if !parts.is_empty() && *room < repeated => parts.len() - 1,
            None => {
                *room = room.saturating_sub(repeated);
                parts.push((trace, Vec::new(), 0));
                parts.len() - 1
            }
        };
        places.insert(trace, at);
        let (_, bytes, count) = &mut parts[at];
        put::bytes(bytes, 2, item);
        *count += 1;
    }
    parts
}

/// A request of one resource and one scope.
fn entry_of(head: &[u8], scope_head: &[u8], items: &[u8]) -> Vec<u8> {
    let scope = scope_head.len() + items.len();
    let entry = head.len() + put::bytes_len(2, scope);
    let mut bytes = Vec::with_capacity(put::bytes_len(1, entry));
    put::head(&mut bytes, 1, entry);
    bytes.extend_from_slice(head);
    put::head(&mut bytes, 2, scope);
    bytes.extend_from_slice(scope_head);
    bytes.extend_from_slice(items);
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::view::SpanRef;

    #[test]
    fn each_trace_has_its_resource_and_scope() {
        let span = |trace: u8, name: &str| {
            let trace = format!("{trace:02x}").repeat(16);
            format!(r#"{{"traceId":"{trace}","spanId":"0000000000000001","name":"{name}"}}"#)
        };
        let json = format!(
            r#"{{"resourceSpans":[{{"resource":{{"attributes":[{{"key":"a","value":{{"intValue":"1"}}}}]}},"scopeSpans":[
                {{"scope":{{"name":"s"}},"spans":[{},{},{}],"schemaUrl":"u"}},{{"spans":[{}]}}],"schemaUrl":"v"}}]}}"#,
            span(1, "x"),
            span(2, "y"),
            span(1, "z"),
            span(1, "w"),
        );
        let data = Data::from_json(Signal::Traces, json.as_bytes()).unwrap();
        let parts = data.split_by_trace();
        let shown: Vec<(u8, usize, String)> = parts
            .iter()
            .map(|(trace, part)| {
                let again = Data::from_bytes(Signal::Traces, part.bytes()).unwrap();
                assert_eq!(again.items(), part.items());
                let Data::Traces(traces) = &again else { panic!("no traces") };
                let entry = traces.resource_spans().next().unwrap();
                assert_eq!((entry.schema_url(), entry.resource().attributes().len()), ("v", 1));
                let scope = entry.scope_spans().next().unwrap();
                let names: Vec<&str> = scope.spans().map(SpanRef::name).collect();
                (
                    trace[0],
                    part.items(),
                    format!("{}/{} {}", scope.scope().name(), scope.schema_url(), names.join(" ")),
                )
            })
            .collect();
        let expected = [(1, 2, "s/u x z"), (2, 1, "s/u y"), (1, 1, "/ w")];
        assert_eq!(shown, expected.map(|(trace, items, text)| (trace, items, text.to_owned())));
    }

    #[test]
    fn repeated_headers_are_bounded() {
        let mut resource = Vec::new();
        put::bytes(&mut resource, 1, &[]);
        let attribute = vec![b'x'; 4 << 20];
        let mut pair = Vec::new();
        put::bytes(&mut pair, 1, &attribute);
        let mut body = Vec::new();
        put::bytes(&mut body, 1, &pair);
        let mut entry = Vec::new();
        put::bytes(&mut entry, 1, &body);
        let mut scope = Vec::new();
        for number in 0_u16..1000 {
            let mut span = Vec::new();
            let mut id = [1; 16];
            id[..2].copy_from_slice(&number.to_le_bytes());
            put::bytes(&mut span, 1, &id);
            put::bytes(&mut scope, 2, &span);
        }
        put::bytes(&mut entry, 2, &scope);
        let mut request = Vec::new();
        put::bytes(&mut request, 1, &entry);
        let data = Data::from_bytes(Signal::Traces, request.into()).unwrap();
        let parts = data.split_by_trace();
        assert_eq!(parts.iter().map(|(_, part)| part.items()).sum::<usize>(), 1000);
        assert!(parts.len() < 40, "{}", parts.len());
    }
}
