//! Reckoning with values.

use std::fmt;

use slimcol_pdata::view::ValueRef;

use crate::{
    fault::Fault,
    value::{Look, Value, float},
};

/// An arithmetic operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// Adds.
    Plus,
    /// Takes away.
    Minus,
    /// Multiplies.
    Times,
    /// Divides.
    Over,
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Plus => "+",
            Self::Minus => "-",
            Self::Times => "*",
            Self::Over => "/",
        })
    }
}

/// The value with the other sign.
pub(crate) fn negate(value: &Value<'_>) -> Result<Value<'static>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Int(value)) => Ok(value.wrapping_neg().into()),
        Look::Data(ValueRef::Double(value)) => Ok((-value).into()),
        other => Err(Fault::new(format!("unsupported unary minus operation on type {}", typed(other)))),
    }
}

/// A type's name in the error texts of this file.
fn typed(look: Look<'_>) -> &'static str {
    match look.type_name() {
        "nil" => "<nil>",
        name => name,
    }
}

/// `a` and `b` joined by `operator`.
pub(crate) fn reckon(a: &Value<'_>, operator: Operator, b: &Value<'_>) -> Result<Value<'static>, Fault> {
    match result(a, operator, b)? {
        // An instant stays with the clocks that it was of.
        Value::Time(time) => {
            Ok(Value::at(time, if matches!(a, Value::Zoned(_)) { a.zone() } else { b.zone() }))
        }
        other => Ok(other),
    }
}

fn result(a: &Value<'_>, operator: Operator, b: &Value<'_>) -> Result<Value<'static>, Fault> {
    match (a.look(), b.look()) {
        (Look::Data(ValueRef::Int(a)), Look::Data(ValueRef::Int(b))) => ints(a, operator, b).map(Into::into),
        (Look::Data(ValueRef::Int(a)), Look::Data(ValueRef::Double(b))) => {
            floats(float(a), operator, b).map(Into::into)
        }
        (Look::Data(ValueRef::Double(a)), Look::Data(ValueRef::Int(b))) => {
            floats(a, operator, float(b)).map(Into::into)
        }
        (Look::Data(ValueRef::Double(a)), Look::Data(ValueRef::Double(b))) => {
            floats(a, operator, b).map(Into::into)
        }
        (Look::Data(ValueRef::Int(_) | ValueRef::Double(_)), other) => {
            Err(Fault::new(format!("{} must be int64 or float64", printed(other))))
        }
        (Look::Time(_) | Look::Duration(_), _) if matches!(operator, Operator::Times | Operator::Over) => {
            Err(Fault::new("only addition and subtraction supported for time.Time and time.Duration"))
        }
        (Look::Time(a), other) => times(a, operator, other),
        (Look::Duration(a), other) => durations(a, operator, other),
        (other, _) => {
            Err(Fault::new(format!("{} must be int64, float64, time.Time or time.Duration", printed(other))))
        }
    }
}

/// Whole numbers joined.
pub(crate) fn ints(a: i64, operator: Operator, b: i64) -> Result<i64, Fault> {
    Ok(match operator {
        Operator::Plus => a.wrapping_add(b),
        Operator::Minus => a.wrapping_sub(b),
        Operator::Times => a.wrapping_mul(b),
        Operator::Over if b == 0 => return Err(Fault::new("attempted to divide by 0")),
        Operator::Over => a.wrapping_div(b),
    })
}

fn floats(a: f64, operator: Operator, b: f64) -> Result<f64, Fault> {
    Ok(match operator {
        Operator::Plus => a + b,
        Operator::Minus => a - b,
        Operator::Times => a * b,
        Operator::Over if b == 0.0 => return Err(Fault::new("attempted to divide by 0")),
        Operator::Over => a / b,
    })
}

/// An instant plus or minus something.
fn times(a: i128, operator: Operator, b: Look<'_>) -> Result<Value<'static>, Fault> {
    match (operator, b) {
        (Operator::Minus, Look::Time(b)) => {
            let between = a.saturating_sub(b).clamp(i64::MIN.into(), i64::MAX.into());
            Ok(Value::Duration(i64::try_from(between).unwrap_or_default()))
        }
        (Operator::Minus, Look::Duration(b)) => Ok(Value::Time(a.saturating_sub(b.into()))),
        (Operator::Plus, Look::Duration(b)) => Ok(Value::Time(a.saturating_add(b.into()))),
        (Operator::Minus, other) => Err(Fault::new(format!(
            "time.Time or time.Duration must be subtracted from time.Time; found {} instead",
            printed(other)
        ))),
        (_, other) => Err(Fault::new(format!(
            "time.Time must be added to time.Duration; found {} instead",
            printed(other)
        ))),
    }
}

/// A length of time plus or minus something.
fn durations(a: i64, operator: Operator, b: Look<'_>) -> Result<Value<'static>, Fault> {
    match (operator, b) {
        (Operator::Minus, Look::Duration(b)) => Ok(Value::Duration(a.wrapping_sub(b))),
        (Operator::Plus, Look::Duration(b)) => Ok(Value::Duration(a.wrapping_add(b))),
        (Operator::Plus, Look::Time(b)) => Ok(Value::Time(b.saturating_add(a.into()))),
        (Operator::Minus, other) => Err(Fault::new(format!(
            "time.Duration must be subtracted from time.Duration; found {} instead",
            printed(other)
        ))),
        (_, other) => Err(Fault::new(format!(
            "time.Duration must be added to time.Duration or time.Time; found {} instead",
            printed(other)
        ))),
    }
}

/// A value as errors show it.
fn printed(look: Look<'_>) -> String {
    match look {
        Look::Data(ValueRef::Empty) => "<nil>".to_owned(),
        Look::Data(value) => value.to_text().into_owned(),
        other => other.type_name().to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Operator, negate, reckon};
    use crate::{
        compare::{Compare, compare},
        value::Value,
    };

    #[test]
    fn the_table() {
        use Operator::{Minus, Over, Plus, Times};
        let (time, duration) = (Value::Time, Value::Duration);
        for (a, operator, b, want) in [
            (1_i64.into(), Plus, 2_i64.into(), 3_i64.into()),
            (i64::MAX.into(), Plus, 1_i64.into(), i64::MIN.into()),
            (i64::MIN.into(), Over, (-1_i64).into(), i64::MIN.into()),
            (7_i64.into(), Over, (-2_i64).into(), (-3_i64).into()),
            (7_i64.into(), Times, 0.5.into(), 3.5.into()),
            (1.5.into(), Minus, 1_i64.into(), 0.5.into()),
            (time(10), Minus, time(4), duration(6)),
            (time(10), Minus, duration(4), time(6)),
            (time(i128::MAX), Minus, time(0), duration(i64::MAX)),
            (time(10), Plus, duration(4), time(14)),
            (duration(4), Plus, time(10), time(14)),
            (duration(4), Minus, duration(10), duration(-6)),
        ] {
            let got = reckon(&a, operator, &b).unwrap();
            assert!(compare(got.look(), want.look(), Compare::Eq), "{a:?} {operator} {b:?} = {got:?}");
        }
        assert_eq!(format!("{:?}", negate(&2_i64.into()).unwrap()), "Data(Int(-2))");
    }

    #[test]
    fn what_cannot_be_reckoned() {
        use Operator::{Minus, Over, Plus, Times};
        for (a, operator, b, want) in [
            (1_i64.into(), Over, 0_i64.into(), "attempted to divide by 0"),
            (1.0.into(), Over, 0_i64.into(), "attempted to divide by 0"),
            (1_i64.into(), Plus, Value::NIL, "<nil> must be int64 or float64"),
            (1_i64.into(), Plus, "a".into(), "a must be int64 or float64"),
            ("a".into(), Plus, 1_i64.into(), "a must be int64, float64, time.Time or time.Duration"),
            (
                Value::Time(1),
                Plus,
                Value::Time(1),
                "time.Time must be added to time.Duration; found time.Time instead",
            ),
            (
                Value::Duration(1),
                Minus,
                Value::Time(1),
                "time.Duration must be subtracted from time.Duration; found time.Time instead",
            ),
            (
                Value::Duration(1),
                Times,
                2_i64.into(),
                "only addition and subtraction supported for time.Time and time.Duration",
            ),
        ] {
            assert_eq!(reckon(&a, operator, &b).unwrap_err().to_string(), want);
        }
        let error = negate(&"a".into()).unwrap_err().to_string();
        assert_eq!(error, "unsupported unary minus operation on type string");
        assert_eq!(
            negate(&Value::NIL).unwrap_err().to_string(),
            "unsupported unary minus operation on type <nil>"
        );
    }
}
