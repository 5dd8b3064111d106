//! What functions take.

use slimcol_pdata::view::ValueRef;

use crate::{
    fault::Fault,
    value::{self, Look, Value},
};

/// A parameter of a function.
#[derive(Debug)]
pub struct Parameter {
    /// What it is called.
    pub name: &'static str,
    /// What may be handed over.
    pub takes: Takes,
    /// Whether it may be left out.
    pub optional: bool,
}

/// What may be handed over for a parameter.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// A value of whatever type.
    Any,
    /// Text.
    Text,
    /// What can be read as text.
    TextLike,
    /// A whole number.
    Int,
    /// What can be read as a whole number.
    IntLike,
    /// What can be read as a number.
    FloatLike,
    /// What can be read as true or false.
    BoolLike,
    /// What can be read as bytes.
    BytesLike,
    /// A map.
    Map,
    /// A list.
    List,
    /// An instant.
    Time,
    /// A length of time.
    Duration,
    /// A path to be read and written.
    Place,
    /// A path to a map.
    MapPlace,
    /// A path to a list.
    ListPlace,
    /// Text, written out.
    LiteralText,
    /// A whole number, written out.
    LiteralInt,
    /// `true` or `false`.
    LiteralBool,
    /// A whole number or one with a fraction, written out.
    LiteralNumber,
    /// A list, in brackets, of values of whatever type.
    Values,
    /// A list, in brackets, of texts.
    Texts,
    /// A list, in brackets, of what can be read as text.
    TextLikes,
    /// A list, in brackets, of texts that are written out.
    LiteralTexts,
    /// A list, in brackets, of numbers that are written out.
    LiteralNumbers,
    /// A function by its name.
    Function,
    /// A function without a name.
    Lambda,
}

impl Takes {
    /// What each item of a list in brackets has to be.
    pub const fn item(self) -> Option<(Self, &'static str)> {
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
    pub fn refuse(self, literal: &Value<'static>) -> Result<(), Fault> {
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
