//! Calls of functions, and what they are handed.

use std::any::Any;

use slimcol_pdata::{
    edit::AttributesMut,
    view::{Attributes, ValueRef},
};

use super::{Args, Function, Ready, Run, map_of};
use crate::{
    context::Context,
    fault::Fault,
    lambda::Lambda,
    program::{Expression, Place},
    value::{Look, Value, fits},
};

/// An argument, resolved.
#[derive(Debug)]
pub enum Argument {
    /// What has a value.
    Expression(Expression),
    /// A path.
    Place(Place),
    /// A list in brackets.
    List(Box<[Item]>),
    /// A function that was named.
    Function(&'static Function),
    /// A function without a name.
    Lambda(Box<Lambda>),
}

/// One thing of a list in brackets.
#[derive(Debug)]
pub struct Item(pub Expression);

impl Item {
    /// Its value for a record.
    pub fn value<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        self.0.value(of)
    }

    /// The value, if it is the same for all records.
    pub fn literal(&self) -> Option<&Value<'static>> {
        self.0.literal()
    }
}

/// A call of a function with what is handed over.
#[derive(Debug)]
pub struct Call {
    /// The function.
    pub function: &'static Function,
    /// One for each parameter; `None` where an optional one is left out.
    pub arguments: Box<[Option<Argument>]>,
    /// What was made ready.
    pub ready: Ready,
}

impl Call {
    /// What a converter gives.
    pub(crate) fn value<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        match self.function.run {
            Run::Converter(run) => {
                let value = run(Args { call: self, of })?;
                match &value {
                    Value::Text(text) => fits(text.len())?,
                    Value::Made(made) => fits(made.view().byte_len())?,
                    _ => {}
                }
                Ok(value)
            }
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

    /// What the function is called.
    pub fn name(&self) -> &'static str {
        self.function.name
    }

    /// What was made ready, for who knows what that is.
    pub fn ready<T: Any>(&self) -> Option<&T> {
        match &self.ready {
            Ready::Own(own) => own.downcast_ref(),
            _ => None,
        }
    }

    /// The arguments for a record.
    pub fn on<'a>(&'a self, of: &'a dyn Context) -> Args<'a> {
        Args { call: self, of }
    }

    /// Whether an optional argument was given.
    pub fn has(&self, at: usize) -> bool {
        self.argument(at).is_some()
    }

    /// Whether an argument must be given.
    pub fn requires(&self, at: usize) -> bool {
        self.function.parameters.get(at).is_some_and(|parameter| !parameter.optional)
    }

    pub(crate) fn argument(&self, at: usize) -> Option<&Argument> {
        self.arguments.get(at)?.as_ref()
    }

    /// The argument, if it is a literal.
    pub fn literal(&self, at: usize) -> Option<&Value<'static>> {
        match self.argument(at)? {
            Argument::Expression(expression) => expression.literal(),
            _ => None,
        }
    }

    /// The text of a literal.
    pub fn literal_text(&self, at: usize) -> Option<&str> {
        match self.literal(at)?.look() {
            Look::Data(ValueRef::Str(text)) => Some(text),
            _ => None,
        }
    }

    /// The number of a literal.
    pub fn literal_int(&self, at: usize) -> Option<i64> {
        match self.literal(at)?.look() {
            Look::Data(ValueRef::Int(value)) => Some(value),
            _ => None,
        }
    }

    /// A literal `true` or `false`.
    pub fn literal_bool(&self, at: usize) -> Option<bool> {
        match self.literal(at)?.look() {
            Look::Data(ValueRef::Bool(value)) => Some(value),
            _ => None,
        }
    }

    /// The items of a list in brackets.
    pub fn items(&self, at: usize) -> &[Item] {
        match self.argument(at) {
            Some(Argument::List(items)) => items,
            _ => &[],
        }
    }

    /// The path that an argument is.
    pub fn place(&self, at: usize) -> Result<&Place, Fault> {
        match self.argument(at) {
            Some(Argument::Place(place)) => Ok(place),
            _ => Err(Fault::new("must be a path")),
        }
    }

    /// The function that was named, if one was.
    pub fn function(&self, at: usize) -> Option<&'static Function> {
        match self.argument(at)? {
            Argument::Function(function) => Some(function),
            _ => None,
        }
    }

    /// The function without a name, if one was given.
    pub fn lambda(&self, at: usize) -> Option<&Lambda> {
        match self.argument(at)? {
            Argument::Lambda(lambda) => Some(lambda),
            _ => None,
        }
    }

    /// How many entries the map has that the path at `at` leads to, and how many bytes the longest takes, if that is known
    /// without going through the map.
    pub(crate) fn extent(&self, at: usize, of: &dyn Context) -> Option<(usize, usize)> {
        let place = self.place(at).ok()?;
        if place.keys.is_empty() { of.extent(place.field) } else { None }
    }

    /// Changes the map that the path at `at` leads to, if `needed` says of it as it is that this is needed. A record
    /// where nothing changes is not even opened.
    pub fn change_map(
        &self,
        at: usize,
        on: &mut dyn Context,
        needed: impl FnOnce(Attributes<'_>) -> bool,
        mut change: impl FnMut(&mut AttributesMut<'_>) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let place = self.place(at)?;
        if !needed(map_of(&place.get(on)?)?) {
            return Ok(());
        }
        place.change_map(on, &mut change)
    }
}
