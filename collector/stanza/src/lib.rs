//! The log engine that the log receivers have in common; the Go collector's is called stanza, and so are its operators' keys.
//!
//! A receiver makes an [`Entry`] of each line, a [`Pipeline`] of operators parses and changes the entries, and an [`Encoder`]
//! makes an OTLP request of what comes out.

mod change;
mod container;
mod expression;
mod filter;
mod guard;
mod labels;
mod operator;
mod output;
mod parse;
mod pipeline;
mod recombine;
mod router;

pub use slimcol_entry::{
    Encoder, Entry, Field, Map, Rootable, Severity, Shared, Text, Trace, Value, json::from_json,
};

pub use self::{
    labels::Labels,
    operator::OperatorConfig,
    parse::SyslogConfig,
    pipeline::{Input, Pipeline, Processed},
};
