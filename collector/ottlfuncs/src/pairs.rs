//! Text that consists of keys and values, read and written.

use std::borrow::Cow;

use slimcol_ottleval::{
    Fault, Unique,
    function::{Args, Call, Function, Ready, Takes, converter, map_of, may_take, takes},
    value::Value,
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!(
        "ParseKeyValue",
        [
            takes("target", Takes::Text),
            may_take("delimiter", Takes::LiteralText),
            may_take("pair_delimiter", Takes::LiteralText)
        ],
        delimiters,
        parse
    ),
    converter!(
        "ToKeyValueString",
        [
            takes("target", Takes::Map),
            may_take("delimiter", Takes::LiteralText),
            may_take("pair_delimiter", Takes::LiteralText),
            may_take("sort_output", Takes::LiteralBool)
        ],
        delimiters,
        print
    ),
];

/// What stands between a key and its value, and between pairs.
fn between(call: &Call) -> (&str, &str) {
    (call.literal_text(1).unwrap_or("="), call.literal_text(2).unwrap_or(" "))
}

fn delimiters(call: &Call) -> Result<Ready, String> {
    match between(call) {
        ("", _) => Err("delimiter cannot be set to an empty string".to_owned()),
        (_, "") => Err("pair delimiter cannot be set to an empty string".to_owned()),
        (delimiter, pair) if delimiter == pair => {
            Err(format!("pair delimiter {pair:?} cannot be equal to delimiter {delimiter:?}"))
        }
        _ => Ok(Ready::Nothing),
    }
}

fn parse(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (delimiter, pair) = between(args.call);
    let text = args.text(0)?;
    if text.is_empty() {
        return Err(Fault::new("cannot parse from empty target"));
    }
    let parts = split(&text, pair).ok_or_else(|| {
        Fault::new(format!(
            "splitting source {text:?} into pairs failed: never reached the end of a quoted value"
        ))
    })?;
    let mut pairs: Unique<&str, ValueRef<'_>> = Unique::default();
    let mut faults = Vec::new();
    for part in &parts {
        let Some((key, value)) = part.split_once(delimiter) else {
            faults.push(format!("cannot split {part:?} into 2 items, got 1 item(s)"));
            continue;
        };
        pairs.put(key.trim(), ValueRef::Str(value.trim()));
    }
    if !faults.is_empty() {
        return Err(Fault::new(format!("failed to split pairs into key-values: {}", faults.join("; "))));
    }
    Ok(OwnValue::map(pairs.into_pairs()).into())
}

/// The parts of `text` between delimiters that no quotes hold; empty ones are left out, and so are the quotes.
fn split(text: &str, delimiter: &str) -> Option<Vec<String>> {
    let (mut parts, mut part) = (Vec::new(), String::new());
    let (mut quote, mut escaped) = (None, false);
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if quote.is_none()
            && let Some(behind) = rest.strip_prefix(delimiter)
        {
            rest = behind;
            if !part.is_empty() {
                parts.push(std::mem::take(&mut part));
            }
            continue;
        }
        rest = &rest[letter.len_utf8()..];
        if escaped {
            escaped = false;
        } else if quote.is_none() && matches!(letter, '"' | '\'') {
            quote = Some(letter);
            continue;
        } else if quote == Some(letter) {
            quote = None;
            continue;
        } else {
            escaped = letter == '\\';
        }
        part.push(letter);
    }
    if !part.is_empty() {
        parts.push(part);
    }
    quote.is_none().then_some(parts)
}

fn print(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (delimiter, pair) = between(args.call);
    let value = args.value(0)?;
    let mut pairs: Vec<(&str, ValueRef<'_>)> = map_of(&value)?.iter().collect();
    if args.call.literal_bool(3) == Some(true) {
        slimcol_order::sort_by_key(&mut pairs, |(key, _)| *key);
    }
    let quoted = |text: Cow<'_, str>| {
        let text = text.replace('"', "\\\"");
        if text.contains(pair) || text.contains(delimiter) { format!("\"{text}\"") } else { text }
    };
    let all = pairs
        .into_iter()
        .map(|(key, value)| format!("{}{delimiter}{}", quoted(Cow::Borrowed(key)), quoted(value.to_text())));
    Ok(all.collect::<Vec<_>>().join(pair).into())
}
