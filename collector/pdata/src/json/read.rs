//! From OTLP/JSON to an encoded request.
//!
//! One pass over the text. A message's length is known only when it ends, so messages are written without lengths, the
//! lengths are noted aside, and put in by one copy at the end.

use std::borrow::Cow;

use super::{base64, fault::Fault, hex, lexer::Lexer};
use crate::{
    Invalid,
    check::DEPTH,
    put,
    schema::table::{Field, Kind, Message},
};

/// Reads `text` as a request of type `message`.
pub(crate) fn read(message: &'static Message, text: &[u8]) -> Result<Vec<u8>, Invalid> {
    let mut reader = Reader {
        lexer: Lexer::new(text),
        out: Vec::with_capacity(text.len() / 2),
        marks: Vec::new(),
        prefixes: 0,
    };
    reader.object(message, DEPTH)?;
    if reader.lexer.peek().is_some() {
        return Err(reader.lexer.unexpected("ReadObject", "expect the end of the request").into());
    }
    Ok(reader.finish())
}

struct Reader<'a> {
    lexer: Lexer<'a>,
    /// What was written, without lengths.
    out: Vec<u8>,
    /// Where a length goes in `out`, and what it is; in order of place.
    marks: Vec<(usize, usize)>,
    /// Bytes that the lengths known so far take.
    prefixes: usize,
}

impl<'a> Reader<'a> {
    fn object(&mut self, message: &'static Message, depth: u32) -> Result<(), Fault> {
        if self.lexer.null()? {
            return Ok(());
        }
        self.lexer.expect(b'{', "ReadObject", "expect { or , or } or n")?;
        if self.lexer.take(b'}') {
            return Ok(());
        }
        loop {
            let key = self.lexer.string()?;
            self.lexer.expect(b':', "ReadObject", "expect : after object field")?;
            match message.fields.iter().find(|field| field.name.is(&key)) {
                Some(field) => {
                    self.field(field, depth).map_err(|fault| fault.in_field(field.name.camel()))?;
                }
                None => self.lexer.skip()?,
            }
            if !self.lexer.take(b',') {
                return self.lexer.expect(b'}', "ReadObject", "expect { or , or } or n");
            }
        }
    }

    fn field(&mut self, field: &'static Field, depth: u32) -> Result<(), Fault> {
        if self.lexer.null()? {
            return Ok(());
        }
        let number = field.number;
        match field.kind {
            Kind::One(inner) => self.message(number, inner, depth),
            Kind::Many(inner) => self.list(|reader| reader.message(number, inner, depth)),
            Kind::Strs => self.list(|reader| reader.text(number)),
            Kind::Varints => self.packed(number, |reader| {
                let value = reader.integer("ReadUint64")?;
                put::varint(&mut reader.out, value);
                Ok(())
            }),
            Kind::Fixed64s => self.packed(number, |reader| {
                let value: u64 = reader.integer("ReadUint64")?;
                reader.out.extend_from_slice(&value.to_le_bytes());
                Ok(())
            }),
            Kind::Doubles => self.packed(number, |reader| {
                let value = reader.double()?;
                reader.out.extend_from_slice(&value.to_le_bytes());
                Ok(())
            }),
            kind => self.scalar(number, kind),
        }
    }

    fn scalar(&mut self, number: u32, kind: Kind) -> Result<(), Fault> {
        match kind {
            Kind::U32 => {
                let value: u32 = self.integer("ReadUint32")?;
                put::varint_field(&mut self.out, number, value.into());
            }
            Kind::Fixed32 => {
                let value = self.integer("ReadUint32")?;
                put::fixed32(&mut self.out, number, value);
            }
            Kind::I32 => {
                let value: i32 = self.integer("ReadInt32")?;
                put::varint_field(&mut self.out, number, i64::from(value).cast_unsigned());
            }
            Kind::S32 => {
                let value = self.integer("ReadInt32")?;
                put::varint_field(&mut self.out, number, put::zigzag(value));
            }
            Kind::Enum(values) => {
                let value = self.enum_value(values)?;
                put::varint_field(&mut self.out, number, i64::from(value).cast_unsigned());
            }
            Kind::I64 => {
                let value: i64 = self.integer("ReadInt64")?;
                put::varint_field(&mut self.out, number, value.cast_unsigned());
            }
            Kind::Bool => {
                let value = self.lexer.bool()?;
                put::varint_field(&mut self.out, number, value.into());
            }
            Kind::Fixed64 => {
                let value = self.integer("ReadUint64")?;
                put::fixed64(&mut self.out, number, value);
            }
            Kind::SFixed64 => {
                let value: i64 = self.integer("ReadInt64")?;
                put::fixed64(&mut self.out, number, value.cast_unsigned());
            }
            Kind::Double => {
                let value = self.double()?;
                put::fixed64(&mut self.out, number, value.to_bits());
            }
            Kind::TraceId => self.id(number, 16)?,
            Kind::SpanId => self.id(number, 8)?,
            Kind::Bytes => self.bytes(number)?,
            _ => self.text(number)?,
        }
        Ok(())
    }

    fn message(&mut self, number: u32, inner: &'static Message, depth: u32) -> Result<(), Fault> {
        if depth == 0 {
            return Err(self.lexer.fault("ReadObject", "exceeded max depth"));
        }
        self.nested(number, |reader| reader.object(inner, depth - 1))
    }

    fn list(&mut self, mut item: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.lexer.expect(b'[', "ReadArray", "expect [ or , or ] or n")?;
        if self.lexer.take(b']') {
            return Ok(());
        }
        for index in 0.. {
            item(self).map_err(|fault| fault.in_item(index))?;
            if !self.lexer.take(b',') {
                break;
            }
        }
        self.lexer.expect(b']', "ReadArray", "expect [ or , or ] or n")
    }

    fn packed(&mut self, number: u32, item: impl FnMut(&mut Self) -> Result<(), Fault>) -> Result<(), Fault> {
        self.nested(number, |reader| reader.list(item))
    }

    /// Writes a field whose length is not known before it is written.
    fn nested(
        &mut self,
        number: u32,
        write: impl FnOnce(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        put::key(&mut self.out, number, 2);
        let (mark, start, before) = (self.marks.len(), self.out.len(), self.prefixes);
        self.marks.push((start, 0));
        write(self)?;
        let len = self.out.len() - start + self.prefixes - before;
        self.marks[mark].1 = len;
        self.prefixes += put::varint_len(len);
        Ok(())
    }

    fn finish(self) -> Vec<u8> {
        let mut whole = Vec::with_capacity(self.out.len() + self.prefixes);
        let mut done = 0;
        for (at, len) in self.marks {
            whole.extend_from_slice(&self.out[done..at]);
            put::varint(&mut whole, len as u64);
            done = at;
        }
        whole.extend_from_slice(&self.out[done..]);
        whole
    }

    fn text(&mut self, number: u32) -> Result<(), Fault> {
        if self.lexer.null()? {
            put::bytes(&mut self.out, number, b"");
            return Ok(());
        }
        let text = self.lexer.string()?;
        put::bytes(&mut self.out, number, &text);
        Ok(())
    }

    fn bytes(&mut self, number: u32) -> Result<(), Fault> {
        let text = self.lexer.string()?;
        let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
        if base64::decode(&mut bytes, &text).is_none() {
            return Err(self.lexer.fault("base64.Decode", "illegal base64 data"));
        }
        put::bytes(&mut self.out, number, &bytes);
        Ok(())
    }

    fn id(&mut self, number: u32, len: usize) -> Result<(), Fault> {
        let text = self.lexer.string()?;
        if text.is_empty() {
            return Ok(());
        }
        if text.len() != 2 * len {
            return Err(self.lexer.fault("ID.UnmarshalJSONIter", "length mismatch"));
        }
        put::head(&mut self.out, number, len);
        hex::decode(&mut self.out, &text).map_err(|bad| {
            let what = format!("encoding/hex: invalid byte: U+{bad:04X}");
            self.lexer.fault("ID.UnmarshalJSONIter", &what)
        })
    }

    fn enum_value(&mut self, values: &[&str]) -> Result<i32, Fault> {
        if self.lexer.peek() != Some(b'"') {
            return self.integer("ReadEnumValue");
        }
        let name = self.lexer.string()?;
        let value = values.iter().position(|value| value.as_bytes() == &*name);
        value
            .and_then(|value| i32::try_from(value).ok())
            .ok_or_else(|| self.lexer.fault("ReadEnumValue", "unknown string value"))
    }

    /// A whole number, as a number or in a string.
    fn integer<T: std::str::FromStr>(&mut self, operation: &str) -> Result<T, Fault> {
        let text = self.number(operation)?;
        text.parse().map_err(|_| {
            let what =
                format!("not a whole number in range: `{}`", text.chars().take(32).collect::<String>());
            self.lexer.fault(operation, &what)
        })
    }

    fn double(&mut self) -> Result<f64, Fault> {
        let text = self.number("ReadFloat64")?;
        let value = text.parse().ok().filter(|value: &f64| {
            value.is_finite()
                || text.trim_start_matches(['+', '-']).starts_with(|c: char| c.is_ascii_alphabetic())
        });
        value.ok_or_else(|| self.lexer.fault("ReadFloat64", "not a number in range"))
    }

    /// The text of a number, bare or in quotes.
    fn number(&mut self, operation: &str) -> Result<Cow<'a, str>, Fault> {
        match self.lexer.peek() {
            Some(b'"') => match self.lexer.string()? {
                Cow::Borrowed(text) => std::str::from_utf8(text).ok().map(Cow::Borrowed),
                Cow::Owned(text) => String::from_utf8(text).ok().map(Cow::Owned),
            }
            .ok_or_else(|| self.lexer.fault(operation, "not a number")),
            Some(b'-' | b'0'..=b'9') => Ok(Cow::Borrowed(self.lexer.number()?)),
            None => Err(self.lexer.fault(operation, "unexpected end of input")),
            Some(_) => Err(self.lexer.fault(operation, "unsupported value type")),
        }
    }
}
