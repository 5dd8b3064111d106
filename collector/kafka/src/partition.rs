//! Which partition a record goes to.

use std::{
    collections::hash_map::RandomState,
    hash::BuildHasher as _,
    sync::atomic::{AtomicUsize, Ordering::Relaxed},
};

/// How partitions are chosen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Partitioning {
    /// By the key; records without one stay together.
    StickyKey(Hasher),
    /// One after the other.
    RoundRobin,
    /// Together, wherever that is: nothing is kept back that there could be more of elsewhere.
    LeastBackup,
}

/// What makes a number of a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hasher {
    /// As Go's `sarama` does (FNV-1a).
    Sarama,
    /// As Kafka's own clients do.
    Murmur2,
}

/// Chooses partitions.
#[derive(Debug)]
pub(crate) struct Partitioner {
    how: Partitioning,
    turn: AtomicUsize,
}

impl Partitioner {
    /// It begins anywhere, so that many clients do not begin at the same.
    pub(crate) fn new(how: Partitioning) -> Self {
        let [low, high, ..] = RandomState::new().hash_one(0).to_le_bytes();
        Self { how, turn: AtomicUsize::new(u16::from_le_bytes([low, high]).into()) }
    }

    /// Where what has no key of a request goes.
    pub(crate) fn turn(&self) -> usize {
        self.turn.fetch_add(1, Relaxed)
    }

    /// The partition for `key`, of those that `leaders` are of. `turn` is the request's own.
    pub(crate) fn choose(&self, key: Option<&[u8]>, leaders: &[i32], turn: usize) -> Option<i32> {
        let count = leaders.len();
        let chosen = match (self.how, key) {
            // The same key goes to the same partition, led or not.
            (Partitioning::StickyKey(hasher), Some(key)) => hasher.partition(key, count),
            (Partitioning::RoundRobin, _) => led(leaders, self.turn()),
            _ => led(leaders, turn),
        };
        chosen.and_then(|chosen| i32::try_from(chosen).ok())
    }
}

/// The partition whose turn it is, of those that somebody leads if there are any.
fn led(leaders: &[i32], turn: usize) -> Option<usize> {
    let count = leaders.len();
    let first = turn.checked_rem(count)?;
    (first..count).chain(0..first).find(|index| leaders[*index] >= 0).or(Some(first))
}

impl Hasher {
    fn partition(self, key: &[u8], count: usize) -> Option<usize> {
        let count = i32::try_from(count).ok().filter(|count| *count > 0)?;
        let index = match self {
            Self::Sarama => (fnv1a(key).cast_signed() % count).abs(),
            Self::Murmur2 => (murmur2(key) & 0x7fff_ffff).cast_signed() % count,
        };
        usize::try_from(index).ok()
    }
}

fn fnv1a(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn murmur2(bytes: &[u8]) -> u32 {
    const M: u32 = 0x5bd1_e995;
    let mut hash = 0x9747_b28c ^ u32::try_from(bytes.len()).unwrap_or(u32::MAX);
    let (words, rest) = bytes.as_chunks::<4>();
    for word in words {
        let mut k = u32::from_le_bytes(*word).wrapping_mul(M);
        k ^= k >> 24;
        hash = hash.wrapping_mul(M) ^ k.wrapping_mul(M);
    }
    if !rest.is_empty() {
        let word = rest.iter().rev().fold(0, |word, byte| word << 8 | u32::from(*byte));
        hash = (hash ^ word).wrapping_mul(M);
    }
    hash ^= hash >> 13;
    hash = hash.wrapping_mul(M);
    hash ^ hash >> 15
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What Kafka's own tests expect (`UtilsTest.testMurmur2`), and FNV's published values.
    #[test]
    fn hashes_are_the_others() {
        for (text, hash) in [
            ("21", -973_932_308),
            ("foobar", -790_332_482),
            ("a-little-bit-long-string", -985_981_536),
            ("a-little-bit-longer-string", -1_486_304_829),
            ("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8", -58_897_971),
            ("abc", 479_470_107),
        ] {
            assert_eq!(murmur2(text.as_bytes()).cast_signed(), hash, "{text}");
        }
        assert_eq!((fnv1a(b""), fnv1a(b"a"), fnv1a(b"foobar")), (0x811c_9dc5, 0xe40c_292c, 0xbf9c_f968));
    }

    #[test]
    fn keys_stay_and_what_has_none_goes_to_who_leads() {
        let leaders = [1, -1, 2, -1];
        for hasher in [Hasher::Sarama, Hasher::Murmur2] {
            let by_key = Partitioner::new(Partitioning::StickyKey(hasher));
            let first = by_key.choose(Some(b"key"), &leaders, 0);
            assert!((0..10).all(|turn| by_key.choose(Some(b"key"), &leaders, turn) == first));
            let chosen: Vec<_> = (0..4).map(|turn| by_key.choose(None, &leaders, turn)).collect();
            assert_eq!(chosen, [Some(0), Some(2), Some(2), Some(0)]);
        }
        let turns = Partitioner::new(Partitioning::RoundRobin);
        let mut chosen: Vec<_> = (0..4).map(|_| turns.choose(Some(b"key"), &[1, 1, 1, 1], 0)).collect();
        slimcol_order::sort(&mut chosen);
        assert_eq!(chosen, [Some(0), Some(1), Some(2), Some(3)]);
        assert_eq!(turns.choose(None, &[], 0), None);
        assert_eq!(turns.choose(None, &[-1], 0), Some(0));
    }
}
