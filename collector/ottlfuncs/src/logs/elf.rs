//! W3C's Extended Log Format: directives, and lines whose fields these name.

use std::borrow::Cow;

use slimcol_ottleval::{Fault, Unique};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

/// What directives are called in the result.
const NAMES: [(&str, &str); 6] = [
    ("version", "elf.version"),
    ("software", "elf.software"),
    ("date", "elf.date"),
    ("start-date", "elf.start_date"),
    ("end-date", "elf.end_date"),
    ("remark", "elf.remark"),
];

/// So many values may all lines have together: with many fields short lines have many that are missing.
const MOST: usize = 1_000_000;

pub(super) fn parse(text: &str) -> Result<OwnValue, Fault> {
    let mut fields: Vec<&str> = Vec::new();
    let mut found: Unique<&str, ValueRef<'_>> = Unique::default();
    let (mut entries, mut values) = (Vec::new(), 0);
    for line in text.split(['\n', '\r']).map(str::trim).filter(|line| !line.is_empty()) {
        let Some(directive) = line.strip_prefix('#') else {
            values += fields.len();
            if values > MOST {
                return Err(Fault::new(format!("invalid ELF: more than {MOST} values")));
            }
            entries.push(entry(line, &fields)?);
            continue;
        };
        let Some((key, value)) = directive.split_once(':') else {
            let fields = directive.trim().get(..6).is_some_and(|start| start.eq_ignore_ascii_case("fields"));
            if fields {
                return Err(Fault::new(format!(
                    "invalid ELF: malformed #Fields directive {line:?}: directive {line:?} has no colon separator"
                )));
            }
            continue;
        };
        let (key, value) = (key.trim(), value.trim());
        if key.eq_ignore_ascii_case("fields") {
            fields = value.split_whitespace().collect();
        } else if let Some((_, name)) = NAMES.iter().find(|(own, _)| key.eq_ignore_ascii_case(own)) {
            found.put(name, ValueRef::Str(value));
        }
    }
    if !found.contains(&"elf.version") {
        return Err(Fault::new("invalid ELF: missing #Version directive"));
    }
    let entries = OwnValue::list(entries.iter().map(OwnValue::view));
    let fields = OwnValue::list(fields.into_iter().map(ValueRef::Str));
    let pairs = [("elf.entries", entries.view()), ("elf.fields", fields.view())];
    Ok(OwnValue::map(pairs.into_iter().chain(found.into_pairs())))
}

/// A line by the names of its fields. What is missing is `-`, and what is too much is dropped.
fn entry(line: &str, fields: &[&str]) -> Result<OwnValue, Fault> {
    if fields.is_empty() {
        return Err(Fault::new("invalid ELF: data entry found before #Fields directive"));
    }
    let values = values(line)?;
    let mut pairs: Unique<&str, ValueRef<'_>> = Unique::default();
    for (at, field) in fields.iter().enumerate() {
        pairs.put(field, ValueRef::Str(values.get(at).map_or("-", |value| value)));
    }
    Ok(OwnValue::map(pairs.into_pairs()))
}

/// The values of a line, of which some may be in quotes, where a quote is written twice.
fn values(line: &str) -> Result<Vec<Cow<'_, str>>, Fault> {
    let mut values = Vec::new();
    let mut rest = line.trim_start_matches([' ', '\t']);
    while !rest.is_empty() {
        if let Some(inner) = rest.strip_prefix('"') {
            let mut bytes = inner.bytes().enumerate();
            let end = loop {
                match bytes.next() {
                    None => {
                        return Err(Fault::new(format!(
                            "invalid ELF: unterminated quoted value in data line: {line:?}"
                        )));
                    }
                    Some((at, b'"')) if inner[at + 1..].starts_with('"') => _ = bytes.next(),
                    Some((at, b'"')) => break at,
                    Some(_) => {}
                }
            };
            let value = &inner[..end];
            values.push(if value.contains('"') {
                Cow::Owned(value.replace("\"\"", "\""))
            } else {
                Cow::Borrowed(value)
            });
            rest = &inner[end + 1..];
        } else {
            let end = rest.find([' ', '\t']).unwrap_or(rest.len());
            values.push(Cow::Borrowed(&rest[..end]));
            rest = &rest[end..];
        }
        rest = rest.trim_start_matches([' ', '\t']);
    }
    Ok(values)
}
