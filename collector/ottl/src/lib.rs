//! OTTL, the OpenTelemetry Transformation Language: statements and conditions over telemetry, as the Go collector has them.
//!
//! A text is parsed, with places for errors, and compiled once, for what it is about: names become
//! functions and fields, literals are read, patterns are made ready. What comes of it runs on one record after the other,
//! through [`Context`], the only way from here to telemetry: it reads where the record lies, and opens what it sets.
//!
//! Who compiles says which functions there are ([`Functions`](function::Functions)). What runs for every record is here and
//! compiled for speed, the functions that most statements have included ([`functions`]); all others are another crate's.

mod ast;
mod compare;
mod compile;
mod context;
mod expression;
mod fault;
pub mod function;
pub mod functions;
mod group;
mod infer;
mod levels;
mod lexer;
mod math;
mod parser;
pub mod pattern;
mod place;
mod program;
mod sequence;
mod unique;
pub mod value;
pub mod walk;

pub use self::{
    compile::Scope,
    context::{
        Context, EventContext, EventField, Field, Kind, LogContext, LogField, MetricContext, MetricField,
        PointContext, PointField, ResourceContext, ResourceField, ScopeContext, ScopeField, Scratch, Slot,
        SpanContext, SpanField, id,
    },
    expression::ValueExpression,
    fault::Fault,
    function::Function,
    group::Group,
    levels::{Level, Levels},
    place::Error,
    program::{Condition, Statement},
    sequence::{Conditions, ErrorMode, Failure, Statements},
    unique::Unique,
    value::{Look, Value},
};
