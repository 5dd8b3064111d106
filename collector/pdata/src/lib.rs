//! CONTRACT STUB: signatures only; the owner of this crate replaces the bodies, splits files, and keeps the signatures.
#![allow(missing_docs, clippy::todo, clippy::all, clippy::pedantic, unused, missing_debug_implementations)]
use std::{fmt, num::NonZeroUsize, marker::PhantomData};
use bytes::Bytes;
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)] #[repr(u8)] pub enum Signal { Traces, Metrics, Logs }
impl Signal { pub const ALL: [Self; 3] = [Self::Traces, Self::Metrics, Self::Logs];
    /// `traces`
    pub const fn as_str(self) -> &'static str { match self { Self::Traces => "traces", Self::Metrics => "metrics", Self::Logs => "logs" } }
    /// What is counted, as metric names write it: `spans`, `metric_points` (`data points` in prose), `log_records`
    pub const fn items(self) -> &'static str { match self { Self::Traces => "spans", Self::Metrics => "data_points", Self::Logs => "log_records" } } }
impl fmt::Display for Signal { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(self.as_str()) } }
/// Why bytes or JSON are not an OTLP request; Display is one sentence fit for a client.
#[derive(Debug, Clone, PartialEq, Eq)] pub struct Invalid(pub String);
impl fmt::Display for Invalid { fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { f.write_str(&self.0) } }
impl std::error::Error for Invalid {}
/// One signal's telemetry: checked bytes (in one or several pieces), a tree, or both. `S` is a marker for the signal.
#[derive(Clone, Debug)] pub struct Otlp<S>(PhantomData<S>);
#[derive(Clone, Copy, Debug)] pub enum TracesKind {} #[derive(Clone, Copy, Debug)] pub enum MetricsKind {} #[derive(Clone, Copy, Debug)] pub enum LogsKind {}
pub type Traces = Otlp<TracesKind>; pub type Metrics = Otlp<MetricsKind>; pub type Logs = Otlp<LogsKind>;
/// Telemetry of any signal. All methods exist on `Otlp<S>` too.
#[derive(Clone, Debug)] pub enum Data { Traces(Traces), Metrics(Metrics), Logs(Logs) }
impl Data {
    /// Checks an ExportXServiceRequest (one pass, no copy).
    pub fn from_bytes(signal: Signal, request: Bytes) -> Result<Self, Invalid> { todo!() }
    pub fn from_json(signal: Signal, request: &[u8]) -> Result<Self, Invalid> { todo!() }
    /// OTLP/JSON (one object, no newline), appended. Go's field order and omissions.
    pub fn write_json(&self, to: &mut Vec<u8>) { todo!() }
    pub fn signal(&self) -> Signal { todo!() }
    /// Spans, data points or log records.
    pub fn items(&self) -> usize { todo!() }
    pub fn is_empty(&self) -> bool { todo!() }
    /// Size of the encoded request in bytes.
    pub fn byte_len(&self) -> usize { todo!() }
    /// The encoded request in one piece (copies if there are several).
    pub fn bytes(&self) -> Bytes { todo!() }
    /// The encoded request as pieces that, put together, are the request; each piece alone is a valid request too. No copy.
    pub fn pieces(&self) -> Vec<Bytes> { todo!() }
    /// Joins requests of one signal without copying. Panics... no: `None` if empty or signals differ.
    pub fn concat(parts: Vec<Self>) -> Option<Self> { todo!() }
    /// Parts of at most `max` items each, in order; resource and scope headers are repeated where one is cut.
    pub fn split_items(self, max: NonZeroUsize) -> Vec<Self> { todo!() }
    /// Parts of at most `max` bytes each where possible (a single record may be larger).
    pub fn split_bytes(self, max: NonZeroUsize) -> Vec<Self> { todo!() }
}
