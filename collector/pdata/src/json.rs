//! OTLP/JSON, straight from the encoded request and straight to it, led by the schema; and its parts, for who reads other
//! JSON or writes numbers and bytes as JSON has them.
//!
//! What the Go collector writes and takes is what its `pdata` package does with the json-iterator library.

pub mod base64;
mod fault;
pub mod hex;
mod lexer;
pub mod number;
pub(crate) mod raw;
mod read;
mod text;
mod write;

pub use self::{fault::Fault, lexer::Lexer, text::write as write_text};
pub(crate) use self::{read::read, write::write};

#[cfg(test)]
mod tests;
