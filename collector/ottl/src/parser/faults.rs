//! What is well formed and nevertheless wrong: editors and converters in one another's places. All faults are told, in
//! one text, as the Go collector does.

use std::fmt::Write;

use crate::{
    ast::{
        Body, Call, Condition, Key, Statement, Value,
        visit::{self, Visitor},
    },
    place::At,
};

/// The faults of a statement.
pub(super) fn of_statement(statement: &Statement) -> Option<(At, String)> {
    let mut faults = Faults::default();
    let editor = &statement.editor;
    if editor.name.starts_with(|first: char| first.is_ascii_uppercase()) {
        faults.add(
            editor.at,
            format!("editor names must start with a lowercase letter but got '{}'", editor.name),
        );
    } else {
        faults.refuse_keys(editor);
    }
    visit::arguments(&mut faults, editor);
    statement.condition.iter().for_each(|condition| visit::condition(&mut faults, condition));
    faults.0
}

/// The faults of a condition.
pub(super) fn of_condition(condition: &Condition) -> Option<(At, String)> {
    let mut faults = Faults::default();
    visit::condition(&mut faults, condition);
    faults.0
}

/// The faults of an expression.
pub(super) fn of_value(value: &Value) -> Option<(At, String)> {
    let mut faults = Faults::default();
    faults.value(value);
    faults.0
}

/// Where the first fault is, and what all of them are.
#[derive(Default)]
struct Faults(Option<(At, String)>);

impl Faults {
    fn add(&mut self, at: At, text: String) {
        match &mut self.0 {
            Some((_, all)) => {
                all.push_str("; ");
                all.push_str(&text);
            }
            None => self.0 = Some((at, text)),
        }
    }

    fn refuse_keys(&mut self, editor: &Call) {
        if !editor.keys.is_empty() {
            let keys = plain(&editor.keys);
            let text = format!(
                "only paths and converters may be indexed, not editors, but got {}{keys}",
                editor.name
            );
            self.add(editor.at, text);
        }
    }
}

impl<'t> Visitor<'t> for Faults {
    fn editor(&mut self, editor: &'t Call) {
        let text = format!("converter names must start with an uppercase letter but got '{}'", editor.name);
        self.add(editor.at, text);
        self.refuse_keys(editor);
        visit::arguments(self, editor);
    }

    fn value(&mut self, value: &'t Value) {
        match value {
            Value::Lambda(at, lambda) if matches!(lambda.body, Body::Value(Value::Lambda(..))) => {
                self.add(*at, "lambda body cannot result into another lambda expression".to_owned());
            }
            value => visit::value(self, value),
        }
    }
}

/// Keys as the Go collector prints them in its errors, without quotes.
pub(crate) fn plain(keys: &[Key]) -> String {
    let mut out = String::new();
    for key in keys {
        // Writing to a string does not fail.
        let _ = match key {
            Key::Str(text) => write!(out, "[{text}]"),
            key => write!(out, "{key}"),
        };
    }
    out
}
