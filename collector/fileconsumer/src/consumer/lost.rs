//! Files that went out of sight while they were open.

use std::{collections::HashSet, ffi::OsStr};

use crate::{plan::Plan, reader::Reader};

/// The files that were just opened, to ask whether one of them goes on from a file that was open before.
#[derive(Debug)]
pub(super) struct Current<'a> {
    /// Sorted: what begins like something stands right behind it.
    beginnings: Vec<&'a [u8]>,
    paths: HashSet<&'a OsStr>,
}

impl<'a> Current<'a> {
    pub(super) fn new(readers: &'a [Reader]) -> Self {
        let mut beginnings: Vec<_> = readers.iter().map(|reader| reader.meta.fingerprint.bytes()).collect();
        slimcol_order::sort(&mut beginnings);
        Self { beginnings, paths: readers.iter().map(|reader| reader.path.as_os_str()).collect() }
    }

    /// Whether nobody goes on from the file, so that its handle may have what nobody else reads. Where another begins at its
    /// path and the handle does too, it was truncated, and what it has is the other's.
    pub(super) fn has_lost(&self, old: &Reader, plan: &Plan) -> bool {
        let old_bytes = old.meta.fingerprint.bytes();
        let behind = self.beginnings.partition_point(|bytes| *bytes < old_bytes);
        let goes_on = self.beginnings.get(behind).is_some_and(|bytes| bytes.starts_with(old_bytes));
        !goes_on && (!self.paths.contains(old.path.as_os_str()) || old.is_valid(plan))
    }
}
