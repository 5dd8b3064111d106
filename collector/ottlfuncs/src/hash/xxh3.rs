//! XXH3 with seed 0, of 64 bits and of 128, as Yann Collet's specification has it (`doc/xxhash_spec.md`).

const SECRET: &[u8; 192] = b"\
\xb8\xfe\x6c\x39\x23\xa4\x4b\xbe\x7c\x01\x81\x2c\xf7\x21\xad\x1c\xde\xd4\x6d\xe9\x83\x90\x97\xdb\
\x72\x40\xa4\xa4\xb7\xb3\x67\x1f\xcb\x79\xe6\x4e\xcc\xc0\xe5\x78\x82\x5a\xd0\x7d\xcc\xff\x72\x21\
\xb8\x08\x46\x74\xf7\x43\x24\x8e\xe0\x35\x90\xe6\x81\x3a\x26\x4c\x3c\x28\x52\xbb\x91\xc3\x00\xcb\
\x88\xd0\x65\x8b\x1b\x53\x2e\xa3\x71\x64\x48\x97\xa2\x0d\xf9\x4e\x38\x19\xef\x46\xa9\xde\xac\xd8\
\xa8\xfa\x76\x3f\xe3\x9c\x34\x3f\xf9\xdc\xbb\xc7\xc7\x0b\x4f\x1d\x8a\x51\xe0\x4b\xcd\xb4\x59\x31\
\xc8\x9f\x7e\xc9\xd9\x78\x73\x64\xea\xc5\xac\x83\x34\xd3\xeb\xc3\xc5\x81\xa0\xff\xfa\x13\x63\xeb\
\x17\x0d\xdd\x51\xb7\xf0\xda\x49\xd3\x16\x55\x26\x29\xd4\x68\x9e\x2b\x16\xbe\x58\x7d\x47\xa1\xfc\
\x8f\xf8\xb8\xd1\x7a\xd0\x31\xce\x45\xcb\x3a\x8f\x95\x16\x04\x28\xaf\xd7\xfb\xca\xbb\x4b\x40\x7e";

const P32: [u64; 3] = [0x9e37_79b1, 0x85eb_ca77, 0xc2b2_ae3d];
const P64: [u64; 5] = [
    0x9e37_79b1_85eb_ca87,
    0xc2b2_ae3d_27d4_eb4f,
    0x1656_67b1_9e37_79f9,
    0x85eb_ca77_c2b2_ae63,
    0x27d4_eb2f_1656_67c5,
];
const MIX: u64 = 0x9fb2_1c65_1e98_df25;

/// Texts longer than this are hashed in stripes.
const MIDDLE: usize = 240;

/// The hash of 64 bits.
pub(super) fn sum64(data: &[u8]) -> u64 {
    let len = data.len() as u64;
    match data.len() {
        0 => avalanche64(secret(56) ^ secret(64)),
        1..4 => avalanche64(few(data) ^ short(SECRET, 0) ^ short(SECRET, 4)),
        4..9 => {
            let both = short(data, data.len() - 4) | short(data, 0) << 32;
            let mut hash = both ^ secret(8) ^ secret(16);
            hash ^= hash.rotate_left(49) ^ hash.rotate_left(24);
            hash = hash.wrapping_mul(MIX);
            hash ^= (hash >> 35).wrapping_add(len);
            hash = hash.wrapping_mul(MIX);
            hash ^ hash >> 28
        }
        9..17 => {
            let low = long(data, 0) ^ secret(24) ^ secret(32);
            let high = long(data, data.len() - 8) ^ secret(40) ^ secret(48);
            let sum = len.wrapping_add(low.swap_bytes()).wrapping_add(high);
            avalanche(sum.wrapping_add(folded(low, high)))
        }
        17..=128 => {
            let mut sum = len.wrapping_mul(P64[0]);
            for pair in 0..=(data.len() - 1) / 32 {
                sum = sum.wrapping_add(sixteen(data, 16 * pair, 32 * pair));
                let from_end = data.len() - 16 * (pair + 1);
                sum = sum.wrapping_add(sixteen(data, from_end, 32 * pair + 16));
            }
            avalanche(sum)
        }
        129..=MIDDLE => {
            let mut sum = len.wrapping_mul(P64[0]);
            for at in 0..8 {
                sum = sum.wrapping_add(sixteen(data, 16 * at, 16 * at));
            }
            sum = avalanche(sum);
            for at in 8..data.len() / 16 {
                sum = sum.wrapping_add(sixteen(data, 16 * at, 16 * (at - 8) + 3));
            }
            avalanche(sum.wrapping_add(sixteen(data, data.len() - 16, 136 - 17)))
        }
        _ => merged(&stripes(data), 11, len.wrapping_mul(P64[0])),
    }
}

/// The hash of 128 bits.
pub(super) fn sum128(data: &[u8]) -> u128 {
    let len = data.len() as u64;
    match data.len() {
        0 => both(avalanche64(secret(80) ^ secret(88)), avalanche64(secret(64) ^ secret(72))),
        1..4 => {
            let low = few(data);
            let high = u64::from(half(low).swap_bytes().rotate_left(13));
            both(
                avalanche64(high ^ short(SECRET, 8) ^ short(SECRET, 12)),
                avalanche64(low ^ short(SECRET, 0) ^ short(SECRET, 4)),
            )
        }
        4..9 => {
            let word = short(data, 0) | short(data, data.len() - 4) << 32;
            let product = product(word ^ secret(16) ^ secret(24), P64[0].wrapping_add(len << 2));
            let (high, mut low) = halves(product);
            let high = high.wrapping_add(low << 1);
            low ^= high >> 3;
            low = (low ^ low >> 35).wrapping_mul(MIX);
            both(avalanche(high), low ^ low >> 28)
        }
        9..17 => {
            let (first, last) = (long(data, 0), long(data, data.len() - 8));
            let (mut high, low) = halves(product(first ^ last ^ secret(32) ^ secret(40), P64[0]));
            let low = low.wrapping_add((len - 1) << 54);
            let last = last ^ secret(48) ^ secret(56);
            high = high.wrapping_add(last).wrapping_add(u64::from(half(last)).wrapping_mul(P32[1] - 1));
            let (top, low) = halves(product(low ^ high.swap_bytes(), P64[1]));
            both(avalanche(top.wrapping_add(high.wrapping_mul(P64[1]))), avalanche(low))
        }
        17..=128 => {
            let mut sums = [len.wrapping_mul(P64[0]), 0];
            for pair in (0..=(data.len() - 1) / 32).rev() {
                thirty_two(&mut sums, data, 16 * pair, data.len() - 16 * (pair + 1), 32 * pair);
            }
            finished(sums, len)
        }
        129..=MIDDLE => {
            let mut sums = [len.wrapping_mul(P64[0]), 0];
            for at in 0..4 {
                thirty_two(&mut sums, data, 32 * at, 32 * at + 16, 32 * at);
            }
            sums = sums.map(avalanche);
            for at in 4..data.len() / 32 {
                thirty_two(&mut sums, data, 32 * at, 32 * at + 16, 32 * (at - 4) + 3);
            }
            thirty_two(&mut sums, data, data.len() - 16, data.len() - 32, 136 - 17 - 16);
            finished(sums, len)
        }
        _ => {
            let sums = stripes(data);
            let high = merged(&sums, SECRET.len() - 64 - 11, !len.wrapping_mul(P64[1]));
            both(high, merged(&sums, 11, len.wrapping_mul(P64[0])))
        }
    }
}

/// The eight sums of a long text: stripes of 64 bytes, and every 16 of them a stir.
fn stripes(data: &[u8]) -> [u64; 8] {
    let mut sums = [P32[2], P64[0], P64[1], P64[2], P64[3], P32[1], P64[4], P32[0]];
    let last = SECRET.len() - 64;
    // The last stripe, whole or not, is one of its own.
    for stripe in 0..(data.len() - 1) / 64 {
        let of_block = stripe % 16;
        stripe_into(&mut sums, data, 64 * stripe, 8 * of_block);
        if of_block == 15 {
            for (at, sum) in sums.iter_mut().enumerate() {
                *sum = (*sum ^ *sum >> 47 ^ secret(last + 8 * at)).wrapping_mul(P32[0]);
            }
        }
    }
    stripe_into(&mut sums, data, data.len() - 64, last - 7);
    sums
}

fn stripe_into(sums: &mut [u64; 8], data: &[u8], from: usize, key: usize) {
    for at in 0..8 {
        let value = long(data, from + 8 * at);
        let keyed = value ^ secret(key + 8 * at);
        sums[at ^ 1] = sums[at ^ 1].wrapping_add(value);
        sums[at] = sums[at].wrapping_add((keyed & 0xffff_ffff).wrapping_mul(keyed >> 32));
    }
}

fn merged(sums: &[u64; 8], key: usize, start: u64) -> u64 {
    let pair = |at: usize| {
        folded(sums[2 * at] ^ secret(key + 16 * at), sums[2 * at + 1] ^ secret(key + 16 * at + 8))
    };
    avalanche((0..4).map(pair).fold(start, u64::wrapping_add))
}

fn sixteen(data: &[u8], at: usize, key: usize) -> u64 {
    folded(long(data, at) ^ secret(key), long(data, at + 8) ^ secret(key + 8))
}

fn thirty_two(sums: &mut [u64; 2], data: &[u8], first: usize, second: usize, key: usize) {
    let plain = |at| long(data, at).wrapping_add(long(data, at + 8));
    sums[0] = sums[0].wrapping_add(sixteen(data, first, key)) ^ plain(second);
    sums[1] = sums[1].wrapping_add(sixteen(data, second, key + 16)) ^ plain(first);
}

fn finished([low, high]: [u64; 2], len: u64) -> u128 {
    let mixed = low.wrapping_mul(P64[0]).wrapping_add(high.wrapping_mul(P64[3]));
    let top = avalanche(mixed.wrapping_add(len.wrapping_mul(P64[1]))).wrapping_neg();
    both(top, avalanche(low.wrapping_add(high)))
}

/// Up to three bytes and their number.
fn few(data: &[u8]) -> u64 {
    let byte = |at: usize| u64::from(data[at]);
    byte(0) << 16 | byte(data.len() / 2) << 24 | byte(data.len() - 1) | (data.len() as u64) << 8
}

fn avalanche64(mut hash: u64) -> u64 {
    hash = (hash ^ hash >> 33).wrapping_mul(P64[1]);
    hash = (hash ^ hash >> 29).wrapping_mul(P64[2]);
    hash ^ hash >> 32
}

const fn avalanche(hash: u64) -> u64 {
    let hash = (hash ^ hash >> 37).wrapping_mul(0x1656_6791_9e37_79f9);
    hash ^ hash >> 32
}

fn product(a: u64, b: u64) -> u128 {
    u128::from(a) * u128::from(b)
}

fn folded(a: u64, b: u64) -> u64 {
    let (high, low) = halves(product(a, b));
    high ^ low
}

#[expect(clippy::cast_possible_truncation, reason = "the halves are what is asked for")]
const fn halves(of: u128) -> (u64, u64) {
    ((of >> 64) as u64, of as u64)
}

#[expect(clippy::cast_possible_truncation, reason = "the half is what is asked for")]
const fn half(of: u64) -> u32 {
    of as u32
}

fn both(high: u64, low: u64) -> u128 {
    u128::from(high) << 64 | u128::from(low)
}

fn secret(at: usize) -> u64 {
    long(SECRET, at)
}

/// Eight bytes, which are there.
fn long(data: &[u8], at: usize) -> u64 {
    data[at..].first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}

/// Four bytes, which are there.
fn short(data: &[u8], at: usize) -> u64 {
    data[at..].first_chunk().map_or(0, |bytes| u32::from_le_bytes(*bytes).into())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What zeebo's xxh3, which the Go collector has, makes of the first bytes of a pattern.
    #[test]
    fn hashes_are_gos() {
        let data: Vec<u8> = (0..3000_u32).map(|at| (at * 7 + at / 256 * 13).to_le_bytes()[0]).collect();
        for line in include_str!("xxh3.tsv").lines() {
            let mut columns = line.split('\t');
            let len: usize = columns.next().unwrap().parse().unwrap();
            let data = &data[..len];
            assert_eq!(columns.next(), Some(&*format!("{:016x}", sum64(data))), "{len}");
            assert_eq!(columns.next(), Some(&*format!("{:032x}", sum128(data))), "{len}");
        }
    }
}
