//! The bytes of the log: how a segment begins, and how changes become a record that comes in whole or not at all.
//!
//! ```text
//! segment  = begin begin record*            a beginning that was damaged still has its twin
//! begin    = "slimlog1" salt:8 crc:4        crc of what stands before it
//! record   = mark:4 crc:4 length:4 change* value*      length of the changes, crc of salt, place, length and changes
//! change   = 1 key-length:2 key value-length:4 value-crc:4  |  2 key-length:2 key
//! ```
//!
//! Numbers are little-endian. The values stand behind the changes in the same order. Every byte is summed once: values have
//! sums of their own, which are known in memory and checked again whenever a value is read. Who writes telemetry does not
//! know the salt, so that no telemetry can look like a record; and a record that was copied elsewhere is none, for its place
//! is in its sum.

use std::io;

use bytes::Bytes;
use crc32fast::Hasher;
use slimcol_service::Change;

/// How a segment's format is known.
const MAGIC: &[u8; 8] = b"slimlog1";

/// One of the two beginnings.
const BEGIN: usize = 20;

/// Where the first record stands.
pub(super) const FIRST: usize = 2 * BEGIN;

/// How every record begins: what a search for the next one after damage looks for.
const MARK: [u8; 4] = [0xf5, b'r', b'e', b'c'];

/// A record without its changes.
const HEAD: usize = 12;

const SET: u8 = 1;
const DELETE: u8 = 2;

/// The first bytes of a segment with this salt.
pub(super) fn begin(salt: [u8; 8]) -> Vec<u8> {
    let mut one = [&MAGIC[..], &salt].concat();
    let sum = crc32fast::hash(&one);
    one.extend(sum.to_le_bytes());
    one.repeat(2)
}

/// The salt that a segment begins with; `None` if both beginnings are damaged.
pub(super) fn salt(segment: &[u8]) -> Option<[u8; 8]> {
    segment.chunks_exact(BEGIN).take(2).find_map(|one| {
        let (said, sum) = one.split_at(16);
        let good = said.starts_with(MAGIC) && crc32fast::hash(said).to_le_bytes() == sum;
        good.then(|| said[8..].try_into().ok()).flatten()
    })
}

/// A change as a record tells it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Told<'a> {
    /// A value, which stands `at` so many bytes from the record's beginning.
    Set { key: &'a [u8], at: u64, len: u32, crc: u32 },
    /// A key that is no more.
    Delete { key: &'a [u8] },
}

/// A record to be written: all but its values, and how long it is with them.
#[derive(Debug)]
pub(super) struct Written {
    pub(super) head: Vec<u8>,
    pub(super) len: u64,
    /// Of each value, its length and sum.
    pub(super) sums: Vec<(u32, u32)>,
}

/// The record of `changes` at `place` of a segment.
pub(super) fn write(changes: &[Change], salt: [u8; 8], place: u64) -> io::Result<Written> {
    let mut head = vec![0; HEAD];
    let (mut values, mut sums) = (0, Vec::new());
    for change in changes {
        let key = match change {
            Change::Set(key, _) | Change::Delete(key) => key,
        };
        let key_len = u16::try_from(key.len()).map_err(|_| io::Error::other("the key is too long"))?;
        head.push(if matches!(change, Change::Set(..)) { SET } else { DELETE });
        head.extend(key_len.to_le_bytes());
        head.extend_from_slice(key);
        if let Change::Set(_, pieces) = change {
            let len: usize = pieces.iter().map(Bytes::len).sum();
            let len = u32::try_from(len).map_err(|_| io::Error::other("the value is too long"))?;
            let mut sum = Hasher::new();
            for piece in pieces {
                sum.update(piece);
            }
            let sum = sum.finalize();
            head.extend(len.to_le_bytes());
            head.extend(sum.to_le_bytes());
            sums.push((len, sum));
            values += u64::from(len);
        }
    }
    let changes_len =
        u32::try_from(head.len() - HEAD).map_err(|_| io::Error::other("too many changes at once"))?;
    head[..4].copy_from_slice(&MARK);
    head[8..HEAD].copy_from_slice(&changes_len.to_le_bytes());
    let sum = head_sum(salt, place, &head[8..]);
    head[4..8].copy_from_slice(&sum.to_le_bytes());
    let len = head.len() as u64 + values;
    Ok(Written { head, len, sums })
}

/// What stands at a place of a segment.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Read<'a> {
    /// A whole record and its length.
    Record(Vec<Told<'a>>, usize),
    /// A record of this length, a value of which is damaged or cut off.
    Damaged(usize),
    /// No record.
    Nothing,
}

/// Reads what stands `at` a place of a segment.
pub(super) fn read(segment: &[u8], at: usize, salt: [u8; 8]) -> Read<'_> {
    let Some((told, head, len)) = read_head(&segment[at..], salt, at as u64) else { return Read::Nothing };
    let whole = segment.len() - at >= len;
    let good = whole
        && told.iter().all(|change| match change {
            Told::Delete { .. } => true,
            Told::Set { at: from, len, crc, .. } => {
                // It is whole, so these places are within the segment.
                let from = at + usize::try_from(*from).unwrap_or(head);
                crc32fast::hash(&segment[from..from + *len as usize]) == *crc
            }
        });
    if good { Read::Record(told, len) } else { Read::Damaged(len) }
}

/// The next place behind `at` where a record may begin: the segment's length if there is none.
pub(super) fn next_mark(segment: &[u8], at: usize) -> usize {
    let from = at + 1;
    let found = segment.get(from..).and_then(|rest| rest.windows(MARK.len()).position(|four| four == MARK));
    found.map_or(segment.len(), |found| from + found)
}

/// The changes of the record that `bytes` begin with, the length of its head and of all of it.
fn read_head(bytes: &[u8], salt: [u8; 8], place: u64) -> Option<(Vec<Told<'_>>, usize, usize)> {
    let fixed = bytes.get(..HEAD)?;
    if fixed[..4] != MARK {
        return None;
    }
    let changes_len = u32::from_le_bytes(fixed[8..].try_into().ok()?) as usize;
    let head = HEAD.checked_add(changes_len)?;
    let summed = bytes.get(8..head)?;
    if head_sum(salt, place, summed).to_le_bytes() != fixed[4..8] {
        return None;
    }
    let mut rest = &summed[4..];
    let mut told = Vec::new();
    let mut at = head as u64;
    while !rest.is_empty() {
        let kind = take(&mut rest, 1)?[0];
        let key_len = u16::from_le_bytes(take(&mut rest, 2)?.try_into().ok()?);
        let key = take(&mut rest, key_len.into())?;
        told.push(match kind {
            SET => {
                let len = u32::from_le_bytes(take(&mut rest, 4)?.try_into().ok()?);
                let crc = u32::from_le_bytes(take(&mut rest, 4)?.try_into().ok()?);
                let from = at;
                at += u64::from(len);
                Told::Set { key, at: from, len, crc }
            }
            DELETE => Told::Delete { key },
            _ => return None,
        });
    }
    Some((told, head, usize::try_from(at).ok()?))
}

fn head_sum(salt: [u8; 8], place: u64, head: &[u8]) -> u32 {
    let mut sum = Hasher::new();
    sum.update(&salt);
    sum.update(&place.to_le_bytes());
    sum.update(head);
    sum.finalize()
}

fn take<'a>(from: &mut &'a [u8], len: usize) -> Option<&'a [u8]> {
    let (taken, rest) = from.split_at_checked(len)?;
    *from = rest;
    Some(taken)
}
