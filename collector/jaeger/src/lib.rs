//! Jaeger's spans as OTLP and back, by the rules of the Go collector's `pkg/translator/jaeger` with its feature gates as they are by
//! default.
//!
//! ```
//! use slimcol_thrift::Protocol;
//!
//! // A batch of the service "shop", with no spans.
//! let batch = b"\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x04shop\x00\x0f\x00\x02\x0c\x00\x00\x00\x00\x00";
//! assert_eq!(slimcol_jaeger::from_thrift(Protocol::Binary, batch).unwrap().items(), 0);
//! ```
//!
//! Nothing is kept between the two forms: spans are read as references into what was sent, and written once.

mod attributes;
mod error;
mod from_otlp;
mod json;
mod proto;
mod span;
mod status;
mod thrift;
mod to_otlp;

pub use self::{
    error::Error,
    from_otlp::{Written, to_proto},
    json::{from_json, to_json},
    proto::{from_proto, from_span},
    thrift::{from_agent, from_thrift},
};

#[cfg(test)]
mod tests;
