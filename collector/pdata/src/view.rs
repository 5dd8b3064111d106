//! Reading telemetry where it lies: typed looks into checked bytes.
//!
//! A view is a reference and costs nothing to make. A getter goes through the fields of one message to find its own, a few
//! nanoseconds each; nothing is decoded that nobody asks for. What is absent reads as protobuf's default.

mod attributes;
mod each;
mod index;
mod metric;
mod numbers;
mod value;

pub(crate) use self::attributes::pair;
pub use self::{
    attributes::{Attributes, AttributesIter},
    each::{Each, View},
    index::{Index, ShortText, Text},
    metric::{MetricData, Number, Temporality},
    numbers::{Doubles, Numbers, Texts},
    value::{ValueRef, Values},
};
use crate::{
    fields::{Field, Fields},
    put,
};

/// The field `number` of the message `body`; if there are several the last, as protobuf says.
pub(crate) fn find(body: &[u8], number: u32) -> Option<Field<'_>> {
    // Often it is all that there is: an index left nothing else, or nothing else was sent.
    match body {
        [key @ ..0x80, len @ ..0x80, value @ ..]
            if u32::from(*key) == number << 3 | 2 && value.len() == usize::from(*len) =>
        {
            return Some(Field { number, wire: 2, whole: body, value });
        }
        [key @ ..0x80, low @ 0x80..=0xff, high @ ..0x80, value @ ..]
            if u32::from(*key) == number << 3 | 2
                && value.len() == usize::from(*low & 0x7f) | usize::from(*high) << 7 =>
        {
            return Some(Field { number, wire: 2, whole: body, value });
        }
        _ => {}
    }
    Fields::of(body).filter(|field| field.number == number).last()
}

/// The text of the field `number`. It was checked to be UTF-8.
#[inline]
pub(crate) fn find_text(body: &[u8], number: u32) -> &str {
    find(body, number).map_or("", |field| text(field.value))
}

/// The fixed64 in the field `number`, which often is all that an index left of the message.
fn fixed64(body: &[u8], number: u32) -> u64 {
    match body {
        [key, value @ ..] if u32::from(*key) == number << 3 | 1 && value.len() == 8 => {
            value.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
        }
        _ => find(body, number).map_or(0, |field| field.fixed64()),
    }
}

/// Checked text. Looking again is cheaper than it sounds, and safe.
#[inline]
pub(crate) fn text(bytes: &[u8]) -> &str {
    simdutf8::basic::from_utf8(bytes).unwrap_or_default()
}

/// The low half of a varint, where 32 bits were meant: protobuf cuts what is longer.
#[inline]
pub(crate) const fn low32(value: u64) -> u32 {
    (value & 0xffff_ffff) as u32
}

macro_rules! about {
    ($message:ident $field:ident) => {
        concat!("`", stringify!($field), "` of OTLP's `", stringify!($message), "`.")
    };
}

/// The getter of one field, by its kind. Members of oneofs have no getter of their own.
macro_rules! getter {
    ($m:ident $n:literal $f:ident Many(KeyValue)) => {
        #[doc = about!($m $f)]
        pub fn $f(self) -> Attributes<'a> { Attributes::of(self.0, $n) }
    };
    ($m:ident $n:literal $f:ident One(AnyValue)) => {
        #[doc = about!($m $f)]
        pub fn $f(self) -> ValueRef<'a> { ValueRef::of(find(self.0, $n).map_or(&[], |field| field.value)) }
    };
    ($m:ident $n:literal $f:ident Many(AnyValue)) => {
        #[doc = about!($m $f)]
        pub fn $f(self) -> Values<'a> { Values::of(self.0) }
    };
    ($m:ident $n:literal $f:ident One($t:ident)) => {
        #[doc = about!($m $f)]
        #[doc = "Empty if it is absent."]
        pub fn $f(self) -> view!($t) { View::of(find(self.0, $n).map_or(&[], |field| field.value)) }
    };
    ($m:ident $n:literal $f:ident Many($t:ident)) => {
        #[doc = about!($m $f)]
        pub fn $f(self) -> Each<'a, view!($t)> { Each::of(self.0, $n) }
    };
    ($m:ident $n:literal $f:ident Item($t:ident)) => { getter!($m $n $f Many($t)); };
    ($m:ident $n:literal $f:ident Enum(TEMPORALITY)) => {
        #[doc = about!($m $f)]
        pub fn $f(self) -> Temporality { Temporality::of(find(self.0, $n).map_or(0, |field| field.varint())) }
    };
    ($m:ident $n:literal $f:ident Enum($t:ident)) => { getter!($m $n $f I32); };
    ($m:ident $n:literal $f:ident Double opt) => {
        #[doc = about!($m $f)]
        pub fn $f(self) -> Option<f64> { find(self.0, $n).map(|field| f64::from_bits(field.fixed64())) }
    };
    ($m:ident $n:literal $f:ident $kind:ident $(($t:ident))? oneof) => {};
    ($m:ident $n:literal $f:ident $kind:ident) => {
        #[doc = about!($m $f)]
        pub fn $f(self) -> scalar!($kind) { read!($kind self $n) }
    };
}

macro_rules! scalar {
    (U32) => { u32 }; (I32) => { i32 }; (S32) => { i32 }; (Bool) => { bool };
    (Fixed64) => { u64 }; (Fixed32) => { u32 }; (Double) => { f64 };
    (Str) => { &'a str }; (Strs) => { Texts<'a> };
    (TraceId) => { [u8; 16] }; (SpanId) => { [u8; 8] };
    (Fixed64s) => { Numbers<'a> }; (Varints) => { Numbers<'a> }; (Doubles) => { Doubles<'a> };
}

macro_rules! read {
    (U32 $s:ident $n:literal) => { find($s.0, $n).map_or(0, |field| low32(field.varint())) };
    (I32 $s:ident $n:literal) => { read!(U32 $s $n).cast_signed() };
    (S32 $s:ident $n:literal) => { find($s.0, $n).map_or(0, |field| put::unzigzag(field.varint())) };
    (Bool $s:ident $n:literal) => { find($s.0, $n).is_some_and(|field| field.varint() != 0) };
    (Fixed64 $s:ident $n:literal) => { fixed64($s.0, $n) };
    (Fixed32 $s:ident $n:literal) => { find($s.0, $n).map_or(0, |field| field.fixed32()) };
    (Double $s:ident $n:literal) => { f64::from_bits(read!(Fixed64 $s $n)) };
    (Str $s:ident $n:literal) => { find_text($s.0, $n) };
    (Strs $s:ident $n:literal) => { Texts::of($s.0, $n) };
    (TraceId $s:ident $n:literal) => {
        find($s.0, $n).and_then(|field| field.value.try_into().ok()).unwrap_or_default()
    };
    (SpanId $s:ident $n:literal) => { read!(TraceId $s $n) };
    (Fixed64s $s:ident $n:literal) => { Numbers::fixed($s.0, $n) };
    (Varints $s:ident $n:literal) => { Numbers::varints($s.0, $n) };
    (Doubles $s:ident $n:literal) => { Doubles::of($s.0, $n) };
}

macro_rules! views { ($($message:ident $read:ident
    { $($n:literal $field:ident $kind:ident $(($t:ident))? $(@ $mark:ident)?)* })*) => {
    /// The view of a message.
    macro_rules! view { $( ($message) => { $read<'a> }; )* }
    $(
    #[doc = concat!("A look into an OTLP `", stringify!($message), "`.")]
    #[derive(Clone, Copy, Debug)]
    pub struct $read<'a>(&'a [u8]);

    impl<'a> View<'a> for $read<'a> {
        fn of(body: &'a [u8]) -> Self {
            Self(body)
        }
    }

    impl<'a> $read<'a> {
        /// The message as it is encoded.
        pub fn encoded(self) -> &'a [u8] {
            self.0
        }

        $( getter!($message $n $field $kind $(($t))? $($mark)?); )*
    }
)* } }

crate::schema::otlp!(views);
