//! The names in a statement: of paths, functions and enums.

use super::{Argument, ArgumentValue, Body, Call, Condition, Key, Math, Path, Statement, Value};
use crate::place::At;

/// The names, each as often as it comes.
#[derive(Debug, Default)]
pub(crate) struct Names<'t> {
    /// What paths begin with if more follows, which may be the name of a context, and where.
    pub(crate) paths: Vec<(At, Option<&'t str>)>,
    pub(crate) functions: Vec<&'t str>,
    pub(crate) enums: Vec<&'t str>,
}

impl<'t> Names<'t> {
    pub(crate) fn of_statement(statement: &'t Statement) -> Self {
        let mut names = Self::default();
        names.call(&statement.editor);
        statement.condition.iter().for_each(|condition| names.condition(condition));
        names
    }

    pub(crate) fn of_condition(condition: &'t Condition) -> Self {
        let mut names = Self::default();
        names.condition(condition);
        names
    }

    fn call(&mut self, call: &'t Call) {
        self.functions.push(&call.name);
        call.arguments.iter().for_each(|argument| self.argument(argument));
        self.keys(&call.keys);
    }

    fn argument(&mut self, argument: &'t Argument) {
        if let ArgumentValue::Value(value) = &argument.value {
            self.value(value);
        }
    }

    fn keys(&mut self, keys: &'t [Key]) {
        for key in keys {
            if let Key::Math(math) = key {
                self.math(math);
            }
        }
    }

    fn path(&mut self, path: &'t Path) {
        let first = &path.fields[0];
        let context = (first.keys.is_empty() && path.fields.len() > 1).then_some(&*first.name);
        self.paths.push((path.at, context));
        path.fields.iter().for_each(|field| self.keys(&field.keys));
    }

    fn value(&mut self, value: &'t Value) {
        match value {
            Value::Enum(_, name) => self.enums.push(name),
            Value::Map(pairs) => pairs.iter().for_each(|(_, value)| self.value(value)),
            Value::List(values) => values.iter().for_each(|value| self.value(value)),
            Value::Lambda(_, lambda) => match &lambda.body {
                Body::Value(value) => self.value(value),
                Body::Condition(condition) => self.condition(condition),
            },
            Value::Math(math) => self.math(math),
            Value::Nil | Value::Boolean(_) | Value::Str(_) | Value::Bytes(_) => {}
        }
    }

    fn math(&mut self, math: &'t Math) {
        match math {
            Math::Path(path) => self.path(path),
            Math::Converter(call) | Math::Editor(call) => self.call(call),
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

    fn condition(&mut self, condition: &'t Condition) {
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
            Condition::Call(call) => self.call(call),
            Condition::Literal(_) => {}
        }
    }
}
