//! Formats of text that several engines read, with the rules and the messages of Go's standard library.

pub mod csv;
pub mod encoding;
pub mod query;
pub mod url;
