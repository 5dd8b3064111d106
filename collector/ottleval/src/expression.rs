//! Expressions on their own, as components have them in their configuration.

use crate::{context::Context, fault::Fault, program::Expression, value::Value};

/// An expression that can be worked out.
#[derive(Debug)]
pub struct ValueExpression {
    /// The expression as it was written.
    pub source: Box<str>,
    /// What is worked out.
    pub expression: Expression,
}

impl ValueExpression {
    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Its value for a record.
    pub fn value<'a>(&'a self, of: &'a dyn Context) -> Result<Value<'a>, Fault> {
        self.expression.value(of)
    }
}
