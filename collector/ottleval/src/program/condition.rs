//! Conditions, ready to be asked.

use slimcol_pdata::view::ValueRef;

use super::Expression;
use crate::{
    compare::{Compare, compare, ordered},
    context::Context,
    fault::Fault,
    value::{Look, Value},
};

/// Something that holds of a record or not.
#[derive(Debug)]
pub enum Test {
    /// One of these holds.
    Any(Box<[Self]>),
    /// All of these hold.
    All(Box<[Self]>),
    /// This does not hold.
    Not(Box<Self>),
    /// The first is to the second as is said.
    Compare(Expression, Compare, Expression),
    /// What is known beforehand.
    Literal(bool),
    /// What a converter says.
    Converter(Expression),
}

impl Test {
    /// Whether it holds. What needs not be asked is not.
    pub fn holds(&self, of: &dyn Context) -> Result<bool, Fault> {
        match self {
            Self::Any(tests) => {
                for test in tests {
                    if test.holds(of)? {
                        return Ok(true);
                    }
                }
                Ok(false)
            }
            Self::All(tests) => {
                for test in tests {
                    if !test.holds(of)? {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Self::Not(test) => test.holds(of).map(|held| !held),
            Self::Compare(a, how, b) => {
                if let (Some(a), Some(b)) = (a.data(of), b.data(of)) {
                    if let (ValueRef::Int(a), ValueRef::Int(b)) = (a, b) {
                        return Ok(ordered(a.cmp(&b), *how));
                    }
                    return Ok(compare(Look::Data(a), Look::Data(b), *how));
                }
                let (a, b) = (a.value(of)?, b.value(of)?);
                Ok(compare(a.look(), b.look(), *how))
            }
            Self::Literal(value) => Ok(*value),
            Self::Converter(converter) => truth(&converter.value(of)?),
        }
    }
}

/// What a converter gave as a condition.
fn truth(value: &Value<'_>) -> Result<bool, Fault> {
    match value.look() {
        Look::Data(ValueRef::Bool(value)) => Ok(value),
        other => Err(Fault::new(format!(
            "value returned from Converter in constant expression must be bool but got {}",
            if value.is_nil() { "<nil>" } else { other.type_name() }
        ))),
    }
}
