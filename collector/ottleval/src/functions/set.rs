//! The editor of single values.

use crate::{
    context::Context,
    fault::Fault,
    function::{Call, Function, Takes, editor, takes},
};

/// What sets a value.
pub const FUNCTIONS: &[Function] =
    &[editor!("set", [takes("target", Takes::Place), takes("value", Takes::Any)], set)];

/// No value sets nothing.
fn set(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    if let Some(literal) = call.literal(1) {
        return if literal.is_nil() { Ok(()) } else { call.place(0)?.set(on, literal) };
    }
    let value = call.on(on).value(1)?;
    if value.is_nil() {
        return Ok(());
    }
    let value = value.into_owned();
    call.place(0)?.set(on, &value)
}
