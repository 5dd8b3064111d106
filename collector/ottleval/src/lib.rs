//! What statements and conditions in OTTL become, and how they run: programs, the values in them, the records they are about,
//! the walk through a request.
//!
//! A program runs on one record after the other through [`Context`], the only way from here to telemetry: it reads where the
//! record lies, and opens what it sets. All this is for every record and compiled for speed, as are the functions that most
//! statements have ([`functions`]). The language is `slimcol-ottl`, the other functions are `slimcol-ottlfuncs`.

mod compare;
mod context;
mod expression;
mod fault;
pub mod function;
pub mod functions;
mod group;
mod lambda;
mod leaf;
mod math;
pub mod pattern;
mod program;
mod sequence;
mod unique;
pub mod value;
pub mod walk;

pub use self::{
    compare::{Compare, compare},
    context::{
        Context, EventContext, EventField, ExemplarContext, ExemplarField, Field, Kind, LogContext, LogField,
        MetricContext, MetricField, PointContext, PointField, ResourceContext, ResourceField, SENDER,
        SENDER_FIELDS, ScopeContext, ScopeField, Scratch, SenderField, Slot, SpanContext, SpanField, id,
    },
    expression::ValueExpression,
    fault::Fault,
    group::Group,
    lambda::{Body, Lambda, Local},
    math::Operator,
    program::{Condition, Expression, Index, Place, Statement, Test},
    sequence::{Conditions, ErrorMode, Failure, Statements},
    unique::Unique,
    value::{Look, Value},
};
