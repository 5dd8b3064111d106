//! Files of the time zone database (RFC 8536).

use super::{
    footer::Footer,
    place::{Change, Kind, Place},
};

/// Reads a file's bytes.
pub(super) fn read(bytes: &[u8]) -> Option<Place> {
    let mut b = bytes;
    let (version, counts) = header(&mut b)?;
    if version == 0 {
        return block(b, &counts, 4).map(|(place, _)| place);
    }
    // The same follows with times of 64 bits.
    take(&mut b, counts.len(4)?)?;
    let (_, counts) = header(&mut b)?;
    let (mut place, rest) = block(b, &counts, 8)?;
    if let [b'\n', rule @ .., b'\n'] = rest {
        place.footer = std::str::from_utf8(rule).ok().and_then(Footer::read);
    }
    Some(place)
}

struct Counts {
    universal: usize,
    standard: usize,
    leaps: usize,
    changes: usize,
    kinds: usize,
    names: usize,
}

impl Counts {
    /// How many bytes follow, with times of `size` bytes.
    fn len(&self, size: usize) -> Option<usize> {
        let parts = [
            self.changes.checked_mul(size + 1)?,
            self.kinds.checked_mul(6)?,
            self.names,
            self.leaps.checked_mul(size + 4)?,
            self.standard,
            self.universal,
        ];
        parts.into_iter().try_fold(0_usize, usize::checked_add)
    }
}

fn take<'a>(b: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, rest) = b.split_at_checked(len)?;
    *b = rest;
    Some(taken)
}

fn number(b: &mut &[u8]) -> Option<usize> {
    let (first, rest) = b.split_first_chunk::<4>()?;
    *b = rest;
    usize::try_from(u32::from_be_bytes(*first)).ok()
}

fn header(b: &mut &[u8]) -> Option<(u8, Counts)> {
    let head = take(b, 20)?;
    let version = head.starts_with(b"TZif").then(|| head[4])?;
    let counts = Counts {
        universal: number(b)?,
        standard: number(b)?,
        leaps: number(b)?,
        changes: number(b)?,
        kinds: number(b)?,
        names: number(b)?,
    };
    matches!(version, 0 | b'2'..=b'4').then_some((version, counts))
}

fn block<'a>(mut b: &'a [u8], counts: &Counts, size: usize) -> Option<(Place, &'a [u8])> {
    let times = take(&mut b, counts.changes.checked_mul(size)?)?;
    let to = take(&mut b, counts.changes)?;
    let kinds = take(&mut b, counts.kinds.checked_mul(6)?)?;
    let names = take(&mut b, counts.names)?;
    take(&mut b, counts.leaps.checked_mul(size + 4)?)?;
    take(&mut b, counts.standard)?;
    take(&mut b, counts.universal)?;
    let kinds = kinds.chunks_exact(6).map(|kind| read_kind(kind, names)).collect::<Option<Vec<_>>>()?;
    let change = |(time, kind): (&[u8], &u8)| {
        (usize::from(*kind) < kinds.len()).then_some(Change { from: signed(time), kind: *kind })
    };
    let mut changes = times.chunks_exact(size).zip(to).map(change).collect::<Option<Vec<_>>>()?;
    if kinds.is_empty() {
        return None;
    }
    if changes.is_empty() {
        changes.push(Change { from: i64::MIN, kind: 0 });
    }
    Some((Place { kinds, changes, footer: None }, b))
}

fn read_kind(kind: &[u8], names: &[u8]) -> Option<Kind> {
    let (seconds, rest) = kind.split_first_chunk::<4>()?;
    let name = names.get(usize::from(rest[1])..)?.split(|b| *b == 0).next()?;
    let name = std::str::from_utf8(name).ok()?.into();
    Some(Kind { seconds: i32::from_be_bytes(*seconds), summer: rest[0] != 0, name })
}

fn signed(bytes: &[u8]) -> i64 {
    let negative = bytes.first().is_some_and(|b| *b >= 0x80);
    bytes.iter().fold(if negative { -1 } else { 0 }, |n, b| n << 8 | i64::from(*b))
}
