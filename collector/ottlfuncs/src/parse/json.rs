//! JSON, read into values. Numbers are all floats, as in Go.

use std::{borrow::Cow, str::from_utf8};

use slimcol_ottleval::{Fault, Unique};
use slimcol_pdata::{
    Invalid,
    edit::OwnValue,
    json::{self, Lexer},
    view::ValueRef,
};

/// Lists and objects may be nested so deep in one another; telemetry is not nested deeper.
const DEPTH: usize = 64;

/// The list or object that `text` is.
pub(super) fn parse(text: &str) -> Result<OwnValue, Fault> {
    let value = whole(&mut Lexer::new(text.as_bytes()));
    match value.map_err(|fault| Fault::new(Invalid::from(fault).to_string()))? {
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

fn whole<'t>(lexer: &mut Lexer<'t>) -> Result<Json<'t>, json::Fault> {
    let value = value(lexer, DEPTH)?;
    match lexer.peek() {
        None => Ok(value),
        Some(_) => Err(lexer.unexpected("Unmarshal", "expect the end behind the value")),
    }
}

/// A value, in which `depth` lists and objects may lie in one another.
fn value<'t>(lexer: &mut Lexer<'t>, depth: usize) -> Result<Json<'t>, json::Fault> {
    match lexer.peek() {
        Some(b'{' | b'[') if depth == 0 => Err(lexer.fault("Unmarshal", "exceeded max depth")),
        Some(b'{') => object(lexer, depth - 1).map(Json::Made),
        Some(b'[') => list(lexer, depth - 1).map(Json::Made),
        Some(b'"') => text(lexer).map(Json::Text),
        Some(b't' | b'f') => lexer.bool().map(|value| Json::Plain(ValueRef::Bool(value))),
        Some(b'n') => lexer.null().map(|_| Json::Plain(ValueRef::Empty)),
        _ => match lexer.number()?.parse() {
            Ok(value) if f64::is_finite(value) => Ok(Json::Plain(ValueRef::Double(value))),
            _ => Err(lexer.fault("readNumber", "number out of range")),
        },
    }
}

fn list(lexer: &mut Lexer<'_>, depth: usize) -> Result<OwnValue, json::Fault> {
    let mut items = Vec::new();
    lexer.take(b'[');
    if !lexer.take(b']') {
        loop {
            items.push(value(lexer, depth)?);
            if lexer.take(b']') {
                break;
            }
            lexer.expect(b',', "ReadArray", "expect , or ] after array item")?;
        }
    }
    Ok(OwnValue::list(items.iter().map(Json::view)))
}

fn object(lexer: &mut Lexer<'_>, depth: usize) -> Result<OwnValue, json::Fault> {
    let mut pairs: Unique<Cow<'_, str>, Json<'_>> = Unique::default();
    lexer.take(b'{');
    if !lexer.take(b'}') {
        loop {
            let key = text(lexer)?;
            lexer.expect(b':', "ReadObject", "expect : after object field")?;
            pairs.put(key, value(lexer, depth)?);
            if lexer.take(b'}') {
                break;
            }
            lexer.expect(b',', "ReadObject", "expect , or } after object field")?;
        }
    }
    Ok(OwnValue::map(pairs.iter().map(|(key, value)| (&**key, value.view()))))
}

/// A string. Out of text comes text, so nothing is replaced.
fn text<'t>(lexer: &mut Lexer<'t>) -> Result<Cow<'t, str>, json::Fault> {
    Ok(match lexer.string()? {
        Cow::Borrowed(bytes) => Cow::Borrowed(from_utf8(bytes).unwrap_or_default()),
        Cow::Owned(bytes) => Cow::Owned(String::from_utf8(bytes).unwrap_or_default()),
    })
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
            ("", Err("readNumber: unexpected end of input, error found in #0 byte")),
            ("{", Err("ReadString: unexpected end of input, error found in #1 byte")),
            ("[1", Err("ReadArray: unexpected end of input, error found in #2 byte")),
            ("[1] x", Err("Unmarshal: expect the end behind the value, but found x, error found in #4 byte")),
            ("[01]", Err("readNumber: not a number, but found 0, error found in #1 byte")),
            ("[1.]", Err("readNumber: not a number, but found 1, error found in #1 byte")),
            ("[1e999]", Err("readNumber: number out of range, error found in #6 byte")),
            ("[\"\\x\"]", Err("readEscapedChar: invalid escape char after \\, error found in #3 byte")),
            ("[\"a", Err("ReadString: unexpected end of input, error found in #3 byte")),
            (
                "{\"a\" 1}",
                Err("ReadObject: expect : after object field, but found 1, error found in #5 byte"),
            ),
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
