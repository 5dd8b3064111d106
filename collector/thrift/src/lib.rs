//! Apache Thrift as senders of traces speak it, read: the binary and the compact protocol, without generated code.
//!
//! A [`Reader`] borrows from the message, and who reads says what each field is:
//!
//! ```
//! use slimcol_thrift::{Protocol, Reader};
//!
//! // A struct with the text "get" in field 3.
//! let mut reader = Reader::new(Protocol::Binary, b"\x0b\x00\x03\x00\x00\x00\x03get\x00");
//! let mut name = "".into();
//! reader
//!     .structure(|reader, field| {
//!         match field.id {
//!             3 => name = reader.text(field.kind)?,
//!             _ => reader.skip(field.kind)?,
//!         }
//!         Ok(())
//!     })
//!     .unwrap();
//! assert_eq!(name, "get");
//! ```
//!
//! Every length is held against the bytes that there are, nesting has a limit, and nothing is allocated for what was only
//! announced.

mod compact;
mod reader;

pub use self::reader::{Error, Field, Kind, Message, MessageType, Protocol, Reader};
