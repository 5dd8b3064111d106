//! The names in a statement: of paths, functions and enums.

use super::{
    Call, Condition, Path, Statement, Value,
    visit::{self, Visitor},
};
use crate::place::At;

/// The names, each as often as it comes.
#[derive(Debug, Default)]
pub(crate) struct Names<'t> {
    /// What paths begin with if more follows, which may be the name of a context, and where.
    pub(crate) paths: Vec<(At, Option<&'t str>)>,
    pub(crate) functions: Vec<&'t str>,
    pub(crate) enums: Vec<&'t str>,
    /// What the functions without a name are handed that are gone through.
    locals: Vec<&'t str>,
}

impl<'t> Names<'t> {
    pub(crate) fn of_statement(statement: &'t Statement) -> Self {
        let mut names = Self::default();
        names.call(&statement.editor);
        statement.condition.iter().for_each(|condition| visit::condition(&mut names, condition));
        names
    }

    pub(crate) fn of_condition(condition: &'t Condition) -> Self {
        let mut names = Self::default();
        visit::condition(&mut names, condition);
        names
    }
}

impl<'t> Visitor<'t> for Names<'t> {
    fn call(&mut self, call: &'t Call) {
        self.functions.push(&call.name);
        visit::call(self, call);
    }

    fn path(&mut self, path: &'t Path) {
        let first = &path.fields[0];
        if self.locals.contains(&&*first.name) {
            return visit::path(self, path);
        }
        let context = (first.keys.is_empty() && path.fields.len() > 1).then_some(&*first.name);
        self.paths.push((path.at, context));
        visit::path(self, path);
    }

    fn value(&mut self, value: &'t Value) {
        if let Value::Enum(_, name) = value {
            self.enums.push(name);
        }
        let outer = self.locals.len();
        if let Value::Lambda(_, lambda) = value {
            self.locals.extend(lambda.parameters.iter().map(String::as_str).filter(|name| *name != "_"));
        }
        visit::value(self, value);
        self.locals.truncate(outer);
    }
}
