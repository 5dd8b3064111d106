//! The schema against the descriptors that the `opentelemetry-proto` crate was generated from.

use std::collections::HashMap;

use super::table::{self, Kind, Message, Presence};
use crate::{
    Signal,
    fields::Fields,
    otlp::request,
    view::{find, find_text},
};

/// Messages by their full names, as encoded `DescriptorProto`s.
fn collect<'a>(prefix: &str, message: &'a [u8], to: &mut HashMap<String, &'a [u8]>) {
    let name = format!("{prefix}.{}", find_text(message, 1));
    for nested in Fields::of(message).filter(|field| field.number == 3) {
        collect(&name, nested.value, to);
    }
    to.insert(name, message);
}

fn number(descriptor: &[u8], field: u32) -> Option<u64> {
    find(descriptor, field).map(|field| field.varint())
}

/// Whether a field's kind is what `FieldDescriptorProto.type` says.
fn is_kind(kind: Kind, ty: u64, repeated: bool) -> bool {
    match kind {
        Kind::Double => ty == 1 && !repeated,
        Kind::Doubles => ty == 1 && repeated,
        Kind::I64 => ty == 3,
        Kind::Varints => ty == 4 && repeated,
        Kind::I32 => ty == 5,
        Kind::Fixed64 => ty == 6 && !repeated,
        Kind::Fixed64s => ty == 6 && repeated,
        Kind::Fixed32 => ty == 7,
        Kind::Bool => ty == 8,
        Kind::Str => ty == 9 && !repeated,
        Kind::Strs => ty == 9 && repeated,
        Kind::One(_) => ty == 11 && !repeated,
        Kind::Many(_) => ty == 11 && repeated,
        Kind::Bytes | Kind::TraceId | Kind::SpanId => ty == 12,
        Kind::U32 => ty == 13,
        Kind::Enum(_) => ty == 14,
        Kind::SFixed64 => ty == 16,
        Kind::S32 => ty == 17,
    }
}

#[test]
fn equals_the_descriptors() {
    let set = include_bytes!("../../tests/data/descriptors.bin");
    let mut all = HashMap::new();
    for file in Fields::of(set).filter(|field| field.number == 1) {
        for message in Fields::of(file.value).filter(|field| field.number == 4) {
            collect(&format!(".{}", find_text(file.value, 2)), message.value, &mut all);
        }
    }
    let root = |signal, name| (format!(".opentelemetry.proto.collector.{name}"), request(signal));
    let mut open: Vec<(String, &'static Message)> = vec![
        root(Signal::Traces, "trace.v1.ExportTraceServiceRequest"),
        root(Signal::Metrics, "metrics.v1.ExportMetricsServiceRequest"),
        root(Signal::Logs, "logs.v1.ExportLogsServiceRequest"),
    ];
    let (mut seen, mut fields) = (HashMap::new(), 0);
    while let Some((name, message)) = open.pop() {
        if seen.insert(name.clone(), message.name).is_some() {
            continue;
        }
        let descriptor = all[&name];
        let described: Vec<_> = Fields::of(descriptor).filter(|field| field.number == 2).collect();
        assert_eq!(described.len(), message.fields.len(), "{name}");
        assert!(message.fields.len() <= 16, "{name}: the JSON writer has room for 16");
        for field in described {
            let (field_name, n) = (find_text(field.value, 1), number(field.value, 3).unwrap());
            let ours =
                message.field(u32::try_from(n).unwrap()).unwrap_or_else(|| panic!("{name}.{field_name}"));
            assert!(ours.name.is(field_name.as_bytes()), "{name}.{field_name}");
            let repeated = number(field.value, 4) == Some(3);
            assert!(is_kind(ours.kind, number(field.value, 5).unwrap(), repeated), "{name}.{field_name}");
            let presence = match (number(field.value, 17), number(field.value, 9)) {
                (Some(1), _) => Presence::Explicit,
                (_, Some(_)) => Presence::Oneof,
                _ => Presence::Implicit,
            };
            assert_eq!(ours.presence, presence, "{name}.{field_name}");
            if let Kind::One(inner) | Kind::Many(inner) = ours.kind {
                open.push((find_text(field.value, 6).to_owned(), inner));
            }
            fields += 1;
        }
    }
    assert_eq!((seen.len(), fields), (34, 151));
    assert_eq!(seen[".opentelemetry.proto.trace.v1.Span"], table::Span.name);
}
