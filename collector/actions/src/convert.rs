//! Values of one type to another.

use slimcol_pdata::view::ValueRef;
use slimcol_service::Log;

use crate::Constant;

/// What is converted to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    Int,
    Double,
    Text,
}

impl Target {
    pub(crate) fn of(name: &str) -> Option<Self> {
        match name {
            "int" => Some(Self::Int),
            "double" => Some(Self::Double),
            "string" => Some(Self::Text),
            _ => None,
        }
    }

    /// Whether a value is of the type already.
    pub(crate) fn is(self, value: ValueRef<'_>) -> bool {
        matches!(
            (self, value),
            (Self::Int, ValueRef::Int(_))
                | (Self::Double, ValueRef::Double(_))
                | (Self::Text, ValueRef::Str(_))
        )
    }
}

/// The value as one of another type, if it has one there.
pub(crate) fn convert(key: &str, value: ValueRef<'_>, target: Target, log: &Log) -> Option<Constant> {
    let unreadable = |message: &str, text: &str| {
        log.debug(message, &[("attribute_key", key.into()), ("string_value", text.into())]);
        None
    };
    match (target, value) {
        (Target::Text, ValueRef::Str(_)) => None,
        (Target::Text, value) => Some(Constant::Text(value.to_text().into_owned())),
        (Target::Int, ValueRef::Str(text)) => match text.parse() {
            Ok(value) => Some(Constant::Int(value)),
            Err(_) => unreadable("String could not be converted to int", text),
        },
        (Target::Double, ValueRef::Str(text)) => match text.parse() {
            Ok(value) => Some(Constant::Double(value)),
            Err(_) => unreadable("String could not be converted to double", text),
        },
        (Target::Int, ValueRef::Double(value)) => Some(Constant::Int(whole(value))),
        (Target::Double, ValueRef::Int(value)) => Some(Constant::Double(fraction(value))),
        (Target::Int, ValueRef::Bool(value)) => Some(Constant::Int(value.into())),
        (Target::Double, ValueRef::Bool(value)) => Some(Constant::Double(value.into())),
        _ => None,
    }
}

#[expect(clippy::cast_possible_truncation, reason = "Go cuts the fraction off")]
fn whole(value: f64) -> i64 {
    value as i64
}

#[expect(clippy::cast_precision_loss, reason = "Go rounds")]
fn fraction(value: i64) -> f64 {
    value as f64
}
