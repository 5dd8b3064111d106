//! The schema as data, for the paths that are not hot enough to have code of their own.

use crate::schema::{enums, name::Name};

/// What a field holds.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Kind {
    U32,
    I32,
    S32,
    I64,
    Bool,
    Enum(&'static [&'static str]),
    Fixed64,
    SFixed64,
    Double,
    Fixed32,
    Str,
    Strs,
    Bytes,
    TraceId,
    SpanId,
    Fixed64s,
    Doubles,
    Varints,
    One(&'static Message),
    Many(&'static Message),
}

/// When a field counts as set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Presence {
    /// When it differs from its kind's zero.
    Implicit,
    /// When it is there.
    Explicit,
    /// When it is there, and no other member of the oneof came after it.
    Oneof,
}

/// A field of a message.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) number: u32,
    pub(crate) name: Name,
    pub(crate) kind: Kind,
    pub(crate) presence: Presence,
}

/// A message: its fields in the order of JSON.
#[derive(Debug)]
pub(crate) struct Message {
    pub(crate) name: &'static str,
    pub(crate) fields: &'static [Field],
}

impl Message {
    /// The field numbered `number`.
    pub(crate) fn field(&self, number: u32) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.number == number)
    }
}

impl Kind {
    /// The wire type that the field is written in.
    pub(crate) const fn wire(self) -> u32 {
        match self {
            Self::U32 | Self::I32 | Self::S32 | Self::I64 | Self::Bool | Self::Enum(_) => 0,
            Self::Fixed64 | Self::SFixed64 | Self::Double => 1,
            Self::Fixed32 => 5,
            _ => 2,
        }
    }

    /// The other wire type that is taken: repeated scalars may come one by one.
    pub(crate) const fn also(self) -> Option<u32> {
        match self {
            Self::Fixed64s | Self::Doubles => Some(1),
            Self::Varints => Some(0),
            _ => None,
        }
    }
}

macro_rules! kind {
    (Item($t:ident)) => {
        Kind::Many(&$t)
    };
    (Arm($t:ident)) => {
        Kind::One(&$t)
    };
    (Enum($t:ident)) => {
        Kind::Enum(enums::$t)
    };
    ($kind:ident($t:ident)) => {
        Kind::$kind(&$t)
    };
    ($kind:ident) => {
        Kind::$kind
    };
}

macro_rules! presence {
    () => {
        Presence::Implicit
    };
    (opt) => {
        Presence::Explicit
    };
    (oneof) => {
        Presence::Oneof
    };
}

macro_rules! messages { ($($message:ident $read:ident
    { $($number:literal $field:ident $kind:ident $(($t:ident))? $(@ $mark:ident)?)* })*) => { $(
    #[expect(non_upper_case_globals, reason = "a static stands for the message whose name it has")]
    pub(crate) static $message: Message = Message { name: stringify!($message), fields: &[ $( Field {
        number: $number,
        name: Name::new(stringify!($field)),
        kind: kind!($kind $(($t))?),
        presence: presence!($($mark)?),
    }, )* ] };
)* } }

crate::schema::otlp!(messages);
