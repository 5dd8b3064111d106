//! Severities as systems name and number them: `ParseSeverity`.

use slimcol_ottleval::{
    Fault,
    function::{Args, Function, Takes, converter, map_of, takes},
    value::{Look, Value},
};
use slimcol_pdata::view::{Attributes, ValueRef};

pub(super) const FUNCTIONS: &[Function] = &[converter!(
    "ParseSeverity",
    [takes("target", Takes::Any), takes("mapping", Takes::Map)],
    parse_severity
)];

fn invalid(why: &str) -> Fault {
    Fault::new(format!("invalid severity mapping criteria: {why}"))
}

/// The first level of the mapping one of whose criteria the value fulfils.
fn parse_severity(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let Some(mapping) = args.call.literal(1) else {
        return Err(Fault::new("severity mapping must be a literal PMap"));
    };
    let value = args.value(0)?;
    let mut found = None;
    // All is looked at, so that what is wrong is told whatever the value is.
    for (level, criteria) in map_of(mapping)? {
        let ValueRef::Array(criteria) = criteria else {
            return Err(Fault::new("severity mapping criteria must be []any"));
        };
        for criterion in criteria.iter() {
            let ValueRef::Map(criterion) = criterion else {
                return Err(Fault::new("severity mapping criteria items must be map[string]any"));
            };
            if fulfils(value.look(), criterion)? && found.is_none() {
                found = Some(level);
            }
        }
    }
    let shown = || match value.look() {
        Look::Data(data) => data.to_text().into_owned(),
        other => other.type_name().to_owned(),
    };
    if !matches!(value.look(), Look::Data(ValueRef::Str(_) | ValueRef::Int(_))) {
        let name = if value.is_nil() { "<nil>" } else { value.look().type_name() };
        return Err(Fault::new(format!(
            "could not map log level: could not evaluate log level of value '{}': unsupported value type: {name}",
            if value.is_nil() { "<nil>".to_owned() } else { shown() }
        )));
    }
    found.map(Into::into).ok_or_else(|| {
        Fault::new(format!("could not map log level: no matching log level found for value '{}'", shown()))
    })
}

fn fulfils(value: Look<'_>, criterion: Attributes<'_>) -> Result<bool, Fault> {
    let mut fulfilled = false;
    if let Some(equals) = criterion.get("equals") {
        let ValueRef::Array(texts) = equals else { return Err(invalid("equals must be a list")) };
        for text in texts.iter() {
            let text = text.as_str().ok_or_else(|| invalid("equals values must be strings"))?;
            fulfilled |= matches!(value, Look::Data(ValueRef::Str(own)) if own == text);
        }
    }
    if let Some(range) = criterion.get("range") {
        let (min, max) = bounds(range)?;
        fulfilled |= matches!(value, Look::Data(ValueRef::Int(own)) if (min..=max).contains(&own));
    }
    Ok(fulfilled)
}

fn bounds(range: ValueRef<'_>) -> Result<(i64, i64), Fault> {
    match range {
        ValueRef::Map(map) => {
            let bound = |name: &str| match map.get(name) {
                Some(ValueRef::Int(bound)) => Ok(bound),
                Some(_) => Err(invalid(&format!("{name} must be an int64"))),
                None => Err(invalid(&format!("range must have a {name} value"))),
            };
            Ok((bound("min")?, bound("max")?))
        }
        ValueRef::Str(name) => match name {
            "2xx" => Ok((200, 299)),
            "3xx" => Ok((300, 399)),
            "4xx" => Ok((400, 499)),
            "5xx" => Ok((500, 599)),
            name => Err(invalid(&format!("unknown range placeholder: {name}"))),
        },
        _ => Err(invalid("range must be a map or a known placeholder string")),
    }
}
