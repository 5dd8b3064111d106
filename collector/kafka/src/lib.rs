//! A client of Kafka: what sends records, and what reads them as a member of a consumer group.
//!
//! The messages are written by hand, in versions from before flexible ones: sixteen of them, which brokers from 0.11 to 4.x take.
//! A record's value stays in the pieces that it came in, from a pipeline to the socket, and what is consumed stays in the
//! buffer that it was read to.
//!
//! Bytes of brokers are not believed: nothing panics, no length is reserved before the bytes are there, an answer is at most
//! 100 MiB, a batch at most 64 MiB once it is decompressed.

mod client;
pub mod config;
mod connection;
mod counts;
mod error;
mod group;
mod message;
mod partition;
mod producer;
mod records;
mod sasl;
mod together;
mod wire;

pub use self::{
    client::Client,
    counts::{Families, Way},
    error::{Code, Error},
    group::{Consumer, Record as Received, Take, Taken, Topics},
    partition::{Hasher, Partitioning},
    producer::{Producer, Unsent},
    records::{Consumed, Record},
};
