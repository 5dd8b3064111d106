//! Formats of text that the log engine and OTTL both read, with the rules and the messages of Go's standard library.

pub mod csv;
pub mod query;
pub mod url;
