//! The functions of `XPath`.

use std::{fmt, ops::RangeInclusive};

use super::eval::{Evaluation, Value, float};
use crate::tree::Item;

type Run = fn(&Evaluation<'_>, Item, (usize, usize), &[Value]) -> Value;

/// A function.
pub(super) struct Function {
    name: &'static str,
    /// So many arguments.
    pub(super) takes: RangeInclusive<usize>,
    pub(super) run: Run,
}

impl fmt::Debug for Function {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}

impl PartialEq for Function {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

pub(super) fn named(name: &str) -> Option<&'static Function> {
    FUNCTIONS.iter().find(|function| function.name == name)
}

const fn function(name: &'static str, takes: RangeInclusive<usize>, run: Run) -> Function {
    Function { name, takes, run }
}

static FUNCTIONS: &[Function] = &[
    function("position", 0..=0, |_, _, (at, _), _| Value::Number(float(at))),
    function("last", 0..=0, |_, _, (_, count), _| Value::Number(float(count))),
    function("true", 0..=0, |_, _, _, _| Value::Bool(true)),
    function("false", 0..=0, |_, _, _, _| Value::Bool(false)),
    function("not", 1..=1, |_, _, _, given| Value::Bool(!Evaluation::truth(&given[0]))),
    function("boolean", 1..=1, |_, _, _, given| Value::Bool(Evaluation::truth(&given[0]))),
    function("count", 1..=1, |_, _, _, given| match &given[0] {
        Value::Items(items) => Value::Number(float(items.len())),
        _ => Value::Number(f64::NAN),
    }),
    function("name", 0..=1, |own, at, _, given| {
        Value::Text(first(at, given).map(|item| own.document.name(item).to_string()).unwrap_or_default())
    }),
    function("local-name", 0..=1, |own, at, _, given| {
        Value::Text(
            first(at, given).map(|item| own.document.name(item).local.to_string()).unwrap_or_default(),
        )
    }),
    function("string", 0..=1, |own, at, _, given| Value::Text(text(own, at, given))),
    function("number", 0..=1, |own, at, _, given| match given {
        [] => Value::Number(super::eval::number(&own.document.inner_text(at))),
        [value, ..] => Value::Number(own.number(value)),
    }),
    function("string-length", 0..=1, |own, at, _, given| {
        Value::Number(float(text(own, at, given).chars().count()))
    }),
    function("normalize-space", 0..=1, |own, at, _, given| {
        Value::Text(text(own, at, given).split_whitespace().collect::<Vec<_>>().join(" "))
    }),
    function("concat", 2..=50, |own, _, _, given| {
        Value::Text(given.iter().map(|value| own.text(value)).collect())
    }),
    function("contains", 2..=2, |own, _, _, given| both(own, given, |text, part| text.contains(part))),
    function("starts-with", 2..=2, |own, _, _, given| both(own, given, |text, part| text.starts_with(part))),
    function("ends-with", 2..=2, |own, _, _, given| both(own, given, |text, part| text.ends_with(part))),
    function("lower-case", 1..=1, |own, _, _, given| Value::Text(own.text(&given[0]).to_lowercase())),
];

/// The first item that was given, or that one.
fn first(at: Item, given: &[Value]) -> Option<Item> {
    match given {
        [] => Some(at),
        [Value::Items(items), ..] => items.first().copied(),
        _ => None,
    }
}

fn text(own: &Evaluation<'_>, at: Item, given: &[Value]) -> String {
    match given {
        [] => own.document.inner_text(at).into_owned(),
        [value, ..] => own.text(value),
    }
}

fn both(own: &Evaluation<'_>, given: &[Value], holds: fn(&str, &str) -> bool) -> Value {
    Value::Bool(holds(&own.text(&given[0]), &own.text(&given[1])))
}
