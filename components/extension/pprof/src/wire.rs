//! Protobuf, written field by field.

use slimcol_pdata::put;

/// A message so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Message(pub(crate) Vec<u8>);

impl Message {
    /// A whole number. Nothing is written for 0, but where a field is repeated and each value counts, none here is 0.
    pub(crate) fn number(&mut self, field: u32, value: u64) {
        if value != 0 {
            put::varint_field(&mut self.0, field, value);
        }
    }

    /// A string, an empty one too: strings are counted by their place.
    pub(crate) fn bytes(&mut self, field: u32, value: &[u8]) {
        put::bytes(&mut self.0, field, value);
    }

    /// A message in this one.
    pub(crate) fn message(&mut self, field: u32, value: &Self) {
        self.bytes(field, &value.0);
    }
}
