//! The limits in bytes, and what they say of a measurement.

use slimcol_service::{BoxError, Log};

use crate::{Config, measure::System};

const MIB: u64 = 1 << 20;

/// The hard limit and how far below it the soft one is, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    hard: u64,
    spike: u64,
}

impl Limits {
    /// The limits that `config` sets. Limits in percent need to know what memory there is.
    pub(crate) fn new(config: &Config, system: &System, log: &Log) -> Result<Self, BoxError> {
        if config.limit_mib != 0 {
            return Ok(Self::fixed(
                u64::from(config.limit_mib) * MIB,
                u64::from(config.spike_limit_mib) * MIB,
            ));
        }
        let total = system
            .total()
            .map_err(|e| format!("failed to get total memory, use fixed memory settings (limit_mib): {e}"))?;
        let (limit, spike) = (config.limit_percentage, config.spike_limit_percentage);
        log.info(
            "Using percentage memory limiter",
            &[
                ("total_memory_mib", mib(total).into()),
                ("limit_percentage", i64::from(limit).into()),
                ("spike_limit_percentage", i64::from(spike).into()),
            ],
        );
        let share = |percent: u32| total / 100 * u64::from(percent) + total % 100 * u64::from(percent) / 100;
        Ok(Self::fixed(share(limit), share(spike)))
    }

    fn fixed(hard: u64, spike: u64) -> Self {
        Self { hard, spike: if spike == 0 { hard / 5 } else { spike } }
    }

    /// Whether data is refused while `used` bytes are in use.
    pub(crate) fn exceeded_by(self, used: u64) -> bool {
        used >= self.soft()
    }

    /// Whether that is even above the limit itself.
    pub(crate) fn hard_exceeded_by(self, used: u64) -> bool {
        used >= self.hard
    }

    /// In bytes, from where on data is refused.
    pub(crate) fn soft(self) -> u64 {
        self.hard.saturating_sub(self.spike)
    }

    /// In bytes.
    pub(crate) fn spike(self) -> u64 {
        self.spike
    }

    pub(crate) fn limit_mib(self) -> i64 {
        mib(self.hard)
    }

    pub(crate) fn spike_limit_mib(self) -> i64 {
        mib(self.spike)
    }
}

/// Whole MiB, as log lines show memory.
pub(crate) fn mib(bytes: u64) -> i64 {
    i64::try_from(bytes / MIB).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn the_soft_limit_is_a_fifth_below_the_hard_one_unless_said_otherwise() {
        let limits = |yaml: &str| {
            let config: Config = from_yaml(yaml).unwrap();
            Limits::new(&config, &System::here(), &Log::none()).unwrap()
        };
        let fifth = limits("{check_interval: 1s, limit_mib: 100}");
        assert_eq!((fifth.limit_mib(), fifth.spike_limit_mib()), (100, 20));
        assert!(fifth.exceeded_by(80 * MIB) && !fifth.exceeded_by(80 * MIB - 1));
        // MiB win over percent.
        let own = limits("{check_interval: 1s, limit_mib: 100, spike_limit_mib: 1, limit_percentage: 50}");
        assert!(own.exceeded_by(99 * MIB) && !own.exceeded_by(99 * MIB - 1));
    }
}
