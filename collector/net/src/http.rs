//! HTTP: clients and servers.

pub mod client;
mod fetch;
pub mod server;

pub use self::fetch::fetch;
