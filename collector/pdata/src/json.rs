//! OTLP/JSON, straight from the encoded request and straight to it, led by the schema.
//!
//! What the Go collector writes and takes is what its `pdata` package does with the json-iterator library.

pub(crate) mod base64;
mod fault;
mod hex;
mod lexer;
pub(crate) mod number;
pub(crate) mod raw;
mod read;
mod text;
mod write;

pub(crate) use self::{read::read, write::write};

#[cfg(test)]
mod tests;
