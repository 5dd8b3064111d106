//! Version 1 of Zipkin's spans: a JSON list, or Thrift's binary protocol. They are read only.

mod annotations;
mod json;
mod otlp;
mod status;
mod thrift;

pub use self::{json::from_json, thrift::from_thrift};

#[cfg(test)]
mod tests;
