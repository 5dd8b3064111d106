//! `key_value_parser`

use slimcol_config::{Section, Settings};

use super::{Parse, ParserConfig};
use crate::{
    Map, Text, Value,
    operator::{Build, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct KeyValue {
    parser: ParserConfig,
    delimiter: String,
    pair_delimiter: String,
}

/// What stands between key and value, and between pairs.
#[derive(Debug)]
struct Delimiters {
    inner: Box<[u8]>,
    outer: Box<[u8]>,
    /// What was configured, for messages.
    from: String,
}

impl Settings for KeyValue {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            parser: ParserConfig::read(from),
            delimiter: from.get("delimiter", "=".into()),
            pair_delimiter: from.get("pair_delimiter", String::new()),
        }
    }
}

impl Build for KeyValue {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        if self.delimiter.is_empty() {
            return Err("delimiter is a required parameter".into());
        }
        let outer = if self.pair_delimiter.is_empty() { " " } else { &self.pair_delimiter };
        if self.delimiter == outer {
            return Err("delimiter and pair_delimiter cannot be the same value".into());
        }
        let delimiters = Delimiters {
            inner: self.delimiter.as_bytes().into(),
            outer: outer.as_bytes().into(),
            from: self.parser.from().to_string(),
        };
        self.parser.build(Box::new(delimiters), with)
    }
}

impl Parse for Delimiters {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let Value::Text(text) = value else {
            return Err(format!("type {} cannot be parsed as key value pairs", value.go_type()));
        };
        if text.is_empty() {
            return Err(format!("parse from field {} is empty", self.from));
        }
        let parts = split(text, &self.outer).map_err(|e| format!("failed to parse pairs from input: {e}"))?;
        let mut pairs = Vec::with_capacity(parts.len());
        let mut errors = Vec::new();
        for part in &parts {
            let Some((key, value)) = cut(part, &self.inner) else {
                errors.push(format!("cannot split {:?} into 2 items, got 1 item(s)", &**part));
                continue;
            };
            pairs.push((part.slice_ref(key.trim()), Value::Text(part.slice_ref(value.trim()))));
        }
        if errors.is_empty() { Ok(Value::Map(Map::from_pairs(pairs))) } else { Err(errors.join("; ")) }
    }
}

fn cut<'a>(part: &'a str, delimiter: &[u8]) -> Option<(&'a str, &'a str)> {
    let at = memchr::memmem::find(part.as_bytes(), delimiter)?;
    Some((&part[..at], &part[at + delimiter.len()..]))
}

/// The parts between delimiters that are not in quotes. Quotes are taken away, unless a backslash stands before them; empty
/// parts are no parts.
fn split(text: &Text, delimiter: &[u8]) -> Result<Vec<Text>, &'static str> {
    let bytes = text.as_bytes();
    let mut parts = Vec::new();
    // The part so far: a slice of the text, until quotes are taken out of its middle.
    let mut part = Part::default();
    let mut quote = 0;
    let mut escaped = false;
    let mut at = 0;
    while at < bytes.len() {
        if quote == 0 && bytes[at..].starts_with(delimiter) {
            part.end(text, &mut parts);
            at += delimiter.len();
            continue;
        }
        let byte = bytes[at];
        at += 1;
        if escaped {
            escaped = false;
        } else if quote == 0 && matches!(byte, b'"' | b'\'') {
            quote = byte;
            continue;
        } else if quote != 0 && byte == quote {
            quote = 0;
            continue;
        } else {
            escaped = byte == b'\\';
        }
        part.push(text, at - 1);
    }
    if quote != 0 {
        return Err("never reached the end of a quoted value");
    }
    part.end(text, &mut parts);
    Ok(parts)
}

#[derive(Default)]
struct Part {
    /// What was put together before `start`.
    before: String,
    start: usize,
    end: usize,
}

impl Part {
    fn push(&mut self, text: &Text, at: usize) {
        if at != self.end {
            self.before.push_str(&text[self.start..self.end]);
            self.start = at;
        }
        self.end = at + 1;
    }

    fn end(&mut self, text: &Text, parts: &mut Vec<Text>) {
        let rest = &text[self.start..self.end];
        if self.before.is_empty() && !rest.is_empty() {
            parts.push(text.slice_ref(rest));
        } else if !self.before.is_empty() {
            parts.push((std::mem::take(&mut self.before) + rest).into());
        }
        self.start = self.end;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn shown(text: &str, delimiter: &str) -> String {
        match split(&text.into(), delimiter.as_bytes()) {
            Ok(parts) => format!("<{}>", parts.iter().map(|part| &**part).collect::<Vec<_>>().join("><")),
            Err(error) => error.into(),
        }
    }

    #[test]
    fn texts_are_split_outside_quotes() {
        for (text, delimiter, expected) in [
            ("a=1 b=2", " ", "<a=1><b=2>"),
            ("  a=1   b=2  ", " ", "<a=1><b=2>"),
            ("a=\"x y\" b='it is' c", " ", "<a=x y><b=it is><c>"),
            ("a=\"it's\" b", " ", "<a=it's><b>"),
            ("a=\\\"x b", " ", "<a=\\\"x><b>"),
            ("a=\"x\\\" y\" b", " ", "<a=x\\\" y><b>"),
            ("a=\"\" b=''", " ", "<a=><b=>"),
            ("a|||b||c", "||", "<a><|b><c>"),
            ("é=\"ü ö\"ß", " ", "<é=ü öß>"),
            ("a=\"x", " ", "never reached the end of a quoted value"),
            ("\"\"", " ", "<>"),
        ] {
            assert_eq!(shown(text, delimiter), expected, "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_panics(text in "[a=\"' \\\\é|]{0,24}", delimiter in "[ |=é]{1,2}") {
            let _ = split(&text.into(), delimiter.as_bytes());
        }
    }
}
