//! RPM's header structure: typed values under numbered tags, an index in front of a store.
//!
//! Own code rather than the `rpm` crate: that is 40 more crates, two further versions of `syn` among them, and half a minute
//! of compiling for what are two headers and an archive.

use std::collections::BTreeMap;

/// The values of a header by their tags; they are written in the tags' order.
#[derive(Debug, Default)]
pub(super) struct Header(BTreeMap<u32, Value>);

/// What a tag can hold.
#[derive(Debug)]
enum Value {
    Int16(Vec<u16>),
    Int32(Vec<u32>),
    Text(String),
    Texts(Vec<String>),
    /// A text in the one language that the header's table of languages lists.
    Translated(String),
}

const MAGIC: [u8; 8] = [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0];
/// An entry of the index: tag, type, offset and count.
const ENTRY: usize = 16;
/// The type of a region, whose value is bytes.
const BYTES: u32 = 7;

impl Header {
    /// Sets 16-bit numbers.
    pub(super) fn int16(&mut self, tag: u32, values: impl IntoIterator<Item = u16>) {
        self.0.insert(tag, Value::Int16(values.into_iter().collect()));
    }

    /// Sets 32-bit numbers.
    pub(super) fn int32(&mut self, tag: u32, values: impl IntoIterator<Item = u32>) {
        self.0.insert(tag, Value::Int32(values.into_iter().collect()));
    }

    /// Sets a text.
    pub(super) fn text(&mut self, tag: u32, value: impl Into<String>) {
        self.0.insert(tag, Value::Text(value.into()));
    }

    /// Sets a list of texts.
    pub(super) fn texts<T: Into<String>>(&mut self, tag: u32, values: impl IntoIterator<Item = T>) {
        self.0.insert(tag, Value::Texts(values.into_iter().map(Into::into).collect()));
    }

    /// Sets a text that could be translated.
    pub(super) fn translated(&mut self, tag: u32, value: impl Into<String>) {
        self.0.insert(tag, Value::Translated(value.into()));
    }

    /// The header's bytes. `region` is the tag that marks all of it as belonging together, so that it can be signed.
    pub(super) fn encode(&self, region: u32) -> Vec<u8> {
        let mut index = Vec::new();
        let mut store = Vec::new();
        for (tag, value) in &self.0 {
            let (kind, align, count) = value.shape();
            store.resize(store.len().next_multiple_of(align), 0);
            index.extend(entry(*tag, kind, number(store.len()), count));
            value.write(&mut store);
        }
        // The region's own entry comes first; its data, last in the store, points back over the whole index.
        let entries = self.0.len() + 1;
        let first = entry(region, BYTES, number(store.len()), ENTRY);
        let back = 0_u32.wrapping_sub(number(entries * ENTRY));
        store.extend(entry(region, BYTES, back, ENTRY));
        let mut bytes = MAGIC.to_vec();
        bytes.extend(number(entries).to_be_bytes());
        bytes.extend(number(store.len()).to_be_bytes());
        bytes.extend(first);
        bytes.extend(index);
        bytes.extend(store);
        bytes
    }
}

impl Value {
    /// The type's number, the boundary that it begins at, and how many values there are.
    fn shape(&self) -> (u32, usize, usize) {
        match self {
            Self::Int16(values) => (3, 2, values.len()),
            Self::Int32(values) => (4, 4, values.len()),
            Self::Text(_) => (6, 1, 1),
            Self::Texts(texts) => (8, 1, texts.len()),
            Self::Translated(_) => (9, 1, 1),
        }
    }

    fn write(&self, store: &mut Vec<u8>) {
        let mut text = |text: &str| {
            store.extend(text.as_bytes());
            store.push(0);
        };
        match self {
            Self::Text(value) | Self::Translated(value) => text(value),
            Self::Texts(values) => values.iter().for_each(|value| text(value)),
            Self::Int16(values) => values.iter().for_each(|value| store.extend(value.to_be_bytes())),
            Self::Int32(values) => values.iter().for_each(|value| store.extend(value.to_be_bytes())),
        }
    }
}

fn entry(tag: u32, kind: u32, offset: u32, count: usize) -> [u8; ENTRY] {
    let mut bytes = [0; ENTRY];
    for (place, value) in bytes.chunks_exact_mut(4).zip([tag, kind, offset, number(count)]) {
        place.copy_from_slice(&value.to_be_bytes());
    }
    bytes
}

/// A length as headers hold it: no package of a collector comes near 4 GiB.
pub(super) fn number(length: usize) -> u32 {
    u32::try_from(length).expect("a collector's package is smaller than 4 GiB")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_header_byte_for_byte() {
        let mut header = Header::default();
        header.text(1000, "ab");
        header.int32(1009, [5]);
        #[rustfmt::skip]
        let expected = [
            0x8e, 0xad, 0xe8, 1, 0, 0, 0, 0, 0, 0, 0, 3, 0, 0, 0, 24,
            // The region: bytes, at 8 in the store, 16 of them.
            0, 0, 0, 63, 0, 0, 0, 7, 0, 0, 0, 8, 0, 0, 0, 16,
            0, 0, 3, 0xe8, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0, 1,
            0, 0, 3, 0xf1, 0, 0, 0, 4, 0, 0, 0, 4, 0, 0, 0, 1,
            b'a', b'b', 0, 0, 0, 0, 0, 5,
            // Back over three entries.
            0, 0, 0, 63, 0, 0, 0, 7, 0xff, 0xff, 0xff, 0xd0, 0, 0, 0, 16,
        ];
        assert_eq!(header.encode(63), expected);
    }
}
