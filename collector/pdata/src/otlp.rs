//! One signal's telemetry.

use std::{marker::PhantomData, num::NonZeroUsize};

use bytes::Bytes;

use crate::{
    Invalid, Signal,
    check::{check, explain::explain},
    json,
    merge::merged,
    rope::{Piece, Rope},
    schema::table::{self, Message},
    split::{Limit, split},
};

/// A marker for one signal, at the level of types.
pub trait Of: sealed::Of + Copy + Send + Sync + 'static {
    /// The signal.
    const SIGNAL: Signal;
}

mod sealed {
    pub trait Of {}

    impl Of for super::TracesKind {}
    impl Of for super::MetricsKind {}
    impl Of for super::LogsKind {}
}

/// Marks traces.
#[derive(Clone, Copy, Debug)]
pub enum TracesKind {}

/// Marks metrics.
#[derive(Clone, Copy, Debug)]
pub enum MetricsKind {}

/// Marks logs.
#[derive(Clone, Copy, Debug)]
pub enum LogsKind {}

impl Of for TracesKind {
    const SIGNAL: Signal = Signal::Traces;
}

impl Of for MetricsKind {
    const SIGNAL: Signal = Signal::Metrics;
}

impl Of for LogsKind {
    const SIGNAL: Signal = Signal::Logs;
}

/// Spans with the resources and scopes that they belong to.
pub type Traces = Otlp<TracesKind>;
/// Metrics with the resources and scopes that they belong to.
pub type Metrics = Otlp<MetricsKind>;
/// Log records with the resources and scopes that they belong to.
pub type Logs = Otlp<LogsKind>;

/// One signal's telemetry: checked `ExportXServiceRequest`s laid one behind the other, and how many items they hold.
///
/// It is always bytes, and they do not change: cloning is cheap, relaying is free, reading looks into them through views,
/// and [`edit`](Self::edit) writes new ones. `S` is one of the markers.
#[derive(Clone, Debug)]
pub struct Otlp<S> {
    pub(crate) rope: Rope,
    marker: PhantomData<S>,
}

impl<S> Default for Otlp<S> {
    fn default() -> Self {
        Rope::default().into()
    }
}

impl<S> From<Rope> for Otlp<S> {
    fn from(rope: Rope) -> Self {
        Self { rope, marker: PhantomData }
    }
}

impl<S: Of> Otlp<S> {
    /// Checks an `ExportXServiceRequest` and counts its items, in one pass and without a copy.
    ///
    /// Checked are wire types, lengths, nesting (at most 100 messages deep), UTF-8, and that ids have their length or none.
    pub fn from_bytes(request: Bytes) -> Result<Self, Invalid> {
        admit(S::SIGNAL, request).map(Into::into)
    }

    /// A request of so many items that was made by this program of what needs no check. Debug builds check it.
    ///
    /// # Errors
    /// It is too large.
    pub fn made(request: Bytes, items: usize) -> Result<Self, Invalid> {
        fits(&request)?;
        debug_assert_eq!(
            check(S::SIGNAL, &request).map(|checked| (checked.items, checked.merge)),
            Some((items, false)),
            "{}",
            explain(self::request(S::SIGNAL), &request)
        );
        Ok(Rope::from(Piece { bytes: request, items }).into())
    }

    /// Reads a request in OTLP/JSON, as leniently as the Go collector: unknown fields are ignored, names may be in snake
    /// case, enums names or numbers, 64-bit numbers strings or numbers; null is absent.
    pub fn from_json(request: &[u8]) -> Result<Self, Invalid> {
        read_json(S::SIGNAL, request).map(Into::into)
    }

    /// Appends the request as OTLP/JSON: one object, no newline, fields and omissions as the Go collector writes them.
    pub fn write_json(&self, to: &mut Vec<u8>) {
        json::write(request(S::SIGNAL), self.rope.pieces().iter().map(|piece| &piece.bytes[..]), to);
    }

    /// The signal.
    pub fn signal(&self) -> Signal {
        S::SIGNAL
    }

    /// How many spans, data points or log records there are.
    pub fn items(&self) -> usize {
        self.rope.items()
    }

    /// Whether there is no item.
    pub fn is_empty(&self) -> bool {
        self.items() == 0
    }

    /// Size of the encoded request in bytes.
    pub fn byte_len(&self) -> usize {
        self.rope.len()
    }

    /// The encoded request in one piece (copied if there are several).
    pub fn bytes(&self) -> Bytes {
        self.rope.bytes()
    }

    /// The encoded request as pieces that, put together, are the request. Each piece alone is a valid request, too.
    pub fn pieces(&self) -> Vec<Bytes> {
        self.rope.pieces().iter().map(|piece| piece.bytes.clone()).collect()
    }

    /// Joins requests without copying; `None` if there is none.
    pub fn concat(parts: Vec<Self>) -> Option<Self> {
        if parts.is_empty() {
            return None;
        }
        Some(Rope::concat(parts.into_iter().map(|part| part.rope)).into())
    }

    /// Parts of at most `max` items each, in order. Resources and scopes are repeated where one is cut.
    ///
    /// Every part but the last holds exactly `max` items, as the Go collector's batch processor splits. What is repeated
    /// adds at most eight times the request's size and 64 MiB: beyond that the rest stays together.
    pub fn split_items(self, max: NonZeroUsize) -> Vec<Self> {
        split(S::SIGNAL, self.rope, Limit::Items(max.get())).into_iter().map(Into::into).collect()
    }

    /// Parts of at most `max` bytes each, in order; a single item may be larger. Otherwise as
    /// [`split_items`](Self::split_items).
    pub fn split_bytes(self, max: NonZeroUsize) -> Vec<Self> {
        split(S::SIGNAL, self.rope, Limit::Bytes(max.get())).into_iter().map(Into::into).collect()
    }
}

/// The schema's message for a request of `signal`.
pub(crate) fn request(signal: Signal) -> &'static Message {
    match signal {
        Signal::Traces => &table::TracesRequest,
        Signal::Metrics => &table::MetricsRequest,
        Signal::Logs => &table::LogsRequest,
    }
}

/// Protobuf's own limit; offsets inside a request fit 32 bits because of it.
fn fits(request: &Bytes) -> Result<(), Invalid> {
    match i32::try_from(request.len()) {
        Ok(_) => Ok(()),
        Err(_) => Err(Invalid::new("proto: message is larger than 2 GiB".to_owned())),
    }
}

/// Checks a request: the only way in for bytes from outside.
pub(crate) fn admit(signal: Signal, bytes: Bytes) -> Result<Rope, Invalid> {
    fits(&bytes)?;
    let Some(checked) = check(signal, &bytes) else { return Err(explain(request(signal), &bytes)) };
    let bytes = if checked.merge { merged(request(signal), &bytes).into() } else { bytes };
    Ok(Piece { bytes, items: checked.items }.into())
}

/// Reads JSON and checks what came of it: the reader writes what it was told to, and the check knows all the rules.
pub(crate) fn read_json(signal: Signal, text: &[u8]) -> Result<Rope, Invalid> {
    admit(signal, json::read(request(signal), text)?.into())
}

#[cfg(test)]
mod tests;
