//! What the command line of the bench says.

use std::path::PathBuf;

use clap::{Args as ClapArgs, Parser, Subcommand, ValueEnum};
use slimcol_pdata::Signal;

/// Measures what a collector costs, alone or against another one.
#[derive(Debug, Parser)]
#[command(name = "slimcol-bench", version)]
pub struct Args {
    /// What to measure.
    #[command(subcommand)]
    pub command: Command,
}

/// What to measure.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Items per CPU-second, memory and latency of OTLP in, batch, OTLP out
    Relay {
        /// The requests and how they are sent.
        #[command(flatten)]
        shape: Shape,
        /// What stands before the exporter
        #[arg(long, value_enum, default_value_t = Queue::Memory)]
        queue: Queue,
        /// The collectors.
        #[command(flatten)]
        opponents: Opponents,
    },
    /// Time from exec until the port accepts, and memory when idle
    Idle {
        /// How often to start each collector
        #[arg(long, default_value_t = 9)]
        starts: u32,
        /// The collectors.
        #[command(flatten)]
        opponents: Opponents,
    },
    /// Lines per CPU-second of `file_log` with operators
    Tail {
        /// The lines, and what operators do with them
        #[arg(long, value_enum, default_value_t = Lines::Plain)]
        lines_of: Lines,
        /// How many lines
        #[arg(long, default_value_t = 2_000_000, value_parser = clap::value_parser!(u64).range(1..=200_000_000))]
        lines: u64,
        /// Where the records go
        #[arg(long, value_enum, default_value_t = Target::Nop)]
        to: Target,
        /// The collectors.
        #[command(flatten)]
        opponents: Opponents,
    },
    /// CPU-seconds per million samples of the `prometheus` receiver, and its memory
    Scrape {
        /// How many targets, each with a thousand series
        #[arg(long, default_value_t = 100, value_parser = clap::value_parser!(u16).range(1..=1000))]
        targets: u16,
        /// Seconds from one scrape to the next
        #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..=3600))]
        interval: u32,
        /// Length of the measured window, after two intervals of warm-up
        #[arg(long, default_value_t = 60, value_parser = clap::value_parser!(u32).range(1..=3600))]
        seconds: u32,
        /// The collectors.
        #[command(flatten)]
        opponents: Opponents,
    },
    /// SIGTERM under load: what was acknowledged must have arrived
    Sigterm {
        /// The requests and how they are sent.
        #[command(flatten)]
        shape: Shape,
        /// The collectors.
        #[command(flatten)]
        opponents: Opponents,
    },
}

/// The requests and how they are sent.
#[derive(Clone, Debug, ClapArgs)]
pub struct Shape {
    /// traces, logs or metrics
    #[arg(long, default_value = "traces", value_parser = signal)]
    pub signal: Signal,
    /// Items a request [default: 100 spans, 1000 log records or 500 data points]
    #[arg(long)]
    pub items: Option<usize>,
    /// TCP connections
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub connections: u32,
    /// Requests in flight on each connection
    #[arg(long, default_value_t = 4, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub in_flight: u32,
    /// Length of the measured window, after one second of warm-up
    #[arg(long, default_value_t = 6, value_parser = clap::value_parser!(u32).range(1..=600))]
    pub seconds: u32,
    /// Which sides are compressed
    #[arg(long, value_enum, default_value_t = Gzip::None)]
    pub gzip: Gzip,
    /// Items a second over all connections [default: as fast as answers come]
    #[arg(long)]
    pub rate: Option<f64>,
}

impl Shape {
    /// Items a request: as asked, or what the baselines were measured with.
    pub fn items(&self) -> usize {
        self.items.unwrap_or(match self.signal {
            Signal::Traces => 100,
            Signal::Logs => 1000,
            Signal::Metrics => 500,
        })
    }
}

/// Which sides of the collector under test are compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Gzip {
    /// Plain in, plain out
    None,
    /// gzip in, plain out
    In,
    /// gzip in, gzip out
    Both,
}

/// The sending queue of the collector under test.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Queue {
    /// In memory
    Memory,
    /// In files, given to the kernel
    File,
    /// In files, on the disk before the answer
    FileFsync,
}

/// Lines of a file, and what operators do with them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Lines {
    /// Text, left as it is
    Plain,
    /// JSON, parsed
    Json,
    /// JSON, on which ten operators work
    Chain,
}

/// Where the records of a followed file go.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Target {
    /// Nowhere
    Nop,
    /// Out as OTLP, through a batch
    Otlp,
}

/// The collectors to measure.
#[derive(Clone, Debug, ClapArgs)]
pub struct Opponents {
    /// The collector under test [default: dist/out/otlp/otelcol-otlp, for files dist/out/contrib/otelcol-contrib]
    #[arg(long)]
    pub binary: Option<PathBuf>,
    /// Its YAML, listening on 127.0.0.1:16100 and sending to 127.0.0.1:16200 [default: otlp, batch, otlp]
    #[arg(long)]
    pub config: Option<PathBuf>,
    /// Another collector to measure in turn
    #[arg(long)]
    pub peer: Option<PathBuf>,
    /// The other collector's YAML, with the same two addresses [default: as --config]
    #[arg(long, requires = "peer")]
    pub peer_config: Option<PathBuf>,
    /// How often each collector is measured [default: 1, with a peer 3]
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub rounds: Option<u32>,
    /// Print JSON on standard output, and the table on standard error
    #[arg(long)]
    pub json: bool,
}

fn signal(name: &str) -> Result<Signal, String> {
    Signal::ALL
        .into_iter()
        .find(|signal| signal.as_str() == name)
        .ok_or_else(|| "expected traces, logs or metrics".to_owned())
}
