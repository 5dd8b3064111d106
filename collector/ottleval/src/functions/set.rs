//! The editor of single values.

use slimcol_pdata::view::ValueRef;
use slimcol_service::gates::OTTL_SET_NIL;

use crate::{
    context::Context,
    fault::Fault,
    function::{Call, Function, Ready, Takes, editor, takes},
    value::Value,
};

/// What sets a value.
pub const FUNCTIONS: &[Function] =
    &[editor!("set", [takes("target", Takes::Place), takes("value", Takes::Any)], prepare, set)];

/// Whether no value is set, too.
#[expect(clippy::unnecessary_wraps, reason = "of other functions this can fail")]
fn prepare(_: &Call) -> Result<Ready, String> {
    Ok(if OTTL_SET_NIL.is_on() { Ready::own(()) } else { Ready::Nothing })
}

fn set_nil(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    if call.ready::<()>().is_some() { call.place(0)?.set(on, &Value::NIL) } else { Ok(()) }
}

/// No value sets nothing, unless a gate is on.
fn set(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    if let Some(literal) = call.literal(1) {
        return match literal.data() {
            Some(ValueRef::Empty) => set_nil(call, on),
            Some(value) => call.place(0)?.put(on, value),
            None => call.place(0)?.set(on, literal),
        };
    }
    let place = call.place(0)?;
    let text = match call.on(on).data(1) {
        Some(ValueRef::Empty) => return set_nil(call, on),
        Some(ValueRef::Int(value)) => return place.put(on, ValueRef::Int(value)),
        Some(ValueRef::Str(text)) => text.to_owned(),
        _ => match call.on(on).value(1)? {
            Value::Text(text) => text,
            Value::Data(ValueRef::Str(text)) => text.to_owned(),
            value if value.is_nil() => return set_nil(call, on),
            value => {
                let value = value.into_owned();
                return place.set(on, &value);
            }
        },
    };
    place.put(on, ValueRef::Str(&text))
}
