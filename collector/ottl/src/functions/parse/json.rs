//! JSON, read into values. Numbers are all floats, as in Go.

use std::borrow::Cow;

use slimcol_pdata::{edit::OwnValue, view::ValueRef};

use crate::{fault::Fault, unique::Unique};

/// Lists and objects may be nested so deep in one another; telemetry is not nested deeper.
const DEPTH: usize = 64;

/// The list or object that `text` is.
pub(super) fn parse(text: &str) -> Result<OwnValue, Fault> {
    let mut reader = Reader { text, at: 0, depth: 0 };
    let value = reader.value()?;
    reader.space();
    if reader.at < text.len() {
        return Err(reader.fault("unexpected text behind the value"));
    }
    match value {
        Json::Made(value) => Ok(value),
        other => Err(Fault::new(format!(
            "could not convert parsed value of type {} to JSON object",
            match other {
                Json::Plain(ValueRef::Bool(_)) => "bool",
                Json::Plain(ValueRef::Double(_)) => "float64",
                Json::Plain(_) => "<nil>",
                _ => "string",
            }
        ))),
    }
}

/// What was read.
enum Json<'t> {
    Plain(ValueRef<'static>),
    Text(Cow<'t, str>),
    Made(OwnValue),
}

impl Json<'_> {
    fn view(&self) -> ValueRef<'_> {
        match self {
            Self::Plain(value) => *value,
            Self::Text(text) => ValueRef::Str(text),
            Self::Made(value) => value.view(),
        }
    }
}

struct Reader<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Reader<'t> {
    fn fault(&self, why: &str) -> Fault {
        Fault::new(format!("invalid JSON at byte {}: {why}", self.at))
    }

    fn peek(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn eat(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\t' | b'\n' | b'\r')) {
            self.at += 1;
        }
    }

    fn value(&mut self) -> Result<Json<'t>, Fault> {
        self.space();
        match self.peek() {
            Some(b'{') => self.nested(Self::object),
            Some(b'[') => self.nested(Self::list),
            Some(b'"') => self.string().map(Json::Text),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                let words = [
                    ("true", ValueRef::Bool(true)),
                    ("false", ValueRef::Bool(false)),
                    ("null", ValueRef::Empty),
                ];
                let found = words.into_iter().find(|(word, _)| self.text[self.at..].starts_with(word));
                let (word, value) = found.ok_or_else(|| self.fault("expected a value"))?;
                self.at += word.len();
                Ok(Json::Plain(value))
            }
        }
    }

    fn nested(&mut self, read: fn(&mut Self) -> Result<OwnValue, Fault>) -> Result<Json<'t>, Fault> {
        if self.depth == DEPTH {
            return Err(self.fault("nested too deep"));
        }
        self.depth += 1;
        self.at += 1;
        let value = read(self)?;
        self.depth -= 1;
        Ok(Json::Made(value))
    }

    fn list(&mut self) -> Result<OwnValue, Fault> {
        let mut items = Vec::new();
        self.space();
        if !self.eat(b']') {
            loop {
                items.push(self.value()?);
                self.space();
                if self.eat(b']') {
                    break;
                }
                if !self.eat(b',') {
                    return Err(self.fault("expected `,` or `]`"));
                }
            }
        }
        Ok(OwnValue::list(items.iter().map(Json::view)))
    }

    fn object(&mut self) -> Result<OwnValue, Fault> {
        let mut pairs: Unique<Cow<'t, str>, Json<'t>> = Unique::new();
        self.space();
        if !self.eat(b'}') {
            loop {
                self.space();
                let key = self.string()?;
                self.space();
                if !self.eat(b':') {
                    return Err(self.fault("expected `:`"));
                }
                let value = self.value()?;
                pairs.put(key, value);
                self.space();
                if self.eat(b'}') {
                    break;
                }
                if !self.eat(b',') {
                    return Err(self.fault("expected `,` or `}`"));
                }
            }
        }
        Ok(OwnValue::map(pairs.iter().map(|(key, value)| (&**key, value.view()))))
    }

    fn number(&mut self) -> Result<Json<'t>, Fault> {
        let start = self.at;
        self.eat(b'-');
        if self.eat(b'0') {
            // Zeros lead no number.
        } else if self.digits() == 0 {
            return Err(self.fault("expected a digit"));
        }
        if self.eat(b'.') && self.digits() == 0 {
            return Err(self.fault("expected a digit"));
        }
        if self.eat(b'e') || self.eat(b'E') {
            let _ = self.eat(b'+') || self.eat(b'-');
            if self.digits() == 0 {
                return Err(self.fault("expected a digit"));
            }
        }
        match self.text[start..self.at].parse() {
            Ok(value) if f64::is_finite(value) => Ok(Json::Plain(ValueRef::Double(value))),
            _ => Err(self.fault("number out of range")),
        }
    }

    fn digits(&mut self) -> usize {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        self.at - start
    }

    fn string(&mut self) -> Result<Cow<'t, str>, Fault> {
        if !self.eat(b'"') {
            return Err(self.fault("expected a string"));
        }
        let mut made = String::new();
        let mut start = self.at;
        loop {
            match self.peek() {
                None => return Err(self.fault("unexpected end of a string")),
                Some(b'"') => break,
                Some(b'\\') => {
                    made.push_str(&self.text[start..self.at]);
                    self.at += 1;
                    made.push(self.escape()?);
                    start = self.at;
                }
                Some(0..0x20) => return Err(self.fault("control character in a string")),
                Some(_) => self.at += 1,
            }
        }
        let rest = &self.text[start..self.at];
        self.at += 1;
        if made.is_empty() {
            return Ok(Cow::Borrowed(rest));
        }
        made.push_str(rest);
        Ok(Cow::Owned(made))
    }

    /// What stands for a character behind a backslash. Half of a surrogate pair is the replacement character.
    fn escape(&mut self) -> Result<char, Fault> {
        let letter = self.peek();
        self.at += 1;
        Ok(match letter {
            Some(letter @ (b'"' | b'\\' | b'/')) => char::from(letter),
            Some(b'b') => '\u{8}',
            Some(b'f') => '\u{c}',
            Some(b'n') => '\n',
            Some(b'r') => '\r',
            Some(b't') => '\t',
            Some(b'u') => {
                let high = self.unit()?;
                let low = if (0xd800..0xdc00).contains(&high) { self.low() } else { None };
                let point = low.map_or(high, |low| 0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00));
                char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER)
            }
            _ => {
                self.at -= 1;
                return Err(self.fault("unknown escape"));
            }
        })
    }

    /// The second half of a surrogate pair, if it follows.
    fn low(&mut self) -> Option<u32> {
        let start = self.at;
        if self.eat(b'\\')
            && self.eat(b'u')
            && let Ok(low @ 0xdc00..0xe000) = self.unit()
        {
            return Some(low);
        }
        self.at = start;
        None
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4).filter(|digits| !digits.starts_with('+'));
        let unit = digits.and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let unit = unit.ok_or_else(|| self.fault("expected four hex digits"))?;
        self.at += 4;
        Ok(unit)
    }
}

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn reads_json() {
        for (text, want) in [
            (r#"{"a":1,"b":[true,null,"x"],"c":{}}"#, Ok(r#"{"a":1,"b":[true,null,"x"],"c":{}}"#)),
            (" [ -1.5e2 , 0 ] ", Ok("[-150,0]")),
            (r#"{"a":1,"a":2}"#, Ok(r#"{"a":2}"#)),
            (r#"["\u00e9\n\ud83d\ude00\ud83dx\/"]"#, Ok("[\"é\\n😀\u{fffd}x/\"]")),
            (r#"["\ud83d\u0041"]"#, Ok("[\"\u{fffd}A\"]")),
            ("[]", Ok("[]")),
            ("1", Err("could not convert parsed value of type float64 to JSON object")),
            ("null", Err("could not convert parsed value of type <nil> to JSON object")),
            ("\"a\"", Err("could not convert parsed value of type string to JSON object")),
            ("", Err("invalid JSON at byte 0: expected a value")),
            ("{", Err("invalid JSON at byte 1: expected a string")),
            ("[1", Err("invalid JSON at byte 2: expected `,` or `]`")),
            ("[1] x", Err("invalid JSON at byte 4: unexpected text behind the value")),
            ("[01]", Err("invalid JSON at byte 2: expected `,` or `]`")),
            ("[1.]", Err("invalid JSON at byte 3: expected a digit")),
            ("[1e999]", Err("invalid JSON at byte 6: number out of range")),
            ("[\"\\x\"]", Err("invalid JSON at byte 3: unknown escape")),
            ("[\"a", Err("invalid JSON at byte 3: unexpected end of a string")),
            ("{\"a\" 1}", Err("invalid JSON at byte 5: expected `:`")),
        ] {
            let got = parse(text).map(|value| value.view().to_text().into_owned());
            assert_eq!(
                got.map_err(|fault| fault.to_string()),
                want.map(str::to_owned).map_err(str::to_owned),
                "{text}"
            );
        }
        assert!(parse(&"[".repeat(100_000)).is_err());
        let deep = format!("{}1{}", "[".repeat(64), "]".repeat(64));
        assert!(parse(&deep).is_ok());
    }
}
