//! The characters of XML.

use std::borrow::Cow;

use crate::tree::Name;

/// A place in a text.
pub(super) struct Cursor<'t> {
    text: &'t str,
    at: usize,
}

/// Whether XML may have the character at all.
fn allowed(letter: char) -> bool {
    matches!(letter, '\t' | '\n' | '\r' | ' '..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..)
}

fn starts_name(letter: char) -> bool {
    letter.is_ascii_alphabetic()
        || matches!(letter, '_' | ':')
        || !letter.is_ascii() && letter.is_alphabetic()
}

fn in_name(letter: char) -> bool {
    starts_name(letter)
        || letter.is_ascii_digit()
        || matches!(letter, '-' | '.' | '\u{b7}')
        || !letter.is_ascii() && letter.is_alphanumeric()
}

impl<'t> Cursor<'t> {
    pub(super) fn of(text: &'t str) -> Self {
        Self { text, at: 0 }
    }

    pub(super) fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// An error of grammar, with its line.
    pub(super) fn fault(&self, what: &str) -> String {
        let line = self.text[..self.at].matches('\n').count() + 1;
        format!("XML syntax error on line {line}: {what}")
    }

    pub(super) fn eat(&mut self, what: &str) -> bool {
        let found = self.rest().starts_with(what);
        self.at += if found { what.len() } else { 0 };
        found
    }

    pub(super) fn space(&mut self) {
        let rest = self.rest();
        self.at += rest.len() - rest.trim_start_matches([' ', '\t', '\r', '\n']).len();
    }

    /// What stands before `end`, which is passed.
    pub(super) fn until(&mut self, end: &str) -> Result<&'t str, String> {
        let rest = self.rest();
        if let Some(at) = rest.find(end) {
            self.at += at + end.len();
            return Ok(&rest[..at]);
        }
        self.at = self.text.len();
        Err(self.fault("unexpected EOF"))
    }

    pub(super) fn name(&mut self, missing: &str) -> Result<Name<'t>, String> {
        let rest = self.rest();
        if rest.is_empty() {
            return Err(self.fault("unexpected EOF"));
        }
        let len = rest.find(|letter| !in_name(letter)).unwrap_or(rest.len());
        let name = &rest[..len];
        if !name.starts_with(starts_name) || name.matches(':').count() > 1 {
            return Err(self.fault(missing));
        }
        self.at += len;
        let parts = name.split_once(':').filter(|(prefix, local)| !prefix.is_empty() && !local.is_empty());
        let (prefix, local) = parts.unwrap_or(("", name));
        Ok(Name { prefix: Cow::Borrowed(prefix), local: Cow::Borrowed(local) })
    }

    /// Text up to the next tag.
    pub(super) fn text(&mut self) -> Result<Cow<'t, str>, String> {
        let rest = self.rest();
        let raw = &rest[..rest.find('<').unwrap_or(rest.len())];
        let plain = self.plain(raw, true);
        if plain.is_ok() && raw.contains("]]>") {
            return Err(self.fault("unescaped ]]> not in CDATA section"));
        }
        self.at += raw.len();
        plain
    }

    pub(super) fn comment(&mut self) -> Result<Cow<'t, str>, String> {
        let raw = self.until("--")?;
        if !self.eat(">") {
            return Err(self.fault("invalid sequence \"--\" not allowed in comments"));
        }
        self.plain(raw, false)
    }

    pub(super) fn data(&mut self) -> Result<Cow<'t, str>, String> {
        let raw = self.until("]]>")?;
        self.plain(raw, false)
    }

    /// Up to the `>` that belongs to the `<!`: what is quoted or lies in other brackets does not count.
    pub(super) fn directive(&mut self) -> Result<&'t str, String> {
        let rest = self.rest();
        let (mut quote, mut depth) = (None, 0_usize);
        for (at, byte) in rest.bytes().enumerate() {
            match (quote, byte) {
                (Some(own), _) if own == byte => quote = None,
                (None, b'"' | b'\'') => quote = Some(byte),
                (None, b'<') => depth += 1,
                (None, b'>') if depth == 0 => {
                    self.at += at + 1;
                    return Ok(&rest[..at]);
                }
                (None, b'>') => depth -= 1,
                _ => {}
            }
        }
        self.at = self.text.len();
        Err(self.fault("unexpected EOF"))
    }

    /// A value in quotes.
    pub(super) fn value(&mut self) -> Result<Cow<'t, str>, String> {
        let quote = match self.rest().chars().next() {
            Some('"') => "\"",
            Some('\'') => "'",
            None => return Err(self.fault("unexpected EOF")),
            Some(_) => return Err(self.fault("unquoted or missing attribute value in element")),
        };
        self.at += 1;
        let raw = self.until(quote)?;
        if raw.contains('<') {
            return Err(self.fault("unescaped < inside quoted string"));
        }
        self.plain(raw, true)
    }

    /// The text without its escapes, if it may have some, and with line ends of one kind.
    fn plain(&self, raw: &'t str, escapes: bool) -> Result<Cow<'t, str>, String> {
        if let Some(letter) = raw.chars().find(|letter| !allowed(*letter)) {
            return Err(self.fault(&format!("illegal character code U+{:04X}", u32::from(letter))));
        }
        if !raw.contains(['&', '\r']) || !escapes && !raw.contains('\r') {
            return Ok(Cow::Borrowed(raw));
        }
        let mut out = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(at) = rest.find(['&', '\r']) {
            let (before, from) = rest.split_at(at);
            out.push_str(before);
            rest = &from[1..];
            if from.starts_with('\r') {
                rest = rest.strip_prefix('\n').unwrap_or(rest);
                out.push('\n');
            } else if escapes {
                let end = rest.find(|letter: char| letter != '#' && !in_name(letter)).unwrap_or(rest.len());
                let name = &rest[..end];
                let letter = entity(name).filter(|_| rest[end..].starts_with(';'));
                let Some(letter) = letter else {
                    let missing = if rest[end..].starts_with(';') { ";" } else { " (no semicolon)" };
                    return Err(self.fault(&format!("invalid character entity &{name}{missing}")));
                };
                rest = &rest[end + 1..];
                out.push(letter);
            } else {
                out.push('&');
            }
        }
        out.push_str(rest);
        Ok(Cow::Owned(out))
    }
}

fn entity(name: &str) -> Option<char> {
    match name {
        "lt" => Some('<'),
        "gt" => Some('>'),
        "amp" => Some('&'),
        "apos" => Some('\''),
        "quot" => Some('"'),
        _ => {
            let number = name.strip_prefix('#')?;
            let code = match number.strip_prefix('x') {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code).filter(|letter| allowed(*letter))
        }
    }
}
