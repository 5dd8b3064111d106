//! Protobuf, written field by field.

/// A message so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message(pub(crate) Vec<u8>);

impl Message {
    /// A whole number. Nothing is written for 0, but where a field is repeated and each value counts, none here is 0.
    pub(crate) fn number(&mut self, field: u32, value: u64) {
        if value != 0 {
            self.varint(u64::from(field << 3));
            self.varint(value);
        }
    }

    /// A string, an empty one too: strings are counted by their place.
    pub(crate) fn bytes(&mut self, field: u32, value: &[u8]) {
        self.varint(u64::from(field << 3 | 2));
        self.varint(value.len() as u64);
        self.0.extend_from_slice(value);
    }

    /// A message in this one.
    pub(crate) fn message(&mut self, field: u32, value: &Self) {
        self.bytes(field, &value.0);
    }

    #[allow(clippy::cast_possible_truncation, reason = "only seven bits are left")]
    fn varint(&mut self, mut value: u64) {
        while value >= 0x80 {
            self.0.push((value & 0x7f | 0x80) as u8);
            value >>= 7;
        }
        self.0.push(value as u8);
    }
}
