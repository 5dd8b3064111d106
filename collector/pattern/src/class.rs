//! Sets of characters: `[a-z]`, `\d`, `\pL`; and escapes of single characters.

use std::fmt::Write;

use super::Translator;

/// The set that a letter behind a backslash means, which holds ASCII only.
pub(super) fn perl(c: char) -> Option<&'static str> {
    Some(match c {
        'd' => "[0-9]",
        'D' => "[^0-9]",
        's' => r"[\t\n\x0c\r ]",
        'S' => r"[^\t\n\x0c\r ]",
        'w' => "[0-9A-Za-z_]",
        'W' => "[^0-9A-Za-z_]",
        _ => return None,
    })
}

/// Names between `[:` and `:]`.
const NAMES: &[&str] = &[
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space",
    "upper", "word", "xdigit",
];

impl Translator<'_> {
    /// After an opening bracket.
    pub(super) fn class(&mut self, start: usize) -> Result<(), String> {
        self.to.push('[');
        if self.peek() == Some('^') {
            self.next();
            self.to.push('^');
        }
        let unclosed = format!("missing closing ]: `{}`", &self.pattern[start..]);
        let mut first = true;
        loop {
            let item = self.at;
            let Some(c) = self.next() else { return Err(unclosed) };
            match c {
                ']' if !first => {
                    self.to.push(']');
                    return Ok(());
                }
                '[' if self.rest().starts_with(':') && self.named(item)? => {}
                '\\' if self.peek().is_some_and(|c| perl(c).is_some()) => {
                    let set = self.next().and_then(perl).unwrap_or_default();
                    self.to.push_str(set);
                }
                '\\' if matches!(self.peek(), Some('p' | 'P')) => self.unicode(item)?,
                _ => self.range(item, c)?,
            }
            first = false;
        }
    }

    /// A `[:name:]`, if that is what `[:` begins.
    fn named(&mut self, start: usize) -> Result<bool, String> {
        let Some(end) = self.rest()[1..].find(":]") else { return Ok(false) };
        let name = &self.rest()[1..=end];
        self.at += end + 3;
        let text = &self.pattern[start..self.at];
        if !NAMES.contains(&name.trim_start_matches('^')) {
            return Err(format!("invalid character class range: `{text}`"));
        }
        self.to.push_str(text);
        Ok(true)
    }

    /// A character, or all from one to another.
    fn range(&mut self, start: usize, first: char) -> Result<(), String> {
        let low = if first == '\\' { self.character(start)? } else { first };
        self.member(low);
        let mut behind = self.rest().chars();
        if behind.next() != Some('-') || matches!(behind.next(), None | Some(']')) {
            return Ok(());
        }
        self.next();
        let item = self.at;
        let high = match self.next() {
            Some('\\') => self.character(item)?,
            Some(c) => c,
            None => low,
        };
        if high < low {
            let text = &self.pattern[start..self.at];
            return Err(format!("invalid character class range: `{text}`"));
        }
        self.to.push('-');
        self.member(high);
        Ok(())
    }

    /// A character within brackets, where `&&`, `--`, `~~` and `[` would mean more than in Go.
    fn member(&mut self, c: char) {
        let _ = write!(self.to, "\\x{{{:x}}}", u32::from(c));
    }

    /// `\pL`, `\p{Greek}` and their opposites, with the cursor at the letter.
    pub(super) fn unicode(&mut self, start: usize) -> Result<(), String> {
        let mut negated = self.next() == Some('P');
        let name = match self.next() {
            Some('{') => {
                let Some(end) = self.rest().find('}') else {
                    return Err(format!("invalid character class range: `{}`", &self.pattern[start..]));
                };
                let name = &self.rest()[..end];
                self.at += end + 1;
                name
            }
            Some(c) => &self.pattern[self.at - c.len_utf8()..self.at],
            None => return Err(format!("invalid character class range: `{}`", &self.pattern[start..])),
        };
        let plain = name.strip_prefix('^').unwrap_or(name);
        negated ^= plain.len() != name.len();
        if plain.is_empty() || !plain.chars().all(|c| c == '_' || c.is_ascii_alphanumeric()) {
            return Err(format!("invalid character class range: `{}`", &self.pattern[start..self.at]));
        }
        self.to.push_str(if negated { "\\P{" } else { "\\p{" });
        self.to.push_str(plain);
        self.to.push('}');
        Ok(())
    }

    /// The character that stands behind a backslash, within brackets or not.
    pub(super) fn character(&mut self, start: usize) -> Result<char, String> {
        let c = self.next();
        let invalid = |at: usize| format!("invalid escape sequence: `{}`", &self.pattern[start..at]);
        let value = match c {
            None => return Err("trailing backslash at end of expression: ``".into()),
            Some('a') => 7,
            Some('f') => 12,
            Some('n') => 10,
            Some('r') => 13,
            Some('t') => 9,
            Some('v') => 11,
            Some(first @ '0'..='7') => {
                let more = self.rest().bytes().take(2).take_while(|byte| matches!(byte, b'0'..=b'7')).count();
                if first != '0' && more == 0 {
                    return Err(invalid(self.at));
                }
                let digits = &self.pattern[self.at - 1..self.at + more];
                self.at += more;
                u32::from_str_radix(digits, 8).unwrap_or_default()
            }
            Some('x') => {
                let rest = self.rest();
                let (digits, length) = match rest.strip_prefix('{') {
                    Some(braced) => {
                        let end = braced.find('}').unwrap_or(0);
                        (&braced[..end], end + 2)
                    }
                    None => (rest.get(..2).unwrap_or_default(), 2),
                };
                let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
                let value = u32::from_str_radix(digits, 16).ok().filter(|_| plain);
                let value = value.ok_or_else(|| invalid(self.at))?;
                self.at += length;
                value
            }
            Some(c) if c.is_ascii_punctuation() || (c.is_ascii() && !c.is_ascii_alphanumeric()) => {
                u32::from(c)
            }
            Some(_) => return Err(invalid(self.at)),
        };
        char::from_u32(value)
            .ok_or_else(|| format!("invalid escape sequence: `{}`", &self.pattern[start..self.at]))
    }
}
