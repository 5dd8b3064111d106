//! Converters of lists and maps.

use slimcol_ottleval::{
    Fault,
    function::{Args, Call, Function, Ready, Takes, converter, list_of, map_of, takes},
    value::{Look, Value},
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("Len", [takes("target", Takes::Any)], len),
    converter!("Keys", [takes("target", Takes::Map)], keys),
    converter!("Values", [takes("target", Takes::Map)], values),
    converter!("Index", [takes("target", Takes::Any), takes("value", Takes::Any)], index),
    converter!("ContainsValue", [takes("target", Takes::List), takes("item", Takes::Any)], contains_value),
    converter!("Coalesce", [takes("values", Takes::Values)], one, coalesce),
];

fn count(len: usize) -> Value<'static> {
    i64::try_from(len).unwrap_or(i64::MAX).into()
}

fn len(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let value = args.value(0)?;
    Ok(count(match value.look() {
        Look::Data(ValueRef::Str(text)) => text.len(),
        Look::Data(ValueRef::Bytes(bytes)) => bytes.len(),
        Look::Data(ValueRef::Array(values)) => values.len(),
        Look::Data(ValueRef::Map(map)) => map.len(),
        Look::Items(_, count) => count,
        other => {
            let name = if value.is_nil() { "<nil>" } else { other.type_name() };
            return Err(Fault::new(format!(
                "Len: unsupported target type {name}. target arg must be of type string, []any, pcommon.Map, \
                 pcommon.Slice or a list of telemetry"
            )));
        }
    }))
}

fn keys(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let value = args.value(0)?;
    Ok(OwnValue::list(map_of(&value)?.iter().map(|(key, _)| ValueRef::Str(key))).into())
}

fn values(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let value = args.value(0)?;
    Ok(OwnValue::list(map_of(&value)?.iter().map(|(_, value)| value)).into())
}

/// Where text or a value is first; -1 if nowhere.
fn index(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (target, value) = (args.value(0)?, args.value(1)?);
    let found = match (target.look(), value.look()) {
        (Look::Data(ValueRef::Str(text)), Look::Data(ValueRef::Str(part))) => text.find(part),
        (Look::Data(ValueRef::Str(_)), _) => {
            return Err(Fault::new("invalid value type for Index function, value must be a string"));
        }
        (_, wanted) => list_of(&target)?.iter().position(|item| Look::Data(item).equals(wanted)),
    };
    Ok(found.map_or_else(|| (-1_i64).into(), count))
}

fn contains_value(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let (list, value) = (args.value(0)?, args.value(1)?);
    let wanted = value.look();
    Ok(list_of(&list)?.iter().any(|item| Look::Data(item).equals(wanted)).into())
}

fn one(call: &Call) -> Result<Ready, String> {
    match call.items(0) {
        [] => Err("Coalesce requires at least one argument".to_owned()),
        _ => Ok(Ready::Nothing),
    }
}

/// The first value that is one.
fn coalesce(args: Args<'_>) -> Result<Value<'_>, Fault> {
    for item in args.call.items(0) {
        let value = item.value(args.of)?;
        if !value.is_nil() {
            return Ok(value);
        }
    }
    Ok(Value::NIL)
}
