//! Sampling: of lines that repeat, the first few of each period and then one in so many (zap's sampler).

use std::{
    collections::HashMap,
    hash::{BuildHasher, RandomState},
    time::{Duration, Instant},
};

use super::Level;

/// How many different lines are told apart; past that the counts start anew.
const DIFFERENT: usize = 4096;

/// Decides line by line. Lines are the same if level and message are.
#[derive(Debug)]
pub struct Sampler {
    tick: Duration,
    initial: u64,
    thereafter: u64,
    hasher: RandomState,
    counts: HashMap<u64, Count>,
}

#[derive(Debug)]
struct Count {
    since: Instant,
    seen: u64,
}

impl Sampler {
    /// In each `tick`, the first `initial` lines of a kind and then every `thereafter`th (none if 0).
    pub fn new(tick: Duration, initial: u64, thereafter: u64) -> Self {
        Self { tick, initial, thereafter, hasher: RandomState::new(), counts: HashMap::new() }
    }

    /// Whether to write a line that comes at `now`.
    pub fn admits(&mut self, level: Level, message: &str, now: Instant) -> bool {
        let key = self.hasher.hash_one((level as u8, message));
        if self.counts.len() >= DIFFERENT && !self.counts.contains_key(&key) {
            self.counts.clear();
        }
        let count = self.counts.entry(key).or_insert(Count { since: now, seen: 0 });
        if now.duration_since(count.since) >= self.tick {
            *count = Count { since: now, seen: 0 };
        }
        count.seen += 1;
        let past = count.seen.saturating_sub(self.initial);
        past == 0 || (self.thereafter > 0 && past.is_multiple_of(self.thereafter))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_then_every_so_many() {
        let start = Instant::now();
        let mut sampler = Sampler::new(Duration::from_secs(10), 3, 5);
        let admitted: Vec<u32> = (1..=20).filter(|_| sampler.admits(Level::Info, "same", start)).collect();
        assert_eq!(admitted, [1, 2, 3, 8, 13, 18]);
        assert!(sampler.admits(Level::Warn, "same", start), "another level is another line");
        assert!(sampler.admits(Level::Info, "other", start));
        assert!(!sampler.admits(Level::Info, "same", start + Duration::from_secs(9)));
        assert!(sampler.admits(Level::Info, "same", start + Duration::from_secs(10)), "a new period");
    }

    #[test]
    fn zero_thereafter_drops_the_rest() {
        let start = Instant::now();
        let mut sampler = Sampler::new(Duration::from_secs(1), 1, 0);
        assert_eq!((0..100).filter(|_| sampler.admits(Level::Info, "m", start)).count(), 1);
    }

    #[test]
    fn many_different_lines_take_bounded_memory() {
        let start = Instant::now();
        let mut sampler = Sampler::new(Duration::from_secs(1), 1, 0);
        for i in 0..3 * DIFFERENT {
            assert!(sampler.admits(Level::Info, &i.to_string(), start));
        }
        assert!(sampler.counts.len() <= DIFFERENT);
    }
}
