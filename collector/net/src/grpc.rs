//! gRPC: unary calls over HTTP/2.

pub mod client;
pub mod server;
