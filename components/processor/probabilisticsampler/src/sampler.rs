//! The decision over an item, whatever it is.

use slimcol_sampling::{Randomness, Threshold};
use slimcol_service::{Field, Log};

use crate::{Config, counts::Counts, hash::Hash};

/// What the randomness came from, or what decided without it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Policy {
    Missing,
    TraceHash,
    AttributeHash,
    TraceBits,
    Given,
    Priority,
}

/// What decides over an item, and what it came from.
pub(crate) type Chance = (Policy, Randomness);

/// There is nothing that could decide: what sampled nevertheless would sample all.
pub(crate) const MISSING: Chance = (Policy::Missing, Randomness::MAX);

/// What is wrong with an item's sampling information.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Wrong {
    /// It is there and should not be, or the other way round; this is said at level `debug`.
    Use(&'static str),
    /// It cannot be read.
    Broken(String),
}

const RANDOMNESS_IN_USE: Wrong =
    Wrong::Use("item has sampling randomness, equalizing or proportional mode recommended");
const THRESHOLD_IN_USE: Wrong =
    Wrong::Use("item has sampling threshold, equalizing or proportional mode recommended");

/// An item that carries what it was sampled by.
pub(crate) trait Carrier {
    fn trace_id(&self) -> [u8; 16];
    /// Why what it carries cannot be read, if it cannot.
    fn broken(&self) -> Option<&str>;
    fn randomness(&self) -> Option<Randomness>;
    /// Carries the randomness that was found, from now on.
    fn keep(&mut self, chance: Chance);
    fn threshold(&self) -> Option<Threshold>;
    fn clear_threshold(&mut self);
    /// What the hash of the item decides.
    fn hashed(&self, hash: &Hash) -> Chance;
    /// The item's own threshold, which goes before the sampler's.
    fn priority(&self) -> Option<Threshold>;
    /// Writes how the item was sampled.
    fn sampled(&mut self, by: Threshold) -> Result<(), &'static str>;
}

/// How thresholds are found.
#[derive(Debug)]
enum Mode {
    Never,
    Hash(Hash, Threshold),
    Equalizing(Threshold),
    Proportional(f64),
}

/// What decides over the items of one pipeline.
#[derive(Debug)]
pub(crate) struct Sampler {
    mode: Mode,
    precision: usize,
    fail_closed: bool,
    /// Whose decisions the log tells of.
    name: &'static str,
    log: Log,
    counts: Counts,
}

impl Sampler {
    pub(crate) fn new(config: &Config, name: &'static str, log: Log, counts: Counts) -> Self {
        let precision = usize::try_from(config.sampling_precision).unwrap_or_default();
        let mode = Mode::new(config, precision);
        Self { mode, precision, fail_closed: config.fail_closed, name, log, counts }
    }

    /// Whether the item is sampled.
    pub(crate) fn samples(&self, item: &mut impl Carrier) -> bool {
        let ((mut policy, randomness), mut writable, mut wrong) = self.mode.chance(item);
        if wrong.is_none() {
            wrong = check(item, policy, randomness, writable);
        }
        let mut threshold = match &wrong {
            Some(wrong) => {
                match wrong {
                    Wrong::Use(why) => self.log.debug(self.name, &[("error", Field::from(*why))]),
                    Wrong::Broken(why) => self.log.info(self.name, &[("error", why.into())]),
                }
                if self.fail_closed { Threshold::NEVER } else { Threshold::ALWAYS }
            }
            None => self.threshold(item.threshold()),
        };
        if let Some(own) = item.priority() {
            (policy, threshold) = (Policy::Priority, own);
        }
        let sampled = threshold.keeps(randomness);
        writable &= sampled;
        if writable && let Err(why) = item.sampled(threshold) {
            self.log.debug(self.name, &[("error", why.into())]);
        }
        self.counts.add(policy, sampled);
        sampled
    }

    fn threshold(&self, arriving: Option<Threshold>) -> Threshold {
        match &self.mode {
            Mode::Never => Threshold::NEVER,
            Mode::Hash(_, threshold) => *threshold,
            Mode::Equalizing(threshold) => arriving.map_or(*threshold, |arriving| arriving.max(*threshold)),
            Mode::Proportional(ratio) => {
                let arriving = arriving.map_or(1.0, Threshold::probability);
                // What is less than anything can be is nothing.
                Threshold::of_probability(arriving * ratio, self.precision).unwrap_or(Threshold::NEVER)
            }
        }
    }
}

/// Whether there is a randomness, and it is one that could have arrived with the threshold that did.
fn check(item: &mut impl Carrier, policy: Policy, randomness: Randomness, readable: bool) -> Option<Wrong> {
    if policy == Policy::Missing {
        return Some(Wrong::Use("missing randomness"));
    }
    if readable && item.threshold().is_some_and(|arriving| !arriving.keeps(randomness)) {
        item.clear_threshold();
        return Some(Wrong::Use("inconsistent arriving threshold: item should not have been sampled"));
    }
    None
}

impl Mode {
    /// The randomness, what can be written to if anything, and what is wrong.
    fn chance(&self, item: &mut impl Carrier) -> (Chance, bool, Option<Wrong>) {
        let broken = item.broken().map(|why| Wrong::Broken(why.to_owned()));
        match self {
            // Nobody looks at it.
            Self::Never => ((Policy::Priority, Randomness::MAX), true, broken),
            Self::Hash(hash, _) => {
                let chance = item.hashed(hash);
                let wrong = broken
                    .or_else(|| item.randomness().map(|_| RANDOMNESS_IN_USE))
                    .or_else(|| item.threshold().map(|_| THRESHOLD_IN_USE));
                if wrong.is_none() {
                    item.keep(chance);
                }
                (chance, wrong.is_none(), wrong)
            }
            Self::Equalizing(_) | Self::Proportional(_) => {
                let id = item.trace_id();
                let chance = match item.randomness() {
                    _ if broken.is_some() => MISSING,
                    Some(randomness) => (Policy::Given, randomness),
                    None if id != [0; 16] => (Policy::TraceBits, Randomness::of_trace(id)),
                    None => MISSING,
                };
                (chance, broken.is_none(), broken)
            }
        }
    }

    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "Go cuts the fraction off")]
    fn new(config: &Config, precision: usize) -> Self {
        let percentage = config.sampling_percentage.min(100.0);
        if percentage == 0.0 {
            return Self::Never;
        }
        let ratio = f64::from(percentage) / 100.0;
        match config.mode.as_str() {
            "equalizing" => {
                let threshold = Threshold::of_probability(ratio, precision);
                Self::Equalizing(threshold.unwrap_or(Threshold::NEVER))
            }
            "proportional" => Self::Proportional(ratio),
            _ => match (percentage * (f32::from(Hash::BUCKETS) / 100.0)) as u64 {
                0 => Self::Never,
                kept => {
                    Self::Hash(Hash::new(config), Threshold::of_bits((u64::from(Hash::BUCKETS) - kept) << 42))
                }
            },
        }
    }
}
