//! Lists put in order, and lists that become maps.

use std::cmp::Ordering;

use slimcol_ottleval::{
    Fault, Unique,
    function::{Args, Call, Function, Ready, Takes, converter, list_of, may_take, takes, text_of},
    value::{Look, Value, float},
};
use slimcol_pdata::{
    edit::OwnValue,
    view::{Attributes, ValueRef},
};

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("Sort", [takes("target", Takes::Any), may_take("order", Takes::LiteralText)], order, sort),
    converter!(
        "SliceToMap",
        [
            takes("target", Takes::List),
            may_take("key_path", Takes::LiteralTexts),
            may_take("value_path", Takes::LiteralTexts)
        ],
        slice_to_map
    ),
];

fn order(call: &Call) -> Result<Ready, String> {
    match call.literal_text(1).unwrap_or("asc") {
        "asc" | "desc" => Ok(Ready::Nothing),
        other => Err(format!("invalid arguments: {other}. Order should be either \"asc\" or \"desc\"")),
    }
}

/// Numbers are sorted as such; where there is text, a boolean or nothing, all are sorted as text; what holds lists or maps
/// stays as it is.
fn sort(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let value = args.value(0)?;
    let Look::Data(ValueRef::Array(values)) = value.look() else {
        let name = if value.is_nil() { "<nil>" } else { value.look().type_name() };
        return Err(Fault::new(format!("sort with unsupported type: '{name}'. Target is not a list")));
    };
    let mut items: Vec<ValueRef<'_>> = values.iter().collect();
    if items.iter().any(|item| matches!(item, ValueRef::Array(_) | ValueRef::Map(_) | ValueRef::Bytes(_))) {
        return Ok(value);
    }
    let ints = items.iter().all(|item| matches!(item, ValueRef::Int(_)));
    let numbers = items.iter().all(|item| matches!(item, ValueRef::Int(_) | ValueRef::Double(_)));
    let compare: fn(&ValueRef<'_>, &ValueRef<'_>) -> Ordering = match (ints, numbers) {
        (true, _) => |a, b| int(a).cmp(&int(b)),
        (_, true) => |a, b| by_size(number(a), number(b)),
        _ => |a, b| a.to_text().cmp(&b.to_text()),
    };
    if args.call.literal_text(1) == Some("desc") {
        slimcol_order::sort_by(&mut items, |a, b| compare(b, a));
    } else {
        slimcol_order::sort_by(&mut items, compare);
    }
    Ok(OwnValue::list(items).into())
}

fn int(value: &ValueRef<'_>) -> i64 {
    match value {
        ValueRef::Int(value) => *value,
        _ => 0,
    }
}

fn number(value: &ValueRef<'_>) -> f64 {
    match value {
        ValueRef::Double(value) => *value,
        other => float(int(other)),
    }
}

/// What is no number comes first, as Go's `cmp.Compare` has it.
fn by_size(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
}

fn slice_to_map(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let paths = |at: usize| {
        let items = args.call.items(at).iter().map(|item| text_of(item.value(args.of)?));
        args.call.has(at).then(|| items.collect::<Result<Vec<_>, _>>()).transpose()
    };
    let (key_path, value_path) = (paths(1)?, paths(2)?);
    let value = args.value(0)?;
    let mut pairs = Unique::default();
    for (at, item) in list_of(&value)?.iter().enumerate() {
        let part = |what: &str, path: &[_]| {
            let ValueRef::Map(map) = item else {
                return Err(Fault::new(format!(
                    "slice elements must be maps when using `key_path` or `value_path`, \
                     but could not cast element of type `{}` to a map",
                    item.kind()
                )));
            };
            extract(map, path)
                .map_err(|fault| Fault::new(format!("could not extract {what} from element {at}: {fault}")))
        };
        let key = match &key_path {
            None => at.to_string(),
            Some(path) => match part("key", path)? {
                ValueRef::Str(key) => key.to_owned(),
                other => {
                    return Err(Fault::new(format!(
                        "element {at}: extracted key attribute is not of type string, got {:?}",
                        other.kind()
                    )));
                }
            },
        };
        let value = match &value_path {
            None => item,
            Some(path) => part("value", path)?,
        };
        pairs.put(key, value);
    }
    Ok(OwnValue::map(pairs.iter().map(|(key, value)| (key.as_str(), *value))).into())
}

/// What lies at a path of keys.
fn extract<'v>(map: Attributes<'v>, path: &[std::borrow::Cow<'_, str>]) -> Result<ValueRef<'v>, Fault> {
    let missing = || Fault::new(format!("provided object does not contain the path [{}]", path.join(" ")));
    let Some((last, way)) = path.split_last() else {
        return Err(Fault::new("must provide at least one path item"));
    };
    let mut map = map;
    for key in way {
        match map.get(key) {
            Some(ValueRef::Map(inner)) => map = inner,
            _ => return Err(missing()),
        }
    }
    map.get(last).ok_or_else(missing)
}
