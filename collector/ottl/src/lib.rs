//! OTTL, the OpenTelemetry Transformation Language: statements and conditions over telemetry, as the Go collector has them.
//!
//! A text is parsed, with places for errors, and compiled once, for what it is about: names become
//! functions and fields, literals are read, patterns are made ready. What comes of it runs on one record after the other,
//! through [`Context`], the only way from here to telemetry: it reads where the record lies, and opens what it sets.
//!
//! ```
//! use slimcol_ottl::{Kind, Scope, functions, walk};
//! use slimcol_pdata::{Data, Logs};
//!
//! let scope = Scope { context: Kind::Log, prefixed: false, functions: functions::STANDARD };
//! let statement = scope.statement(r#"set(attributes["level"], "bad") where severity_number >= 17"#).unwrap();
//!
//! let json = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":18}]}]}]}"#;
//! let mut logs = Data::Logs(Logs::from_json(json).unwrap());
//! walk::each(&mut logs, Kind::Log, &mut |record| {
//!     assert_eq!(statement.run(record), Ok(true));
//!     Ok(())
//! })
//! .unwrap();
//! let mut out = Vec::new();
//! logs.write_json(&mut out);
//! assert!(String::from_utf8(out).unwrap().contains(r#"{"key":"level","value":{"stringValue":"bad"}}"#));
//!
//! let error = scope.condition("severity_number > ").err().unwrap();
//! assert_eq!(
//!     error.to_string(),
//!     "condition has invalid syntax: 1:19: unexpected token \"<EOF>\" (expected a value)"
//! );
//! ```

mod ast;
mod compare;
mod compile;
mod context;
mod expression;
mod fault;
mod function;
pub mod functions;
mod group;
mod infer;
mod levels;
mod lexer;
mod math;
mod parser;
mod pattern;
mod place;
mod program;
#[cfg(test)]
mod samples;
mod sequence;
mod unique;
mod value;
pub mod walk;

pub use self::{
    compile::Scope,
    context::{
        Context, EventContext, EventField, Field, Kind, LogContext, LogField, MetricContext, MetricField,
        PointContext, PointField, ResourceContext, ResourceField, ScopeContext, ScopeField, Scratch, Slot,
        SpanContext, SpanField,
    },
    expression::ValueExpression,
    fault::Fault,
    function::Function,
    group::Group,
    levels::Levels,
    place::Error,
    program::{Condition, Statement},
    sequence::{Conditions, ErrorMode, Failure, Statements},
    value::{Look, Value},
};
