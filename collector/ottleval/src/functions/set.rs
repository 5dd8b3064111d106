//! The editor of single values.

use std::sync::atomic::{AtomicU8, Ordering::Relaxed};

use slimcol_pdata::{
    edit::{Copied, ShortPair},
    view::ValueRef,
};
use slimcol_service::{Log, gates::OTTL_SET_NIL};

use crate::{
    context::Context,
    fault::Fault,
    function::{Argument, Call, Function, Place, Ready, Takes, editor, takes},
    program::Expression,
    value::Value,
};

/// What sets a value.
pub const FUNCTIONS: &[Function] =
    &[editor!("set", [takes("target", Takes::Place), takes("value", Takes::Any)], prepare, set)];

/// What is the same for all records is written once, and whether no value is set, too, is asked once.
#[expect(clippy::unnecessary_wraps, reason = "of other functions this can fail")]
fn prepare(call: &Call) -> Result<Ready, String> {
    let key = call.place(0).ok().and_then(Place::key);
    let pair = key
        .zip(call.literal(1).and_then(Value::data))
        .and_then(|((_, key), value)| ShortPair::of(key, value));
    Ok(match pair {
        // What is written is a value, so that nothing needs to be known of the gate.
        Some(pair) => Ready::Pair(pair),
        None if OTTL_SET_NIL.is_on() => Ready::own(()),
        None => Ready::Nothing,
    })
}

/// Whether no value was set anywhere in the process, and whether that was said.
static NIL: AtomicU8 = AtomicU8::new(NEVER);
const NEVER: u8 = 0;
const IGNORED: u8 = 1;
const SAID: u8 = 2;

/// No value sets nothing, unless a gate is on.
fn set_nil(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    if call.ready::<()>().is_some() {
        return call.place(0)?.set(on, &Value::NIL);
    }
    if NIL.load(Relaxed) == NEVER {
        NIL.store(IGNORED, Relaxed);
    }
    Ok(())
}

/// Says once in a process that no value was set somewhere, in Go's words: some day it will be.
pub(crate) fn tell_of_nil(log: &Log) {
    if NIL.load(Relaxed) == IGNORED && NIL.swap(SAID, Relaxed) == IGNORED {
        log.warn(
            "The OTTL 'set' function silently ignored a nil value. This behavior is deprecated and will change in a future \
             release. Enable the feature gate 'ottl.set.allowNil' to pass nil to the target.",
            &[],
        );
    }
}

fn set(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    let Some(Argument::Expression(value)) = call.argument(1) else { return Ok(()) };
    let quick = match value {
        Expression::Literal(literal) => {
            if let (Ready::Pair(pair), Some((field, key))) = (&call.ready, place.key())
                && on.add(field, key, pair)
            {
                return Ok(());
            }
            return match literal.data() {
                Some(ValueRef::Empty) => set_nil(call, on),
                Some(value) => place.put(on, value),
                None => place.set(on, literal),
            };
        }
        Expression::Place(from) => match (&call.ready, from.key(), place.key()) {
            (Ready::Nothing, Some(from), Some(to)) => match on.copy(from, to) {
                Copied::Done => return Ok(()),
                Copied::Absent => return set_nil(call, on),
                Copied::Not => value.quick(on),
            },
            _ => value.quick(on),
        },
        // What functions give is not had quickly.
        Expression::Call(..) => None,
        _ => value.quick(on),
    };
    let text = match quick {
        Some(ValueRef::Empty) => return set_nil(call, on),
        Some(ValueRef::Int(value)) => return place.put(on, ValueRef::Int(value)),
        Some(ValueRef::Str(text)) => on.text_of(text),
        _ => match value.value(on)? {
            Value::Text(text) => text,
            Value::Data(ValueRef::Str(text)) => on.text_of(text),
            value if value.is_nil() => return set_nil(call, on),
            value => {
                let value = value.into_owned();
                return place.set(on, &value);
            }
        },
    };
    let done = place.put(on, ValueRef::Str(&text));
    on.keep(text);
    done
}
