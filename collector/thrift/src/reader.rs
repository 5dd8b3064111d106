//! The cursor over a message, in either protocol.

use std::{borrow::Cow, fmt};

use crate::compact;

/// Structs and lists may be nested so deep, as in the Go library.
const DEPTH: u32 = 64;

/// What a list of structs may be short of the bytes that its structs should have.
const SLACK: usize = 1024;

/// How a message is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// Every number in its width, big endian.
    Binary,
    /// Numbers as short as they are.
    Compact,
}

/// What a field, or each item of a list, is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are Thrift's own")]
pub enum Kind {
    Bool,
    Byte,
    Double,
    I16,
    I32,
    I64,
    /// A string or binary: they are written alike.
    Bytes,
    Struct,
    Map,
    Set,
    List,
}

/// What a field is and which. Whoever is told of one reads its value, or skips it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field {
    /// The number that the definition gives it.
    pub id: i16,
    /// What its value is.
    pub kind: Kind,
}

/// What comes before the arguments of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    /// The method.
    pub name: Cow<'a, str>,
    /// Whether somebody waits for an answer.
    pub kind: MessageType,
    /// Which of the sender's calls it is.
    pub sequence: i32,
}

/// Which kind of message it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are Thrift's own")]
pub enum MessageType {
    Call,
    Reply,
    Exception,
    Oneway,
}

/// Why bytes are no message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Error {
    /// They end in the midst of it, or it announces more than there is.
    Short,
    /// A length is below zero.
    Length,
    /// A number has more than 64 bits.
    Varint,
    /// There is no such type.
    Kind(u8),
    /// It is of another type than the definition says.
    Other(Kind),
    /// There is no such version of the protocol.
    Version,
    /// It is nested too deep.
    Depth,
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Short => f.write_str("unexpected EOF"),
            Self::Length => f.write_str("negative size"),
            Self::Varint => f.write_str("a number has more than 64 bits"),
            Self::Kind(kind) => write!(f, "don't know what type: {kind}"),
            Self::Other(kind) => write!(f, "a value of type {kind:?} where another was expected"),
            Self::Version => f.write_str("bad version in message header"),
            Self::Depth => f.write_str("depth limit exceeded"),
        }
    }
}

impl std::error::Error for Error {}

/// A cursor in a message.
#[derive(Debug)]
pub struct Reader<'a> {
    rest: &'a [u8],
    protocol: Protocol,
    depth: u32,
    /// The value of the boolean field that was just announced, in the compact protocol.
    announced: Option<bool>,
}

impl<'a> Reader<'a> {
    /// A cursor at the beginning of `message`.
    pub fn new(protocol: Protocol, message: &'a [u8]) -> Self {
        Self { rest: message, protocol, depth: 0, announced: None }
    }

    /// What was not read yet.
    pub fn rest(&self) -> &'a [u8] {
        self.rest
    }

    /// The head of a call. Its arguments follow as a struct.
    pub fn message(&mut self) -> Result<Message<'a>, Error> {
        match self.protocol {
            Protocol::Binary => {
                let first = self.fixed().map(i32::from_be_bytes)?;
                if first >= 0 {
                    // The old form has no version: it begins with the name's length.
                    let name = self.taken(usize::try_from(first).map_err(|_| Error::Length)?)?;
                    let [kind] = self.fixed()?;
                    let sequence = self.fixed().map(i32::from_be_bytes)?;
                    return Ok(Message {
                        name: String::from_utf8_lossy(name),
                        kind: message_type(kind)?,
                        sequence,
                    });
                }
                let [high, low, _, kind] = first.to_be_bytes();
                if [high, low] != [0x80, 1] {
                    return Err(Error::Version);
                }
                let name = self.text(Kind::Bytes)?;
                let sequence = self.fixed().map(i32::from_be_bytes)?;
                Ok(Message { name, kind: message_type(kind)?, sequence })
            }
            Protocol::Compact => {
                let [id, how] = self.fixed()?;
                if id != 0x82 || how & 0x1f != 1 {
                    return Err(Error::Version);
                }
                let bits = (compact::varint(&mut self.rest)? & 0xffff_ffff) as u32;
                let name = self.text(Kind::Bytes)?;
                Ok(Message { name, kind: message_type(how >> 5)?, sequence: bits.cast_signed() })
            }
        }
    }

    /// Goes through the fields of a struct.
    pub fn structure(
        &mut self,
        mut each: impl FnMut(&mut Self, Field) -> Result<(), Error>,
    ) -> Result<(), Error> {
        self.deeper(|reader| {
            let mut last = 0;
            while let Some(field) = reader.field(last)? {
                last = field.id;
                each(reader, field)?;
                reader.announced = None;
            }
            Ok(())
        })
    }

    /// What the items of a list or set are, and how many follow. There are at least as many bytes.
    pub fn list(&mut self) -> Result<(Kind, usize), Error> {
        let (kind, len) = match self.protocol {
            Protocol::Binary => {
                let [kind] = self.fixed()?;
                let len = self.fixed().map(i32::from_be_bytes)?;
                let len = usize::try_from(len).map_err(|_| Error::Length)?;
                // An empty list may say that it is of nothing.
                (if len == 0 { Kind::Byte } else { binary_kind(kind)? }, len)
            }
            Protocol::Compact => {
                let [head] = self.fixed()?;
                let len = if head >> 4 == 15 { self.length()? } else { usize::from(head >> 4) };
                (if len == 0 { Kind::Byte } else { compact::kind(head & 15)?.0 }, len)
            }
        };
        if len > self.rest.len() {
            return Err(Error::Short);
        }
        Ok((kind, len))
    }

    /// Goes through the structs of a list, which have to say something: many that are empty are too short for their number.
    pub fn structures(
        &mut self,
        kind: Kind,
        mut each: impl FnMut(&mut Self) -> Result<(), Error>,
    ) -> Result<(), Error> {
        if !matches!(kind, Kind::List | Kind::Set) {
            return Err(Error::Other(kind));
        }
        self.deeper(|reader| match reader.list()? {
            (_, 0) => Ok(()),
            // A struct without a field is one byte, and what becomes of it a hundred: a list of nothing else would fill memory.
            (Kind::Struct, len) if len.saturating_mul(reader.least()) > reader.rest.len() + SLACK => {
                Err(Error::Short)
            }
            (Kind::Struct, len) => (0..len).try_for_each(|_| each(reader)),
            (other, _) => Err(Error::Other(other)),
        })
    }

    /// The bytes of a struct of one short field.
    const fn least(&self) -> usize {
        match self.protocol {
            Protocol::Binary => 8,
            Protocol::Compact => 4,
        }
    }

    /// A boolean.
    pub fn bool(&mut self, kind: Kind) -> Result<bool, Error> {
        expect(kind, Kind::Bool)?;
        if let Some(value) = self.announced.take() {
            return Ok(value);
        }
        let [byte] = self.fixed()?;
        Ok(byte == 1)
    }

    /// A whole number of 16, 32 or 64 bits.
    pub fn int(&mut self, kind: Kind) -> Result<i64, Error> {
        match (self.protocol, kind) {
            (_, Kind::Byte) => self.fixed().map(|byte| i8::from_be_bytes(byte).into()),
            (Protocol::Compact, Kind::I16 | Kind::I32 | Kind::I64) => {
                compact::varint(&mut self.rest).map(compact::unzigzag)
            }
            (Protocol::Binary, Kind::I16) => self.fixed().map(|bytes| i16::from_be_bytes(bytes).into()),
            (Protocol::Binary, Kind::I32) => self.fixed().map(|bytes| i32::from_be_bytes(bytes).into()),
            (Protocol::Binary, Kind::I64) => self.fixed().map(i64::from_be_bytes),
            (_, other) => Err(Error::Other(other)),
        }
    }

    /// A floating-point number.
    pub fn double(&mut self, kind: Kind) -> Result<f64, Error> {
        expect(kind, Kind::Double)?;
        self.fixed().map(match self.protocol {
            Protocol::Binary => f64::from_be_bytes,
            Protocol::Compact => f64::from_le_bytes,
        })
    }

    /// Bytes.
    pub fn bytes(&mut self, kind: Kind) -> Result<&'a [u8], Error> {
        expect(kind, Kind::Bytes)?;
        let len = self.length()?;
        self.taken(len)
    }

    /// Text. What is no UTF-8 is replaced.
    pub fn text(&mut self, kind: Kind) -> Result<Cow<'a, str>, Error> {
        self.bytes(kind).map(String::from_utf8_lossy)
    }

    /// Steps over a value.
    pub fn skip(&mut self, kind: Kind) -> Result<(), Error> {
        match kind {
            Kind::Bool => self.bool(kind).map(drop),
            Kind::Byte | Kind::I16 | Kind::I32 | Kind::I64 => self.int(kind).map(drop),
            Kind::Double => self.double(kind).map(drop),
            Kind::Bytes => self.bytes(kind).map(drop),
            Kind::Struct => self.structure(|reader, field| reader.skip(field.kind)),
            Kind::List | Kind::Set => self.deeper(|reader| {
                let (kind, len) = reader.list()?;
                (0..len).try_for_each(|_| reader.skip(kind))
            }),
            Kind::Map => self.deeper(|reader| {
                let (key, value, len) = reader.map()?;
                (0..len).try_for_each(|_| {
                    reader.skip(key)?;
                    reader.skip(value)
                })
            }),
        }
    }

    fn map(&mut self) -> Result<(Kind, Kind, usize), Error> {
        let (key, value, len) = match self.protocol {
            Protocol::Binary => {
                let [key, value] = self.fixed()?;
                let len = self.fixed().map(i32::from_be_bytes)?;
                (key, value, usize::try_from(len).map_err(|_| Error::Length)?)
            }
            Protocol::Compact => {
                let len = self.length()?;
                let [kinds] = if len == 0 { [0] } else { self.fixed()? };
                (kinds >> 4, kinds & 15, len)
            }
        };
        if len == 0 {
            return Ok((Kind::Byte, Kind::Byte, 0));
        }
        if len > self.rest.len() {
            return Err(Error::Short);
        }
        Ok(match self.protocol {
            Protocol::Binary => (binary_kind(key)?, binary_kind(value)?, len),
            Protocol::Compact => (compact::kind(key)?.0, compact::kind(value)?.0, len),
        })
    }

    /// The head of the field after `last`; `None` at the end of the struct.
    fn field(&mut self, last: i16) -> Result<Option<Field>, Error> {
        let [head] = self.fixed()?;
        if head == 0 {
            return Ok(None);
        }
        let (kind, id) = match self.protocol {
            Protocol::Binary => (binary_kind(head)?, self.fixed().map(i16::from_be_bytes)?),
            Protocol::Compact => {
                let (kind, value) = compact::kind(head & 15)?;
                self.announced = value;
                let id = match head >> 4 {
                    0 => cut(compact::unzigzag(compact::varint(&mut self.rest)?)),
                    delta => last.wrapping_add(delta.into()),
                };
                (kind, id)
            }
        };
        Ok(Some(Field { id, kind }))
    }

    fn length(&mut self) -> Result<usize, Error> {
        match self.protocol {
            Protocol::Binary => {
                let len = self.fixed().map(i32::from_be_bytes)?;
                usize::try_from(len).map_err(|_| Error::Length)
            }
            Protocol::Compact => usize::try_from(compact::varint(&mut self.rest)?).map_err(|_| Error::Short),
        }
    }

    fn deeper<R>(&mut self, read: impl FnOnce(&mut Self) -> Result<R, Error>) -> Result<R, Error> {
        if self.depth == DEPTH {
            return Err(Error::Depth);
        }
        self.depth += 1;
        // A list of booleans is no boolean field.
        self.announced = None;
        let result = read(self);
        self.depth -= 1;
        result
    }

    fn taken(&mut self, len: usize) -> Result<&'a [u8], Error> {
        let (taken, rest) = self.rest.split_at_checked(len).ok_or(Error::Short)?;
        self.rest = rest;
        Ok(taken)
    }

    fn fixed<const N: usize>(&mut self) -> Result<[u8; N], Error> {
        let (taken, rest) = self.rest.split_first_chunk().ok_or(Error::Short)?;
        self.rest = rest;
        Ok(*taken)
    }
}

fn expect(kind: Kind, expected: Kind) -> Result<(), Error> {
    if kind == expected { Ok(()) } else { Err(Error::Other(kind)) }
}

#[expect(clippy::cast_possible_truncation, reason = "as the Go library does")]
const fn cut(id: i64) -> i16 {
    id as i16
}

const fn message_type(kind: u8) -> Result<MessageType, Error> {
    Ok(match kind {
        1 => MessageType::Call,
        2 => MessageType::Reply,
        3 => MessageType::Exception,
        4 => MessageType::Oneway,
        other => return Err(Error::Kind(other)),
    })
}

const fn binary_kind(kind: u8) -> Result<Kind, Error> {
    Ok(match kind {
        2 => Kind::Bool,
        3 => Kind::Byte,
        4 => Kind::Double,
        6 => Kind::I16,
        8 => Kind::I32,
        10 => Kind::I64,
        11 => Kind::Bytes,
        12 => Kind::Struct,
        13 => Kind::Map,
        14 => Kind::Set,
        15 => Kind::List,
        other => return Err(Error::Kind(other)),
    })
}

#[cfg(test)]
mod tests;
