//! Editors that replace text.

use std::{borrow::Cow, cell::Cell};

use regex::Regex;
use slimcol_pdata::{
    edit::OwnValue,
    view::{Attributes, ValueRef},
};

use crate::{
    context::Context,
    fault::Fault,
    function::{Argument, Call, Function, Parameter, Ready, Takes, editor, map_of, may_take, takes},
    pattern::{self, pattern_of, regex, replace_all},
    program::Expression,
    unique::Unique,
    value::{Look, Value, fits},
};

/// What replaces text.
pub const FUNCTIONS: &[Function] = &[
    editor!(
        "replace_pattern",
        [
            takes("target", Takes::Place),
            takes("regex_pattern", Takes::Text),
            takes("replacement", Takes::Text),
            may_take("function", Takes::Function),
            may_take("replacement_format", Takes::Text)
        ],
        replacing::<1, 3>,
        replace_pattern
    ),
    editor!(
        "replace_all_patterns",
        [
            takes("target", Takes::MapPlace),
            takes("mode", Takes::LiteralText),
            takes("regex_pattern", Takes::Text),
            takes("replacement", Takes::Text),
            may_take("function", Takes::Function),
            may_take("replacement_format", Takes::Text)
        ],
        all_patterns,
        replace_all_patterns
    ),
    editor!("replace_match", globbed(Takes::Place), globbing, replace_match),
    editor!("replace_all_matches", globbed(Takes::MapPlace), globbing, replace_all_matches),
];

/// The parameters of what replaces where a glob fits.
const fn globbed(target: Takes) -> [Parameter; 5] {
    [
        takes("target", target),
        takes("pattern", Takes::Text),
        takes("replacement", Takes::Text),
        may_take("function", Takes::Function),
        may_take("replacement_format", Takes::Text),
    ]
}

fn replacing<const PATTERN: usize, const FUNCTION: usize>(call: &Call) -> Result<Ready, String> {
    function_fits(call, FUNCTION)?;
    pattern_of::<PATTERN>(call)
}

fn all_patterns(call: &Call) -> Result<Ready, String> {
    let ready = replacing::<2, 4>(call)?;
    match call.literal_text(1).unwrap_or_default() {
        "key" | "value" => Ok(ready),
        mode => Err(format!("invalid mode {mode}, must be either 'key' or 'value'")),
    }
}

fn globbing(call: &Call) -> Result<Ready, String> {
    function_fits(call, 3)?;
    let Some(text) = call.literal_text(1) else { return Ok(Ready::Nothing) };
    pattern::glob(text)
        .map(|regex| Ready::Pattern(regex.into()))
        .map_err(|why| pattern::invalid(call.name(), text, &why))
}

/// Functions that are named get the replacement and nothing else.
fn function_fits(call: &Call, at: usize) -> Result<(), String> {
    match call.function(at).map(|function| function.parameters.len()) {
        None | Some(1) => Ok(()),
        Some(count) => Err(format!("incorrect number of arguments. Expected: {count} Received: 1")),
    }
}

/// The glob that argument 1 is.
fn glob<'c>(call: &'c Call, of: &dyn Context) -> Result<Cow<'c, Regex>, Fault> {
    if let Ready::Pattern(pattern) = &call.ready {
        return Ok(Cow::Borrowed(pattern.regex()));
    }
    let text = call.on(of).text(1)?;
    let glob = pattern::glob(&text);
    glob.map(Cow::Owned).map_err(|why| Fault::new(pattern::invalid(call.name(), &text, &why)))
}

/// What becomes of a replacement: what the function that argument `at` names makes of it, in the format behind that.
struct Finish {
    function: Option<&'static Function>,
    format: Option<(String, String)>,
}

impl Finish {
    fn of(call: &Call, at: usize, of: &dyn Context) -> Result<Self, Fault> {
        let function = call.function(at);
        let mut format = None;
        if call.has(at + 1) && function.is_some() {
            let text = call.on(of).text(at + 1)?;
            let halves = text.split_once("%s").filter(|(before, behind)| {
                // A percent sign that is written twice is one and no place for a value.
                [before, behind].iter().all(|half| !half.replace("%%", "").contains('%'))
            });
            let (before, behind) = halves.ok_or_else(|| {
                Fault::new(
                    "replacementFormat must be format string containing a single %s and no other format specifiers",
                )
            })?;
            format = Some((before.replace("%%", "%"), behind.replace("%%", "%")));
        }
        Ok(Self { function, format })
    }

    /// The replacement as it is put in.
    fn apply(&self, text: String, of: &dyn Context) -> Result<String, Fault> {
        let Some(function) = self.function else { return Ok(text) };
        let argument = Expression::Literal(Value::Text(text));
        let call = Call {
            function,
            arguments: Box::new([Some(Argument::Expression(argument))]),
            ready: Ready::Nothing,
        };
        let text = match call.value(of)?.into_text() {
            Ok(text) => text.into_owned(),
            Err(_) => return Err(Fault::new("the replacement value must be a string")),
        };
        Ok(match &self.format {
            Some((before, behind)) => format!("{before}{text}{behind}"),
            None => text,
        })
    }

    /// `text` with all that `regex` matches replaced; `None` if it matches nothing.
    fn replaced(
        &self,
        text: &str,
        regex: &Regex,
        replacement: &str,
        of: &dyn Context,
    ) -> Result<Option<String>, Fault> {
        if self.function.is_none() {
            return replace_all(regex, text, replacement);
        }
        let (mut out, mut end) = (String::new(), None);
        for captures in regex.captures_iter(text) {
            let Some(whole) = captures.get(0) else { continue };
            let mut expanded = String::new();
            captures.expand(replacement, &mut expanded);
            out.push_str(&text[end.unwrap_or(0)..whole.start()]);
            out.push_str(&self.apply(expanded, of)?);
            fits(out.len())?;
            end = Some(whole.end());
        }
        Ok(end.map(|end| out + &text[end..]))
    }
}

fn replace_pattern(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    let old = place.get(on)?;
    if old.is_nil() {
        return Ok(());
    }
    let replacement = call.on(on).text(2)?;
    let Look::Data(ValueRef::Str(text)) = old.look() else { return Ok(()) };
    if let (Ready::Pattern(pattern), None) = (&call.ready, call.function(3))
        && let Some(replaced) = pattern.replaced(text, &replacement, on)?
    {
        let Cow::Owned(new) = replaced else { return Ok(()) };
        let done = place.put(on, ValueRef::Str(&new));
        on.keep(new);
        return done;
    }
    let regex = regex(call, 1, on)?;
    // Without a function the search for what is replaced is enough.
    if call.function(3).is_some() && !regex.is_match(text) {
        return Ok(());
    }
    let finish = Finish::of(call, 3, on)?;
    match finish.replaced(text, &regex, &replacement, on)? {
        Some(new) => place.put(on, ValueRef::Str(&new)),
        None => Ok(()),
    }
}

/// Where the function fails on a value that value stays; where it fails on a key the entry goes, as in Go.
fn replace_all_patterns(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    let old = place.get(on)?;
    let map = map_of(&old)?;
    let replacement = call.on(on).text(3)?;
    let regex = regex(call, 2, on)?;
    let keys = call.literal_text(1) == Some("key");
    let hit = |(key, value): (&str, ValueRef<'_>)| {
        if keys { regex.is_match(key) } else { value.as_str().is_some_and(|text| regex.is_match(text)) }
    };
    if !map.iter().any(hit) {
        return Ok(());
    }
    let finish = Finish::of(call, 4, on);
    let made = Cell::new(0_usize);
    let replaced = |text: &str| {
        // What is too much fails below, and nothing more is made of it.
        fits(made.get()).ok()?;
        let new = finish.as_ref().ok()?.replaced(text, &regex, &replacement, on).ok()?;
        made.set(made.get() + new.as_ref().map_or(0, String::len));
        Some(new)
    };
    let new = if keys { with_keys(map, replaced) } else { with_values(map, |text| replaced(text).flatten()) };
    fits(made.get())?;
    let new = Value::Made(new);
    place.set(on, &new)
}

/// The map with keys that `replaced` gives: `None` is for what goes, nothing in it for what stays.
fn with_keys(map: Attributes<'_>, replaced: impl Fn(&str) -> Option<Option<String>>) -> OwnValue {
    let mut pairs: Unique<Cow<'_, str>, ValueRef<'_>> = Unique::default();
    for (key, value) in map {
        match replaced(key) {
            Some(Some(new)) => pairs.put(Cow::Owned(new), value),
            Some(None) => pairs.put(Cow::Borrowed(key), value),
            None => {}
        }
    }
    OwnValue::map(pairs.iter().map(|(key, value)| (&**key, *value)))
}

/// The map with the texts that `replaced` gives.
fn with_values(map: Attributes<'_>, replaced: impl Fn(&str) -> Option<String>) -> OwnValue {
    let new: Vec<_> = map.iter().map(|(_, value)| value.as_str().and_then(&replaced)).collect();
    OwnValue::map(
        map.iter().zip(&new).map(|((key, value), new)| (key, new.as_deref().map_or(value, ValueRef::Str))),
    )
}

/// The text that is put in where a glob fits.
fn whole(call: &Call, of: &dyn Context) -> Result<String, Fault> {
    let text = call.on(of).text(2)?.into_owned();
    Finish::of(call, 3, of)?.apply(text, of)
}

fn replace_match(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    let glob = glob(call, on)?;
    let old = place.get(on)?;
    let new = whole(call, on)?;
    match old.look() {
        Look::Data(ValueRef::Str(text)) if glob.is_match(text) => {
            let new = Value::Text(new);
            place.set(on, &new)
        }
        _ => Ok(()),
    }
}

fn replace_all_matches(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let glob = glob(call, on)?;
    let place = call.place(0)?;
    let old = place.get(on)?;
    let new = whole(call, on)?;
    let map = map_of(&old)?;
    let matches = |value: ValueRef<'_>| value.as_str().is_some_and(|text| glob.is_match(text));
    let count = map.iter().filter(|(_, value)| matches(*value)).count();
    if count == 0 {
        return Ok(());
    }
    fits(new.len().saturating_mul(count))?;
    let made = Value::Made(with_values(map, |text| glob.is_match(text).then(|| new.clone())));
    place.set(on, &made)
}
