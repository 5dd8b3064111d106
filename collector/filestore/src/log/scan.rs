//! Reading a segment from its beginning to its end, past whatever is damaged.

use std::ops::Range;

use super::record::{FIRST, Read, Told, next_mark, read, salt};

/// What a segment's bytes are.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Scan {
    /// The stretches that are no records and have records behind them.
    pub(super) damaged: Vec<Range<usize>>,
    /// Where the last good record ends; what follows is damaged or was never finished.
    pub(super) end: usize,
}

/// Calls `each` with every good record's place and changes.
pub(super) fn scan(segment: &[u8], mut each: impl FnMut(usize, Vec<Told<'_>>)) -> Scan {
    let Some(salt) = salt(segment) else { return Scan::default() };
    let mut scan = Scan { damaged: Vec::new(), end: FIRST.min(segment.len()) };
    let mut at = FIRST;
    while at < segment.len() {
        match read(segment, at, salt) {
            Read::Record(told, len) => {
                if scan.end < at {
                    scan.damaged.push(scan.end..at);
                }
                each(at, told);
                at += len;
                scan.end = at;
            }
            // Its head is good, so its length is: what it holds is no place to look for records.
            Read::Damaged(len) => at = at.saturating_add(len),
            Read::Nothing => at = next_mark(segment, at),
        }
    }
    scan
}
