//! Equality and order, across the types of numbers.

pub(crate) use std::cmp::Ordering;

use super::Value;
use crate::meter::Meter;

/// Whether two values are the same, numbers of different types by their value. Fails where finding out is more than an
/// evaluation may cost.
pub fn equal(one: &Value<'_>, other: &Value<'_>, meter: &mut Meter) -> Result<bool, String> {
    Ok(match (one, other) {
        (Value::Nil, Value::Nil) => true,
        (Value::Bool(one), Value::Bool(other)) => one == other,
        (Value::Text(one), Value::Text(other)) => {
            meter.read(one.len().min(other.len()))?;
            **one == **other
        }
        (Value::Bytes(one), Value::Bytes(other)) => {
            meter.read(one.len().min(other.len()))?;
            **one == **other
        }
        (Value::List(one), Value::List(other)) => {
            if one.len() != other.len() {
                return Ok(false);
            }
            for (one, other) in one.iter().zip(other.iter()) {
                meter.step()?;
                if !equal(&one, &other, meter)? {
                    return Ok(false);
                }
            }
            true
        }
        (Value::Map(one), Value::Map(other)) => {
            if one.len() != other.len() {
                return Ok(false);
            }
            meter.steps(one.len())?;
            for (key, value) in one.entries() {
                match other.get(&key) {
                    Some(there) if equal(&value, &there, meter)? => {}
                    _ => return Ok(false),
                }
            }
            true
        }
        _ => matches!(order(one, other), Ok(Some(Ordering::Equal))),
    })
}

/// That two values have no order.
#[derive(Debug)]
pub struct Unordered;

/// Which of two values is less; nothing where one is NaN.
#[expect(clippy::cast_precision_loss, reason = "Go compares whole numbers with others so")]
pub fn order(one: &Value<'_>, other: &Value<'_>) -> Result<Option<Ordering>, Unordered> {
    Ok(match (one, other) {
        (Value::Int(one), Value::Int(other)) | (Value::Duration(one), Value::Duration(other)) => {
            Some(one.cmp(other))
        }
        (Value::Int(one), Value::Float(other)) => (*one as f64).partial_cmp(other),
        (Value::Float(one), Value::Int(other)) => one.partial_cmp(&(*other as f64)),
        (Value::Float(one), Value::Float(other)) => one.partial_cmp(other),
        (Value::Text(one), Value::Text(other)) => Some((**one).cmp(other)),
        (Value::Time(one), Value::Time(other)) => Some(one.cmp(other)),
        _ => return Err(Unordered),
    })
}
