//! What entries are made of.

use std::fmt;

use bytes::Bytes;

use crate::{Map, Text, json};

/// A value.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Value {
    /// Nothing.
    #[default]
    Null,
    /// True or false.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A number.
    Float(f64),
    /// Text.
    Text(Text),
    /// Bytes that are no text.
    Bytes(Bytes),
    /// Values in a row.
    List(Vec<Self>),
    /// Named values.
    Map(Map),
}

impl Value {
    /// The name of the type that it has in the Go collector, for messages that name it.
    pub fn go_type(&self) -> &'static str {
        match self {
            Self::Null => "<nil>",
            Self::Bool(_) => "bool",
            Self::Int(_) => "int64",
            Self::Float(_) => "float64",
            Self::Text(_) => "string",
            Self::Bytes(_) => "[]uint8",
            Self::List(_) => "[]interface {}",
            Self::Map(_) => "map[string]interface {}",
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&Text> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The map, if it is one.
    pub fn as_map(&self) -> Option<&Map> {
        match self {
            Self::Map(map) => Some(map),
            _ => None,
        }
    }

    /// The map that stands here, which takes the place of anything else.
    pub fn map_mut(&mut self) -> &mut Map {
        if !matches!(self, Self::Map(_)) {
            *self = Self::Map(Map::default());
        }
        let Self::Map(map) = self else { unreachable!("it was made one") };
        map
    }
}

impl From<&'static str> for Value {
    fn from(text: &'static str) -> Self {
        Self::Text(Text::from_static(text))
    }
}

/// As Go's `%v` prints it, maps and lists aside, which are JSON.
impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => f.write_str("<nil>"),
            Self::Text(text) => f.write_str(text),
            Self::Bytes(bytes) => write!(f, "{:?}", &bytes[..]),
            other => f.write_str(&json::text(other)),
        }
    }
}
