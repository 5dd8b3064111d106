//! What component tests share: sinks, one component outside a collector, a check of a crate's metadata.
//!
//! ```no_run
//! # async fn example(factory: slimcol_service::Factory, data: slimcol_pdata::Data) {
//! use slimcol_testing::{Sink, processor_from_yaml};
//!
//! let sink = Sink::new();
//! let batch = processor_from_yaml(&factory, "timeout: 1s", sink.next()).await.unwrap();
//! batch.push(data).await.unwrap();
//! batch.stop().await;
//! assert_eq!(sink.items(), 100);
//! # }
//! ```

mod ask;
mod exposed;
pub mod generate;
mod json;
mod message;
mod metadata;
mod numbered;
mod part;
mod remote_write;
mod sink;
mod site;
mod source;

pub use self::{
    ask::{Answered, ask},
    exposed::exposed,
    json::{body_and_attributes, json, log_records},
    metadata::assert_metadata,
    numbered::{field, numbered, numbered_points, numbers},
    part::{Part, connector_from_yaml, exporter_from_yaml, part_from_yaml, processor_from_yaml},
    remote_write::remote_written,
    sink::Sink,
    site::{Asked, Reply, Site},
    source::{Source, extension_from_yaml, receiver_from_yaml, source_from_yaml},
};

use std::sync::{Arc, Mutex, PoisonError};

/// An RSA key of 2048 bits that signs nothing but tests (PKCS #8, PEM).
pub const RSA_KEY: &str = include_str!("rsa.pem");

/// The lines that a component logged, as `level\tmessage\t{fields}`.
#[derive(Clone, Debug)]
pub struct LogLines(Arc<Mutex<Vec<String>>>);

impl LogLines {
    /// All lines so far.
    pub fn all(&self) -> Vec<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The endpoint in the first line that has `text` in it.
    ///
    /// # Panics
    /// There is none.
    pub fn endpoint(&self, text: &str) -> String {
        let lines = self.all();
        let line = lines.iter().find(|line| line.contains(text)).expect("it was logged");
        let (_, behind) = line.split_once("\"endpoint\": \"").expect("the line has an endpoint");
        behind.split('"').next().unwrap_or_default().to_owned()
    }

    /// How many lines have `text` in them.
    pub fn count(&self, text: &str) -> usize {
        self.all().iter().filter(|line| line.contains(text)).count()
    }
}
