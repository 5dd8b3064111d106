//! What a reading leaves behind when it is recorded: every key, the value that it has and what it can hold.

use crate::{Duration, Node, node::Value};

/// What a field can hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// Anything.
    Any,
    /// `true` or `false`.
    Bool,
    /// A whole number.
    Int,
    /// A whole number that is not negative.
    Uint,
    /// A number.
    Float,
    /// A string.
    Text,
    /// A component's id.
    Id,
    /// A string that never shows.
    Secret,
    /// Go's duration.
    Duration,
    /// A map of strings, or a list of `{name, value}`.
    Headers,
    /// One of these.
    Words(&'static [&'static str]),
    /// One of these, in whatever case.
    AnyCase(&'static [&'static str]),
    /// A list of these.
    List(&'static Self),
    /// A mapping of free keys to these.
    Map(&'static Self),
    /// A mapping with the fields that the value has.
    Section,
    /// The same, but that other keys are fine too.
    Open,
    /// A list of such mappings; where shapes are recorded the value is one of them.
    Sections,
    /// A mapping of free keys to such mappings, the same way.
    Named,
}

/// A value as it is shown to users.
#[derive(Clone, Debug, PartialEq)]
pub enum Shown {
    /// Nothing, or what is switched off.
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A number.
    Float(f64),
    /// A string.
    Text(String),
    /// A duration.
    Duration(Duration),
    /// A string to show only on demand.
    Secret(String),
    /// A list.
    List(Vec<Self>),
    /// A mapping.
    Map(Vec<Field>),
}

/// A key of a section that was read.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// The key.
    pub key: String,
    /// What it can hold.
    pub shape: Shape,
    /// The words that it can have, for [`crate::Section::choice`].
    pub words: Vec<&'static str>,
    /// What it holds.
    pub value: Shown,
}

/// What is recorded of a reading.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// Nothing.
    #[default]
    Off,
    /// What the values are.
    Values,
    /// What values there can be: sections that are off are read as well.
    Shapes,
}

impl Shown {
    /// A string.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A mapping of values.
    pub fn map<const N: usize>(fields: [(&str, Self); N]) -> Self {
        Self::Map(fields.into_iter().map(|(key, value)| Field::new(key, Shape::Any, value)).collect())
    }

    /// Headers as they were written, in whichever form, of which only the names may show: of a map all but `but`.
    fn hidden(self, but: &str) -> Self {
        match self {
            Self::Text(text) => Self::Secret(text),
            Self::Bool(b) => Self::Secret(b.to_string()),
            Self::Int(n) => Self::Secret(n.to_string()),
            Self::Float(x) => Self::Secret(x.to_string()),
            Self::List(items) => Self::List(items.into_iter().map(|item| item.hidden("name")).collect()),
            Self::Map(mut fields) => {
                for field in fields.iter_mut().filter(|field| field.key != but) {
                    field.value = std::mem::replace(&mut field.value, Self::Null).hidden("");
                }
                Self::Map(fields)
            }
            other => other,
        }
    }

    /// Whether Go's `omitempty` leaves it out.
    pub fn is_zero(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Duration(time) => time.is_zero(),
            Self::Bool(b) => !b,
            Self::Int(n) => *n == 0,
            Self::Float(x) => *x == 0.0,
            Self::Text(text) | Self::Secret(text) => text.is_empty(),
            Self::List(items) => items.is_empty(),
            Self::Map(fields) => fields.is_empty(),
        }
    }
}

impl Field {
    /// A field.
    pub fn new(key: impl Into<String>, shape: Shape, value: Shown) -> Self {
        Self { key: key.into(), shape, words: Vec::new(), value }
    }
}

/// What is written.
impl From<&Node> for Shown {
    fn from(node: &Node) -> Self {
        match &node.value {
            Value::Null => Self::Null,
            Value::Bool(b) => Self::Bool(*b),
            Value::Int(n) => Self::Int((*n).into()),
            Value::Uint(n) => Self::Int((*n).into()),
            Value::Float(x) => Self::Float(*x),
            Value::Text(text) => Self::text(text),
            Value::List(items) => Self::List(items.iter().map(Self::from).collect()),
            Value::Map(entries) => {
                let field = |e: &crate::Entry| {
                    let value = Self::from(e.value());
                    let is_secret = matches!(e.key(), "headers" | "headers_list");
                    Field::new(e.key(), Shape::Any, if is_secret { value.hidden("") } else { value })
                };
                Self::Map(entries.iter().map(field).collect())
            }
        }
    }
}

#[cfg(test)]
mod tests;
