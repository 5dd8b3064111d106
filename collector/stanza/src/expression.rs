//! Expressions of operators.

use slimcol_expr::{Condition, Program};

/// Compiles an expression that is true or false; the error is Go's.
pub(crate) fn condition(source: &str) -> Result<Condition, String> {
    Condition::compile(source).map_err(|error| format!("failed to compile expression '{source}': {error}"))
}

/// Compiles an expression of any type; the error is Go's.
pub(crate) fn program(source: &str) -> Result<Program, String> {
    Program::compile(source).map_err(|error| format!("failed to compile expression '{source}': {error}"))
}
