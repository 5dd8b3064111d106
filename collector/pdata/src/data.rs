//! Telemetry of any signal.

use std::num::NonZeroUsize;

use bytes::Bytes;

use crate::{
    Invalid, Logs, Metrics, Signal, Traces, json,
    otlp::{admit, read_json, request},
    rope::{Piece, Rope},
    split::{Limit, split},
};

/// Telemetry of any signal: what passes through a pipeline. The methods do what those of [`Otlp`](crate::Otlp) do.
#[derive(Clone, Debug)]
pub enum Data {
    /// Spans.
    Traces(Traces),
    /// Data points.
    Metrics(Metrics),
    /// Log records.
    Logs(Logs),
}

impl From<Traces> for Data {
    fn from(traces: Traces) -> Self {
        Self::Traces(traces)
    }
}

impl From<Metrics> for Data {
    fn from(metrics: Metrics) -> Self {
        Self::Metrics(metrics)
    }
}

impl From<Logs> for Data {
    fn from(logs: Logs) -> Self {
        Self::Logs(logs)
    }
}

impl Data {
    /// Checks an `ExportXServiceRequest` and counts its items, in one pass and without a copy.
    pub fn from_bytes(signal: Signal, request: Bytes) -> Result<Self, Invalid> {
        Ok(Self::new(signal, admit(signal, request)?))
    }

    /// A request of so many items that this program has put together itself, field by field. It is not checked, but where assertions are.
    ///
    /// # Errors
    /// It is larger than requests may be.
    ///
    /// # Panics
    /// Where assertions are: it has another number of items.
    pub fn written(signal: Signal, request: Bytes, items: usize) -> Result<Self, Invalid> {
        if cfg!(debug_assertions) || i32::try_from(request.len()).is_err() {
            let data = Self::from_bytes(signal, request)?;
            debug_assert_eq!(data.items(), items, "what was written was counted");
            return Ok(data);
        }
        Ok(Self::new(signal, Piece { bytes: request, items }.into()))
    }

    /// Reads a request in OTLP/JSON.
    pub fn from_json(signal: Signal, request: &[u8]) -> Result<Self, Invalid> {
        Ok(Self::new(signal, read_json(signal, request)?))
    }

    /// Appends the request as OTLP/JSON (one object, no newline), as the Go collector writes it.
    pub fn write_json(&self, to: &mut Vec<u8>) {
        let pieces = self.rope().pieces().iter().map(|piece| &piece.bytes[..]);
        json::write(request(self.signal()), pieces, to);
    }

    /// Which signal it is.
    pub fn signal(&self) -> Signal {
        match self {
            Self::Traces(_) => Signal::Traces,
            Self::Metrics(_) => Signal::Metrics,
            Self::Logs(_) => Signal::Logs,
        }
    }

    /// How many spans, data points or log records there are.
    pub fn items(&self) -> usize {
        self.rope().items()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items() == 0
    }

    /// Size of the encoded request in bytes.
    pub fn byte_len(&self) -> usize {
        self.rope().len()
    }

    /// The encoded request in one piece (copied if there are several).
    pub fn bytes(&self) -> Bytes {
        self.rope().bytes()
    }

    /// The encoded request as pieces that, put together, are the request. Each piece alone is a valid request, too.
    pub fn pieces(&self) -> Vec<Bytes> {
        self.rope().pieces().iter().map(|piece| piece.bytes.clone()).collect()
    }

    /// Joins requests of one signal without copying. `None` if there is none, or if their signals differ.
    pub fn concat(parts: Vec<Self>) -> Option<Self> {
        let signal = parts.first()?.signal();
        if parts.iter().any(|part| part.signal() != signal) {
            return None;
        }
        Some(Self::new(signal, Rope::concat(parts.into_iter().map(Self::into_rope))))
    }

    /// Parts of at most `max` items each, in order; see [`Otlp::split_items`](crate::Otlp::split_items).
    pub fn split_items(self, max: NonZeroUsize) -> Vec<Self> {
        self.split(Limit::Items(max.get()))
    }

    /// Parts of at most `max` bytes each where possible (a single item may be larger), in order.
    pub fn split_bytes(self, max: NonZeroUsize) -> Vec<Self> {
        self.split(Limit::Bytes(max.get()))
    }

    fn split(self, limit: Limit) -> Vec<Self> {
        let signal = self.signal();
        split(signal, self.into_rope(), limit).into_iter().map(|part| Self::new(signal, part)).collect()
    }

    pub(crate) fn new(signal: Signal, rope: Rope) -> Self {
        match signal {
            Signal::Traces => Self::Traces(rope.into()),
            Signal::Metrics => Self::Metrics(rope.into()),
            Signal::Logs => Self::Logs(rope.into()),
        }
    }

    pub(crate) fn rope(&self) -> &Rope {
        match self {
            Self::Traces(otlp) => &otlp.rope,
            Self::Metrics(otlp) => &otlp.rope,
            Self::Logs(otlp) => &otlp.rope,
        }
    }

    pub(crate) fn into_rope(self) -> Rope {
        match self {
            Self::Traces(otlp) => otlp.rope,
            Self::Metrics(otlp) => otlp.rope,
            Self::Logs(otlp) => otlp.rope,
        }
    }
}
