//! The whole product from the outside: `slimcol` builds distros, and real clients and servers talk to them.
//!
//! Nothing here knows the code it tests. What a test needs and the machine lacks is installed under `tests/.venv`;
//! podman needs root to install, so without it the image test says loudly that it did not run, unless `CI` is set.
#![allow(
    clippy::unwrap_used,
    clippy::print_stderr,
    reason = "a panic is how a test fails, stderr is where it talks"
)]

mod kit;

mod agent;
mod airgap;
mod auth;
mod bad_config;
mod batch;
mod chain;
mod chaos;
mod command_line;
mod completion;
mod costs;
mod distro;
mod families;
mod filelog;
mod from_config;
mod graph;
mod hands_on;
mod health;
mod image;
mod jaeger;
mod journald;
mod kafka;
mod lto;
mod malformed;
mod memory;
mod metrics;
mod oauth;
mod own;
mod own_logs;
mod packages;
mod parity;
mod persistence;
mod pprof;
mod prometheus_exporters;
mod push;
mod release;
mod reload;
mod reproducible;
mod retry;
mod schema;
mod scrape;
mod sdk;
mod size;
mod sockets;
mod stop;
mod subsets;
mod supply;
mod tour;
mod traces;
mod workspace;
mod zipkin;
mod zpages;
