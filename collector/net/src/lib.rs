//! What components need to talk over a network: HTTP and gRPC servers and clients with the Go collector's configuration
//! keys, and TLS.
//!
//! The gRPC here is unary calls over bare HTTP/2, which is all that OTLP is made of: a message is the body's bytes, taken
//! from and given to the connection without a copy where it arrived in one frame. Servers can answer with a stream as well.

pub mod dns;
pub mod grpc;
pub mod http;
pub mod tcp;
pub mod tls;
pub mod udp;

mod admission;
mod base64;
mod calls;
mod connections;
mod corked;
mod dial;
mod exchange;
mod handshake;
mod http2;
mod listen;
mod partial_success;
mod pieces;
mod reference;
mod resolve;
mod stream;
mod traced;
mod user_agent;

pub use slimcol_compression::Compression;

pub use self::{listen::split_endpoint, partial_success::PartialSuccess, pieces::Pieces, resolve::name_of};
