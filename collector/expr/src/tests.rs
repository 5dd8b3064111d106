//! What the language does, in tables.

mod errors;
mod language;
mod properties;

use crate::{Environment, Error, Fields, Items, Program, Value};

/// A list of the data.
#[derive(Debug)]
struct Row(Vec<Datum>);

/// A map of the data.
#[derive(Debug)]
struct Table(Vec<(&'static str, Datum)>);

/// Data as its owner might have it.
#[derive(Debug)]
enum Datum {
    Int(i64),
    Text(&'static str),
    Bytes(&'static [u8]),
    List(Row),
    Map(Table),
    Time(i64),
}

impl Datum {
    fn value(&self) -> Value<'_> {
        match self {
            Self::Int(value) => Value::Int(*value),
            Self::Text(text) => Value::from(*text),
            Self::Bytes(bytes) => Value::from(*bytes),
            Self::List(items) => Value::from(items as &dyn Items),
            Self::Map(fields) => Value::from(fields as &dyn Fields),
            Self::Time(nanos) => Value::Time(crate::Time::from_unix_nanos(*nanos)),
        }
    }
}

impl Items for Row {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, index: usize) -> Value<'_> {
        self.0[index].value()
    }
}

impl Fields for Table {
    fn len(&self) -> usize {
        self.0.len()
    }

    fn get(&self, key: &str) -> Option<Value<'_>> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, datum)| datum.value())
    }

    fn entry(&self, index: usize) -> (&str, Value<'_>) {
        (self.0[index].0, self.0[index].1.value())
    }
}

/// A log entry.
#[derive(Debug)]
struct Entry(Table);

impl Environment for Entry {
    fn get(&self, name: &str) -> Option<Value<'_>> {
        Fields::get(&self.0, if name == "$" { "body" } else { name })
    }
}

fn entry() -> Entry {
    let map = |fields| Datum::Map(Table(fields));
    let list = |items| Datum::List(Row(items));
    let text = Datum::Text;
    Entry(Table(vec![
        ("body", text("an Error: out of cheese")),
        ("raw", Datum::Bytes(b"\xffraw")),
        (
            "attributes",
            map(vec![
                ("level", text("error")),
                ("code", Datum::Int(503)),
                ("k8s.pod.name", text("shop-1")),
                ("tags", list(vec![text("a"), text("b")])),
                (
                    "http",
                    map(vec![("method", text("GET")), ("sizes", list(vec![Datum::Int(7), Datum::Int(9)]))]),
                ),
            ]),
        ),
        ("resource", map(vec![])),
        ("timestamp", Datum::Time(1_700_000_000_500_000_000)),
    ]))
}

/// The value of an expression of [`entry`] as text, or the first line of the error.
fn shown(source: &str) -> String {
    let entry = entry();
    let shown = match Program::compile(source) {
        Ok(program) => program.eval(&entry).map(|value| value.to_text()),
        Err(error) => Err(error),
    };
    shown.unwrap_or_else(|error: Error| format!("!{}", error.message()))
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .map(|(source, expected)| (source, expected, shown(source)))
        .filter(|(_, expected, got)| got != *expected)
        .map(|(source, expected, got)| format!("{source}\n  expected {expected}\n  got      {got}"))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
