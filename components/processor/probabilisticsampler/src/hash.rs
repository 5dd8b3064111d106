//! Randomness of what is not random: a hash.

use slimcol_sampling::Randomness;

use crate::Config;

/// What is hashed, and how.
#[derive(Debug)]
pub(crate) struct Hash {
    seed: u32,
    /// Whether logs are sampled by their trace.
    pub(crate) traces: bool,
    /// The attribute of logs that is hashed where that is not possible.
    pub(crate) attribute: String,
}

impl Hash {
    /// How many hashes are told apart.
    pub(crate) const BUCKETS: u16 = 1 << 14;

    pub(crate) fn new(config: &Config) -> Self {
        Self {
            seed: config.hash_seed,
            traces: config.attribute_source == "traceID",
            attribute: config.from_attribute.clone(),
        }
    }

    /// The randomness that makes the decisions that Go always made: small hashes were kept, so the upper bits are the
    /// bucket turned round. Below them lies what else is in the hash.
    pub(crate) fn of(&self, bytes: &[u8]) -> Randomness {
        let hash = fnv(bytes, self.seed);
        let (bucket, rest) = (u64::from(hash & 0x3fff), u64::from(hash >> 14));
        let mixed = rest ^ (rest << 10);
        Randomness::of_bits(((0x3fff - bucket) << 42) | (mixed << 14) | bucket)
    }
}

/// FNV-1a of the seed and the bytes.
fn fnv(bytes: &[u8], seed: u32) -> u32 {
    let all = seed.to_le_bytes().into_iter().chain(bytes.iter().copied());
    all.fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193))
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    pub(crate) fn hash(bytes: &[u8], seed: u32) -> u32 {
        fnv(bytes, seed)
    }

    #[test]
    fn hashes_are_those_of_go() {
        // FNV's own vector: `foobar`, of which the first half is the seed.
        assert_eq!(fnv(b"ar", u32::from_le_bytes(*b"foob")), 0xbf9c_f968);
    }
}
