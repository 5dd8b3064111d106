//! `unquote`

use slimcol_config::{Section, Settings};

use super::required;
use crate::{
    Entry, Field, Text, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Unquote {
    common: Common,
    field: Field,
}

/// Takes quotes and escapes away.
#[derive(Debug)]
struct Unquoter(Field);

impl Settings for Unquote {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), field: required(from, "field") }
    }
}

impl Build for Unquote {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Each(self.common.build(with)?, Box::new(Unquoter(self.field.clone()))))
    }
}

impl Change for Unquoter {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let text = match self.0.get(entry) {
            Some(Value::Text(text)) => text,
            Some(other) => return Err(Fault::Entry(format!("type {} cannot be unquoted", other.go_type()))),
            None => return Ok(()),
        };
        let value = unquoted(text).ok_or("invalid syntax")?;
        Ok(self.0.set(entry, Value::Text(value))?)
    }
}

/// What a literal of Go means; `None` if it is none.
fn unquoted(text: &Text) -> Option<Text> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '`' | '\''))?;
    let inner = text[1..].strip_suffix(quote)?;
    if quote == '`' {
        // Carriage returns are no part of raw texts.
        return match inner.contains('`') {
            true => None,
            false if inner.contains('\r') => Some(inner.replace('\r', "").into()),
            false => Some(text.slice_ref(inner)),
        };
    }
    if inner.contains('\n') {
        return None;
    }
    if !inner.contains(['\\', quote]) {
        let one = quote == '"' || inner.chars().count() == 1;
        return one.then(|| text.slice_ref(inner));
    }
    let mut bytes = Vec::with_capacity(inner.len());
    let mut rest = inner;
    let mut count = 0;
    while let Some(c) = rest.chars().next() {
        rest = &rest[c.len_utf8()..];
        count += 1;
        if c == quote {
            return None;
        }
        if c == '\\' {
            rest = escape(rest, quote, &mut bytes)?;
        } else {
            bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
        }
    }
    if quote == '\'' && count != 1 {
        return None;
    }
    let text = String::from_utf8(bytes);
    Some(text.unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned()).into())
}

/// Reads what stands behind a backslash.
fn escape<'a>(rest: &'a str, quote: char, to: &mut Vec<u8>) -> Option<&'a str> {
    let first = rest.chars().next()?;
    let behind = &rest[first.len_utf8()..];
    let simple = match first {
        'a' => 7,
        'b' => 8,
        'f' => 12,
        'n' => b'\n',
        'r' => b'\r',
        't' => b'\t',
        'v' => 11,
        '\\' => b'\\',
        '"' | '\'' if first == quote => u8::try_from(first).ok()?,
        'x' | 'u' | 'U' => {
            let len = [('x', 2), ('u', 4), ('U', 8)].into_iter().find(|(c, _)| *c == first)?.1;
            let digits = behind.get(..len)?;
            let code = digits
                .bytes()
                .all(|b| b.is_ascii_hexdigit())
                .then(|| u32::from_str_radix(digits, 16))?
                .ok()?;
            // `\x` is a byte, the others are characters.
            if first == 'x' {
                to.push(u8::try_from(code).ok()?);
            } else {
                to.extend_from_slice(char::from_u32(code)?.encode_utf8(&mut [0; 4]).as_bytes());
            }
            return Some(&behind[len..]);
        }
        '0'..='7' => {
            let digits = rest.get(..3).filter(|digits| digits.bytes().all(|b| matches!(b, b'0'..=b'7')))?;
            to.push(u8::try_from(u32::from_str_radix(digits, 8).ok()?).ok()?);
            return Some(&rest[3..]);
        }
        _ => return None,
    };
    to.push(simple);
    Some(behind)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn literals_mean_what_they_mean_in_go() {
        for (text, expected) in [
            ("\"a b\"", Some("a b")),
            ("\"\"", Some("")),
            ("`a\\n\r`", Some("a\\n")),
            ("'x'", Some("x")),
            ("'\\n'", Some("\n")),
            ("'é'", Some("é")),
            ("\"\\a\\t\\\\\\\"\\x41\\101\\u00e9\\U0001f600\"", Some("\u{7}\t\\\"AAé😀")),
            ("'xy'", None),
            ("''", None),
            ("\"a", None),
            ("\"", None),
            ("a", None),
            ("", None),
            ("\"a\"b\"", None),
            ("\"\\'\"", None),
            ("\"\\q\"", None),
            ("\"\\u12\"", None),
            ("\"\\ud800\"", None),
            ("\"\\400\"", None),
            ("\"a\nb\"", None),
        ] {
            assert_eq!(unquoted(&text.into()).as_deref(), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[\"'`][\\\\\"'xuU0-9aé]{0,12}[\"'`]?") {
            let _ = unquoted(&text.into());
        }
    }
}
