//! Sets of signals.

use slimcol_pdata::Signal;

/// The signals that a component handles, as a set that can be built in a `const`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Signals(u8);

impl Signals {
    /// No signal.
    pub const NONE: Self = Self(0);
    /// Traces only.
    pub const TRACES: Self = Self(1);
    /// Metrics only.
    pub const METRICS: Self = Self(2);
    /// Logs only.
    pub const LOGS: Self = Self(4);
    /// Traces, metrics and logs.
    pub const ALL: Self = Self(7);

    /// The set that holds only `signal`.
    pub const fn only(signal: Signal) -> Self {
        Self(1 << signal as u8)
    }

    /// The signals of either set.
    #[must_use]
    pub const fn or(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether `signal` is in the set.
    pub const fn has(self, signal: Signal) -> bool {
        self.0 >> signal as u8 & 1 == 1
    }

    /// A number for each set.
    pub(crate) const fn bits(self) -> u64 {
        self.0 as u64
    }

    /// The signals of the set, in the order traces, metrics, logs.
    pub fn iter(self) -> impl Iterator<Item = Signal> {
        Signal::ALL.into_iter().filter(move |signal| self.has(*signal))
    }
}
