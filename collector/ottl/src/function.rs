//! Functions: what they are called, what they take, and calls of them.

use std::{borrow::Cow, fmt};

use regex::Regex;
use slimcol_pdata::{
    edit::AttributesMut,
    view::{Attributes, ValueRef, Values},
};
use slimcol_timeformat::{Format, Layout, Time, Zone};

use crate::{
    context::Context,
    fault::Fault,
    functions::grok::Grok,
    program::{Expression, Place},
    value::{self, Look, Value},
};

/// A function of the language.
pub struct Function {
    pub(crate) name: &'static str,
    pub(crate) parameters: &'static [Parameter],
    /// Looks at the arguments that are the same for all records, once.
    pub(crate) prepare: fn(&Call) -> Result<Ready, String>,
    pub(crate) run: Run,
}

/// What a function does.
pub(crate) enum Run {
    /// Gives a value.
    Converter(for<'a> fn(Args<'a>) -> Result<Value<'a>, Fault>),
    /// Changes the record.
    Editor(fn(&Call, &mut dyn Context) -> Result<(), Fault>),
}

impl Function {
    /// What statements call it.
    pub fn name(&self) -> &'static str {
        self.name
    }
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

/// A parameter of a function.
#[derive(Debug)]
pub(crate) struct Parameter {
    pub(crate) name: &'static str,
    pub(crate) takes: Takes,
    pub(crate) optional: bool,
}

/// What may be handed over for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Takes {
    Any,
    Text,
    TextLike,
    Int,
    IntLike,
    FloatLike,
    BoolLike,
    BytesLike,
    Map,
    List,
    Time,
    Duration,
    /// A path to be read and written.
    Place,
    /// A path to a map.
    MapPlace,
    /// A path to a list.
    ListPlace,
    /// A literal of the type.
    LiteralText,
    LiteralInt,
    LiteralBool,
    /// A whole number or one with a fraction.
    LiteralNumber,
    /// A list, in brackets, of things that each are like that.
    Values,
    Texts,
    TextLikes,
    LiteralTexts,
    LiteralNumbers,
    /// A function by its name.
    Function,
}

impl Takes {
    /// What each item of a list in brackets has to be.
    pub(crate) const fn item(self) -> Option<(Self, &'static str)> {
        match self {
            Self::Values => Some((Self::Any, "Getter")),
            Self::Texts => Some((Self::Text, "StringGetter")),
            Self::TextLikes => Some((Self::TextLike, "StringLikeGetter")),
            Self::LiteralTexts => Some((Self::LiteralText, "string")),
            Self::LiteralNumbers => Some((Self::LiteralNumber, "float64")),
            _ => None,
        }
    }

    /// Why a literal cannot be taken.
    pub(crate) fn refuse(self, literal: &Value<'static>) -> Result<(), Fault> {
        let is = |fits: bool, wanted: &str| {
            if fits { Ok(()) } else { Err(Fault::expected(wanted, literal.look().type_name())) }
        };
        let look = literal.look();
        match self {
            Self::Text => is(matches!(look, Look::Data(ValueRef::Str(_))), "string"),
            Self::Int => is(matches!(look, Look::Data(ValueRef::Int(_))), "int64"),
            Self::Map => is(matches!(look, Look::Data(ValueRef::Map(_))), "pcommon.Map"),
            Self::List => is(matches!(look, Look::Data(ValueRef::Array(_))), "pcommon.Slice"),
            Self::Time => is(matches!(look, Look::Time(_)), "time"),
            Self::Duration => is(matches!(look, Look::Duration(_)), "duration"),
            Self::TextLike => value::string_like(literal.clone()).map(|_| ()),
            Self::IntLike => value::int_like(literal).map(|_| ()),
            Self::FloatLike => value::float_like(literal).map(|_| ()),
            Self::BoolLike => value::bool_like(literal).map(|_| ()),
            Self::BytesLike => value::bytes_like(literal).map(|_| ()),
            _ => Ok(()),
        }
    }
}

/// What was made ready before the first record.
#[derive(Debug)]
pub(crate) enum Ready {
    Nothing,
    /// The regular expression or the glob that a literal is.
    Pattern(Regex),
    /// How times are read, and by which clocks.
    Layout(Layout, Zone),
    /// How times are written.
    Format(Format),
    /// A pattern with names in it.
    Grok(Box<Grok>),
    /// What is looked for in XML.
    XPath(Box<slimcol_xml::Path>),
}

/// An argument, resolved.
#[derive(Debug)]
pub(crate) enum Argument {
    Expression(Expression),
    Place(Place),
    List(Box<[Expression]>),
    Function(&'static Function),
}

/// A call of a function with what is handed over.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) function: &'static Function,
    /// One for each parameter; `None` where an optional one is left out.
    pub(crate) arguments: Box<[Option<Argument>]>,
    pub(crate) ready: Ready,
}

impl Call {
    /// What a converter gives.
    pub(crate) fn value<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        match self.function.run {
            Run::Converter(run) => run(Args { call: self, of }),
            Run::Editor(_) => Ok(Value::NIL),
        }
    }

    /// Does what an editor does.
    pub(crate) fn edit(&self, on: &mut dyn Context) -> Result<(), Fault> {
        match self.function.run {
            Run::Editor(run) => run(self, on),
            Run::Converter(run) => run(Args { call: self, of: on }).map(|_| ()),
        }
    }

    /// The arguments for a record.
    pub(crate) fn on<'a>(&'a self, of: &'a dyn Context) -> Args<'a> {
        Args { call: self, of }
    }

    /// Whether an optional argument was given.
    pub(crate) fn has(&self, at: usize) -> bool {
        self.argument(at).is_some()
    }

    fn argument(&self, at: usize) -> Option<&Argument> {
        self.arguments.get(at)?.as_ref()
    }

    /// The argument, if it is a literal.
    pub(crate) fn literal(&self, at: usize) -> Option<&Value<'static>> {
        match self.argument(at)? {
            Argument::Expression(expression) => expression.literal(),
            _ => None,
        }
    }

    /// The text of a literal.
    pub(crate) fn literal_text(&self, at: usize) -> Option<&str> {
        match self.literal(at)?.look() {
            Look::Data(ValueRef::Str(text)) => Some(text),
            _ => None,
        }
    }

    /// The number of a literal.
    pub(crate) fn literal_int(&self, at: usize) -> Option<i64> {
        match self.literal(at)?.look() {
            Look::Data(ValueRef::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// A literal `true` or `false`.
    pub(crate) fn literal_bool(&self, at: usize) -> Option<bool> {
        match self.literal(at)?.look() {
            Look::Data(ValueRef::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// The items of a list in brackets.
    pub(crate) fn items(&self, at: usize) -> &[Expression] {
        match self.argument(at) {
            Some(Argument::List(items)) => items,
            _ => &[],
        }
    }

    /// The path that an argument is.
    pub(crate) fn place(&self, at: usize) -> Result<&Place, Fault> {
        match self.argument(at) {
            Some(Argument::Place(place)) => Ok(place),
            _ => Err(Fault::new("must be a path")),
        }
    }

    /// The function that was named, if one was.
    pub(crate) fn function(&self, at: usize) -> Option<&'static Function> {
        match self.argument(at)? {
            Argument::Function(function) => Some(function),
            _ => None,
        }
    }

    /// Changes the map that the path at `at` leads to, if `needed` says of it as it is that this is needed. A record
    /// where nothing changes is not even opened.
    pub(crate) fn change_map(
        &self,
        at: usize,
        on: &mut dyn Context,
        needed: impl FnOnce(Attributes<'_>) -> bool,
        change: impl FnOnce(&mut AttributesMut<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let place = self.place(at)?;
        if !needed(map_of(&place.get(on)?)?) {
            return Ok(());
        }
        place.change_map(on, change)
    }
}

/// The map that a value is.
pub(crate) fn map_of<'v>(value: &'v Value<'_>) -> Result<Attributes<'v>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Map(map)) => Ok(map),
        other => Err(Fault::expected("pcommon.Map", other.type_name())),
    }
}

/// The list that a value is.
pub(crate) fn list_of<'v>(value: &'v Value<'_>) -> Result<Values<'v>, Fault> {
    match value.look() {
        Look::Data(ValueRef::Array(values)) => Ok(values),
        other => Err(Fault::expected("pcommon.Slice", other.type_name())),
    }
}

/// The text that a value is.
pub(crate) fn text_of(value: Value<'_>) -> Result<Cow<'_, str>, Fault> {
    value.into_text().map_err(|other| Fault::expected("string", other.look().type_name()))
}

/// The arguments of a call for one record. Each is worked out when it is asked for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Args<'a> {
    pub(crate) call: &'a Call,
    pub(crate) of: &'a dyn Context,
}

impl<'a> Args<'a> {
    /// The value, of whatever type.
    pub(crate) fn value(self, at: usize) -> Result<Value<'a>, Fault> {
        match self.call.argument(at) {
            Some(Argument::Expression(expression)) => expression.value(self.of),
            Some(Argument::Place(place)) => place.get(self.of),
            Some(Argument::List(_) | Argument::Function(_)) | None => Ok(Value::NIL),
        }
    }

    /// The text.
    pub(crate) fn text(self, at: usize) -> Result<Cow<'a, str>, Fault> {
        text_of(self.value(at)?)
    }

    /// The text, or `default` if none was given.
    pub(crate) fn text_or(self, at: usize, default: &'static str) -> Result<Cow<'a, str>, Fault> {
        if self.call.has(at) { self.text(at) } else { Ok(Cow::Borrowed(default)) }
    }

    /// The value as text; `None` for no value.
    pub(crate) fn text_like(self, at: usize) -> Result<Option<Cow<'a, str>>, Fault> {
        value::string_like(self.value(at)?)
    }

    /// The whole number.
    pub(crate) fn int(self, at: usize) -> Result<i64, Fault> {
        match self.value(at)?.look() {
            Look::Data(ValueRef::Int(value)) => Ok(value),
            other => Err(Fault::expected("int64", other.type_name())),
        }
    }

    /// The length of time.
    pub(crate) fn duration(self, at: usize) -> Result<i64, Fault> {
        match self.value(at)?.look() {
            Look::Duration(value) => Ok(value),
            other => Err(Fault::expected("duration", other.type_name())),
        }
    }

    /// The instant.
    pub(crate) fn time(self, at: usize) -> Result<Time, Fault> {
        let value = self.value(at)?;
        value.time().ok_or_else(|| Fault::expected("time", value.look().type_name()))
    }
}
