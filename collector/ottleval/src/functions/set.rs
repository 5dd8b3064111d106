//! The editor of single values.

use slimcol_pdata::view::ValueRef;

use crate::{
    context::Context,
    fault::Fault,
    function::{Call, Function, Takes, editor, takes},
    value::Value,
};

/// What sets a value.
pub const FUNCTIONS: &[Function] =
    &[editor!("set", [takes("target", Takes::Place), takes("value", Takes::Any)], set)];

/// No value sets nothing.
fn set(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    if let Some(literal) = call.literal(1) {
        return match literal.data() {
            Some(ValueRef::Empty) => Ok(()),
            Some(value) => call.place(0)?.put(on, value),
            None => call.place(0)?.set(on, literal),
        };
    }
    let place = call.place(0)?;
    let text = match call.on(on).data(1) {
        Some(ValueRef::Empty) => return Ok(()),
        Some(ValueRef::Int(value)) => return place.put(on, ValueRef::Int(value)),
        Some(ValueRef::Str(text)) => text.to_owned(),
        _ => match call.on(on).value(1)? {
            Value::Text(text) => text,
            Value::Data(ValueRef::Str(text)) => text.to_owned(),
            value if value.is_nil() => return Ok(()),
            value => {
                let value = value.into_owned();
                return place.set(on, &value);
            }
        },
    };
    place.put(on, ValueRef::Str(&text))
}
