//! Functions of texts.

use std::sync::Arc;

use memchr::memmem;
use slimcol_expreval::{Held, List, Meter, Value, int_of, not_a, show, text_of};

type Outcome<'a> = Result<Value<'a>, String>;

/// A part of a text, without a copy where the text stands in the data.
fn part<'a>(of: &Value<'a>, meter: &mut Meter, cut: impl for<'t> Fn(&'t str) -> &'t str) -> Outcome<'a> {
    match of {
        Value::Text(Held::Borrowed(text)) => {
            meter.read(text.len())?;
            Ok(Value::Text(Held::Borrowed(cut(text))))
        }
        Value::Text(text) => {
            let cut = cut(text);
            meter.bytes(cut.len())?;
            Ok(made(cut))
        }
        other => Err(not_a("string", other)),
    }
}

fn made<'a>(text: &str) -> Value<'a> {
    Value::Text(Held::Shared(Arc::from(text)))
}

pub(super) fn string<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    if let text @ Value::Text(_) = &args[0] {
        return Ok(text.clone());
    }
    let mut text = String::new();
    show(&args[0], &mut text, meter)?;
    Ok(Value::made(text))
}

pub(super) fn trim<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    match args.get(1) {
        None => part(&args[0], meter, str::trim),
        Some(set) => {
            let set = text_of(set)?;
            meter.read(set.len() * 16)?;
            part(&args[0], meter, |text| text.trim_matches(|c| set.contains(c)))
        }
    }
}

pub(super) fn trim_prefix<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let prefix = args.get(1).map_or(Ok(" "), text_of)?;
    part(&args[0], meter, |text| text.strip_prefix(prefix).unwrap_or(text))
}

pub(super) fn trim_suffix<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let suffix = args.get(1).map_or(Ok(" "), text_of)?;
    part(&args[0], meter, |text| text.strip_suffix(suffix).unwrap_or(text))
}

pub(super) fn upper<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let text = text_of(&args[0])?;
    meter.bytes(text.len())?;
    Ok(Value::made(text.to_uppercase()))
}

pub(super) fn lower<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let text = text_of(&args[0])?;
    meter.bytes(text.len())?;
    Ok(Value::made(text.to_lowercase()))
}

/// The pieces of a text between `by`, which stays at their ends if `after`; `most` pieces unless it is negative.
fn pieces<'t>(text: &'t str, by: &str, most: i64, after: bool) -> Vec<&'t str> {
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let mut pieces = Vec::new();
    if most == 0 {
        return pieces;
    }
    let mut rest = text;
    if by.is_empty() {
        while pieces.len() + 1 < most {
            let Some(first) = rest.chars().next() else { break };
            let (piece, behind) = rest.split_at(first.len_utf8());
            if behind.is_empty() {
                break;
            }
            pieces.push(piece);
            rest = behind;
        }
        if !text.is_empty() {
            pieces.push(rest);
        }
        return pieces;
    }
    let finder = memmem::Finder::new(by);
    while pieces.len() + 1 < most {
        let Some(at) = finder.find(rest.as_bytes()) else { break };
        pieces.push(&rest[..if after { at + by.len() } else { at }]);
        rest = &rest[at + by.len()..];
    }
    pieces.push(rest);
    pieces
}

fn split_with<'a>(args: &[Value<'a>], meter: &mut Meter, after: bool) -> Outcome<'a> {
    let by = text_of(&args[1])?;
    let most = args.get(2).map_or(Ok(-1), int_of)?;
    let items: Vec<Value<'a>> = match &args[0] {
        Value::Text(Held::Borrowed(text)) => {
            meter.read(text.len())?;
            pieces(text, by, most, after).into_iter().map(Value::from).collect()
        }
        Value::Text(text) => {
            meter.bytes(text.len())?;
            pieces(text, by, most, after).into_iter().map(made).collect()
        }
        other => return Err(not_a("string", other)),
    };
    meter.items(items.len())?;
    List::new(items).map(Value::List)
}

pub(super) fn split<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    split_with(args, meter, false)
}

pub(super) fn split_after<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    split_with(args, meter, true)
}

pub(super) fn replace<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (text, from, to) = (text_of(&args[0])?, text_of(&args[1])?, text_of(&args[2])?);
    let most = args.get(3).map_or(Ok(-1), int_of)?;
    let most = usize::try_from(most).unwrap_or(usize::MAX);
    let found = if from.is_empty() {
        text.chars().count() + 1
    } else {
        memmem::find_iter(text.as_bytes(), from).count()
    };
    let found = found.min(most);
    meter.bytes(text.len().saturating_add(found.saturating_mul(to.len())))?;
    Ok(Value::made(text.replacen(from, to, found)))
}

pub(super) fn repeat<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let text = text_of(&args[0])?;
    let count = int_of(&args[1])?;
    let Ok(times) = usize::try_from(count) else {
        return Err(format!("invalid argument for repeat (expected positive integer, got {count})"));
    };
    if times > 1_000_000 {
        return Err("memory budget exceeded".into());
    }
    meter.bytes(text.len().saturating_mul(times))?;
    Ok(Value::made(text.repeat(times)))
}

pub(super) fn join<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let Value::List(list) = &args[0] else {
        return Err(format!("invalid argument for join (type {})", args[0].type_name()));
    };
    let glue = args.get(1).map_or(Ok(""), text_of)?;
    let mut joined = String::new();
    for (index, item) in list.iter().enumerate() {
        let text = text_of(&item)?;
        meter.bytes(text.len() + glue.len())?;
        meter.step()?;
        if index > 0 {
            joined.push_str(glue);
        }
        joined.push_str(text);
    }
    Ok(Value::made(joined))
}

fn position<'a>(at: Option<usize>) -> Value<'a> {
    Value::Int(at.and_then(|at| i64::try_from(at).ok()).unwrap_or(-1))
}

pub(super) fn index_of<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (text, part) = (text_of(&args[0])?, text_of(&args[1])?);
    meter.read(text.len())?;
    Ok(position(memmem::find(text.as_bytes(), part.as_bytes())))
}

pub(super) fn last_index_of<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let (text, part) = (text_of(&args[0])?, text_of(&args[1])?);
    meter.read(text.len())?;
    Ok(position(memmem::rfind(text.as_bytes(), part.as_bytes())))
}

pub(super) fn has_prefix<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    Ok(Value::Bool(text_of(&args[0])?.starts_with(text_of(&args[1])?)))
}

pub(super) fn has_suffix<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    Ok(Value::Bool(text_of(&args[0])?.ends_with(text_of(&args[1])?)))
}
