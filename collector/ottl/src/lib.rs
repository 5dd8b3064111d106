//! OTTL, the OpenTelemetry Transformation Language: statements and conditions over telemetry, as the Go collector has them.
//!
//! A text is parsed, with places for errors, and compiled once, for what it is about: names become functions and fields,
//! literals are read, patterns are made ready. What comes of it is `slimcol-ottleval`'s, which runs it on one record after
//! the other. Who compiles says which functions there are; `slimcol-ottlfuncs` has all.

mod ast;
mod compile;
mod group;
mod infer;
mod levels;
mod lexer;
mod parser;
mod place;
mod resolve;

pub use self::{
    compile::Scope,
    levels::{Level, Levels},
    place::Error,
};
