//! Log entries: what a receiver makes of each line, what operators work on, and what an OTLP request is made of.
//!
//! An [`Entry`] is made of [`Value`]s, [`Field`]s are paths into it, expressions see it as their environment, and an
//! [`Encoder`] writes it. Texts that are not short are slices of the bytes that were read, so that what is long in a line that
//! is only parsed is copied once: into the request.

mod encode;
mod entry;
mod expression;
mod field;
pub mod json;
mod map;
mod text;
mod value;

pub use self::{
    encode::Encoder,
    entry::{Entry, Severity, Shared, Trace},
    expression::owned,
    field::{Field, Root, Rootable},
    map::Map,
    text::Text,
    value::Value,
};
