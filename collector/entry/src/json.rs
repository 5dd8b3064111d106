//! JSON: read into values that share the line's bytes, and written for messages.

use std::fmt;

use memchr::memchr2;
use slimcol_pdata::json::number;
use slimcol_service::json_string;

use crate::{Map, Text, Value};

/// How deep values may nest. Go's reader gives up at 10000, where our stack would not do.
const DEEPEST: u32 = 128;
/// How many names the outermost object has room for at first; larger ones are slower to allocate.
const ROOM: usize = 12;
/// How many the objects in it have.
const ROOM_BELOW: usize = 4;
/// Where a pair is read to, and where a text is: constants are copied to where they belong at once.
const EMPTY: (Text, Value) = (Text::new(), Value::Null);
const EMPTY_TEXT: Value = Value::Text(Text::new());
/// Powers of ten that are floating numbers without loss, as are all numbers of fewer digits than there are powers.
const POWERS: [f64; 16] =
    [1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15];

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
    let mut value = Value::Null;
    reader.value(DEEPEST, &mut value)?;
    reader.space();
    match reader.peek() {
        None => Ok(value),
        Some(_) => Err(Fault::At(reader.at, "after top-level value")),
    }
}

/// Reads the value that a text begins with.
pub fn read_first(text: &Text, numbers: Numbers) -> Result<Value, Fault> {
    let mut value = Value::Null;
    Reader::new(text, numbers).value(DEEPEST, &mut value)?;
    Ok(value)
}

/// Reads a text that is a list, its objects left as they are written; `None` if it is no list.
pub fn read_flat_list(text: &Text) -> Result<Option<Vec<Value>>, Fault> {
    let mut reader = Reader::new(text, Numbers::Whole);
    reader.space();
    if reader.peek() != Some(b'[') {
        return read(text, Numbers::Whole).map(|_| None);
    }
    let list = reader.list(DEEPEST, &mut |reader, depth, to| {
        reader.space();
        let start = reader.at;
        let object = reader.peek() == Some(b'{');
        reader.value(depth, to)?;
        if object {
            *to = Value::Text(reader.whole.slice_ref(&reader.text[start..reader.at]));
        }
        Ok(())
    })?;
    reader.space();
    if reader.peek().is_some() { Err(Fault::At(reader.at, "after top-level value")) } else { Ok(Some(list)) }
}

/// Values are read into the place where they stay: moving one right after parts of it were written makes the processor wait.
struct Reader<'a> {
    /// What texts are parts of.
    whole: &'a Text,
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    numbers: Numbers,
}

/// A string, without the quotation marks.
enum Str<'a> {
    Part(&'a str),
    /// One that has escapes cannot be a part of the line.
    Made(String),
}

type Item<'r, 'a> = dyn FnMut(&mut Reader<'a>, u32, &mut Value) -> Result<(), Fault> + 'r;

impl<'a> Reader<'a> {
    fn new(text: &'a Text, numbers: Numbers) -> Self {
        Self { whole: text, text, bytes: text.as_bytes(), at: 0, numbers }
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

    fn value(&mut self, depth: u32, to: &mut Value) -> Result<(), Fault> {
        self.space();
        match self.peek() {
            Some(b'"') => {
                let string = self.string()?;
                *to = EMPTY_TEXT;
                if let Value::Text(to) = to {
                    self.put(string, to);
                }
            }
            Some(b'{') => *to = Value::Map(self.object(depth)?),
            Some(b'[') => *to = Value::List(self.list(depth, &mut Self::value)?),
            Some(b'-' | b'0'..=b'9') => return self.number(to),
            Some(b't') => {
                self.word("true")?;
                *to = Value::Bool(true);
            }
            Some(b'f') => {
                self.word("false")?;
                *to = Value::Bool(false);
            }
            Some(b'n') => self.word("null")?,
            _ => return self.fault("looking for beginning of value"),
        }
        Ok(())
    }

    fn put(&self, string: Str<'_>, to: &mut Text) {
        match string {
            Str::Part(part) => to.set(self.whole, part),
            Str::Made(text) => *to = text.into(),
        }
    }

    fn word(&mut self, word: &'static str) -> Result<(), Fault> {
        if self.bytes[self.at..].starts_with(word.as_bytes()) {
            self.at += word.len();
            return Ok(());
        }
        let same = self.bytes[self.at..].iter().zip(word.bytes()).take_while(|(a, b)| **a == *b).count();
        self.at += same;
        self.fault("in literal")
    }

    fn object(&mut self, depth: u32) -> Result<Map, Fault> {
        // Operators may add names to the whole, seldom to its parts.
        let room = if depth == DEEPEST { ROOM } else { ROOM_BELOW };
        let depth = depth.checked_sub(1).ok_or(Fault::Deep)?;
        self.at += 1;
        self.space();
        if self.peek() == Some(b'}') {
            self.at += 1;
            return Ok(Map::default());
        }
        let mut pairs = Vec::with_capacity(room);
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
            pairs.push(EMPTY);
            if let Some((to_name, to)) = pairs.last_mut() {
                self.put(name, to_name);
                self.value(depth, to)?;
            }
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b'}') => {
                    self.at += 1;
                    return Ok(Map::from_pairs(pairs));
                }
                _ => return self.fault("after object key:value pair"),
            }
        }
    }

    fn list(&mut self, depth: u32, item: &mut Item<'_, 'a>) -> Result<Vec<Value>, Fault> {
        let depth = depth.checked_sub(1).ok_or(Fault::Deep)?;
        self.at += 1;
        let mut items = Vec::new();
        self.space();
        if self.peek() == Some(b']') {
            self.at += 1;
            return Ok(items);
        }
        loop {
            items.push(Value::Null);
            if let Some(to) = items.last_mut() {
                item(self, depth, to)?;
            }
            self.space();
            match self.peek() {
                Some(b',') => self.at += 1,
                Some(b']') => {
                    self.at += 1;
                    return Ok(items);
                }
                _ => return self.fault("after array element"),
            }
        }
    }

    #[inline]
    fn string(&mut self) -> Result<Str<'a>, Fault> {
        self.at += 1;
        let start = self.at;
        let end = quote(self.bytes, start).ok_or(Fault::End)?;
        self.at = end;
        if self.bytes[end] == b'"' {
            self.at += 1;
            return Ok(Str::Part(&self.text[start..end]));
        }
        self.escaped(start).map(Str::Made)
    }

    #[cold]
    fn escaped(&mut self, mut start: usize) -> Result<String, Fault> {
        let mut text = String::new();
        loop {
            let end = memchr2(b'"', b'\\', &self.bytes[start..]).ok_or(Fault::End)? + start;
            text.push_str(&self.text[start..end]);
            self.at = end + 1;
            if self.bytes[end] == b'"' {
                return Ok(text);
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

    fn number(&mut self, to: &mut Value) -> Result<(), Fault> {
        let start = self.at;
        let negative = self.peek() == Some(b'-');
        if negative {
            self.at += 1;
        }
        let first = self.at;
        let mut value = 0;
        self.digits(&mut value, "in numeric literal")?;
        let mut digits = self.at - first;
        let (mut whole, mut fraction, mut plain) = (true, 0, true);
        if self.peek() == Some(b'.') {
            self.at += 1;
            let first = self.at;
            self.digits(&mut value, "after decimal point in numeric literal")?;
            fraction = self.at - first;
            digits += fraction;
            whole = false;
        }
        if let Some(b'e' | b'E') = self.peek() {
            self.at += 1;
            if let Some(b'+' | b'-') = self.peek() {
                self.at += 1;
            }
            self.digits(&mut 0, "in exponent of numeric literal")?;
            (whole, plain) = (false, false);
        }
        if plain && digits < POWERS.len() {
            *to = self.short_number(value, negative, whole, fraction);
        } else {
            *to = self.long_number(start, whole)?;
        }
        Ok(())
    }

    /// A number of few digits. It and the power of ten that divides it are floating numbers without loss, and so their
    /// quotient is the one that is nearest.
    #[expect(clippy::cast_precision_loss, reason = "it has few digits")]
    #[inline]
    fn short_number(&self, value: u64, negative: bool, whole: bool, fraction: usize) -> Value {
        if whole && self.numbers == Numbers::Whole {
            let value = value.cast_signed();
            return Value::Int(if negative { -value } else { value });
        }
        let value = value as f64 / POWERS[fraction];
        Value::Float(if negative { -value } else { value })
    }

    fn long_number(&self, start: usize, whole: bool) -> Result<Value, Fault> {
        let number = &self.text[start..self.at];
        if self.numbers == Numbers::Whole
            && whole
            && let Ok(number) = number.parse()
        {
            return Ok(Value::Int(number));
        }
        match number.parse::<f64>() {
            Ok(number) if number.is_finite() => Ok(Value::Float(number)),
            _ if self.numbers == Numbers::Whole => Ok(Value::Text(self.whole.slice_ref(number))),
            _ => Err(Fault::Range(start)),
        }
    }

    /// Reads digits; `value` is what they say behind those before them, if they are few.
    fn digits(&mut self, value: &mut u64, what: &'static str) -> Result<(), Fault> {
        let start = self.at;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            *value = value.wrapping_mul(10).wrapping_add((digit - b'0').into());
            self.at += 1;
        }
        if self.at == start { self.fault(what) } else { Ok(()) }
    }
}

/// Where the first quotation mark or backslash is, from a place on.
///
/// Most strings are short: the first bytes are looked at in words, for which nothing is set up.
fn quote(bytes: &[u8], from: usize) -> Option<usize> {
    const ONES: u64 = u64::from_ne_bytes([1; 8]);
    // The lowest byte of a word that is zero has its highest bit here, and no byte below it has.
    let zeros = |word: u64| word.wrapping_sub(ONES) & !word & (ONES << 7);
    let rest = bytes.get(from..)?;
    let (words, _) = rest.as_chunks::<8>();
    for (at, word) in words.iter().take(4).enumerate() {
        let word = u64::from_le_bytes(*word);
        let found = zeros(word ^ (ONES * 0x22)) | zeros(word ^ (ONES * 0x5c));
        if found != 0 {
            return Some(from + 8 * at + found.trailing_zeros() as usize / 8);
        }
    }
    let seen = from + 8 * words.len().min(4);
    memchr2(b'"', b'\\', &bytes[seen..]).map(|at| seen + at)
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
