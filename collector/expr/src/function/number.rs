//! Functions of numbers.

use std::cmp::Ordering;

use slimcol_expreval::{Meter, Value, float_of, int_of, order};

type Outcome<'a> = Result<Value<'a>, String>;

pub(super) fn int<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    match &args[0] {
        Value::Text(text) => {
            text.parse().map(Value::Int).map_err(|_| format!("invalid operation: int({})", &**text))
        }
        Value::Duration(nanos) => Ok(Value::Int(*nanos)),
        other => int_of(other).map(Value::Int),
    }
}

pub(super) fn float<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    match &args[0] {
        Value::Text(text) => {
            text.parse().map(Value::Float).map_err(|_| format!("invalid operation: float({})", &**text))
        }
        other => float_of(other).map(Value::Float),
    }
}

pub(super) fn abs<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    match &args[0] {
        Value::Int(value) => Ok(Value::Int(value.wrapping_abs())),
        Value::Float(value) => Ok(Value::Float(value.abs())),
        other => Err(format!("invalid argument for abs (type {})", other.type_name())),
    }
}

fn rounded<'a>(name: &str, value: &Value<'a>, round: fn(f64) -> f64) -> Outcome<'a> {
    match value {
        Value::Int(_) | Value::Float(_) => float_of(value).map(|value| Value::Float(round(value))),
        other => Err(format!("invalid argument for {name} (type {})", other.type_name())),
    }
}

pub(super) fn ceil<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    rounded("ceil", &args[0], f64::ceil)
}

pub(super) fn floor<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    rounded("floor", &args[0], f64::floor)
}

pub(super) fn round<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    rounded("round", &args[0], f64::round)
}

/// Calls `take` with every number in the arguments and in lists among them.
fn numbers<'a>(
    name: &str,
    values: &mut dyn Iterator<Item = Value<'a>>,
    meter: &mut Meter,
    take: &mut dyn FnMut(Value<'a>),
) -> Result<(), String> {
    for value in values {
        meter.step()?;
        match value {
            Value::Int(_) | Value::Float(_) => take(value),
            Value::List(list) => numbers(name, &mut list.iter(), meter, take)?,
            other => return Err(format!("invalid argument for {name} (type {})", other.type_name())),
        }
    }
    Ok(())
}

fn extreme<'a>(name: &str, args: &[Value<'a>], meter: &mut Meter, wanted: Ordering) -> Outcome<'a> {
    // Go gives back a single argument of any type.
    if let [only] = args
        && !matches!(only, Value::List(_))
    {
        return Ok(only.clone());
    }
    let mut found: Option<Value<'a>> = None;
    numbers(name, &mut args.iter().cloned(), meter, &mut |value| {
        let better = found
            .as_ref()
            .is_none_or(|best| matches!(order(&value, best), Ok(Some(found)) if found == wanted));
        if better {
            found = Some(value);
        }
    })?;
    Ok(found.unwrap_or(Value::Nil))
}

pub(super) fn max<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    extreme("max", args, meter, Ordering::Greater)
}

pub(super) fn min<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    extreme("min", args, meter, Ordering::Less)
}

fn floats(name: &str, args: &[Value<'_>], meter: &mut Meter) -> Result<Vec<f64>, String> {
    let mut found = Vec::new();
    numbers(name, &mut args.iter().cloned(), meter, &mut |value| found.extend(float_of(&value)))?;
    meter.items(found.len())?;
    Ok(found)
}

#[expect(clippy::cast_precision_loss, reason = "there are far fewer than 2^52")]
pub(super) fn mean<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let found = floats("mean", args, meter)?;
    let sum: f64 = found.iter().sum();
    Ok(Value::Float(if found.is_empty() { 0.0 } else { sum / found.len() as f64 }))
}

pub(super) fn median<'a>(args: &[Value<'a>], meter: &mut Meter) -> Outcome<'a> {
    let mut found = floats("median", args, meter)?;
    slimcol_order::sort_by(&mut found, f64::total_cmp);
    let middle = found.len() / 2;
    Ok(Value::Float(match found.len() {
        0 => 0.0,
        odd if odd % 2 == 1 => found[middle],
        _ => f64::midpoint(found[middle - 1], found[middle]),
    }))
}

fn bits<'a>(name: &str, args: &[Value<'a>], run: fn(i64, i64) -> Result<i64, String>) -> Outcome<'a> {
    let int = |value: &Value<'_>| match value {
        Value::Int(value) => Ok(*value),
        other => Err(format!("cannot use {} as argument (type int) to call {name}", other.type_name())),
    };
    let second = args.get(1).map_or(Ok(0), int)?;
    run(int(&args[0])?, second).map(Value::Int)
}

/// How far to shift; beyond the width everything goes.
fn distance(by: i64) -> Result<Option<u32>, String> {
    match by {
        ..0 => Err(format!("invalid operation: negative shift count {by} (type int)")),
        _ => Ok(u32::try_from(by).ok().filter(|by| *by < 64)),
    }
}

pub(super) fn bitand<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitand", args, |x, y| Ok(x & y))
}

pub(super) fn bitor<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitor", args, |x, y| Ok(x | y))
}

pub(super) fn bitxor<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitxor", args, |x, y| Ok(x ^ y))
}

pub(super) fn bitnand<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitnand", args, |x, y| Ok(x & !y))
}

pub(super) fn bitshl<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitshl", args, |x, y| Ok(distance(y)?.map_or(0, |y| x << y)))
}

pub(super) fn bitshr<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitshr", args, |x, y| Ok(x >> distance(y)?.unwrap_or(63)))
}

pub(super) fn bitushr<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitushr", args, |x, y| Ok(distance(y)?.map_or(0, |y| (x.cast_unsigned() >> y).cast_signed())))
}

pub(super) fn bitnot<'a>(args: &[Value<'a>], _: &mut Meter) -> Outcome<'a> {
    bits("bitnot", args, |x, _| Ok(!x))
}
