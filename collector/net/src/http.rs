//! HTTP: clients and servers.

pub mod client;
pub mod server;
