//! The log engine that the log receivers have in common; the Go collector's is called stanza, and so are its operators' keys.
//!
//! A receiver makes an [`Entry`] of each line, a [`Pipeline`] of operators parses and changes the entries, and an [`Encoder`]
//! makes an OTLP request of what comes out. Texts are slices of the bytes that were read, so that a line that is only
//! parsed is copied once: into the request.

mod change;
mod container;
mod encode;
mod entry;
mod expression;
mod field;
mod filter;
mod guard;
mod json;
mod labels;
mod map;
mod operator;
mod parse;
mod pipeline;
mod recombine;
mod router;
mod value;

pub use self::{
    encode::Encoder,
    entry::{Entry, Severity, Shared, Trace},
    field::{Field, Rootable},
    json::from_json,
    labels::Labels,
    map::Map,
    operator::OperatorConfig,
    parse::SyslogConfig,
    pipeline::{Input, Pipeline, Processed},
    value::{Text, Value},
};
