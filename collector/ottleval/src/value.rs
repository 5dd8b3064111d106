//! What expressions give.

mod convert;

use std::borrow::Cow;

use slimcol_pdata::{edit::OwnValue, view::ValueRef};
use slimcol_timeformat::{Time, Zone};

use crate::fault::Fault;

pub(crate) use self::convert::decimal;
pub use self::convert::{bool_like, bytes_like, float, float_like, hex, int_like, string_like, truncated};

/// A value: where it lies in telemetry, or made. Reading one from telemetry allocates nothing.
#[derive(Clone, Debug)]
pub enum Value<'a> {
    /// As telemetry has it. No value is `ValueRef::Empty`, OTTL's `nil`.
    Data(ValueRef<'a>),
    /// Text that was made.
    Text(String),
    /// A list, map or bytes that were made.
    Made(OwnValue),
    /// An instant, in nanoseconds since 1970.
    Time(i128),
    /// An instant that is shown by other clocks than those of UTC.
    Zoned(Box<Time>),
    /// A length of time, in nanoseconds.
    Duration(i64),
    /// The id of a trace.
    TraceId([u8; 16]),
    /// The id of a span.
    SpanId([u8; 8]),
    /// So many of something that expressions can only count: events, links, points.
    Items(&'static str, usize),
}

/// A look at a value, whoever has it.
#[derive(Clone, Copy, Debug)]
pub enum Look<'a> {
    /// As telemetry has it.
    Data(ValueRef<'a>),
    /// An instant.
    Time(i128),
    /// A length of time.
    Duration(i64),
    /// The id of a trace.
    TraceId([u8; 16]),
    /// The id of a span.
    SpanId([u8; 8]),
    /// So many of something.
    Items(&'static str, usize),
}

/// So long may a value become: statements that copy a record into itself, or double a text, would otherwise fill memory
/// with a few lines. Larger than what a receiver takes in one request unless told to.
pub(crate) const MOST: usize = 64 << 20;

/// Refuses what is longer than values may be.
pub(crate) fn fits(len: usize) -> Result<(), Fault> {
    if len > MOST { Err(Fault::new("a value of more than 64 MiB was to be made")) } else { Ok(()) }
}

/// The nanoseconds of a second.
const SECOND: i128 = 1_000_000_000;

impl<'a> Value<'a> {
    /// The instant so many nanoseconds after 1970, as the clocks of `zone` show it.
    pub fn at(nanos: i128, zone: Zone) -> Self {
        match zone {
            Zone::Utc => Self::Time(nanos),
            zone => Self::Zoned(Box::new(time(nanos, zone))),
        }
    }

    /// The instant with its zone, if it is one.
    pub fn time(&self) -> Option<Time> {
        match self {
            Self::Time(nanos) => Some(time(*nanos, Zone::Utc)),
            Self::Zoned(time) => Some(Time::clone(time)),
            _ => None,
        }
    }

    /// The zone of an instant.
    pub fn zone(&self) -> Zone {
        match self {
            Self::Zoned(time) => time.zone.clone(),
            _ => Zone::Utc,
        }
    }

    /// No value.
    pub const NIL: Self = Self::Data(ValueRef::Empty);

    /// Looks at the value.
    #[inline]
    pub fn look(&self) -> Look<'_> {
        match self {
            Self::Data(value) => Look::Data(*value),
            Self::Text(text) => Look::Data(ValueRef::Str(text)),
            Self::Made(value) => Look::Data(value.view()),
            Self::Time(time) => Look::Time(*time),
            Self::Zoned(time) => Look::Time(i128::from(time.seconds) * SECOND + i128::from(time.nanos)),
            Self::Duration(duration) => Look::Duration(*duration),
            Self::TraceId(id) => Look::TraceId(*id),
            Self::SpanId(id) => Look::SpanId(*id),
            Self::Items(what, count) => Look::Items(what, *count),
        }
    }

    /// The value as telemetry has it, if it can be put there.
    #[inline]
    pub fn data(&self) -> Option<ValueRef<'_>> {
        match self {
            Self::Data(value) => Some(*value),
            Self::Text(text) => Some(ValueRef::Str(text)),
            Self::Made(value) => Some(value.view()),
            _ => None,
        }
    }

    /// Whether it is no value.
    pub fn is_nil(&self) -> bool {
        matches!(self.data(), Some(ValueRef::Empty))
    }

    /// The value for good, apart from where it was read.
    pub fn into_owned(self) -> Value<'static> {
        match self {
            Self::Data(value) => match value {
                ValueRef::Empty => Value::NIL,
                ValueRef::Bool(value) => value.into(),
                ValueRef::Int(value) => value.into(),
                ValueRef::Double(value) => value.into(),
                ValueRef::Str(text) => Value::Text(text.to_owned()),
                ValueRef::Bytes(_) | ValueRef::Array(_) | ValueRef::Map(_) => Value::Made(value.into()),
            },
            Self::Text(text) => Value::Text(text),
            Self::Made(value) => Value::Made(value),
            Self::Time(time) => Value::Time(time),
            Self::Zoned(time) => Value::Zoned(time),
            Self::Duration(duration) => Value::Duration(duration),
            Self::TraceId(id) => Value::TraceId(id),
            Self::SpanId(id) => Value::SpanId(id),
            Self::Items(what, count) => Value::Items(what, count),
        }
    }

    /// The text, if it is text.
    pub fn into_text(self) -> Result<Cow<'a, str>, Self> {
        match self {
            Self::Data(ValueRef::Str(text)) => Ok(Cow::Borrowed(text)),
            Self::Text(text) => Ok(Cow::Owned(text)),
            Self::Made(value) if value.view().as_str().is_some() => {
                Ok(Cow::Owned(value.view().to_text().into_owned()))
            }
            other => Err(other),
        }
    }
}

impl<'a> Look<'a> {
    /// The type as the Go collector names it in errors.
    pub fn type_name(self) -> &'static str {
        match self {
            Self::Data(ValueRef::Empty) => "nil",
            Self::Data(ValueRef::Str(_)) => "string",
            Self::Data(ValueRef::Bool(_)) => "bool",
            Self::Data(ValueRef::Int(_)) => "int64",
            Self::Data(ValueRef::Double(_)) => "float64",
            Self::Data(ValueRef::Bytes(_)) => "[]uint8",
            Self::Data(ValueRef::Array(_)) => "pcommon.Slice",
            Self::Data(ValueRef::Map(_)) => "pcommon.Map",
            Self::Time(_) => "time.Time",
            Self::Duration(_) => "time.Duration",
            Self::TraceId(_) => "pcommon.TraceID",
            Self::SpanId(_) => "pcommon.SpanID",
            Self::Items(what, _) => what,
        }
    }

    /// The value as telemetry has it, if it can be put there.
    pub fn data(self) -> Option<ValueRef<'a>> {
        match self {
            Self::Data(value) => Some(value),
            _ => None,
        }
    }
}

impl<'a> From<ValueRef<'a>> for Value<'a> {
    #[inline]
    fn from(value: ValueRef<'a>) -> Self {
        Self::Data(value)
    }
}

impl<'a> From<&'a str> for Value<'a> {
    #[inline]
    fn from(text: &'a str) -> Self {
        Self::Data(ValueRef::Str(text))
    }
}

impl<'a> From<Cow<'a, str>> for Value<'a> {
    fn from(text: Cow<'a, str>) -> Self {
        match text {
            Cow::Borrowed(text) => text.into(),
            Cow::Owned(text) => Self::Text(text),
        }
    }
}

macro_rules! from { ($($from:ty, $value:ident => $to:expr;)*) => { $(
    impl From<$from> for Value<'_> {
        #[inline]
        fn from($value: $from) -> Self {
            $to
        }
    }
)* } }

from! {
    String, value => Self::Text(value);
    OwnValue, value => Self::Made(value);
    bool, value => Self::Data(ValueRef::Bool(value));
    i64, value => Self::Data(ValueRef::Int(value));
    f64, value => Self::Data(ValueRef::Double(value));
}

fn time(nanos: i128, zone: Zone) -> Time {
    let seconds = nanos.div_euclid(SECOND).clamp(i64::MIN.into(), i64::MAX.into());
    Time {
        seconds: i64::try_from(seconds).unwrap_or_default(),
        nanos: u32::try_from(nanos.rem_euclid(SECOND)).unwrap_or_default(),
        zone,
    }
}
