//! What is well formed and nevertheless wrong: editors and converters in one another's places. All faults are told, in
//! one text, as the Go collector does.

use std::fmt::Write;

use crate::{
    ast::{ArgumentValue, Body, Call, Condition, Key, Math, Statement, Value},
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
        editor.arguments.iter().for_each(|argument| faults.argument(&argument.value));
    } else {
        faults.editor(editor);
    }
    statement.condition.iter().for_each(|condition| faults.condition(condition));
    faults.0
}

/// The faults of a condition.
pub(super) fn of_condition(condition: &Condition) -> Option<(At, String)> {
    let mut faults = Faults::default();
    faults.condition(condition);
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

    fn editor(&mut self, call: &Call) {
        if !call.keys.is_empty() {
            let keys = plain(&call.keys);
            let text =
                format!("only paths and converters may be indexed, not editors, but got {}{keys}", call.name);
            self.add(call.at, text);
        }
        call.arguments.iter().for_each(|argument| self.argument(&argument.value));
    }

    fn argument(&mut self, value: &ArgumentValue) {
        if let ArgumentValue::Value(value) = value {
            self.value(value);
        }
    }

    fn converter(&mut self, call: &Call) {
        call.arguments.iter().for_each(|argument| self.argument(&argument.value));
        self.keys(&call.keys);
    }

    fn keys(&mut self, keys: &[Key]) {
        for key in keys {
            if let Key::Math(math) = key {
                self.math(math);
            }
        }
    }

    fn value(&mut self, value: &Value) {
        match value {
            Value::Map(pairs) => pairs.iter().for_each(|(_, value)| self.value(value)),
            Value::List(values) => values.iter().for_each(|value| self.value(value)),
            Value::Lambda(at, lambda) => match &lambda.body {
                Body::Value(Value::Lambda(..)) => {
                    self.add(*at, "lambda body cannot result into another lambda expression".to_owned());
                }
                Body::Value(value) => self.value(value),
                Body::Condition(condition) => self.condition(condition),
            },
            Value::Math(math) => self.math(math),
            Value::Nil | Value::Boolean(_) | Value::Str(_) | Value::Bytes(_) | Value::Enum(..) => {}
        }
    }

    fn math(&mut self, math: &Math) {
        match math {
            Math::Editor(call) => {
                let text =
                    format!("converter names must start with an uppercase letter but got '{}'", call.name);
                self.add(call.at, text);
                self.editor(call);
            }
            Math::Converter(call) => self.converter(call),
            Math::Path(path) => path.fields.iter().for_each(|field| self.keys(&field.keys)),
            Math::Signed(_, inner) | Math::Group(inner) => self.math(inner),
            Math::Chain(first, rest) => {
                self.math(first);
                for (_, operand) in rest {
                    self.math(operand);
                }
            }
            Math::Int(_) | Math::Float(_) => {}
        }
    }

    fn condition(&mut self, condition: &Condition) {
        match condition {
            Condition::Any(terms) | Condition::All(terms) => {
                for term in terms {
                    self.condition(term);
                }
            }
            Condition::Not(inner) | Condition::Group(inner) => self.condition(inner),
            Condition::Compare(sides, _) => {
                self.value(&sides.0);
                self.value(&sides.1);
            }
            Condition::Call(call) => self.converter(call),
            Condition::Literal(_) => {}
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
