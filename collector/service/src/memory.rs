//! Memory for requests that are still coming.
//!
//! What limits memory in a pipeline sees a request when all of it is there, and then many at a time can be more than the
//! process may hold. So whoever reads requests notes here what comes, and is told when that is too much. Where nothing
//! limits memory, this is an addition and a comparison.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
};

/// What senders are told while memory is short; they may try again.
pub const MEMORY_IS_SHORT: &str = "data refused due to high memory usage";

/// By how much the process's memory has grown since it was measured, and by how much it may.
pub struct Memory {
    /// All bytes ever noted, less those that were given back.
    noted: AtomicI64,
    /// How far `noted` may go; `i64::MAX` where nothing limits memory.
    ceiling: AtomicI64,
    /// The largest of the limits.
    most: AtomicI64,
    measure: Mutex<Limiting>,
}

/// Who limits. Of several the last; each has a number.
#[derive(Default)]
struct Limiting {
    number: u64,
    measure: Option<Measure>,
}

/// Measures, and then calls [`Memory::measured`].
type Measure = Arc<dyn Fn() + Send + Sync>;

impl Default for Memory {
    fn default() -> Self {
        Self {
            noted: AtomicI64::new(0),
            ceiling: AtomicI64::new(i64::MAX),
            most: AtomicI64::new(0),
            measure: Mutex::default(),
        }
    }
}

impl Memory {
    /// Counts so many bytes as new; what has been counted in all.
    pub fn note(&self, bytes: i64) -> i64 {
        self.noted.fetch_add(bytes, Relaxed).saturating_add(bytes)
    }

    /// What has been counted in all.
    pub fn noted(&self) -> i64 {
        self.noted.load(Relaxed)
    }

    /// Begins to limit: `measure` is called when more is to be read than there seems to be room for. The number is for
    /// [`Self::unlimit`].
    pub fn limit(&self, measure: impl Fn() + Send + Sync + 'static) -> u64 {
        let mut limiting = self.limiting();
        limiting.number += 1;
        limiting.measure = Some(Arc::new(measure));
        limiting.number
    }

    /// The process holds `used` bytes and may hold `limit`. Of several limits the largest counts.
    pub fn measured(&self, used: i64, limit: i64) {
        let most = self.most.fetch_max(limit, Relaxed).max(limit);
        self.ceiling.store(self.noted().saturating_add(most.saturating_sub(used)), Relaxed);
    }

    /// Limits no more, unless another has begun to.
    pub fn unlimit(&self, number: u64) {
        let mut limiting = self.limiting();
        if limiting.number == number {
            limiting.measure = None;
            self.most.store(0, Relaxed);
            self.ceiling.store(i64::MAX, Relaxed);
        }
    }

    /// Whether there is room for what has been noted.
    pub fn suffices(&self) -> bool {
        self.noted() <= self.ceiling.load(Relaxed)
    }

    /// The same in the light of a new measurement.
    #[cold]
    fn suffices_after_all(&self) -> bool {
        let measure = self.limiting().measure.clone();
        if let Some(measure) = measure {
            measure();
        }
        self.suffices()
    }

    fn limiting(&self) -> MutexGuard<'_, Limiting> {
        self.measure.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Memory {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Memory")
            .field("noted", &self.noted)
            .field("ceiling", &self.ceiling)
            .finish_non_exhaustive()
    }
}

/// What is there of one request; given back when dropped.
#[derive(Debug)]
pub struct Held<'a> {
    memory: &'a Memory,
    bytes: i64,
}

impl<'a> Held<'a> {
    /// Nothing as yet.
    pub fn new(memory: &'a Memory) -> Self {
        Self { memory, bytes: 0 }
    }

    /// Notes so many bytes more; whether they may be kept. While they come they take twice as much: in buffers, and in
    /// what is copied as it grows.
    #[must_use]
    pub fn add(&mut self, bytes: usize) -> bool {
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX);
        let bytes = bytes.saturating_mul(2);
        self.bytes = self.bytes.saturating_add(bytes);
        self.memory.note(bytes) <= self.memory.ceiling.load(Relaxed) || self.memory.suffices_after_all()
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.memory.note(-self.bytes);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicUsize;

    use super::*;

    #[test]
    fn without_a_limit_there_is_room() {
        let memory = Memory::default();
        assert!(Held::new(&memory).add(usize::MAX >> 1));
        assert_eq!(memory.noted(), 0);
    }

    #[test]
    fn requests_may_grow_up_to_the_limit_and_no_further() {
        let memory = Arc::new(Memory::default());
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = asked.clone();
        let first = memory.limit(|| ());
        let number = memory.limit(move || _ = counted.fetch_add(1, Relaxed));
        // What was there when the process was measured is part of what it used.
        let mut early = Held::new(&memory);
        assert!(early.add(500));
        memory.measured(600, 1000);
        let mut one = Held::new(&memory);
        let mut other = Held::new(&memory);
        assert!(one.add(150) && other.add(50) && memory.suffices());
        assert_eq!(asked.load(Relaxed), 0);
        assert!(!other.add(1) && !memory.suffices());
        assert_eq!(asked.load(Relaxed), 1);
        drop(one);
        assert!(other.add(149));
        // Measured anew, with less in use than thought.
        memory.measured(100, 1000);
        assert!(other.add(450) && !other.add(1));
        // A smaller limit beside it changes nothing.
        memory.measured(100, 10);
        assert!(other.add(449));
        memory.unlimit(first);
        assert!(!other.add(2), "another has begun since");
        memory.unlimit(number);
        assert!(other.add(1 << 40));
        drop((early, other));
        assert_eq!(memory.noted(), 0);
    }

    #[test]
    fn a_measurement_that_finds_room_makes_room() {
        let memory = Arc::new(Memory::default());
        let measured = Arc::downgrade(&memory);
        memory.limit(move || measured.upgrade().unwrap().measured(0, 100));
        memory.measured(100, 100);
        assert!(Held::new(&memory).add(50));
    }
}
