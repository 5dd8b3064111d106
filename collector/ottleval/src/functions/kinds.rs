//! Converters that ask what something is.

use slimcol_pdata::view::ValueRef;

use crate::{
    fault::Fault,
    function::{Args, Function, Takes, converter, takes},
    pattern::{matches, pattern_of},
    value::{Look, Value},
};

/// What asks what something is.
pub const FUNCTIONS: &[Function] = &[
    converter!("IsString", [takes("target", Takes::Any)], is_string),
    converter!("IsBool", [takes("target", Takes::Any)], is_bool),
    converter!("IsInt", [takes("target", Takes::Any)], is_int),
    converter!("IsDouble", [takes("target", Takes::Any)], is_double),
    converter!("IsMap", [takes("target", Takes::Any)], is_map),
    converter!("IsList", [takes("target", Takes::Any)], is_list),
    converter!("IsEmpty", [takes("target", Takes::Any)], is_empty),
    converter!(
        "IsMatch",
        [takes("target", Takes::TextLike), takes("pattern", Takes::Text)],
        pattern_of::<1>,
        is_match
    ),
    converter!("HasPrefix", [takes("target", Takes::Text), takes("prefix", Takes::Text)], has_prefix),
    converter!("HasSuffix", [takes("target", Takes::Text), takes("suffix", Takes::Text)], has_suffix),
];

/// Whether the value is of a kind.
macro_rules! kind { ($($name:ident $kind:ident)*) => { $(
    fn $name(args: Args<'_>) -> Result<Value<'_>, Fault> {
        Ok(matches!(args.value(0)?.look(), Look::Data(ValueRef::$kind(_))).into())
    }
)* } }

kind! { is_string Str is_bool Bool is_int Int is_double Double is_map Map }

fn has_prefix(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok(args.text(0)?.starts_with(&*args.text(1)?).into())
}

fn has_suffix(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok(args.text(0)?.ends_with(&*args.text(1)?).into())
}

fn is_list(args: Args<'_>) -> Result<Value<'_>, Fault> {
    Ok(matches!(args.value(0)?.look(), Look::Data(ValueRef::Array(_)) | Look::Items(..)).into())
}

/// Nothing, or what Go's types are when nothing was set.
fn is_empty(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let empty = match args.value(0)?.look() {
        Look::Data(value) => match value {
            ValueRef::Empty => true,
            ValueRef::Str(text) => text.is_empty(),
            ValueRef::Bool(value) => !value,
            ValueRef::Int(value) => value == 0,
            // Go's zero has no sign.
            ValueRef::Double(value) => value.to_bits() == 0,
            ValueRef::Bytes(bytes) => bytes.is_empty(),
            ValueRef::Array(values) => values.is_empty(),
            ValueRef::Map(map) => map.is_empty(),
        },
        Look::TraceId(id) => id == [0; 16],
        Look::SpanId(id) => id == [0; 8],
        Look::Duration(duration) => duration == 0,
        Look::Time(_) => false,
        Look::Items(_, count) => count == 0,
    };
    Ok(empty.into())
}

fn is_match(args: Args<'_>) -> Result<Value<'_>, Fault> {
    matches(args, args.text_like(0)?.as_deref()).map(Into::into)
}
