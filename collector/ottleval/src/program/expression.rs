//! Expressions, ready to be worked out.

use std::borrow::Cow;

use slimcol_pdata::{edit::OwnValue, view::ValueRef};

use super::Place;
use crate::{
    context::Context,
    fault::Fault,
    function::Call,
    lambda::Local,
    math::{Operator, ints, negate, reckon},
    value::{Look, Value, fits},
};

/// Something that has a value.
#[derive(Debug)]
pub enum Expression {
    /// A value that is the same for all records.
    Literal(Value<'static>),
    /// What lies at a path.
    Place(Place),
    /// What a converter gives, and where in it.
    Call(Call, Box<[Index]>),
    /// What a function without a name is handed.
    Local(Box<Local>),
    /// A list.
    List(Box<[Self]>),
    /// A map.
    Map(Box<[(Box<str>, Self)]>),
    /// The number with the other sign.
    Negative(Box<Self>),
    /// The first, to which the operators do one after the other what is with them.
    Chain(Box<Self>, Box<[(Operator, Self)]>),
}

/// An index as it was written.
#[derive(Debug)]
pub enum Index {
    /// A key.
    Str(Box<str>),
    /// A position.
    Int(i64),
    /// What this is for a record.
    Expression(Expression),
}

/// An index as it is for one record.
#[derive(Debug)]
pub(crate) enum Step<'a> {
    Key(Cow<'a, str>),
    At(i64),
}

impl Expression {
    /// The value for a record. Literals and what lies in the record are borrowed.
    #[inline(never)]
    pub fn value<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        match self {
            Self::Literal(value) => Ok(again(value)),
            Self::Place(place) => place.get(of),
            made => made.worked_out(of),
        }
    }

    fn worked_out<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        match self {
            Self::Literal(_) | Self::Place(_) => self.value(of),
            Self::Call(call, keys) if keys.is_empty() => call.value(of),
            Self::Call(call, keys) => indexed(call.value(of)?, keys, of),
            Self::Local(local) => local.value(of),
            Self::List(items) => list(items, of).map(Into::into),
            Self::Map(pairs) => map(pairs, of).map(Into::into),
            Self::Negative(inner) => negate(&inner.value(of)?),
            Self::Chain(first, rest) => {
                let mut result = first.value(of)?;
                for (operator, operand) in rest {
                    result = reckon(&result, *operator, &operand.value(of)?)?;
                }
                Ok(result)
            }
        }
    }

    /// The value for a record, if it is a literal, lies in the record or is reckoned of whole numbers that do: what most
    /// comparisons are about, had without what others need.
    #[inline]
    pub(crate) fn data<'a>(&'a self, of: &'a dyn Context) -> Option<ValueRef<'a>> {
        match self {
            Self::Literal(value) => value.data(),
            Self::Place(Place { field, keys }) if keys.is_empty() => match of.get(*field) {
                Value::Data(value) => Some(value),
                _ => None,
            },
            other => other.quick(of),
        }
    }

    /// As [`data`](Self::data), but of no field as a whole: some are made for who asks, and would be made twice.
    #[inline(never)]
    pub(crate) fn quick<'a>(&'a self, of: &'a dyn Context) -> Option<ValueRef<'a>> {
        match self {
            Self::Place(place) => place.entry(of),
            Self::Literal(value) => value.data(),
            Self::Chain(first, rest) => whole(first, rest, of).map(ValueRef::Int),
            _ => None,
        }
    }

    /// The value, if it is the same for all records.
    pub fn literal(&self) -> Option<&Value<'static>> {
        match self {
            Self::Literal(value) => Some(value),
            _ => None,
        }
    }
}

/// What whole numbers come to; `None` if one is none, and where there is no result.
#[inline(never)]
fn whole(first: &Expression, rest: &[(Operator, Expression)], of: &dyn Context) -> Option<i64> {
    let number = |expression: &Expression| match expression.data(of)? {
        ValueRef::Int(value) => Some(value),
        _ => None,
    };
    rest.iter()
        .try_fold(number(first)?, |sum, (operator, operand)| ints(sum, *operator, number(operand)?).ok())
}

/// A value, borrowed.
#[inline]
pub(crate) fn again<'a>(value: &'a Value<'_>) -> Value<'a> {
    match value.data() {
        Some(data) => Value::Data(data),
        None => value.clone(),
    }
}

/// What values can be part of lists and maps.
fn part<'a>(value: &'a Value<'_>) -> Result<ValueRef<'a>, Fault> {
    let look = value.look();
    look.data().ok_or_else(|| Fault::new(format!("<Invalid value type {}>", look.type_name())))
}

/// What a list or a map is put together of, if together it is not too long.
fn parts<'a>(values: &'a [Value<'_>]) -> Result<Vec<ValueRef<'a>>, Fault> {
    let parts = values.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    fits(parts.iter().map(|part| part.byte_len()).sum())?;
    Ok(parts)
}

/// A list of the values of `items`.
pub(crate) fn list(items: &[Expression], of: &dyn Context) -> Result<OwnValue, Fault> {
    let values = items.iter().map(|item| item.value(of)).collect::<Result<Vec<_>, _>>()?;
    let parts = parts(&values)?;
    Ok(OwnValue::list(parts))
}

fn map(pairs: &[(Box<str>, Expression)], of: &dyn Context) -> Result<OwnValue, Fault> {
    let values = pairs.iter().map(|(_, item)| item.value(of)).collect::<Result<Vec<_>, _>>()?;
    let parts = parts(&values)?;
    Ok(OwnValue::map(pairs.iter().map(|(key, _)| &**key).zip(parts)))
}

impl Index {
    /// The index for a record.
    pub(crate) fn step<'a>(&'a self, of: &'a dyn Context) -> Result<Step<'a>, Fault> {
        match self {
            Self::Str(key) => Ok(Step::Key(Cow::Borrowed(key))),
            Self::Int(at) => Ok(Step::At(*at)),
            Self::Expression(expression) => match expression.value(of)?.into_text() {
                Ok(text) => Ok(Step::Key(text)),
                Err(value) => match value.look() {
                    Look::Data(ValueRef::Int(at)) => Ok(Step::At(at)),
                    Look::Data(ValueRef::Empty) => {
                        Err(Fault::new("key expression returned nil, expected an int or string"))
                    }
                    other => Err(Fault::new(format!(
                        "key expression must evaluate to string or int, got {}",
                        other.type_name()
                    ))),
                },
            },
        }
    }
}

/// What a converter gave, indexed: what is not there is an error, unlike in paths.
pub(crate) fn indexed<'a>(
    value: Value<'a>,
    keys: &'a [Index],
    of: &'a dyn Context,
) -> Result<Value<'a>, Fault> {
    match value {
        Value::Data(data) => walk(data, keys, of).map(Value::Data),
        other => match other.look() {
            Look::Data(data) => walk(data, keys, of).map(|value| Value::Data(value).into_owned()),
            look => Err(Fault::new(format!("type {} does not support indexing", look.type_name()))),
        },
    }
}

fn walk<'v>(mut value: ValueRef<'v>, keys: &[Index], of: &dyn Context) -> Result<ValueRef<'v>, Fault> {
    for key in keys {
        value = strict(value, &key.step(of)?)?;
    }
    Ok(value)
}

fn strict<'v>(value: ValueRef<'v>, step: &Step<'_>) -> Result<ValueRef<'v>, Fault> {
    match (value, step) {
        (ValueRef::Map(map), Step::Key(key)) => {
            map.get(key).ok_or_else(|| Fault::new("key not found in map"))
        }
        (ValueRef::Array(values), Step::At(at)) => item(values.iter(), *at),
        (ValueRef::Bytes(bytes), Step::At(at)) => {
            item(bytes.iter().map(|byte| ValueRef::Int(i64::from(*byte))), *at)
        }
        (other, Step::Key(_)) => Err(no_index(other, "string")),
        (other, Step::At(_)) => Err(no_index(other, "int")),
    }
}

fn no_index(value: ValueRef<'_>, by: &str) -> Fault {
    Fault::new(format!("type {} does not support {by} indexing", Look::Data(value).type_name()))
}

fn item<T>(mut items: impl Iterator<Item = T>, at: i64) -> Result<T, Fault> {
    let found = usize::try_from(at).ok().and_then(|at| items.nth(at));
    found.ok_or_else(|| Fault::new(format!("index {at} out of bounds")))
}

/// One step along a path: what is not in a map is no value. `None` ends the path there.
pub(super) fn lenient<'v>(value: ValueRef<'v>, step: &Step<'_>) -> Result<Option<ValueRef<'v>>, Fault> {
    match (value, step) {
        (ValueRef::Map(map), Step::Key(key)) => Ok(map.get(key)),
        (ValueRef::Array(values), Step::At(at)) => item(values.iter(), *at).map(Some),
        (other, step) => Err(no_step(other, step)),
    }
}

/// Why a path does not go on.
pub(super) fn no_step(value: ValueRef<'_>, step: &Step<'_>) -> Fault {
    Fault::new(match (value, step) {
        (ValueRef::Map(_), Step::At(_)) => {
            "unable to resolve a string index in map: invalid key type".to_owned()
        }
        (ValueRef::Array(_), Step::Key(_)) => {
            "unable to resolve an integer index in slice: invalid key type".to_owned()
        }
        (other, _) => format!("type {} does not support string indexing", other.kind()),
    })
}
