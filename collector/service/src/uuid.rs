//! UUIDs: random ones, and those that sort by when they were made.

use std::{
    hash::{BuildHasher, RandomState},
    sync::atomic::{AtomicU64, Ordering},
    time::{SystemTime, UNIX_EPOCH},
};

/// 64 random bits. They are the standard library's hash keys, which the system's random source gives: no device file is
/// needed, which a container without `/dev` may lack.
fn random() -> u64 {
    RandomState::new().hash_one(0_u64)
}

/// A random UUID (version 4).
pub fn random_uuid() -> String {
    text(random(), 4, random())
}

/// A UUID that begins with the time (version 7). Each is greater than those before it.
pub fn ordered_uuid() -> String {
    static LAST: AtomicU64 = AtomicU64::new(0);
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let millis = u64::try_from(since.as_millis()).unwrap_or_default();
    // Twelve bits are left for parts of the millisecond.
    let now = millis << 12 | u64::from(since.subsec_nanos() % 1_000_000 / 256);
    let later = |last: u64| now.max(last + 1);
    let last = LAST.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(later(last)));
    let time = later(last.unwrap_or_default());
    text(time >> 12 << 16 | time & 0xfff, 7, random())
}

/// The UUID of that version whose other bits are `high` and `low`.
fn text(high: u64, version: u64, low: u64) -> String {
    let version = high & !0xf000 | version << 12;
    let variant = low & !(0b11 << 62) | 1 << 63;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        version >> 32,
        version >> 16 & 0xffff,
        version & 0xffff,
        variant >> 48,
        variant & 0xffff_ffff_ffff
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_form(uuid: &str, version: &str) {
        let groups: Vec<usize> = uuid.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12], "{uuid}");
        assert_eq!(&uuid[14..15], version, "{uuid}");
        assert!("89ab".contains(&uuid[19..20]), "{uuid}");
    }

    #[test]
    fn random_ones_differ() {
        let (one, other) = (random_uuid(), random_uuid());
        assert_ne!(one, other);
        assert_form(&one, "4");
    }

    #[test]
    fn ordered_ones_come_in_order() {
        let all: Vec<_> = (0..10_000).map(|_| ordered_uuid()).collect();
        assert!(all.is_sorted_by(|one, other| one < other));
        assert_form(&all[0], "7");
        let millis = u64::from_str_radix(&all[0][..13].replace('-', ""), 16).unwrap();
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_millis();
        assert!(now - u128::from(millis) < 60_000);
    }
}
