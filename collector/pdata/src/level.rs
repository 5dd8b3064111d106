//! How deep in a request a message stands: what is repeated in it, and where the items are.

use crate::{Signal, fields::Fields};

/// A level of nesting.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Level {
    Request,
    Resource,
    Scope,
    Metric,
    /// A metric's data: gauge, sum and so on.
    Points,
    /// A span, a log record or a data point.
    Item,
}

impl Level {
    /// Whether field `number` holds what the level repeats.
    #[inline]
    pub(crate) const fn repeats(self, number: u32) -> bool {
        match self {
            Self::Request | Self::Points => number == 1,
            Self::Resource | Self::Scope => number == 2,
            Self::Metric => matches!(number, 5 | 7 | 9 | 10 | 11),
            Self::Item => false,
        }
    }

    /// The level of what this level repeats.
    pub(crate) const fn below(self, signal: Signal) -> Self {
        match (self, signal) {
            (Self::Request, _) => Self::Resource,
            (Self::Resource, _) => Self::Scope,
            (Self::Scope, Signal::Metrics) => Self::Metric,
            (Self::Metric, _) => Self::Points,
            (Self::Scope | Self::Points | Self::Item, _) => Self::Item,
        }
    }

    /// How many items the message `body` of this level holds.
    pub(crate) fn count(self, signal: Signal, body: &[u8]) -> usize {
        if self == Self::Item {
            return 1;
        }
        let children = Fields::of(body).filter(|field| self.repeats(field.number));
        match self.below(signal) {
            Self::Item => children.count(),
            below => children.map(|field| below.count(signal, field.value)).sum(),
        }
    }
}
