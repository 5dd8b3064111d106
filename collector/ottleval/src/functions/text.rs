//! Converters of text.

use std::borrow::Cow;

use sha2::{Digest, Sha256};
use slimcol_pdata::{edit::OwnValue, json, view::ValueRef};

use super::case::{camel, snake};
use crate::{
    fault::Fault,
    function::{Args, Call, Function, Ready, Takes, converter, may_take, takes},
    value::{self, Value},
};

/// What makes text of texts.
pub const FUNCTIONS: &[Function] = &[
    converter!("Concat", [takes("vals", Takes::TextLikes), takes("delimiter", Takes::Text)], concat),
    converter!("String", [takes("target", Takes::TextLike)], string),
    converter!("SHA256", [takes("target", Takes::Text)], sha256),
    converter!("Split", [takes("target", Takes::Text), takes("delimiter", Takes::Text)], split),
    converter!(
        "Substring",
        [
            takes("target", Takes::Text),
            takes("start", Takes::Int),
            takes("length", Takes::Int),
            may_take("utf8_safe", Takes::LiteralBool)
        ],
        substring
    ),
    converter!("Trim", [takes("target", Takes::Text), may_take("replacement", Takes::LiteralText)], trim),
    converter!("TrimPrefix", [takes("target", Takes::Text), takes("prefix", Takes::Text)], |args| cut(
        args,
        |text, prefix| text.strip_prefix(prefix)
    )),
    converter!("TrimSuffix", [takes("target", Takes::Text), takes("suffix", Takes::Text)], |args| cut(
        args,
        |text, suffix| text.strip_suffix(suffix)
    )),
    converter!("ToLowerCase", [takes("target", Takes::Text)], |args| Ok(lower(&args.text(0)?).into())),
    converter!("ToUpperCase", [takes("target", Takes::Text)], |args| Ok(upper(&args.text(0)?).into())),
    converter!(
        "ConvertCase",
        [takes("target", Takes::Text), takes("to_case", Takes::LiteralText)],
        case,
        convert_case
    ),
];

/// No value is joined as `<nil>`.
fn concat(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let between = args.text(1)?;
    let mut out = args.of.text();
    for (at, item) in args.call.items(0).iter().enumerate() {
        if at > 0 {
            out.push_str(&between);
        }
        if let Some(ValueRef::Str(text)) = item.0.quick(args.of) {
            out.push_str(text);
            continue;
        }
        let text = value::string_like(item.value(args.of)?)?;
        out.push_str(text.as_deref().unwrap_or("<nil>"));
    }
    Ok(out.into())
}

fn string(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok(args.text_like(0)?.map_or(Value::NIL, Into::into))
}

fn sha256(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let mut digits = args.of.text().into_bytes();
    json::hex::encode(&mut digits, &Sha256::digest(args.text(0)?.as_bytes()));
    // All digits are text; the default is for the type.
    Ok(String::from_utf8(digits).unwrap_or_default().into())
}

/// Without a delimiter, characters are split from one another.
fn split(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (text, delimiter) = (args.text(0)?, args.text(1)?);
    if delimiter.is_empty() {
        let mut buffers = text.chars().map(|letter| (letter, [0; 4])).collect::<Vec<_>>();
        let letters = buffers.iter_mut().map(|(letter, buffer)| ValueRef::Str(letter.encode_utf8(buffer)));
        return Ok(OwnValue::list(letters).into());
    }
    Ok(OwnValue::list(text.split(&*delimiter).map(ValueRef::Str)).into())
}

/// Positions are of bytes. A character is never cut in two: telemetry is UTF-8.
fn substring(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let start = args.int(1)?;
    if start < 0 {
        return Err(Fault::new(format!("invalid start for substring function, {start} cannot be negative")));
    }
    let length = args.int(2)?;
    if length <= 0 {
        return Err(Fault::new(format!(
            "invalid length for substring function, {length} cannot be negative or zero"
        )));
    }
    let text = args.text(0)?;
    let range =
        usize::try_from(start).ok().zip(start.checked_add(length).and_then(|end| usize::try_from(end).ok()));
    let Some((start, end)) = range.filter(|(_, end)| *end <= text.len()) else {
        return Err(Fault::new(format!(
            "invalid range for substring function, start({start})+length({length}) \
             cannot be greater than the length of target string({})",
            text.len()
        )));
    };
    let start = text.ceil_char_boundary(start);
    let end = text.floor_char_boundary(end).max(start);
    Ok(match text {
        Cow::Borrowed(text) => text[start..end].into(),
        Cow::Owned(text) => text[start..end].to_owned().into(),
    })
}

fn trim(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let set = args.text_or(1, " ")?;
    let trimmed = |text: &str| {
        let from = text.find(|letter| !set.contains(letter)).unwrap_or(text.len());
        from..from.max(
            text.rfind(|letter| !set.contains(letter)).map_or(from, |at| text.ceil_char_boundary(at + 1)),
        )
    };
    Ok(match args.text(0)? {
        Cow::Borrowed(text) => text[trimmed(text)].into(),
        Cow::Owned(text) => text[trimmed(&text)].to_owned().into(),
    })
}

fn cut(args: Args<'_>, strip: for<'t> fn(&'t str, &str) -> Option<&'t str>) -> Result<Value<'_>, Fault> {
    let what = args.text(1)?;
    Ok(match args.text(0)? {
        Cow::Borrowed(text) => strip(text, &what).unwrap_or(text).into(),
        Cow::Owned(text) => strip(&text, &what).unwrap_or(&text).to_owned().into(),
    })
}

/// Letter by letter, as Go does: Rust's own knows what letters become at the end of words and where one becomes two.
fn lower(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    text.chars().map(|letter| single(letter, letter.to_lowercase())).collect()
}

fn upper(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_uppercase();
    }
    text.chars().map(|letter| single(letter, letter.to_uppercase())).collect()
}

/// What `letter` becomes if that is one letter.
fn single(letter: char, mut becomes: impl Iterator<Item = char>) -> char {
    match (becomes.next(), becomes.next()) {
        (Some(one), None) => one,
        _ => letter,
    }
}

/// Turns each letter of ASCII of the case that `first` is of to the other, eight bytes at once.
fn turn(text: &mut [u8], first: u8) {
    let (words, rest) = text.as_chunks_mut::<8>();
    for bytes in words {
        *bytes = turned(*bytes, first);
    }
    let mut last = [0; 8];
    last[..rest.len()].copy_from_slice(rest);
    rest.copy_from_slice(&turned(last, first)[..rest.len()]);
}

/// As [`turn`]. No byte of ASCII has its highest bit, which here says whether a byte is such a letter.
#[inline]
fn turned(bytes: [u8; 8], first: u8) -> [u8; 8] {
    const EACH: u64 = 0x0101_0101_0101_0101;
    let word = u64::from_le_bytes(bytes);
    let from = word + EACH * u64::from(0x80 - first);
    let behind = word + EACH * u64::from(0x80 - first - 26);
    (word ^ ((from & !behind & EACH << 7) >> 2)).to_le_bytes()
}

fn case(call: &Call) -> Result<Ready, String> {
    match call.literal_text(1).unwrap_or_default() {
        "lower" | "upper" | "snake" | "camel" => Ok(Ready::Nothing),
        other => Err(format!("invalid case: {other}, allowed cases are: lower, upper, snake, camel")),
    }
}

fn convert_case(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let text = args.text(0)?;
    let convert = match args.call.literal_text(1) {
        Some("snake") => snake,
        Some("camel") => camel,
        Some("lower") if !text.is_ascii() => lower,
        None | Some("upper") if !text.is_ascii() => upper,
        other => {
            let mut out = args.of.text_of(&text).into_bytes();
            turn(&mut out, if other == Some("lower") { b'A' } else { b'a' });
            // ASCII is text; the default is for the type.
            return Ok(String::from_utf8(out).unwrap_or_default().into());
        }
    };
    Ok(convert(&text).into())
}

#[cfg(test)]
mod tests {
    use super::turn;

    #[test]
    fn turns_letters_of_one_case() {
        let all: Vec<u8> = (0..0x80).collect();
        for from in 0..8 {
            let (mut upper, mut lower) = (all[from..].to_vec(), all[from..].to_vec());
            turn(&mut upper, b'a');
            turn(&mut lower, b'A');
            assert_eq!(upper, all[from..].to_ascii_uppercase());
            assert_eq!(lower, all[from..].to_ascii_lowercase());
        }
    }
}
