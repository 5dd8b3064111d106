//! Patterns with names in them, of which there is a library: `ExtractGrokPatterns`.

mod expand;

use std::collections::HashMap;

use regex::Regex;
use slimcol_ottleval::{
    Fault, Unique,
    function::{Args, Call, Function, Ready, Takes, converter, may_take, takes},
    pattern,
    value::{self, Look, Value},
};
use slimcol_pattern::{Size, compile_text};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

use self::expand::{Expanded, expand};

pub(super) const FUNCTIONS: &[Function] = &[converter!(
    "ExtractGrokPatterns",
    [
        takes("target", Takes::Text),
        takes("pattern", Takes::Text),
        may_take("named_captures_only", Takes::LiteralBool),
        may_take("pattern_definitions", Takes::LiteralTexts)
    ],
    prepare,
    extract
)];

/// A pattern, expanded and compiled.
#[derive(Debug)]
struct Grok {
    regex: Regex,
    groups: Vec<Group>,
}

/// A group with a name.
#[derive(Debug)]
struct Group {
    at: usize,
    name: String,
    /// What the text is read as.
    kind: Option<String>,
}

impl Grok {
    fn new(call: &Call, text: &str, size: Size) -> Result<Self, String> {
        let named = call.literal_bool(2) == Some(true);
        let invalid = |why: String| pattern::invalid(call.name(), text, &why);
        let Expanded { pattern, targets } = expand(text, named, &definitions(call)?).map_err(invalid)?;
        let regex = compile_text(&pattern, size).map_err(invalid)?;
        let kinds: HashMap<_, _> =
            targets.iter().filter_map(|(name, kind)| Some((name.clone(), kind.clone()?))).collect();
        let group = |(at, name): (usize, Option<&str>)| {
            let name = name?;
            let own = expand::number(name).and_then(|own| targets.get(own));
            let name = own.map_or_else(|| name.replace("___", "."), |(name, _)| name.clone());
            let kind = kinds.get(&name).cloned();
            Some(Group { at, name, kind })
        };
        let groups: Vec<_> = regex.capture_names().enumerate().filter_map(group).collect();
        if named && groups.is_empty() {
            return Err("at least 1 named capture group must be supplied in the given regex".to_owned());
        }
        Ok(Self { regex, groups })
    }

    /// What the groups hold that are not empty; of those with the same name the last counts.
    fn read(&self, text: &str) -> Result<OwnValue, Fault> {
        let Some(found) = self.regex.captures(text) else { return Ok(OwnValue::empty_map()) };
        let mut pairs: Unique<&str, Value<'_>> = Unique::default();
        for Group { at, name, kind } in &self.groups {
            let text = found.get(*at).map_or("", |group| group.as_str());
            if !text.is_empty() {
                pairs.put(name, typed(text, name, kind.as_deref())?);
            }
        }
        let view = |value| match value {
            Look::Data(value) => value,
            _ => ValueRef::Empty,
        };
        Ok(OwnValue::map(pairs.iter().map(|(name, value)| (*name, view(value.look())))))
    }
}

fn typed<'t>(text: &'t str, name: &str, kind: Option<&str>) -> Result<Value<'t>, Fault> {
    let own = Value::from(text);
    match kind {
        None | Some("string") => Ok(own),
        Some("double" | "float") => Ok(value::float_like(&own)?.map_or(Value::NIL, Into::into)),
        Some("bool" | "boolean") => Ok(value::bool_like(&own)?.map_or(Value::NIL, Into::into)),
        Some("int" | "long") => text.parse::<i64>().map(Into::into).map_err(|error| {
            let large = text.trim_start_matches(['-', '+']).bytes().all(|byte| byte.is_ascii_digit());
            let why = if large && error.to_string().contains("number") {
                "value out of range"
            } else {
                "invalid syntax"
            };
            Fault::new(format!("strconv.Atoi: parsing {text:?}: {why}"))
        }),
        Some(_) => {
            Err(Fault::new(format!("invalid type for {}: type not specified", name.replace('.', "___"))))
        }
    }
}

/// The patterns that the call brings along: `NAME=pattern`.
fn definitions(call: &Call) -> Result<HashMap<String, String>, String> {
    let mut definitions = HashMap::new();
    for (at, item) in call.items(3).iter().enumerate() {
        let Some(Look::Data(ValueRef::Str(text))) = item.literal().map(Value::look) else { continue };
        let Some((name, pattern)) = text.split_once('=') else {
            let shown = if text.len() > 20 {
                format!("{}...", &text[..text.floor_char_boundary(17)])
            } else {
                text.to_owned()
            };
            return Err(format!(
                "pattern {shown:?} supplied to ExtractGrokPatterns at index {at} has incorrect format, \
                 expecting PATTERNNAME=pattern definition"
            ));
        };
        if name.contains(':') {
            return Err(format!("pattern ID {name:?} should not contain ':'"));
        }
        definitions.insert(name.to_owned(), pattern.to_owned());
    }
    Ok(definitions)
}

fn prepare(call: &Call) -> Result<Ready, String> {
    match call.literal_text(1) {
        Some(text) => Grok::new(call, text, Size::Config).map(Ready::own),
        None => definitions(call).map(|_| Ready::Nothing),
    }
}

fn extract(args: Args<'_>) -> Result<Value<'_>, Fault> {
    if let Some(grok) = args.call.ready::<Grok>() {
        return grok.read(&args.text(0)?).map(Into::into);
    }
    let grok = Grok::new(args.call, &args.text(1)?, Size::Data).map_err(Fault::new)?;
    grok.read(&args.text(0)?).map(Into::into)
}

#[cfg(test)]
mod tests;
