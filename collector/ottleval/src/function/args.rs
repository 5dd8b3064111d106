//! Arguments as functions ask for them.

use std::borrow::Cow;

use slimcol_pdata::view::{Attributes, ValueRef, Values};
use slimcol_timeformat::Time;

use super::call::{Argument, Call};
use crate::{
    context::Context,
    fault::Fault,
    program::Expression,
    value::{self, Look, Value},
};

/// The map that a value is.
pub fn map_of<'v>(value: &'v Value<'_>) -> Result<Attributes<'v>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Map(map)) => Ok(map),
        other => Err(Fault::expected("pcommon.Map", other.type_name())),
    }
}

/// The list that a value is.
pub fn list_of<'v>(value: &'v Value<'_>) -> Result<Values<'v>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Array(values)) => Ok(values),
        other => Err(Fault::expected("pcommon.Slice", other.type_name())),
    }
}

/// The text that a value is.
pub fn text_of(value: Value<'_>) -> Result<Cow<'_, str>, Fault> {
    value.into_text().map_err(|other| Fault::expected("string", other.look().type_name()))
}

/// The arguments of a call for one record. Each is worked out when it is asked for.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a> {
    /// The call.
    pub call: &'a Call,
    /// What it is about.
    pub of: &'a dyn Context,
}

impl<'a> Args<'a> {
    /// The value, of whatever type.
    pub fn value(self, at: usize) -> Result<Value<'a>, Fault> {
        match self.call.argument(at) {
            Some(Argument::Expression(expression)) => expression.value(self.of),
            Some(Argument::Place(place)) => place.get(self.of),
            Some(Argument::List(_) | Argument::Function(_) | Argument::Lambda(_)) | None => Ok(Value::NIL),
        }
    }

    /// The value, if it is had without what others need.
    #[inline]
    pub(crate) fn data(self, at: usize) -> Option<ValueRef<'a>> {
        match self.call.argument(at)? {
            Argument::Expression(Expression::Place(place)) => place.entry(self.of),
            Argument::Expression(expression) => expression.quick(self.of),
            _ => None,
        }
    }

    /// The text.
    pub fn text(self, at: usize) -> Result<Cow<'a, str>, Fault> {
        if let Some(ValueRef::Str(text)) = self.data(at) {
            return Ok(Cow::Borrowed(text));
        }
        text_of(self.value(at)?)
    }

    /// The text, or `default` if none was given.
    pub fn text_or(self, at: usize, default: &'static str) -> Result<Cow<'a, str>, Fault> {
        if self.call.has(at) { self.text(at) } else { Ok(Cow::Borrowed(default)) }
    }

    /// The value as text; `None` for no value.
    pub fn text_like(self, at: usize) -> Result<Option<Cow<'a, str>>, Fault> {
        match self.data(at) {
            Some(ValueRef::Str(text)) => Ok(Some(Cow::Borrowed(text))),
            Some(ValueRef::Int(value)) => Ok(Some(Cow::Owned(value::decimal(self.of.text(), value)))),
            Some(other) => value::string_like(other.into()),
            None => value::string_like(self.value(at)?),
        }
    }

    /// The whole number.
    pub fn int(self, at: usize) -> Result<i64, Fault> {
        if let Some(ValueRef::Int(value)) = self.data(at) {
            return Ok(value);
        }
        match self.value(at)?.look() {
            Look::Data(ValueRef::Int(value)) => Ok(value),
            other => Err(Fault::expected("int64", other.type_name())),
        }
    }

    /// The length of time.
    pub fn duration(self, at: usize) -> Result<i64, Fault> {
        match self.value(at)?.look() {
            Look::Duration(value) => Ok(value),
            other => Err(Fault::expected("duration", other.type_name())),
        }
    }

    /// The instant.
    pub fn time(self, at: usize) -> Result<Time, Fault> {
        let value = self.value(at)?;
        value.time().ok_or_else(|| Fault::expected("time", value.look().type_name()))
    }
}
