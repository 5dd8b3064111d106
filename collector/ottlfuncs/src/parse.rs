//! Converters that read structure out of text.

mod json;

use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, takes},
    pattern::{pattern_of, regex},
    value::Value,
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("ParseJSON", [takes("target", Takes::Text)], |args| json::parse(&args.text(0)?)
        .map(Into::into)),
    converter!(
        "ExtractPatterns",
        [takes("target", Takes::Text), takes("pattern", Takes::Text)],
        pattern_of::<1>,
        extract_patterns
    ),
];

/// What the groups with names matched; nothing if the whole did not.
fn extract_patterns(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let regex = regex(args.call, 1, args.of)?;
    let names: Vec<_> =
        regex.capture_names().enumerate().filter_map(|(at, name)| name.map(|name| (at, name))).collect();
    if names.is_empty() {
        return Err(Fault::new("at least 1 named capture group must be supplied in the given regex"));
    }
    let text = args.text(0)?;
    let Some(found) = regex.captures(&text) else { return Ok(OwnValue::empty_map().into()) };
    let group = |at| ValueRef::Str(found.get(at).map_or("", |group| group.as_str()));
    Ok(OwnValue::map(names.into_iter().map(|(at, name)| (name, group(at)))).into())
}
