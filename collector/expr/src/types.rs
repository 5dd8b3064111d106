//! What is known of a value before there is data.

use std::fmt;

/// A type, or that there is none known: of data nothing is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Type {
    Unknown,
    Nil,
    Bool,
    Int,
    Float,
    Text,
    Bytes,
    List,
    Map,
    Time,
    Duration,
}

/// Go's name of the type.
impl fmt::Display for Type {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Unknown | Self::Nil => "unknown",
            Self::Bool => "bool",
            Self::Int => "int",
            Self::Float => "float64",
            Self::Text => "string",
            Self::Bytes => "[]uint8",
            Self::List => "[]interface {}",
            Self::Map => "map[string]interface {}",
            Self::Time => "time.Time",
            Self::Duration => "time.Duration",
        })
    }
}

impl Type {
    pub(crate) fn is_number(self) -> bool {
        matches!(self, Self::Int | Self::Float)
    }

    pub(crate) fn is_list(self) -> bool {
        matches!(self, Self::List | Self::Bytes)
    }

    /// Whether a condition can be of this type.
    pub(crate) fn maybe(self, wanted: Self) -> bool {
        self == wanted || self == Self::Unknown
    }

    /// Whether `==` makes sense.
    pub(crate) fn comparable(self, other: Self) -> bool {
        [self, other].iter().any(|side| matches!(side, Self::Unknown | Self::Nil))
            || self == other
            || (self.is_number() && other.is_number())
            || (self.is_list() && other.is_list())
    }

    /// Whether one of two is of `these` types and the other is too, or unknown.
    pub(crate) fn fits(self, other: Self, these: &[Self]) -> bool {
        match (self, other) {
            (Self::Unknown, Self::Unknown) => true,
            (Self::Unknown, known) | (known, Self::Unknown) => these.contains(&known),
            _ => false,
        }
    }

    /// The type of a sum of numbers.
    pub(crate) fn promoted(self, other: Self) -> Self {
        if self == Self::Float || other == Self::Float { Self::Float } else { Self::Int }
    }
}
