//! What stands between quotes.

use std::borrow::Cow;

use slimcol_expreval::Fault;

use super::Cursor;

/// What an escape stands for.
enum Escaped {
    Char(char),
    Byte(u8),
}

impl<'s> Cursor<'s> {
    /// The text up to `quote`, which is consumed.
    pub(super) fn quoted(&mut self, quote: char) -> Result<String, Fault> {
        let mut text = String::new();
        while let Some(c) = self.quoted_char(quote)? {
            match c {
                '\\' => match self.escape(quote)? {
                    Escaped::Char(c) => text.push(c),
                    Escaped::Byte(byte) => text.push(char::from(byte)),
                },
                c => text.push(c),
            }
        }
        Ok(text)
    }

    /// As [`Self::quoted`], but `\xff` is a byte, not a character.
    pub(super) fn quoted_bytes(&mut self, quote: char) -> Result<Vec<u8>, Fault> {
        let mut bytes = Vec::new();
        while let Some(c) = self.quoted_char(quote)? {
            let c = match c {
                '\\' if matches!(self.peek(), Some('u' | 'U')) => {
                    self.next();
                    return Err(self.fault("unable to unescape string"));
                }
                '\\' => match self.escape(quote)? {
                    Escaped::Char(c) => c,
                    Escaped::Byte(byte) => {
                        bytes.push(byte);
                        continue;
                    }
                },
                c => c,
            };
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
        Ok(bytes)
    }

    /// The text up to the next single backtick; two of them are one of the text.
    pub(super) fn raw(&mut self) -> Result<Cow<'s, str>, Fault> {
        let inside = self.clone();
        let mut doubled = false;
        loop {
            match self.next() {
                None => return Err(Fault { message: "literal not terminated".into(), at: self.rune }),
                Some('`') if self.accept("`") => doubled = true,
                Some('`') => break,
                Some(_) => {}
            }
        }
        let text = &self.source[inside.byte..self.byte - 1];
        Ok(if doubled { Cow::Owned(text.replace("``", "`")) } else { Cow::Borrowed(text) })
    }

    /// The next character, a line end of any kind being `\n`; nothing at the end of the literal.
    fn quoted_char(&mut self, quote: char) -> Result<Option<char>, Fault> {
        match self.next() {
            None => Err(Fault { message: "literal not terminated".into(), at: self.rune }),
            Some('\n') => Err(self.fault("literal not terminated")),
            Some('\r') => Ok(Some('\n')),
            Some(c) if c == quote => Ok(None),
            Some(c) => Ok(Some(c)),
        }
    }

    fn escape(&mut self, quote: char) -> Result<Escaped, Fault> {
        let c = match self.next() {
            Some('a') => '\u{7}',
            Some('b') => '\u{8}',
            Some('f') => '\u{c}',
            Some('n') => '\n',
            Some('r') => '\r',
            Some('t') => '\t',
            Some('v') => '\u{b}',
            Some('\\') => '\\',
            Some(c) if c == quote => quote,
            Some(first @ '0'..='7') => {
                let rest = self.digits(8, 2)?;
                let value = first.to_digit(8).unwrap_or_default() * 64 + rest;
                return u8::try_from(value)
                    .map(Escaped::Byte)
                    .map_err(|_| self.fault("unable to unescape string"));
            }
            Some('x') => {
                let value = self.digits(16, 2)?;
                return Ok(Escaped::Byte(u8::try_from(value).unwrap_or_default()));
            }
            Some('u') if self.accept("{") => {
                let mut value = 0;
                let mut count = 0;
                while let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) {
                    value = value * 16 + digit;
                    count += 1;
                    self.next();
                    if count > 6 {
                        return Err(self.fault("invalid char escape"));
                    }
                }
                if count == 0 || !self.accept("}") {
                    return Err(self.fault("invalid char escape"));
                }
                self.character(value)?
            }
            Some('u') => self.digits(16, 4).and_then(|value| self.character(value))?,
            Some('U') => self.digits(16, 8).and_then(|value| self.character(value))?,
            _ => return Err(self.fault("invalid char escape")),
        };
        Ok(Escaped::Char(c))
    }

    /// Half a pair of UTF-16 is the replacement character, as in Go.
    fn character(&self, value: u32) -> Result<char, Fault> {
        match value {
            0..0x11_0000 => Ok(char::from_u32(value).unwrap_or(char::REPLACEMENT_CHARACTER)),
            _ => Err(self.fault("unable to unescape string")),
        }
    }

    fn digits(&mut self, radix: u32, count: usize) -> Result<u32, Fault> {
        let mut value = 0u32;
        for _ in 0..count {
            let digit = self.next().and_then(|c| c.to_digit(radix));
            let digit = digit.ok_or_else(|| self.fault("invalid char escape"))?;
            value = value.wrapping_mul(radix).wrapping_add(digit);
        }
        Ok(value)
    }
}
