//! JSON: read into values that share the line's bytes, and written for messages.

use std::fmt;

use memchr::memchr2;
use slimcol_pdata::json::number;
use slimcol_service::json_string;

use crate::{Map, Text, Value};

/// How deep values may nest. Go's reader gives up at 10000, where our stack would not do.
const DEEPEST: u32 = 128;

/// What numbers become.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Numbers {
    /// All of them floating.
    Floats,
    /// Whole where they are; what is too large for any number stays text.
    Whole,
}

/// Why a text is no JSON.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// It ends too early.
    End,
    /// Something else should stand at the offset.
    At(usize, &'static str),
    /// It nests too deep.
    Deep,
    /// The number at the offset is larger than any.
    Range(usize),
}

/// A fault and the text that has it, for messages.
#[derive(Debug)]
pub struct Shown<'a>(pub Fault, pub &'a str);

impl fmt::Display for Shown<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Fault::End => f.write_str("unexpected end of JSON input"),
            Fault::At(at, what) => match self.1.get(at..).and_then(|rest| rest.chars().next()) {
                Some(c) => write!(f, "invalid character {c:?} {what}"),
                None => f.write_str("unexpected end of JSON input"),
            },
            Fault::Deep => f.write_str("exceeded max depth"),
            Fault::Range(_) => f.write_str("value out of range"),
        }
    }
}

/// Reads a text that is one value, whose numbers are all floating; the error is Go's.
pub fn from_json(text: &Text) -> Result<Value, String> {
    read(text, Numbers::Floats).map_err(|fault| Shown(fault, text).to_string())
}

/// Reads a text that is one value.
pub fn read(text: &Text, numbers: Numbers) -> Result<Value, Fault> {
    let mut reader = Reader::new(text, numbers);
    let value = reader.value(DEEPEST)?;
    reader.space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(Fault::At(reader.at, "after top-level value")),
    }
}

/// Reads the value that a text begins with.
pub fn read_first(text: &Text, numbers: Numbers) -> Result<Value, Fault> {
    Reader::new(text, numbers).value(DEEPEST)
}

/// Reads a text that is a list, its objects left as they are written; `None` if it is no list.
pub fn read_flat_list(text: &Text) -> Result<Option<Vec<Value>>, Fault> {
    let mut reader = Reader::new(text, Numbers::Whole);
    reader.space();
    if reader.peek() != Some(b'[') {
        return read(text, Numbers::Whole).map(|_| None);
    }
    let Value::List(list) = reader.list(DEEPEST, &mut |reader, depth| {
        reader.space();
        let start = reader.at;
        let object = reader.peek() == Some(b'{');
        let value = reader.value(depth)?;
        Ok(if object { Value::Text(reader.text.slice_ref(&reader.text[start..reader.at])) } else { value })
    })?
    else {
        return Ok(None);
    };
    reader.space();
    if reader.peek().is_some() { Err(Fault::At(reader.at, "after top-level value")) } else { Ok(Some(list)) }
}

struct Reader<'a> {
    text: &'a Text,
    bytes: &'a [u8],
    at: usize,
    numbers: Numbers,
}

impl<'a> Reader<'a> {
    fn new(text: &'a Text, numbers: Numbers) -> Self {
        Self { text, bytes: text.as_bytes(), at: 0, numbers }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while let Some(b' ' | b'\n' | b'\t' | b'\r') = self.peek() {
            self.at += 1;
        }
    }

    fn fault<T>(&self, what: &'static str) -> Result<T, Fault> {
        Err(if self.at < self.bytes.len() { Fault::At(self.at, what) } else { Fault::End })
    }

    fn value(&mut self, depth: u32) -> Result<Value, Fault> {
        self.space();
        match self.peek() {
            Some(b'"') => self.string().map(Value::Text),
            Some(b'{') => self.object(depth),
            Some(b'[') => self.list(depth, &mut Self::value),
            Some(b'-' | b'0'..=b'9') => self.number(),
            Some(b't') => self.word("true", Value::Bool(true)),
            Some(b'f') => self.word("false", Value::Bool(false)),
            Some(b'n') => self.word("null", Value::Null),
            _ => self.fault("looking for beginning of value"),
        }
    }

    fn word(&mut self, word: &'static str, value: Value) -> Result<Value, Fault> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(value);
        }
        let same = self.bytes[self.at..].iter().zip(word.bytes()).take_while(|(a, b)| **a == *b).count();
        self.at += same;
        self.fault("in literal")
    }

    fn object(&mut self, depth: u32) -> Result<Value, Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::Deep)?;
        self.at += 1;
        let mut pairs = Vec::with_capacity(8);
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Value::Map(Map::default()));
        }
        loop {
            self.space();
            if self.peek() != Some(b'"') {
                return self.fault("looking for beginning of object key string");
            }
            let name = self.string()?;
            self.space();
            if self.peek() != Some(b':') {
                return self.fault("after object key");
            }
            self.at += 1;
            pairs.push((name, self.value(depth)?));
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Value::Map(Map::from_pairs(pairs)));
                }
                _ => return self.fault("after object key:value pair"),
            }
        }
    }

    fn list(
        &mut self,
        depth: u32,
        item: &mut dyn FnMut(&mut Self, u32) -> Result<Value, Fault>,
    ) -> Result<Value, Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::Deep)?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(Value::List(items));
        }
        loop {
            items.push(item(self, depth)?);
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(Value::List(items));
                }
                _ => return self.fault("after array element"),
            }
        }
    }

    fn string(&mut self) -> Result<Text, Fault> {
        self.at += 1;
        let start = self.at;
        let rest = &self.bytes[start..];
        let end = memchr2(b'"', b'\\', rest).ok_or(Fault::End)?;
        self.at = start + end;
        if rest[end] == b'"' {
            self.at += 1;
            return Ok(self.text.slice_ref(&self.text[start..start + end]));
        }
        self.escaped(start)
    }

    /// A string that has escapes: it cannot be a slice of the line.
    #[cold]
    fn escaped(&mut self, mut start: usize) -> Result<Text, Fault> {
        let mut text = String::new();
        loop {
            let end = memchr2(b'"', b'\\', &self.bytes[start..]).ok_or(Fault::End)? + start;
            text.push_str(&self.text[start..end]);
            self.at = end + 1;
            if self.bytes[end] == b'"' {
                return Ok(text.into());
            }
            let c = match self.peek() {
                Some(b @ (b'"' | b'\\' | b'/')) => char::from(b),
                Some(b'b') => '\u{8}',
                Some(b'f') => '\u{c}',
                Some(b'n') => '\n',
                Some(b'r') => '\r',
                Some(b't') => '\t',
                Some(b'u') => self.unicode()?,
                _ => return self.fault("in string escape code"),
            };
            self.at += 1;
            text.push(c);
            start = self.at;
        }
    }

    /// `uXXXX`, and the other half of a pair; the cursor ends on the last digit. Half a pair is U+FFFD.
    fn unicode(&mut self) -> Result<char, Fault> {
        let first = self.hex(self.at + 1)?;
        self.at += 4;
        if let Some(c) = char::from_u32(first) {
            return Ok(c);
        }
        if first < 0xdc00 && self.bytes[self.at + 1..].starts_with(b"\\u") {
            let second = self.hex(self.at + 3)?;
            if (0xdc00..0xe000).contains(&second) {
                self.at += 6;
                let code = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
                return Ok(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn hex(&self, at: usize) -> Result<u32, Fault> {
        let digits = self.bytes.get(at..at + 4).ok_or(Fault::End)?;
        digits.iter().zip(at..).try_fold(0, |code, (digit, at)| {
            let digit = char::from(*digit)
                .to_digit(16)
                .ok_or(Fault::At(at, "in \\u hexadecimal character escape"))?;
            Ok(code << 4 | digit)
        })
    }

    fn number(&mut self) -> Result<Value, Fault> {
        let start = self.at;
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        self.digits("in numeric literal")?;
        let mut whole = true;
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits("after decimal point in numeric literal")?;
            whole = false;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits("in exponent of numeric literal")?;
            whole = false;
        }
        let number = &self.text[start..self.at];
        if self.numbers == Numbers::Whole
            && whole
            && let Ok(number) = number.parse()
        {
            return Ok(Value::Int(number));
        }
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ if self.numbers == Numbers::Whole => Ok(Value::Text(self.text.slice_ref(number))),
            _ => Err(Fault::Range(start)),
        }
    }

    fn digits(&mut self, what: &'static str) -> Result<(), Fault> {
        let count = self.bytes[self.at..].iter().take_while(|b| b.is_ascii_digit()).count();
        self.at += count;
        if count == 0 { self.fault(what) } else { Ok(()) }
    }
}

/// A value as JSON.
pub fn text(value: &Value) -> String {
    let mut to = String::new();
    write(value, &mut to);
    to
}

fn write(value: &Value, to: &mut String) {
    match value {
        Value::Null => to.push_str("null"),
        Value::Bool(value) => to.push_str(if *value { "true" } else { "false" }),
        Value::Int(number) => to.push_str(&number.to_string()),
        Value::Float(number) => float(*number, to),
        Value::Text(text) => json_string(to, text),
        Value::Bytes(bytes) => json_string(to, &String::from_utf8_lossy(bytes)),
        Value::List(items) => {
            to.push('[');
            for (i, item) in items.iter().enumerate() {
                to.push_str(if i == 0 { "" } else { "," });
                write(item, to);
            }
            to.push(']');
        }
        Value::Map(map) => {
            to.push('{');
            for (i, (name, value)) in map.iter().enumerate() {
                to.push_str(if i == 0 { "" } else { "," });
                json_string(to, name);
                to.push(':');
                write(value, to);
            }
            to.push('}');
        }
    }
}

/// As Go prints numbers in JSON: with an exponent where they are very large or very small.
fn float(number: f64, to: &mut String) {
    if !number.is_finite() {
        to.push_str("null");
        return;
    }
    let mut written = Vec::new();
    number::double(&mut written, number, number::Style::Es6);
    to.extend(written.into_iter().map(char::from));
}

#[cfg(test)]
mod tests;
