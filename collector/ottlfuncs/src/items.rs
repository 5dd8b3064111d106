//! Editors of lists: items that come to them and go.

use slimcol_ottleval::{
    Context, Fault,
    function::{Call, Function, Ready, Takes, editor, list_of, may_take, takes},
    value::{Look, Value},
};
use slimcol_pdata::{edit::OwnValue, view::ValueRef};

pub(super) const FUNCTIONS: &[Function] = &[
    editor!(
        "append",
        [takes("target", Takes::Place), may_take("value", Takes::Any), may_take("values", Takes::Values)],
        something,
        append
    ),
    editor!(
        "delete_index",
        [
            takes("target", Takes::ListPlace),
            takes("start_index", Takes::Int),
            may_take("end_index", Takes::Int)
        ],
        delete_index
    ),
];

fn something(call: &Call) -> Result<Ready, String> {
    if call.has(1) || call.has(2) {
        return Ok(Ready::Nothing);
    }
    Err("at least one of the optional arguments ('value' or 'values') must be provided".to_owned())
}

/// What is there and is no list becomes one. A list that is appended is one value of the new list.
fn append(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    let args = call.on(on);
    let old = place.get(on)?;
    let mut added = Vec::new();
    if call.has(1) {
        added.push(args.value(1)?);
    }
    for item in call.items(2) {
        added.push(item.value(on)?);
    }
    let mut all = Vec::new();
    match old.look() {
        Look::Data(ValueRef::Empty) => {}
        Look::Data(ValueRef::Array(values)) => all.extend(values.iter()),
        Look::Data(value) => all.push(value),
        other => {
            return Err(Fault::new(format!("unsupported type of target field: '{}'", other.type_name())));
        }
    }
    for value in &added {
        let look = value.look();
        all.push(
            look.data().ok_or_else(|| Fault::new(format!("<Invalid value type {}>", look.type_name())))?,
        );
    }
    let list = Value::Made(OwnValue::list(all));
    place.set(on, &list)
}

fn delete_index(call: &Call, on: &mut dyn Context) -> Result<(), Fault> {
    let place = call.place(0)?;
    let args = call.on(on);
    let old = place.get(on)?;
    let values = list_of(&old)?;
    let start = args.int(1)?;
    let end = if call.has(2) { args.int(2)? } else { start.saturating_add(1) };
    let len = i64::try_from(values.len()).unwrap_or(i64::MAX);
    if (start, end) != (0, len) {
        if start < 0 || start >= len {
            return Err(Fault::new(format!("startIndex {start} out of bounds for slice of length {len}")));
        }
        if end < start {
            return Err(Fault::new(format!("endIndex {end} cannot be less than startIndex {start}")));
        }
        if end > len {
            return Err(Fault::new(format!(
                "deletion range [{start}:{end}] out of bounds for slice of length {len}"
            )));
        }
    }
    if start == end {
        return Ok(());
    }
    let kept =
        (0_i64..).zip(values.iter()).filter(|(at, _)| !(start..end).contains(at)).map(|(_, value)| value);
    let list = Value::Made(OwnValue::list(kept));
    place.set(on, &list)
}
