//! JSON as protobuf.

use std::{fmt, sync::LazyLock};

use slimcol_config::Duration;
use slimcol_pdata::{
    Invalid,
    json::{Fault, Lexer, base64},
    put,
};
use slimcol_timeformat::{Layout, Zone};

use super::schema::{Kind, Message};
use crate::Error;

static RFC_3339: LazyLock<Layout> = LazyLock::new(|| {
    Layout::gotime("2006-01-02T15:04:05.999999999Z07:00").expect("it is Go's own constant RFC3339Nano")
});

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Invalid::from(fault).into()
    }
}

/// Appends the message that is next.
pub(super) fn message(of: &Message, lexer: &mut Lexer<'_>, to: &mut Vec<u8>) -> Result<(), Error> {
    if lexer.null()? {
        return Ok(());
    }
    lexer.expect(b'{', "ReadObject", "expect { or n")?;
    let mut more = !lexer.take(b'}');
    while more {
        let name = lexer.string()?;
        lexer.expect(b':', "ReadObject", "expect : after object field")?;
        let Some((number, kind)) = of.find(&name) else {
            return Err(wrong(format_args!("unknown field {:?} in {}", shown(&name), of.name)));
        };
        match kind {
            Kind::Many(of) | Kind::Always(of) => list(&Kind::One(of), number, lexer, to)?,
            Kind::Texts => list(&Kind::Text, number, lexer, to)?,
            _ => value(kind, number, lexer, to)?,
        }
        more = lexer.take(b',');
        if !more {
            lexer.expect(b'}', "ReadObject", "expect , or }")?;
        }
    }
    Ok(())
}

fn list(kind: &Kind, field: u32, lexer: &mut Lexer<'_>, to: &mut Vec<u8>) -> Result<(), Error> {
    if lexer.null()? {
        return Ok(());
    }
    lexer.expect(b'[', "ReadArray", "expect [ or n")?;
    let mut more = !lexer.take(b']');
    while more {
        value(kind, field, lexer, to)?;
        more = lexer.take(b',');
        if !more {
            lexer.expect(b']', "ReadArray", "expect , or ]")?;
        }
    }
    Ok(())
}

fn value(kind: &Kind, field: u32, lexer: &mut Lexer<'_>, to: &mut Vec<u8>) -> Result<(), Error> {
    let null = lexer.null()?;
    let mut content = Vec::new();
    match kind {
        // An id that is null is one of no bytes, which is refused as such.
        Kind::TraceId | Kind::SpanId if null => {}
        Kind::Time | Kind::Duration if null => moment(kind, b"", &mut content)?,
        _ if null => return Ok(()),
        Kind::One(of) => message(of, lexer, &mut content)?,
        Kind::Text => content.extend_from_slice(&lexer.string()?),
        Kind::Bytes | Kind::TraceId | Kind::SpanId => {
            base64::decode(&mut content, &lexer.string()?)
                .ok_or_else(|| Error::new("illegal base64 data"))?;
        }
        Kind::Time | Kind::Duration => moment(kind, &lexer.string()?, &mut content)?,
        _ => {
            let number = number(kind, lexer)?;
            if matches!(kind, Kind::Double) {
                put::fixed64(to, field, number);
            } else {
                put::varint_field(to, field, number);
            }
            return Ok(());
        }
    }
    put::bytes(to, field, &content);
    Ok(())
}

/// Appends the content of a `Timestamp` or a `Duration`.
fn moment(kind: &Kind, text: &[u8], to: &mut Vec<u8>) -> Result<(), Error> {
    let (seconds, nanos) = if matches!(kind, Kind::Time) {
        let time = RFC_3339.parse(text, &Zone::Utc);
        let time = time.map_err(|error| wrong(format_args!("bad Timestamp: {error}")))?;
        (time.seconds, time.nanos.into())
    } else {
        let text = shown(text);
        let long = Duration::parse(&text)
            .map_err(|error| wrong(format_args!("bad Duration: {}", error.in_full(&text))))?;
        (long.0 / 1_000_000_000, long.0 % 1_000_000_000)
    };
    for (field, part) in [(1, seconds), (2, nanos)] {
        put::varint_field(to, field, part.cast_unsigned());
    }
    Ok(())
}

/// A number, which may be in quotes, or a word that stands for one.
fn number(kind: &Kind, lexer: &mut Lexer<'_>) -> Result<u64, Error> {
    if matches!(kind, Kind::Bool) {
        return Ok(lexer.bool()?.into());
    }
    let quoted = lexer.peek() == Some(b'"');
    let text = if quoted { lexer.string()?.into_owned() } else { lexer.number()?.as_bytes().to_vec() };
    let text = shown(&text);
    let of = match kind {
        Kind::Enum(name, words) if quoted => {
            let at = words.iter().position(|own| *own == text).map(|at| at as u64);
            return at.ok_or_else(|| wrong(format_args!("unknown value {text:?} for enum {name}")));
        }
        Kind::Enum(name, _) => name,
        Kind::Double => "float64",
        Kind::Uint => "model.Flags",
        _ => "int64",
    };
    let number = if let Kind::Double = kind {
        text.parse().ok().map(f64::to_bits)
    } else {
        let fits = |number: &i64| !matches!(kind, Kind::Uint) || u32::try_from(*number).is_ok();
        text.parse().ok().filter(fits).map(i64::cast_unsigned)
    };
    number
        .ok_or_else(|| wrong(format_args!("json: cannot unmarshal number {text} into Go value of type {of}")))
}

fn shown(text: &[u8]) -> String {
    String::from_utf8_lossy(text).into_owned()
}

#[cold]
fn wrong(what: fmt::Arguments<'_>) -> Error {
    Error::new(what.to_string())
}
