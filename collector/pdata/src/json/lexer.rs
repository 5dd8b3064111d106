//! JSON's tokens.

use std::borrow::Cow;

use super::fault::Fault;

/// Brackets in values that nobody reads may be nested so deep, as in the Go collector.
const SKIP_DEPTH: usize = 10_000;

/// A cursor in a JSON text. Its methods take one token each, and step over the white space before it.
#[derive(Clone, Debug)]
pub struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    /// A cursor at the start of `text`.
    pub fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// What is wrong here, and what was being done.
    pub fn fault(&self, operation: &str, what: &str) -> Fault {
        Fault::new(operation, what, self.at)
    }

    /// The next byte that is no white space, which stays. `None` at the end.
    pub fn peek(&mut self) -> Option<u8> {
        let rest = self.text.get(self.at..)?;
        let blank = rest.iter().take_while(|byte| matches!(byte, b' ' | b'\t' | b'\n' | b'\r')).count();
        self.at += blank;
        self.text.get(self.at).copied()
    }

    /// Takes the next byte if it is `byte`.
    pub fn take(&mut self, byte: u8) -> bool {
        let found = self.peek() == Some(byte);
        self.at += usize::from(found);
        found
    }

    /// Takes the next byte, which must be `byte`.
    pub fn expect(&mut self, byte: u8, operation: &str, what: &str) -> Result<(), Fault> {
        if self.take(byte) { Ok(()) } else { Err(self.unexpected(operation, what)) }
    }

    /// That something else is next, or nothing.
    pub fn unexpected(&mut self, operation: &str, what: &str) -> Fault {
        match self.peek() {
            None => self.fault(operation, "unexpected end of input"),
            Some(found) if found.is_ascii_graphic() => {
                self.fault(operation, &format!("{what}, but found {}", char::from(found)))
            }
            Some(found) => self.fault(operation, &format!("{what}, but found byte {found:#04x}")),
        }
    }

    /// Takes `null`, if it is next.
    pub fn null(&mut self) -> Result<bool, Fault> {
        if self.peek() != Some(b'n') {
            return Ok(false);
        }
        self.word("null")?;
        Ok(true)
    }

    fn word(&mut self, word: &str) -> Result<(), Fault> {
        if !self.text[self.at..].starts_with(word.as_bytes()) {
            return Err(self.fault("Read", &format!("expect {word}")));
        }
        self.at += word.len();
        Ok(())
    }

    /// `true` or `false`.
    pub fn bool(&mut self) -> Result<bool, Fault> {
        match self.peek() {
            Some(b't') => self.word("true").map(|()| true),
            Some(b'f') => self.word("false").map(|()| false),
            _ => Err(self.unexpected("ReadBool", "expect t or f")),
        }
    }

    /// A number, as it is written.
    pub fn number(&mut self) -> Result<&'a str, Fault> {
        self.peek();
        let rest = &self.text[self.at..];
        let len =
            rest.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E')).count();
        let number = std::str::from_utf8(&rest[..len]).unwrap_or_default();
        if !is_number(number.as_bytes()) {
            return Err(self.unexpected("readNumber", "not a number"));
        }
        self.at += len;
        Ok(number)
    }

    /// A string, without its quotes and escapes. Whether it is UTF-8 is for the check of what is made of it.
    pub fn string(&mut self) -> Result<Cow<'a, [u8]>, Fault> {
        self.expect(b'"', "ReadString", "expects \" or n")?;
        let start = self.at;
        let mut owned = Vec::new();
        let mut from = start;
        loop {
            let rest = self.text.get(self.at..).unwrap_or_default();
            let Some(run) = rest.iter().position(|byte| *byte < 0x20 || matches!(byte, b'"' | b'\\')) else {
                self.at = self.text.len();
                return Err(self.fault("ReadString", "unexpected end of input"));
            };
            self.at += run;
            match rest[run] {
                b'"' => {
                    let last = &self.text[from..self.at];
                    self.at += 1;
                    if owned.is_empty() && from == start {
                        return Ok(Cow::Borrowed(last));
                    }
                    owned.extend_from_slice(last);
                    return Ok(Cow::Owned(owned));
                }
                b'\\' => {
                    owned.extend_from_slice(&self.text[from..self.at]);
                    self.at += 1;
                    self.escape(&mut owned)?;
                    from = self.at;
                }
                control => {
                    let what = format!("invalid control character found: {control}");
                    return Err(self.fault("ReadString", &what));
                }
            }
        }
    }

    fn escape(&mut self, to: &mut Vec<u8>) -> Result<(), Fault> {
        let escape = self.text.get(self.at).copied();
        self.at += 1;
        to.push(match escape {
            Some(byte @ (b'"' | b'\\' | b'/')) => byte,
            Some(b'b') => 0x08,
            Some(b'f') => 0x0c,
            Some(b'n') => b'\n',
            Some(b'r') => b'\r',
            Some(b't') => b'\t',
            Some(b'u') => {
                let point = self.code_point()?;
                to.extend_from_slice(point.encode_utf8(&mut [0; 4]).as_bytes());
                return Ok(());
            }
            _ => {
                self.at -= 1;
                return Err(self.fault("readEscapedChar", "invalid escape char after \\"));
            }
        });
        Ok(())
    }

    /// What follows `\u`: one unit, or a pair of surrogates. Half a pair becomes U+FFFD.
    fn code_point(&mut self) -> Result<char, Fault> {
        let high = self.unit()?;
        if !(0xd800..0xdc00).contains(&high) {
            return Ok(char::from_u32(high).unwrap_or(char::REPLACEMENT_CHARACTER));
        }
        let here = self.at;
        if self.text[self.at..].starts_with(b"\\u") {
            self.at += 2;
            let low = self.unit()?;
            if (0xdc00..0xe000).contains(&low) {
                let point = 0x1_0000 + ((high - 0xd800) << 10 | (low - 0xdc00));
                return Ok(char::from_u32(point).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            self.at = here;
        }
        Ok(char::REPLACEMENT_CHARACTER)
    }

    fn unit(&mut self) -> Result<u32, Fault> {
        let digits = self.text.get(self.at..self.at + 4).and_then(|digits| std::str::from_utf8(digits).ok());
        let unit = digits
            .filter(|digits| !digits.starts_with('+'))
            .and_then(|digits| u32::from_str_radix(digits, 16).ok());
        let Some(unit) = unit else { return Err(self.fault("readU4", "expects 0~9 or a~f")) };
        self.at += 4;
        Ok(unit)
    }

    /// Steps over one value of any kind. Not recursive: the text decides how deep it goes.
    pub fn skip(&mut self) -> Result<(), Fault> {
        let mut open = Vec::new();
        loop {
            match self.peek() {
                Some(bracket @ (b'{' | b'[')) => {
                    if open.len() == SKIP_DEPTH {
                        return Err(self.fault("Skip", "exceeded max depth"));
                    }
                    self.at += 1;
                    let close = bracket + 2; // `}` and `]` stand two behind their partners
                    if !self.take(close) {
                        open.push(close);
                        self.member_key(close)?;
                        continue;
                    }
                }
                Some(b'"') => drop(self.string()?),
                Some(b't' | b'f') => drop(self.bool()?),
                Some(b'n') => drop(self.null()?),
                _ => drop(self.number()?),
            }
            loop {
                let Some(&close) = open.last() else { return Ok(()) };
                if self.take(b',') {
                    self.member_key(close)?;
                    break;
                }
                self.expect(close, "Skip", "expect , or the end of the object or array")?;
                open.pop();
            }
        }
    }

    fn member_key(&mut self, close: u8) -> Result<(), Fault> {
        if close == b'}' {
            self.string()?;
            self.expect(b':', "ReadObject", "expect : after object field")?;
        }
        Ok(())
    }
}

/// Whether `text` is a number as JSON writes it.
fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let text = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(text);
    if whole == 0 || whole > 1 && text[0] == b'0' {
        return false;
    }
    let mut rest = &text[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let len = digits(fraction);
        if len == 0 {
            return false;
        }
        rest = &fraction[len..];
    }
    if let [b'e' | b'E', exponent @ ..] = rest {
        let exponent = exponent.strip_prefix(b"+").or(exponent.strip_prefix(b"-")).unwrap_or(exponent);
        let len = digits(exponent);
        if len == 0 {
            return false;
        }
        rest = &exponent[len..];
    }
    rest.is_empty()
}
