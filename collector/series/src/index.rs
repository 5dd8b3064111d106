//! A table of numbers that are found by the hash of what they stand for, which stands elsewhere: four bytes an entry.

/// Open addressing, at most three quarters full. An entry is a number and one.
#[derive(Debug, Default)]
pub(crate) struct Index {
    slots: Vec<u32>,
    used: usize,
}

impl Index {
    /// The number with this hash for which `is` says yes.
    pub(crate) fn find(&self, hash: u64, mut is: impl FnMut(u32) -> bool) -> Option<u32> {
        if self.slots.is_empty() {
            return None;
        }
        let mut at = self.start(hash);
        loop {
            match self.slots[at] {
                0 => return None,
                slot if is(slot - 1) => return Some(slot - 1),
                _ => at = (at + 1) & (self.slots.len() - 1),
            }
        }
    }

    /// Adds a number that is not there; `hash_of` tells the hashes of those that are.
    pub(crate) fn insert(&mut self, hash: u64, number: u32, hash_of: impl Fn(u32) -> u64) {
        if (self.used + 1) * 4 > self.slots.len() * 3 {
            let larger = (self.slots.len() * 2).max(16);
            let old = std::mem::replace(&mut self.slots, vec![0; larger]);
            for slot in old.into_iter().filter(|slot| *slot != 0) {
                self.put(hash_of(slot - 1), slot);
            }
        }
        self.put(hash, number + 1);
        self.used += 1;
    }

    fn put(&mut self, hash: u64, slot: u32) {
        let mut at = self.start(hash);
        while self.slots[at] != 0 {
            at = (at + 1) & (self.slots.len() - 1);
        }
        self.slots[at] = slot;
    }

    fn start(&self, hash: u64) -> usize {
        // The length is a power of two, and no table has 2^32 slots.
        usize::try_from(hash >> 32).unwrap_or_default() & (self.slots.len() - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_is_found() {
        let hash = |number: u32| u64::from(number % 7) << 32;
        let mut index = Index::default();
        assert_eq!(index.find(hash(1), |_| true), None);
        for number in 0..200 {
            index.insert(hash(number), number, hash);
        }
        for number in 0..200 {
            assert_eq!(index.find(hash(number), |found| found == number), Some(number));
        }
        assert_eq!(index.find(hash(3), |found| found == 200), None);
    }
}
