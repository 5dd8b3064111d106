//! Sums and products, of numbers, texts, times and durations.

use crate::{
    meter::Meter,
    plan::Arithmetic,
    value::{Held, Value, float_of},
};

type Outcome<'a> = Result<Value<'a>, String>;

pub(super) fn negate(value: Value<'_>) -> Outcome<'_> {
    match value {
        Value::Int(value) => Ok(Value::Int(value.wrapping_neg())),
        Value::Float(value) => Ok(Value::Float(-value)),
        other => Err(format!("invalid operation: - {}", other.type_name())),
    }
}

pub(super) fn compute<'a>(
    how: Arithmetic,
    one: &Value<'a>,
    other: &Value<'a>,
    meter: &mut Meter,
) -> Outcome<'a> {
    match how {
        Arithmetic::Add => add(one, other, meter),
        Arithmetic::Subtract => subtract(one, other),
        Arithmetic::Multiply => multiply(one, other),
        Arithmetic::Divide => match (one, other) {
            (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
                Ok(Value::Float(float_of(one)? / float_of(other)?))
            }
            _ => Err(mismatch(one, "/", other)),
        },
        Arithmetic::Modulo => match (one, other) {
            (Value::Int(_), Value::Int(0)) => Err("runtime error: integer divide by zero".into()),
            (Value::Int(one), Value::Int(other)) => Ok(Value::Int(one.wrapping_rem(*other))),
            _ => Err(mismatch(one, "%", other)),
        },
        Arithmetic::Power => Ok(Value::Float(float_of(one)?.powf(float_of(other)?))),
    }
}

fn mismatch(one: &Value<'_>, sign: &str, other: &Value<'_>) -> String {
    format!("invalid operation: {} {sign} {}", one.type_name(), other.type_name())
}

pub(super) fn add<'a>(one: &Value<'a>, other: &Value<'a>, meter: &mut Meter) -> Outcome<'a> {
    Ok(match (one, other) {
        (Value::Int(one), Value::Int(other)) => Value::Int(one.wrapping_add(*other)),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            Value::Float(float_of(one)? + float_of(other)?)
        }
        (Value::Text(one), Value::Text(other)) => {
            meter.bytes(one.len() + other.len())?;
            Value::Text(Held::Shared([&**one, other].concat().into()))
        }
        (Value::Time(time), Value::Duration(nanos)) | (Value::Duration(nanos), Value::Time(time)) => {
            Value::Time(time.plus(*nanos))
        }
        (Value::Duration(one), Value::Duration(other)) => Value::Duration(one.wrapping_add(*other)),
        _ => return Err(mismatch(one, "+", other)),
    })
}

fn subtract<'a>(one: &Value<'a>, other: &Value<'a>) -> Outcome<'a> {
    Ok(match (one, other) {
        (Value::Int(one), Value::Int(other)) => Value::Int(one.wrapping_sub(*other)),
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            Value::Float(float_of(one)? - float_of(other)?)
        }
        (Value::Time(one), Value::Time(other)) => Value::Duration(one.since(*other)),
        (Value::Time(time), Value::Duration(nanos)) => Value::Time(time.plus(nanos.wrapping_neg())),
        (Value::Duration(one), Value::Duration(other)) => Value::Duration(one.wrapping_sub(*other)),
        _ => return Err(mismatch(one, "-", other)),
    })
}

fn multiply<'a>(one: &Value<'a>, other: &Value<'a>) -> Outcome<'a> {
    Ok(match (one, other) {
        (Value::Int(one), Value::Int(other)) => Value::Int(one.wrapping_mul(*other)),
        (Value::Duration(one), Value::Int(other) | Value::Duration(other))
        | (Value::Int(one), Value::Duration(other)) => Value::Duration(one.wrapping_mul(*other)),
        // A fraction of a duration is a number in Go.
        (Value::Duration(nanos), Value::Float(factor)) | (Value::Float(factor), Value::Duration(nanos)) => {
            Value::Float(float_of(&Value::Int(*nanos))? * factor)
        }
        (Value::Int(_) | Value::Float(_), Value::Int(_) | Value::Float(_)) => {
            Value::Float(float_of(one)? * float_of(other)?)
        }
        _ => return Err(mismatch(one, "*", other)),
    })
}
