//! Functions without a name: what they are handed becomes places, counted from the outermost of them.

use slimcol_ottleval::{Body, Expression, Lambda, Local};
use slimcol_service::gates::OTTL_LAMBDAS;

use super::Compiler;
use crate::{
    ast,
    place::{At, Error},
};

/// What the function without a name around an expression is handed, and those around that.
#[derive(Clone, Copy)]
pub(super) struct Locals<'s> {
    names: &'s [String],
    base: usize,
    outer: Option<&'s Self>,
}

impl Locals<'_> {
    fn find(&self, name: &str) -> Option<usize> {
        match self.names.iter().position(|own| own == name) {
            Some(at) if name != "_" => Some(self.base + at),
            _ => self.outer.and_then(|outer| outer.find(name)),
        }
    }
}

impl Compiler<'_> {
    /// Functions without a name are refused here unless the gate is on.
    pub(super) fn lambdas_are_on(&self, at: At) -> Result<(), Error> {
        if OTTL_LAMBDAS.is_on() {
            return Ok(());
        }
        Err(self.error(
            at,
            "lambda expression arguments require the `ottl.functions.enableLambda` feature gate to be enabled",
        ))
    }

    pub(super) fn lambda(&self, at: At, tree: &ast::Lambda) -> Result<Lambda, Error> {
        self.lambdas_are_on(at)?;
        let names = &tree.parameters[..];
        for (place, name) in names.iter().enumerate() {
            if name != "_" && names[..place].contains(name) {
                return Err(self.error(at, format!("duplicate local identifier {name:?}")));
            }
        }
        let base = self.locals.map_or(0, |outer| outer.base + outer.names.len());
        let locals = Locals { names, base, outer: self.locals };
        let inner = Compiler { scope: self.scope, source: self.source, locals: Some(&locals) };
        let body = match &tree.body {
            ast::Body::Value(value) => Body::Value(inner.value(value)?),
            ast::Body::Condition(condition) => Body::Test(inner.condition(condition)?),
        };
        Ok(Lambda { parameters: names.len(), base, body })
    }

    /// What a path leads to that begins with the name of something that was handed over.
    pub(super) fn local(&self, path: &ast::Path) -> Result<Option<Expression>, Error> {
        let first = &path.fields[0];
        let Some(at) = self.locals.and_then(|locals| locals.find(&first.name)) else { return Ok(None) };
        if path.fields.len() > 1 {
            let names: Vec<_> = path.fields.iter().map(|field| field.name.as_str()).collect();
            let text =
                format!("local identifier {:?} cannot use \".\" to access nested fields", names.join("."));
            return Err(self.error(path.at, text));
        }
        let keys = self.keys(&first.keys, path.at)?;
        Ok(Some(Expression::Local(Box::new(Local { at, name: first.name.as_str().into(), keys }))))
    }
}
