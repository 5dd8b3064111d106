//! Base64, in both alphabets, padded and not, and text in other encodings.

use std::borrow::Cow;

use slimcol_ottleval::{
    Fault,
    function::{Args, Call, Function, Ready, Takes, converter, may_take, takes},
    value::{Look, Value},
};
use slimcol_pdata::{json::base64, view::ValueRef};
use slimcol_textformat::encoding::Encoding;

pub(super) const FUNCTIONS: &[Function] = &[
    converter!("Base64Decode", [takes("target", Takes::Text)], |args| {
        decoded(args.text(0)?.as_bytes(), Variant::PADDED, "").map(Into::into)
    }),
    converter!("Base64Encode", [takes("target", Takes::Text), may_take("variant", Takes::Text)], encode),
    converter!("Decode", [takes("target", Takes::Any), takes("encoding", Takes::Text)], known, decode),
];

/// Which alphabet, and whether padded.
#[derive(Clone, Copy)]
struct Variant {
    url: bool,
    padded: bool,
}

impl Variant {
    const PADDED: Self = Self { url: false, padded: true };

    fn named(name: &str) -> Option<Self> {
        Some(match name {
            "base64" => Self::PADDED,
            "base64-raw" => Self { url: false, padded: false },
            "base64-url" => Self { url: true, padded: true },
            "base64-raw-url" => Self { url: true, padded: false },
            _ => return None,
        })
    }
}

fn encode(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let name = args.text_or(1, "base64")?;
    let variant =
        Variant::named(&name).ok_or_else(|| Fault::new(format!("unsupported base64 variant: {name}")))?;
    let mut out = Vec::new();
    base64::encode(&mut out, args.text(0)?.as_bytes());
    let text: String = out.into_iter().map(char::from).collect();
    let text = if variant.padded { text.as_str() } else { text.trim_end_matches('=') };
    Ok(if variant.url { text.replace('+', "-").replace('/', "_") } else { text.to_owned() }.into())
}

/// The text that base64 stands for. As in Go, line ends do not count.
fn decoded(text: &[u8], variant: Variant, before: &str) -> Result<String, Fault> {
    let mut usual = Vec::with_capacity(text.len() + 4);
    for (at, byte) in text.iter().enumerate() {
        usual.push(match byte {
            b'\r' | b'\n' => continue,
            b'-' if variant.url => b'+',
            b'_' if variant.url => b'/',
            b'+' | b'/' if variant.url => return Err(illegal(before, at)),
            b'=' if !variant.padded => return Err(illegal(before, at)),
            byte => *byte,
        });
    }
    if !variant.padded {
        usual.resize(usual.len().next_multiple_of(4), b'=');
    }
    let wrong = |byte: &u8| !byte.is_ascii_alphanumeric() && !matches!(byte, b'+' | b'/' | b'=');
    let mut out = Vec::new();
    match base64::decode(&mut out, &usual) {
        Some(()) => Ok(match String::from_utf8_lossy(&out) {
            Cow::Borrowed(text) => text.to_owned(),
            Cow::Owned(text) => text,
        }),
        None => Err(illegal(before, usual.iter().position(wrong).unwrap_or(usual.len()))),
    }
}

fn illegal(before: &str, at: usize) -> Fault {
    Fault::new(format!("{before}illegal base64 data at input byte {at}"))
}

fn known(call: &Call) -> Result<Ready, String> {
    match call.literal_text(1) {
        Some(name) if Variant::named(name).is_none() => Encoding::find(name).map(|_| Ready::Nothing),
        _ => Ok(Ready::Nothing),
    }
}

fn decode(args: Args<'_>) -> Result<Value<'_>, Fault> {
    let value = args.value(0)?;
    let bytes = match value.look() {
        Look::Data(ValueRef::Bytes(bytes)) => bytes,
        Look::Data(ValueRef::Str(text)) => text.as_bytes(),
        other => {
            let name = if value.is_nil() { "<nil>" } else { other.type_name() };
            return Err(Fault::new(format!("unsupported type provided to Decode function: {name}")));
        }
    };
    let name = args.text(1)?;
    if let Some(variant) = Variant::named(&name) {
        return decoded(bytes, variant, "could not decode: ").map(Into::into);
    }
    Ok(Encoding::find(&name).map_err(Fault::new)?.text(bytes).into())
}
