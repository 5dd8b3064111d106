//! The collector's configuration: from YAML text to typed settings, with the place of everything.
//!
//! [`parse`] gives a [`Node`] tree; [`load`] gives the merged and expanded tree of several locations; [`Config`] is its
//! structure; a component's [`Settings`] read their [`Section`] field by field. What is wrong is an [`Issue`] that shows
//! the line.
//!
//! ```
//! use slimcol_config::{Duration, Problems, Section, Settings, from_yaml};
//!
//! #[derive(Debug)]
//! struct Batch {
//!     timeout: Duration,
//!     size: u32,
//! }
//!
//! impl Settings for Batch {
//!     fn read(from: &mut Section<'_>) -> Self {
//!         Self { timeout: from.get("timeout", Duration::millis(200)), size: from.get("send_batch_size", 8192) }
//!     }
//!     fn validate(&self, problems: &mut Problems<'_>) {
//!         if self.timeout.is_negative() {
//!             problems.add("timeout", "timeout must be greater or equal to 0");
//!         }
//!     }
//! }
//!
//! assert_eq!(from_yaml::<Batch>("timeout: 1s").unwrap().timeout, Duration::secs(1));
//! assert_eq!(from_yaml::<Batch>("timout: 1s").unwrap_err(), "has invalid keys: timout");
//! assert_eq!(from_yaml::<Batch>("timeout: -1s").unwrap_err(), "timeout must be greater or equal to 0");
//! ```

mod bytesize;
mod config;
mod duration;
mod expand;
mod expressions;
mod headers;
mod id;
mod issue;
mod leaf;
mod load;
mod location;
mod merge;
mod nearest;
mod node;
mod optional;
mod place;
mod problems;
mod read;
mod record;
mod references;
mod render;
mod retrieved;
mod scalar;
mod secret;
mod section;
mod service;
mod stamp;
mod telemetry;
mod url;
mod within;
mod yaml;

pub use self::{
    bytesize::ByteSize,
    config::{Config, Configured},
    duration::{Duration, NoDuration},
    expressions::{Expression, expressions},
    headers::Headers,
    id::{ComponentId, PipelineId, PipelineSignal, Reference},
    issue::{Error, Issue},
    leaf::Leaf,
    load::{Fetch, Loaded, load},
    nearest::nearest,
    node::{Entry, Node},
    optional::Optional,
    place::Place,
    problems::Problems,
    read::{from_yaml, lay_over, parse, parse_all, parse_inner, read},
    record::{Field, Shape, Shown},
    render::render,
    retrieved::{Note, Retrieved},
    scalar::reads_as_text,
    secret::Secret,
    section::{Findings, NoSettings, Section, Settings, Wanted},
    service::{Pipeline, Service},
    telemetry::{
        LogLevel, Logs, Metrics, MetricsLevel, Otlp, Periodic, Prometheus, Reader, Resource, Sampling,
        Telemetry, TelemetryProcessor, Traces, View,
    },
    url::without_secrets,
};
