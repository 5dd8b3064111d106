//! Measures what a collector costs: a load generator, a counting sink and the process between them.
//!
//! A collector's CPU-seconds come from `/proc`, never from the clock, so the generator and the sink may share the
//! machine with it. Any collector whose YAML listens on `127.0.0.1:16100` and sends to `127.0.0.1:16200` can take part;
//! the bench puts free ports in their place. The end-to-end tests borrow [`Load`], [`Sink`] and [`Process`].
//!
//! ```text
//! cargo run --release -p slimcol-bench -- relay --signal logs --seconds 6
//! cargo run --release -p slimcol-bench -- relay --peer ./otelcol --peer-config relay.yaml --rounds 5
//! cargo run --release -p slimcol-bench -- idle
//! cargo run --release -p slimcol-bench -- sigterm
//! cargo run --release -p slimcol-bench -- tail --lines-of json --peer ./otelcol
//! ```

mod args;
mod contest;
mod count;
mod idle;
mod load;
mod process;
pub mod procfs;
mod relay;
mod report;
mod request;
mod scrape;
mod sigterm;
mod sink;
mod stats;
mod tail;
mod yaml;

pub use args::{Args, Command, Gzip, Lines, Opponents, Queue, Shape, Target};
pub use contest::run;
pub use count::count;
pub use load::{Load, Outcome, Pace};
pub use process::Process;
pub use request::Requests;
pub use sink::{Received, Sink};
pub use tail::write as write_lines;
pub use yaml::operators;

/// Why a bench did not finish, fit to be shown as it is.
pub type Error = Box<dyn std::error::Error + Send + Sync>;
