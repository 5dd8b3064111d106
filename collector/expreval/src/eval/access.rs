//! What is in values: members, slices, ranges, methods.

use slimcol_config::Duration;

use crate::{
    meter::Meter,
    time::Time,
    value::{Held, List, Value, equal, float_of, int_of, position, text_of},
};

type Outcome<'a> = Result<Value<'a>, String>;

/// What Go's reflection says of a key that is no text.
pub(super) fn no_key(key: &Value<'_>) -> String {
    format!("reflect.Value.MapIndex: value of type {} is not assignable to type string", key.type_name())
}

/// `object.name`
pub(super) fn field<'a>(object: &Value<'a>, name: &str) -> Outcome<'a> {
    match object {
        Value::Map(map) => Ok(map.get(name).unwrap_or(Value::Nil)),
        Value::Text(_) | Value::Bytes(_) | Value::List(_) => Err("invalid operation: int(string)".into()),
        other => Err(format!("cannot fetch {name} from {}", other.type_name())),
    }
}

/// `object[key]`
pub(super) fn member<'a>(object: &Value<'a>, key: &Value<'a>) -> Outcome<'a> {
    let out_of_range = |length: usize| {
        let index = int_of(key).unwrap_or_default();
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let index = if index < 0 { index + length } else { index };
        format!("index out of range: {index} (array length is {length})")
    };
    let byte = |bytes: &[u8]| {
        let at = position(key, bytes.len())?.ok_or_else(|| out_of_range(bytes.len()))?;
        Ok(Value::Int(bytes[at].into()))
    };
    match object {
        Value::Map(map) => match key {
            Value::Text(key) => Ok(map.get(key).unwrap_or(Value::Nil)),
            Value::Nil => Ok(map.get("").unwrap_or(Value::Nil)),
            other => Err(no_key(other)),
        },
        Value::List(list) => {
            let at = position(key, list.len())?.ok_or_else(|| out_of_range(list.len()))?;
            Ok(list.get(at))
        }
        Value::Text(text) => byte(text.as_bytes()),
        Value::Bytes(bytes) => byte(bytes),
        other => Err(format!("cannot fetch {} from {}", key.to_text(), other.type_name())),
    }
}

/// `needle in hay`
pub(super) fn contains(needle: &Value<'_>, hay: &Value<'_>, meter: &mut Meter) -> Result<bool, String> {
    match hay {
        Value::Nil => Ok(false),
        Value::List(List::Range { first, count }) => {
            meter.step()?;
            let last = first.saturating_add(i64::try_from(*count).unwrap_or(i64::MAX) - 1);
            Ok(match needle {
                Value::Int(value) => *count > 0 && (*first..=last).contains(value),
                Value::Float(value) if value.fract() == 0.0 => {
                    let whole = int_of(needle)?;
                    *count > 0 && (*first..=last).contains(&whole)
                }
                _ => false,
            })
        }
        Value::List(list) => {
            for item in list.iter() {
                meter.step()?;
                if equal(&item, needle, meter)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Bytes(bytes) => {
            meter.read(bytes.len())?;
            let Value::Int(byte) = needle else { return Ok(false) };
            Ok(u8::try_from(*byte).is_ok_and(|byte| bytes.contains(&byte)))
        }
        Value::Map(map) => match needle {
            Value::Text(key) => Ok(map.get(key).is_some()),
            Value::Nil => Ok(map.get("").is_some()),
            other => Err(no_key(other)),
        },
        other => Err(format!("operator \"in\" not defined on {}", other.type_name())),
    }
}

/// `first..last`
pub(super) fn range<'a>(first: &Value<'_>, last: &Value<'_>, meter: &mut Meter) -> Result<List<'a>, String> {
    let (first, last) = (int_of(first)?, int_of(last)?);
    let count = i128::from(last) - i128::from(first) + 1;
    let count = usize::try_from(count.max(0)).unwrap_or(usize::MAX);
    meter.items(count)?;
    Ok(List::Range { first, count })
}

/// `of[from:to]`
pub(super) fn slice<'a>(
    of: &Value<'a>,
    from: Option<&Value<'a>>,
    to: Option<&Value<'a>>,
    meter: &mut Meter,
) -> Outcome<'a> {
    let length = match of {
        Value::Text(text) => text.len(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(list) => list.len(),
        other if to.is_none() => {
            return Err(format!("invalid argument for len (type {})", other.type_name()));
        }
        _ => return Err(format!("cannot slice {}", from.map_or_else(|| "0".into(), Value::to_text))),
    };
    let bound = |bound: Option<&Value<'a>>, otherwise: usize| {
        let Some(bound) = bound else { return Ok::<_, String>(otherwise) };
        let bound = int_of(bound)?;
        let length = i64::try_from(length).unwrap_or(i64::MAX);
        let bound = if bound < 0 { bound.saturating_add(length) } else { bound };
        Ok(usize::try_from(bound.clamp(0, length)).unwrap_or_default())
    };
    let (from, to) = (bound(from, 0)?, bound(to, length)?);
    let from = from.min(to);
    match of {
        Value::Text(text) => text_part(text, from, to, meter),
        Value::Bytes(Held::Borrowed(bytes)) => Ok(Value::Bytes(Held::Borrowed(&bytes[from..to]))),
        Value::Bytes(bytes) => {
            meter.bytes(to - from)?;
            Ok(Value::Bytes(Held::Shared(bytes[from..to].into())))
        }
        Value::List(List::Range { first, .. }) => {
            let first = first.wrapping_add(i64::try_from(from).unwrap_or_default());
            Ok(Value::List(List::Range { first, count: to - from }))
        }
        Value::List(list) => {
            meter.items(to - from)?;
            Ok(Value::List(List::new((from..to).map(|index| list.get(index)).collect())?))
        }
        _ => Ok(Value::Nil),
    }
}

/// Bounds count bytes, as in Go; what is left of a character that they cut is the replacement character.
fn text_part<'a>(text: &Held<'a, str>, from: usize, to: usize, meter: &mut Meter) -> Outcome<'a> {
    if let Held::Borrowed(text) = text
        && let Some(part) = text.get(from..to)
    {
        return Ok(Value::from(part));
    }
    meter.bytes(to - from)?;
    Ok(Value::made(String::from_utf8_lossy(&text.as_bytes()[from..to]).into_owned()))
}

/// `object.name(args)`, which times and durations know some of.
pub(super) fn method<'a>(object: &Value<'a>, name: &str, args: &[Value<'a>]) -> Outcome<'a> {
    let wrong = |count: usize| format!("invalid number of arguments: expected {count}, got {}", args.len());
    match object {
        Value::Time(time) => match name {
            "Before" | "After" | "Equal" | "Sub" | "Add" => {
                let [arg] = args else { return Err(wrong(1)) };
                with_argument(*time, name, arg)
            }
            _ if !args.is_empty() => Err(wrong(0)),
            "IsZero" => Ok(Value::Bool(*time == Time::ZERO)),
            "UTC" => Ok(Value::Time(*time)),
            "String" => Ok(Value::made(time.to_string())),
            _ => match time.method(name) {
                Some(value) => Ok(Value::Int(value)),
                None => Err(format!("cannot fetch {name} from time.Time")),
            },
        },
        Value::Duration(_) if !args.is_empty() => Err(wrong(0)),
        Value::Duration(nanos) => {
            let parts = |unit: i64| {
                let whole = float_of(&Value::Int(nanos / unit))?;
                let rest = float_of(&Value::Int(nanos % unit))?;
                Ok(Value::Float(whole + rest / float_of(&Value::Int(unit))?))
            };
            match name {
                "Nanoseconds" => Ok(Value::Int(*nanos)),
                "Microseconds" => Ok(Value::Int(nanos / 1000)),
                "Milliseconds" => Ok(Value::Int(nanos / 1_000_000)),
                "Seconds" => parts(1_000_000_000),
                "Minutes" => parts(60_000_000_000),
                "Hours" => parts(3_600_000_000_000),
                "String" => Ok(Value::made(Duration(*nanos).to_string())),
                _ => Err(format!("cannot fetch {name} from time.Duration")),
            }
        }
        // A member that is there is no function.
        Value::Map(map) => Err(match map.get(name) {
            None | Some(Value::Nil) => "invalid operation: cannot call nil".into(),
            Some(value) => {
                format!("invalid operation: cannot call non-function of type {}", value.type_name())
            }
        }),
        other => field(other, name).and(Err("invalid operation: cannot call nil".into())),
    }
}

fn with_argument<'a>(time: Time, name: &str, arg: &Value<'a>) -> Outcome<'a> {
    match (name, arg) {
        ("Before", Value::Time(other)) => Ok(Value::Bool(time < *other)),
        ("After", Value::Time(other)) => Ok(Value::Bool(time > *other)),
        ("Equal", Value::Time(other)) => Ok(Value::Bool(time == *other)),
        ("Sub", Value::Time(other)) => Ok(Value::Duration(time.since(*other))),
        ("Add", Value::Duration(nanos)) => Ok(Value::Time(time.plus(*nanos))),
        ("Add", other) => Err(format!("reflect: Call using {} as type time.Duration", other.type_name())),
        (_, other) => Err(format!("reflect: Call using {} as type time.Time", other.type_name())),
    }
}

/// The process environment's variable of that name, as Go's `os.Getenv` gives it.
pub(crate) fn variable<'a>(args: &[Value<'a>]) -> Outcome<'a> {
    let [name] = args else {
        return Err(format!("invalid number of arguments: expected 1, got {}", args.len()));
    };
    let name = match name {
        Value::Nil => "",
        name => {
            text_of(name).map_err(|_| format!("reflect: Call using {} as type string", name.type_name()))?
        }
    };
    // The standard library panics for names that cannot be.
    if name.is_empty() || name.contains(['=', '\0']) {
        return Ok(Value::from(""));
    }
    let value = std::env::var_os(name).unwrap_or_default();
    Ok(Value::made(value.to_string_lossy().into_owned()))
}

/// The items of what a predicate is asked about.
pub(super) fn items(value: Value<'_>) -> Result<List<'_>, String> {
    match value {
        Value::List(list) => Ok(list),
        Value::Bytes(bytes) => List::new(bytes.iter().map(|byte| Value::Int((*byte).into())).collect()),
        Value::Text(text) => {
            List::new(text.as_bytes().iter().map(|byte| Value::Int((*byte).into())).collect())
        }
        Value::Map(_) => Err("reflect: call of reflect.Value.Index on map Value".into()),
        Value::Nil => Err("reflect: call of reflect.Value.Len on zero Value".into()),
        other => Err(format!("reflect: call of reflect.Value.Len on {} Value", other.kind_name())),
    }
}
