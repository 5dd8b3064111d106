//! What expressions compute with, and what is evaluated of them.
//!
//! The language (`slimcol_expr`) makes a plan of what was written: an [`Op`] whose names are resolved, whose patterns are
//! compiled and whose constants are computed. [`evaluate`] does it for an [`Environment`], once for each log record, and
//! borrows the values it looks at. This is what sees every record; what reads the language runs once.

mod eval;
mod meter;
mod plan;
mod time;
mod value;

use self::eval::variable;
pub use self::{
    eval::evaluate,
    meter::Meter,
    plan::{Arithmetic, Each, EachItem, Op, Order, Run, Step},
    time::Time,
    value::{
        Fields, Held, Items, List, Map, Row, Table, Unordered, Value, equal, float_of, go_float, int_of,
        map_key, not_a, order, position, show, sorted, text_of,
    },
};

/// What names mean in an expression.
pub trait Environment {
    /// The value of a variable; nothing is nil.
    fn get(&self, name: &str) -> Option<Value<'_>>;

    /// The result of a function that the language does not have; nothing if there is no such function.
    ///
    /// Without more, `env("NAME")` is a variable of the process's environment, as log operators have it.
    fn call<'a>(&'a self, name: &str, args: &[Value<'a>]) -> Option<Result<Value<'a>, String>> {
        matches!(name, "env" | "os_env_func").then(|| variable(args))
    }
}

/// A message and the number of the character it is about.
#[derive(Debug)]
pub struct Fault {
    /// What is wrong.
    pub message: String,
    /// The character, counted from the start of the expression.
    pub at: u32,
}
