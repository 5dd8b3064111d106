//! Values as Go's `%v` writes them.

use std::fmt::Write;

use slimcol_config::Duration;

use super::Value;
use crate::meter::Meter;

/// Appends the text of a value, which fails where that is more than an evaluation may cost: lists that are shared can have
/// many more leaves than were ever made.
pub fn show(value: &Value<'_>, to: &mut String, meter: &mut Meter) -> Result<(), String> {
    meter.bytes(16)?;
    meter.step()?;
    // Writing into a text does not fail.
    let _ = match value {
        Value::Nil => to.write_str("<nil>"),
        Value::Bool(value) => write!(to, "{value}"),
        Value::Int(value) => write!(to, "{value}"),
        Value::Float(value) => to.write_str(&go_float(*value, -4, 6)),
        Value::Text(text) => {
            meter.bytes(text.len())?;
            to.write_str(text)
        }
        Value::Bytes(bytes) => {
            meter.bytes(bytes.len() * 4)?;
            to.push('[');
            for (index, byte) in bytes.iter().enumerate() {
                let _ = write!(to, "{}{byte}", if index > 0 { " " } else { "" });
            }
            to.write_str("]")
        }
        Value::List(list) => {
            to.push('[');
            for (index, item) in list.iter().enumerate() {
                if index > 0 {
                    to.push(' ');
                }
                show(&item, to, meter)?;
            }
            to.write_str("]")
        }
        Value::Map(map) => {
            to.push_str("map[");
            for (index, (key, value)) in map.entries().into_iter().enumerate() {
                if index > 0 {
                    to.push(' ');
                }
                meter.bytes(key.len())?;
                to.push_str(&key);
                to.push(':');
                show(&value, to, meter)?;
            }
            to.write_str("]")
        }
        Value::Time(time) => write!(to, "{time}"),
        Value::Duration(nanos) => write!(to, "{}", Duration(*nanos)),
    };
    Ok(())
}

/// The shortest text of a number, with an exponent where it would be below `low` or from `high` on.
pub fn go_float(value: f64, low: i32, high: i32) -> String {
    if value.is_nan() {
        return "NaN".into();
    }
    if value.is_infinite() {
        return if value > 0.0 { "+Inf" } else { "-Inf" }.into();
    }
    let scientific = format!("{value:e}");
    let Some((digits, exponent)) = scientific.split_once('e') else { return scientific };
    let exponent: i32 = exponent.parse().unwrap_or_default();
    if value == 0.0 || (low..high).contains(&exponent) {
        return format!("{value}");
    }
    format!("{digits}e{}{:02}", if exponent < 0 { '-' } else { '+' }, exponent.abs())
}
