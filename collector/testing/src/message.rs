//! Protobuf messages of Prometheus', read back.

use slimcol_pdata::wire;

/// A field of a message.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    pub(crate) fn number(self) -> u64 {
        let Self::Number(number) = self else { panic!("{self:?} is no number") };
        number
    }

    pub(crate) fn bytes(self) -> &'a [u8] {
        let Self::Bytes(bytes) = self else { panic!("{self:?} is no bytes") };
        bytes
    }

    pub(crate) fn text(self) -> &'a str {
        std::str::from_utf8(self.bytes()).expect("texts are UTF-8")
    }
}

/// The fields of a message, in order.
fn fields(mut message: &[u8]) -> Vec<(u32, Field<'_>)> {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let (key, rest) = wire::varint(message).expect("a field begins with its key");
        let (field, rest) = match key & 7 {
            0 => wire::varint(rest).map(|(number, rest)| (Field::Number(number), rest)).expect("a number"),
            1 => {
                let (number, rest) = rest.split_first_chunk().expect("eight bytes");
                (Field::Number(u64::from_le_bytes(*number)), rest)
            }
            2 => wire::body(rest).map(|(bytes, rest)| (Field::Bytes(bytes), rest)).expect("bytes"),
            wire => panic!("wire type {wire}"),
        };
        fields.push((u32::try_from(key >> 3).expect("a field's number"), field));
        message = rest;
    }
    fields
}

/// The fields of that number.
pub(crate) fn all(message: &[u8], number: u32) -> Vec<Field<'_>> {
    fields(message).into_iter().filter(|(found, _)| *found == number).map(|(_, field)| field).collect()
}

/// The last field of that number, or zero.
pub(crate) fn one(message: &[u8], number: u32) -> u64 {
    all(message, number).last().map_or(0, |field| field.number())
}

/// The last text of that number, or none.
pub(crate) fn text(message: &[u8], number: u32) -> &str {
    all(message, number).last().map_or("", |field| field.text())
}

/// Packed numbers.
pub(crate) fn varints(mut packed: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !packed.is_empty() {
        let (number, rest) = wire::varint(packed).expect("packed numbers");
        numbers.push(number);
        packed = rest;
    }
    numbers
}

/// What protobuf's `sint` types are.
pub(crate) fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// `name{a="b"}` of labels.
pub(crate) fn shown(labels: &[(&str, &str)]) -> String {
    let name = labels.iter().find(|(name, _)| *name == "__name__").map_or("", |(_, value)| *value);
    let rest = labels.iter().filter(|(name, _)| *name != "__name__");
    let rest: Vec<String> = rest.map(|(name, value)| format!("{name}={value:?}")).collect();
    format!("{name}{{{}}}", rest.join(","))
}

/// The buckets of a native histogram, of which the fields of spans and differences have these numbers, packed or not.
pub(crate) fn buckets(histogram: &[u8], negative: (u32, u32), positive: (u32, u32)) -> String {
    let side = |(spans, deltas)| {
        let spans = all(histogram, spans).into_iter().map(Field::bytes);
        let spans: Vec<(i64, u64)> = spans.map(|span| (unzigzag(one(span, 1)), one(span, 2))).collect();
        let deltas = all(histogram, deltas).into_iter().flat_map(|field| match field {
            Field::Number(one) => vec![one],
            Field::Bytes(packed) => varints(packed),
        });
        let deltas: Vec<i64> = deltas.map(unzigzag).collect();
        format!("spans {spans:?} deltas {deltas:?}")
    };
    let (negative, positive) = (side(negative), side(positive));
    let negative =
        if negative == "spans [] deltas []" { String::new() } else { format!(" negative {negative}") };
    format!("{positive}{negative}")
}
