//! The messages that a span is made of. A field's number is its place, from 1.

/// A message.
pub(super) struct Message {
    /// What Go calls it.
    pub(super) name: &'static str,
    pub(super) fields: &'static [Field],
}

/// A field: its name in JSON, and what it holds.
pub(super) type Field = (&'static str, Kind);

/// What a field holds.
pub(super) enum Kind {
    Text,
    Texts,
    Bool,
    Uint,
    Int,
    Double,
    Bytes,
    TraceId,
    SpanId,
    /// A word of these; the name is protobuf's.
    Enum(&'static str, &'static [&'static str]),
    Time,
    Duration,
    One(&'static Message),
    Many(&'static Message),
    /// Which is there also when there are none.
    Always(&'static Message),
}

pub(super) static SPAN: Message = Message {
    name: "model.Span",
    fields: &[
        ("traceId", Kind::TraceId),
        ("spanId", Kind::SpanId),
        ("operationName", Kind::Text),
        ("references", Kind::Many(&REFERENCE)),
        ("flags", Kind::Uint),
        ("startTime", Kind::Time),
        ("duration", Kind::Duration),
        ("tags", Kind::Many(&TAG)),
        ("logs", Kind::Many(&LOG)),
        ("process", Kind::One(&PROCESS)),
        ("processId", Kind::Text),
        ("warnings", Kind::Texts),
    ],
};

static REFERENCE: Message = Message {
    name: "model.SpanRef",
    fields: &[
        ("traceId", Kind::TraceId),
        ("spanId", Kind::SpanId),
        ("refType", Kind::Enum("jaeger.api_v2.SpanRefType", &["CHILD_OF", "FOLLOWS_FROM"])),
    ],
};

static TAG: Message = Message {
    name: "model.KeyValue",
    fields: &[
        ("key", Kind::Text),
        ("vType", Kind::Enum("jaeger.api_v2.ValueType", &["STRING", "BOOL", "INT64", "FLOAT64", "BINARY"])),
        ("vStr", Kind::Text),
        ("vBool", Kind::Bool),
        ("vInt64", Kind::Int),
        ("vFloat64", Kind::Double),
        ("vBinary", Kind::Bytes),
    ],
};

static LOG: Message =
    Message { name: "model.Log", fields: &[("timestamp", Kind::Time), ("fields", Kind::Always(&TAG))] };

static PROCESS: Message =
    Message { name: "model.Process", fields: &[("serviceName", Kind::Text), ("tags", Kind::Many(&TAG))] };

impl Message {
    /// The field that `name` means, which is its name in JSON or protobuf's (`trace_id`), and its number.
    pub(super) fn find(&self, name: &[u8]) -> Option<(u32, &Kind)> {
        let is_it = |own: &str| {
            let mut rest = name.iter();
            let same = own.bytes().all(|byte| {
                let next = rest.next();
                if next == Some(&b'_') && byte.is_ascii_uppercase() {
                    return rest.next() == Some(&byte.to_ascii_lowercase());
                }
                next == Some(&byte)
            });
            same && rest.next().is_none()
        };
        let (number, (_, kind)) = (1..).zip(self.fields).find(|(_, (own, _))| is_it(own))?;
        Some((number, kind))
    }
}
