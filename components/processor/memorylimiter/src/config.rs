//! The processor's keys.

use slimcol_config::{Duration, Problems, Section, Settings};

/// How much memory is too much, and how often to look.
#[derive(Clone, Debug)]
pub struct Config {
    /// The time between two measurements.
    pub check_interval: Duration,
    /// The hard limit in MiB; zero leaves it to `limit_percentage`.
    pub limit_mib: u32,
    /// How far below the hard limit the soft one is, in MiB; zero is a fifth of the limit.
    pub spike_limit_mib: u32,
    /// The hard limit in percent of the memory that the process may use.
    pub limit_percentage: u32,
    /// How far below the hard limit the soft one is, in percent of the memory that the process may use; zero is a fifth
    /// of the limit.
    pub spike_limit_percentage: u32,
    pub(crate) collections: Collections,
}

/// How often what the allocator keeps is given back (Go: the garbage collector is forced to run), by which limit is exceeded.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Collections {
    pub(crate) min_soft: Duration,
    pub(crate) min_hard: Duration,
    /// Where the time between useless ones stops growing; zero: it does not grow.
    pub(crate) max_soft: Duration,
    pub(crate) max_hard: Duration,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            check_interval: from.get("check_interval", Duration::default()),
            limit_mib: from.get("limit_mib", 0),
            spike_limit_mib: from.get("spike_limit_mib", 0),
            limit_percentage: from.get("limit_percentage", 0),
            spike_limit_percentage: from.get("spike_limit_percentage", 0),
            collections: from.squash(),
        }
    }

    /// Like Go, reports the first problem only.
    fn validate(&self, problems: &mut Problems<'_>) {
        if self.check_interval.0 <= 0 {
            problems.add("check_interval", "'check_interval' must be greater than zero");
        } else if let Some((key, message)) = self.collections.problem() {
            problems.add(key, message);
        } else if self.limit_mib == 0 && self.limit_percentage == 0 {
            problems.add("", "'limit_mib' or 'limit_percentage' must be greater than zero");
        } else if self.limit_percentage > 100 || self.spike_limit_percentage > 100 {
            problems.add(
                "limit_percentage",
                "'limit_percentage' and 'spike_limit_percentage' must be greater than zero and less than or equal to \
                 hundred",
            );
        } else if self.limit_mib > 0 && self.limit_mib <= self.spike_limit_mib {
            problems.add("spike_limit_mib", "'spike_limit_mib' must be smaller than 'limit_mib'");
        } else if self.limit_percentage > 0 && self.limit_percentage <= self.spike_limit_percentage {
            let message = "'spike_limit_percentage' must be smaller than 'limit_percentage'";
            problems.add("spike_limit_percentage", message);
        }
    }
}

impl Settings for Collections {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            min_soft: from.get("min_gc_interval_when_soft_limited", Duration::secs(10)),
            min_hard: from.get("min_gc_interval_when_hard_limited", Duration::default()),
            max_soft: from.get("max_gc_interval_when_soft_limited", Duration::secs(30)),
            max_hard: from.get("max_gc_interval_when_hard_limited", Duration::secs(30)),
        }
    }
}

impl Collections {
    fn problem(self) -> Option<(&'static str, &'static str)> {
        const MIN_SOFT: &str = "min_gc_interval_when_soft_limited";
        const MAX_SOFT: &str = "max_gc_interval_when_soft_limited";
        const MAX_HARD: &str = "max_gc_interval_when_hard_limited";
        let Self { min_soft, min_hard, max_soft, max_hard } = self;
        let (soft_capped, hard_capped) = (!max_soft.is_zero(), !max_hard.is_zero());
        let rules = [
            (
                min_soft < min_hard,
                MIN_SOFT,
                "'min_gc_interval_when_soft_limited' should be larger than 'min_gc_interval_when_hard_limited'",
            ),
            (max_soft.is_negative(), MAX_SOFT, "'max_gc_interval_when_soft_limited' must be non-negative"),
            (max_hard.is_negative(), MAX_HARD, "'max_gc_interval_when_hard_limited' must be non-negative"),
            (
                soft_capped && max_soft < min_soft,
                MAX_SOFT,
                "'max_gc_interval_when_soft_limited' must be greater than or equal to \
                 'min_gc_interval_when_soft_limited' (or 0 to disable)",
            ),
            (
                hard_capped && max_hard < min_hard,
                MAX_HARD,
                "'max_gc_interval_when_hard_limited' must be greater than or equal to \
                 'min_gc_interval_when_hard_limited' (or 0 to disable)",
            ),
            (
                soft_capped && hard_capped && max_soft < max_hard,
                MAX_SOFT,
                "'max_gc_interval_when_soft_limited' should be larger than or equal to \
                 'max_gc_interval_when_hard_limited' (when both are set)",
            ),
        ];
        rules.into_iter().find(|(broken, ..)| *broken).map(|(_, key, message)| (key, message))
    }
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn what_is_wrong_is_said_in_gos_words() {
        let cases = [
            ("{}", "'check_interval' must be greater than zero"),
            ("{check_interval: 1s}", "'limit_mib' or 'limit_percentage' must be greater than zero"),
            (
                "{check_interval: 1s, limit_mib: 10, spike_limit_mib: 10}",
                "'spike_limit_mib' must be smaller than 'limit_mib'",
            ),
            (
                "{check_interval: 1s, limit_percentage: 101}",
                "must be greater than zero and less than or equal to hundred",
            ),
            (
                "{check_interval: 1s, limit_percentage: 50, spike_limit_percentage: 60}",
                "'spike_limit_percentage' must be smaller than 'limit_percentage'",
            ),
            (
                "{check_interval: 1s, limit_mib: 10, min_gc_interval_when_soft_limited: 50ms, \
                 min_gc_interval_when_hard_limited: 100ms}",
                "'min_gc_interval_when_soft_limited' should be larger than 'min_gc_interval_when_hard_limited'",
            ),
            (
                "{check_interval: 1s, limit_mib: 10, max_gc_interval_when_soft_limited: -1s}",
                "'max_gc_interval_when_soft_limited' must be non-negative",
            ),
            (
                "{check_interval: 1s, limit_mib: 10, max_gc_interval_when_soft_limited: 5s}",
                "must be greater than or equal to 'min_gc_interval_when_soft_limited' (or 0 to disable)",
            ),
            (
                "{check_interval: 1s, limit_mib: 10, min_gc_interval_when_soft_limited: 1s, \
                 max_gc_interval_when_soft_limited: 5s}",
                "should be larger than or equal to 'max_gc_interval_when_hard_limited' (when both are set)",
            ),
            (
                "{check_interval: 1s, limit_mib: -2000}",
                "'limit_mib' cannot parse value as 'uint32': -2000 overflows uint",
            ),
        ];
        for (yaml, expected) in cases {
            let error = from_yaml::<Config>(yaml).err().unwrap_or_default();
            assert!(error.contains(expected), "{yaml}: {error}");
        }
    }

    #[test]
    fn intervals_of_zero_are_no_intervals() {
        let yaml = "{check_interval: 1s, limit_mib: 10, max_gc_interval_when_soft_limited: 0, \
                    max_gc_interval_when_hard_limited: 0}";
        assert!(from_yaml::<Config>(yaml).is_ok());
    }
}
