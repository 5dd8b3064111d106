//! The types that Kafka's messages are made of, in the encoding from before flexible versions: all the messages here have
//! versions in it that brokers from 0.11 to 4.x take.

use bytes::{Buf as _, BufMut as _, Bytes, BytesMut};

/// The bytes are not the message that they should be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Malformed;

/// Reads one value after the other. Every read checks that the bytes are there.
#[derive(Debug)]
pub(crate) struct Reader {
    bytes: Bytes,
    /// How long the broker wants to be left alone, milliseconds; 0 before an answer has said so.
    pub(crate) throttled: i32,
}

impl Reader {
    pub(crate) const fn new(bytes: Bytes) -> Self {
        Self { bytes, throttled: 0 }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    pub(crate) fn left(&self) -> usize {
        self.bytes.len()
    }

    /// The next `len` bytes, which stay where they are.
    pub(crate) fn take(&mut self, len: usize) -> Result<Bytes, Malformed> {
        if len > self.bytes.len() { Err(Malformed) } else { Ok(self.bytes.split_to(len)) }
    }

    pub(crate) fn i8(&mut self) -> Result<i8, Malformed> {
        self.bytes.try_get_i8().map_err(|_| Malformed)
    }

    pub(crate) fn i16(&mut self) -> Result<i16, Malformed> {
        self.bytes.try_get_i16().map_err(|_| Malformed)
    }

    pub(crate) fn i32(&mut self) -> Result<i32, Malformed> {
        self.bytes.try_get_i32().map_err(|_| Malformed)
    }

    /// What many answers have: how long the broker wants to be left alone.
    pub(crate) fn throttle(&mut self) -> Result<(), Malformed> {
        self.throttled = self.i32()?;
        Ok(())
    }

    pub(crate) fn u32(&mut self) -> Result<u32, Malformed> {
        self.bytes.try_get_u32().map_err(|_| Malformed)
    }

    pub(crate) fn i64(&mut self) -> Result<i64, Malformed> {
        self.bytes.try_get_i64().map_err(|_| Malformed)
    }

    pub(crate) fn bool(&mut self) -> Result<bool, Malformed> {
        self.i8().map(|byte| byte != 0)
    }

    /// A text; null is an error.
    pub(crate) fn string(&mut self) -> Result<String, Malformed> {
        self.nullable_string()?.ok_or(Malformed)
    }

    pub(crate) fn nullable_string(&mut self) -> Result<Option<String>, Malformed> {
        let Ok(len) = usize::try_from(self.i16()?) else { return Ok(None) };
        let bytes = self.take(len)?;
        String::from_utf8(bytes.into()).map(Some).map_err(|_| Malformed)
    }

    /// Bytes; null is none.
    pub(crate) fn bytes(&mut self) -> Result<Bytes, Malformed> {
        let len = self.i32()?;
        usize::try_from(len).map_or(Ok(Bytes::new()), |len| self.take(len))
    }

    /// A list, of which each item takes at least `least` bytes: no more is believed than there can be. Null is none.
    pub(crate) fn list<T>(
        &mut self,
        least: usize,
        mut item: impl FnMut(&mut Self) -> Result<T, Malformed>,
    ) -> Result<Vec<T>, Malformed> {
        let Ok(len) = usize::try_from(self.i32()?) else { return Ok(Vec::new()) };
        if len > self.left() / least.max(1) {
            return Err(Malformed);
        }
        (0..len).map(|_| item(self)).collect()
    }

    /// A number in groups of seven bits, zigzag: what records are made of.
    pub(crate) fn varint(&mut self) -> Result<i64, Malformed> {
        let mut value = 0_u64;
        for shift in (0..64).step_by(7) {
            let byte = self.bytes.try_get_u8().map_err(|_| Malformed)?;
            value |= u64::from(byte & 0x7f) << shift;
            if byte < 0x80 {
                return Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed());
            }
        }
        Err(Malformed)
    }

    /// Bytes behind a varint's length; a negative one is null.
    pub(crate) fn varint_bytes(&mut self) -> Result<Option<Bytes>, Malformed> {
        let len = self.varint()?;
        if len < 0 {
            return Ok(None);
        }
        self.take(usize::try_from(len).map_err(|_| Malformed)?).map(Some)
    }
}

/// Writes one value after the other. What is large stays where it is and is only listed.
#[derive(Debug, Default)]
pub(crate) struct Writer {
    parts: Vec<Bytes>,
    tail: BytesMut,
    /// What `parts` hold.
    listed: usize,
}

/// From here on bytes are listed rather than copied.
const LARGE: usize = 1 << 10;

impl Writer {
    pub(crate) fn len(&self) -> usize {
        self.listed + self.tail.len()
    }

    pub(crate) fn raw(&mut self, bytes: &[u8]) {
        self.tail.extend_from_slice(bytes);
    }

    /// Bytes as they are, without their length.
    pub(crate) fn piece(&mut self, bytes: &Bytes) {
        if bytes.len() < LARGE {
            return self.raw(bytes);
        }
        self.listed += self.tail.len() + bytes.len();
        let before = self.tail.split().freeze();
        self.parts.extend([before, bytes.clone()]);
    }

    /// The parts that, put together, are what was written.
    pub(crate) fn finish(mut self) -> Vec<Bytes> {
        self.parts.push(self.tail.freeze());
        self.parts.retain(|part| !part.is_empty());
        self.parts
    }

    pub(crate) fn i8(&mut self, value: i8) {
        self.tail.put_i8(value);
    }

    pub(crate) fn i16(&mut self, value: i16) {
        self.tail.put_i16(value);
    }

    pub(crate) fn i32(&mut self, value: i32) {
        self.tail.put_i32(value);
    }

    pub(crate) fn u32(&mut self, value: u32) {
        self.tail.put_u32(value);
    }

    pub(crate) fn i64(&mut self, value: i64) {
        self.tail.put_i64(value);
    }

    pub(crate) fn bool(&mut self, value: bool) {
        self.i8(i8::from(value));
    }

    /// A text of at most 32767 bytes; what is longer is cut, which no name in a configuration comes near.
    pub(crate) fn string(&mut self, text: &str) {
        let text = &text.as_bytes()[..text.len().min(i16::MAX as usize)];
        self.i16(i16::try_from(text.len()).unwrap_or(i16::MAX));
        self.raw(text);
    }

    pub(crate) fn nullable_string(&mut self, text: Option<&str>) {
        match text {
            Some(text) => self.string(text),
            None => self.i16(-1),
        }
    }

    pub(crate) fn bytes(&mut self, bytes: &[u8]) {
        self.len_of(bytes.len());
        self.raw(bytes);
    }

    pub(crate) fn list<T>(&mut self, items: &[T], mut item: impl FnMut(&mut Self, &T)) {
        self.len_of(items.len());
        for each in items {
            item(self, each);
        }
    }

    /// The length of a list or of bytes. Requests are below 2 GiB: their limits are configured below it.
    pub(crate) fn len_of(&mut self, len: usize) {
        self.i32(i32::try_from(len).unwrap_or(i32::MAX));
    }

    pub(crate) fn varint(&mut self, value: i64) {
        let mut rest = zigzag(value);
        while rest >= 0x80 {
            self.tail.put_u8(low(rest) | 0x80);
            rest >>= 7;
        }
        self.tail.put_u8(low(rest));
    }

    /// Bytes behind their length as a varint; null is a length of -1.
    pub(crate) fn varint_bytes(&mut self, bytes: Option<&[u8]>) {
        match bytes {
            None => self.varint(-1),
            Some(bytes) => {
                self.varint(bytes.len().cast_signed() as i64);
                self.raw(bytes);
            }
        }
    }
}

const fn low(value: u64) -> u8 {
    (value & 0x7f) as u8
}

const fn zigzag(value: i64) -> u64 {
    ((value << 1) ^ (value >> 63)).cast_unsigned()
}

/// How many bytes [`Writer::varint`] takes.
pub(crate) const fn varint_len(value: i64) -> usize {
    let bits = 64 - zigzag(value).leading_zeros() as usize;
    if bits == 0 { 1 } else { bits.div_ceil(7) }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(write: impl FnOnce(&mut Writer)) -> Bytes {
        let mut to = Writer::default();
        write(&mut to);
        let len = to.len();
        let all: Bytes = to.finish().concat().into();
        assert_eq!(all.len(), len);
        all
    }

    proptest! {
        #[test]
        fn what_was_written_is_read(a: i16, b: i32, c: i64, text in "\\PC{0,40}", bytes: Vec<u8>, list: Vec<i64>) {
            let large = Bytes::from(vec![7; LARGE + usize::from(a.unsigned_abs()) % 9]);
            let all = written(|to| {
                to.i16(a);
                to.i32(b);
                to.i64(c);
                to.string(&text);
                to.nullable_string(None);
                to.bytes(&bytes);
                to.piece(&large);
                to.list(&list, |to, item| to.varint(*item));
                to.varint_bytes(Some(&bytes));
                to.varint_bytes(None);
            });
            let mut from = Reader::new(all.clone());
            prop_assert_eq!(from.i16(), Ok(a));
            prop_assert_eq!(from.i32(), Ok(b));
            prop_assert_eq!(from.i64(), Ok(c));
            prop_assert_eq!(from.string(), Ok(text));
            prop_assert_eq!(from.nullable_string(), Ok(None));
            prop_assert_eq!(from.bytes().unwrap(), &bytes[..]);
            prop_assert_eq!(from.take(large.len()).unwrap(), large);
            prop_assert_eq!(from.list(1, Reader::varint), Ok(list.clone()));
            prop_assert_eq!(from.varint_bytes().unwrap().unwrap(), &bytes[..]);
            prop_assert_eq!(from.varint_bytes(), Ok(None));
            prop_assert!(from.is_empty());
            let lens: usize = list.iter().map(|item| varint_len(*item)).sum();
            prop_assert_eq!(written(|to| list.iter().for_each(|item| to.varint(*item))).len(), lens);
        }

        #[test]
        fn any_bytes_are_read_or_refused(bytes: Vec<u8>) {
            let mut from = Reader::new(bytes.into());
            while !from.is_empty() {
                let before = from.left();
                let _ = from.list(4, Reader::varint_bytes);
                let _ = from.nullable_string();
                if from.left() == before { break }
            }
        }
    }

    #[test]
    fn promises_are_not_believed() {
        assert_eq!(
            Reader::new(Bytes::from_static(&[0x7f, 255, 255, 255, 1])).list(1, Reader::i8),
            Err(Malformed)
        );
        assert_eq!(Reader::new(Bytes::from_static(&[0x7f, 255, 255, 255, 1])).bytes(), Err(Malformed));
        assert_eq!(Reader::new(Bytes::from_static(&[0x7f, 255, b'a'])).string(), Err(Malformed));
        assert_eq!(Reader::new(Bytes::from_static(&[0xff; 11])).varint(), Err(Malformed));
        assert_eq!(Reader::new(Bytes::from_static(&[0, 1, 0xff])).string(), Err(Malformed));
    }
}
