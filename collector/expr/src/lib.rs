//! The expression language of log operators (`if`, `expr`, `EXPR(…)`) and of receivers' rules.
//!
//! It is the language of the Go library expr-lang/expr as its definition describes it (version 1.17), for data of which
//! nothing is known before it is there. An expression is compiled once ([`Program`], [`Condition`], [`Template`]) and
//! evaluated against an [`Environment`], whose values it borrows: looking a field up, comparing it, searching it and
//! matching it allocate nothing.
//!
//! ```
//! use slimcol_expr::{Condition, Environment, Value};
//!
//! #[derive(Debug)]
//! struct Line(&'static str);
//!
//! impl Environment for Line {
//!     fn get(&self, name: &str) -> Option<Value<'_>> {
//!         (name == "body").then(|| self.0.into())
//!     }
//! }
//!
//! let condition = Condition::compile(r#"body contains "error" and not (body matches "^debug")"#).unwrap();
//! assert_eq!(condition.holds(&Line("an error occurred")), Ok(true));
//! assert_eq!(condition.holds(&Line("debug: no error")), Ok(false));
//!
//! let error = Condition::compile("body ==").unwrap_err();
//! assert_eq!(error.to_string(), "unexpected token EOF (1:7)\n | body ==\n | ......^");
//! ```
//!
//! Neither time nor room is without bound: nesting, nodes, the size of patterns, the steps of an evaluation and what it
//! makes have limits, most of them the Go library's.
//!
//! What differs: maps have texts as keys and keep them sorted; slices that cut a character in two leave the replacement
//! character; `date`, `timezone` and `$env` other than for looking names up are refused; times are in UTC; a type that Go
//! would tell apart further (`[]string`, `int64`) has the name of what it is here in messages.

mod ast;
mod error;
mod function;
mod json;
mod lexer;
mod lower;
mod parser;
mod template;
mod types;

#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc};

pub use slimcol_expreval::{Environment, Fields, Held, Items, List, Map, Row, Table, Time, Value};
use slimcol_expreval::{Fault, Op, evaluate};

use self::types::Type;
pub use self::{error::Error, template::Template};

/// The longest expression.
const LONGEST: usize = 1 << 20;

/// An expression that is ready to be evaluated.
pub struct Program {
    source: Arc<str>,
    op: Op,
    slots: usize,
    of: Type,
}

impl Program {
    /// Compiles an expression of any type.
    pub fn compile(source: &str) -> Result<Self, Error> {
        Self::compile_without(source, &[])
    }

    /// Compiles an expression whose language lacks the functions named, which the environment may have instead.
    pub fn compile_without(source: &str, disabled: &'static [&'static str]) -> Result<Self, Error> {
        let source: Arc<str> = source.into();
        if source.len() > LONGEST {
            let fault = Fault { message: format!("expression is longer than {LONGEST} bytes"), at: 0 };
            return Err(Error::new(fault, &Arc::from("")));
        }
        let node = parser::parse(&source).map_err(|fault| Error::new(fault, &source))?;
        let (op, slots, of) = lower::lower(&node, disabled).map_err(|fault| Error::new(fault, &source))?;
        Ok(Self { source, op, slots, of })
    }

    /// The value of the expression.
    pub fn eval<'a>(&'a self, env: &'a dyn Environment) -> Result<Value<'a>, Error> {
        evaluate(&self.op, self.slots, env).map_err(|fault| Error::new(*fault, &self.source))
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Program").field(&self.source).finish()
    }
}

/// An expression that says yes or no.
#[derive(Debug)]
pub struct Condition(Program);

impl Condition {
    /// Compiles an expression whose value is a truth value, as far as that can be known.
    pub fn compile(source: &str) -> Result<Self, Error> {
        Program::compile(source).and_then(Self::of)
    }

    /// As [`Program::compile_without`].
    pub fn compile_without(source: &str, disabled: &'static [&'static str]) -> Result<Self, Error> {
        Program::compile_without(source, disabled).and_then(Self::of)
    }

    fn of(program: Program) -> Result<Self, Error> {
        if program.of.maybe(Type::Bool) {
            return Ok(Self(program));
        }
        let fault = Fault { message: format!("expected bool, but got {}", program.of), at: 0 };
        Err(Error::new(fault, &Arc::from("")))
    }

    /// Whether it is so; nil is no.
    pub fn holds(&self, env: &dyn Environment) -> Result<bool, Error> {
        match self.0.eval(env)? {
            Value::Bool(value) => Ok(value),
            Value::Nil => Ok(false),
            other => {
                let message = format!("invalid operation: bool({})", other.type_name());
                Err(Error::new(Fault { message, at: 0 }, &self.0.source))
            }
        }
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        self.0.source()
    }
}
