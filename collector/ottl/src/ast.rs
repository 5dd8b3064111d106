//! Statements as they are written, before anybody asks what their names mean.

mod names;
mod print;
pub(crate) mod visit;

use slimcol_ottleval::{Compare, Operator};

pub(crate) use self::names::Names;
use crate::place::At;

/// A statement: what to do, and when.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Statement {
    pub(crate) editor: Call,
    pub(crate) condition: Option<Condition>,
}

/// Something that is true or false.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Condition {
    /// Two or more, of which one is enough.
    Any(Vec<Self>),
    /// Two or more, which all must be.
    All(Vec<Self>),
    Not(Box<Self>),
    /// In parentheses.
    Group(Box<Self>),
    Compare(Box<(Value, Value)>, Compare),
    Literal(bool),
    Call(Call),
}

/// A call of an editor or a converter, perhaps with an index into what comes of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Call {
    pub(crate) at: At,
    pub(crate) name: String,
    pub(crate) arguments: Vec<Argument>,
    pub(crate) keys: Vec<Key>,
}

/// One argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Argument {
    pub(crate) at: At,
    pub(crate) name: Option<String>,
    pub(crate) value: ArgumentValue,
}

/// What is handed over.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ArgumentValue {
    Value(Value),
    /// A function by its name. What has only capitals is a [`Value::Enum`] until its parameter is known.
    Function(String),
}

/// Something that has a value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Nil,
    Boolean(bool),
    Str(String),
    Bytes(Vec<u8>),
    Enum(At, String),
    Map(Vec<(String, Self)>),
    List(Vec<Self>),
    Lambda(At, Box<Lambda>),
    Math(Math),
}

/// A function without a name.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Lambda {
    pub(crate) parameters: Vec<String>,
    pub(crate) body: Body,
}

/// What a lambda says.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Body {
    Value(Value),
    Condition(Condition),
}

/// Something that one can reckon with.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Math {
    Int(i64),
    Float(f64),
    Path(Path),
    Converter(Call),
    /// An editor where none may stand, which is said once all is read.
    Editor(Call),
    /// With a sign before it; `true` is minus.
    Signed(bool, Box<Self>),
    /// In parentheses.
    Group(Box<Self>),
    /// One operand and more, of operators that bind alike.
    Chain(Box<Self>, Vec<(Operator, Self)>),
}

/// A path into the telemetry: `resource.attributes["a"]`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Path {
    pub(crate) at: At,
    /// One at least.
    pub(crate) fields: Vec<Field>,
}

/// A segment of a path.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) keys: Vec<Key>,
}

/// An index.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Key {
    Str(String),
    Int(i64),
    Math(Math),
}
