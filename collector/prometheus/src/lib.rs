//! What everything that makes metrics for Prometheus shares: OpenTelemetry's names as Prometheus' ([`Namer`]), names as a reader
//! can take them ([`Escaping`]), the parts of which a page is written ([`Short`], [`Canonical`], [`write_label`], [`write_help`]),
//! and the buckets of native histograms ([`Buckets`]).
//!
//! ```
//! use slimcol_prometheus::{Kind, Namer};
//!
//! let namer = Namer::default();
//! assert_eq!(namer.metric("http.server.duration", "s", Kind::Histogram).unwrap(), "http_server_duration_seconds");
//! assert_eq!(namer.metric("requests", "1/s", Kind::Counter).unwrap(), "requests_per_second_total");
//! assert_eq!(namer.label("http.route").unwrap(), "http_route");
//! ```

mod escaping;
mod names;
mod native;
mod number;
mod resource;
mod units;
mod write;

pub use self::{
    escaping::{Escaping, is_label, is_metric},
    names::{Kind, Labels, Namer, Translation},
    native::{Buckets, ZERO_THRESHOLD, schema, zigzag},
    number::{Canonical, Short, float},
    resource::{ResourceToTelemetry, Sorted, identity, is_service, sort},
    units::ucum,
    write::{hex, write_help, write_label},
};
