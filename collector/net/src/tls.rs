//! TLS settings of clients and servers, with the Go collector's keys, rules and messages (`configtls`), on rustls.
//!
//! What differs: TLS 1.0 and 1.1 and the CBC cipher suites do not exist here, and neither do the curves P521 and
//! X25519MLKEM768. Where a list names one of them next to others, the others are used; where nothing usable is left, the
//! component refuses to start. Keys in a TPM are refused.

mod client;
mod material;
mod protocol;
mod reload;
mod server;
mod settings;
mod unverified;

pub use self::{
    client::{ClientTls, Connector},
    server::{Acceptor, ServerTls},
};

#[cfg(test)]
mod tests;
