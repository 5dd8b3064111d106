//! The collector's framework: what a component is, how pipelines are wired from a configuration, and the life of the
//! process that runs them.
//!
//! A component crate exports one [`Factory`]; a generated `main` lists the factories it was built with and hands them to
//! [`main`]. Everything in between is here:
//!
//! * [`component`]: the traits that component authors implement;
//! * [`Next`], [`Outputs`] and [`Routes`]: how data goes from one component to the next;
//! * [`Refused`]: how a component says that it did not take the data, and whether trying again makes sense;
//! * [`Context`]: what a component is given: its id, its log, the state it shares, the process it lives in.

mod alone;
mod backoff;
mod cli;
pub mod component;
mod contain;
mod context;
mod dependencies;
mod factory;
mod failure;
#[cfg(test)]
mod fakes;
pub mod gates;
mod goerror;
mod graph;
mod inventory;
mod lifecycle;
mod log;
mod memory;
pub mod meter;
mod next;
mod offers;
mod payload;
mod refused;
mod registry;
mod signals;
mod stability;
mod status;
mod stop;
mod telemetry;
mod trace;
mod utc;
mod uuid;
mod waiting;
mod watched;
pub mod wire;

pub use stop::StopHandle;

pub use self::{
    alone::{AlonePart, AloneSource},
    backoff::Backoff,
    cli::main,
    component::{
        Component, Connector, Exporter, Extension, Info, Kind, Processor, Provider, Receiver, Running,
        Stability,
    },
    contain::{Panicked, contain},
    context::{Build, Context, Phase},
    dependencies::Dependencies,
    factory::Factory,
    goerror::text as go_error,
    inventory::{FeatureGate, Member, RunningPipeline},
    log::{Field, Level, Log, Sampler, json_string},
    memory::{Held, MEMORY_IS_SHORT, Memory},
    next::{Next, Outputs, Routes},
    offers::{Change, ClientAuth, HeaderChange, Offers, Owner, RequestHeaders, ServerAuth, Storage, Store},
    payload::{Client, ClientInfo, Payload},
    refused::{Code, Refused, Retry},
    signals::Signals,
    status::{Instance, Status, StatusEvent, StatusReporter, Statuses, Watcher},
    stop::Stop,
    telemetry::{Readers, Report},
    trace::{Place, Span, Tracing, Watch},
    utc::Utc,
    uuid::{ordered_uuid, random_uuid},
    waiting::{Record, Waiting},
    watched::WatchedFile,
};

/// Any error, as components report them.
pub type BoxError = Box<dyn std::error::Error + Send + Sync>;
/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = std::pin::Pin<Box<dyn Future<Output = T> + Send + 'a>>;
