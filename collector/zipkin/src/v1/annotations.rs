//! What annotations tell: the kind, the times, the endpoint, and events.

use std::borrow::Cow;

use super::otlp::{Endpoint, nanos};

/// What stands for a service without a name.
pub(super) const UNKNOWN: &str = "unknown-service";

/// All that the annotations of a span tell.
#[derive(Debug, Default)]
pub(super) struct Told<'a> {
    /// OTLP's number.
    pub(super) kind: u64,
    /// Nanoseconds since 1970; zero without annotations.
    pub(super) first: u64,
    pub(super) last: u64,
    pub(super) endpoint: Option<Endpoint<'a>>,
    pub(super) events: Vec<(u64, Cow<'a, str>)>,
    /// Microseconds.
    range: Option<(i64, i64)>,
}

impl<'a> Told<'a> {
    /// Hears of an annotation at so many microseconds since 1970.
    pub(super) fn hear(&mut self, micros: i64, value: Cow<'a, str>, endpoint: Option<Endpoint<'a>>) {
        let kind = match &*value {
            "" => return,
            "cs" | "cr" => 3,
            "ss" | "sr" => 2,
            "ms" => 4,
            "mr" => 5,
            _ => 0,
        };
        if kind != 0 {
            // The first that says so decides.
            if self.endpoint.is_none() {
                self.endpoint = endpoint.filter(|endpoint| !matches!(&*endpoint.service, "" | UNKNOWN));
            }
            if self.kind == 0 {
                self.kind = kind;
            }
        }
        let (first, last) = self.range.unwrap_or((micros, micros));
        self.range = Some((first.min(micros), last.max(micros)));
        (self.first, self.last) = (nanos(first.min(micros)), nanos(last.max(micros)));
        if kind == 0 {
            self.events.push((nanos(micros), value));
        }
    }

    /// The endpoint that made the span; `other` is the service's name if no annotation told it.
    pub(super) fn maker(&mut self, other: Cow<'a, str>) -> Endpoint<'a> {
        self.endpoint.take().unwrap_or_else(|| {
            let service = if other.is_empty() { Cow::Borrowed(UNKNOWN) } else { other };
            Endpoint { service, ..Endpoint::default() }
        })
    }
}
