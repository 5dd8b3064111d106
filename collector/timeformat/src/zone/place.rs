//! A place of the time zone database: when its clocks were changed, and to what.

use super::{Offset, footer::Footer};

/// A place whose clocks are known.
#[derive(Debug)]
pub struct Place {
    /// What its clocks ever showed; never empty.
    pub(super) kinds: Vec<Kind>,
    /// From when which of the kinds, ascending; never empty.
    pub(super) changes: Vec<Change>,
    /// What holds after the last change.
    pub(super) footer: Option<Footer>,
}

/// One way in which clocks were set.
#[derive(Debug)]
pub(super) struct Kind {
    pub(super) seconds: i32,
    pub(super) summer: bool,
    pub(super) name: Box<str>,
}

/// From a moment on clocks are set thus.
#[derive(Clone, Copy, Debug)]
pub(super) struct Change {
    pub(super) from: i64,
    pub(super) kind: u8,
}

impl Place {
    pub(super) fn at(&self, seconds: i64) -> Offset<'_> {
        let after = self.changes.partition_point(|change| change.from <= seconds);
        let end = self.changes.get(after).map_or(i64::MAX, |change| change.from);
        let Some(change) = after.checked_sub(1).map(|i| self.changes[i]) else {
            return Self::offset(self.first(), i64::MIN, end);
        };
        if after == self.changes.len()
            && let Some(footer) = &self.footer
        {
            return footer.at(change.from, seconds);
        }
        Self::offset(self.kind(change), change.from, end)
    }

    pub(super) fn offset_of_name(&self, name: &[u8], local: i64) -> Option<i32> {
        let named = || self.kinds.iter().filter(|kind| kind.name.as_bytes() == name);
        let held = named()
            .map(|kind| self.at(local - i64::from(kind.seconds)))
            .find(|offset| offset.name.as_bytes() == name);
        held.map(|offset| offset.seconds).or_else(|| named().next().map(|kind| kind.seconds))
    }

    fn offset(kind: &Kind, start: i64, end: i64) -> Offset<'_> {
        Offset { name: &kind.name, seconds: kind.seconds, start, end }
    }

    fn kind(&self, change: Change) -> &Kind {
        // The reader checked that it is there.
        &self.kinds[usize::from(change.kind)]
    }

    /// What held before the first change: the first kind if no change leads to it, else what tzcode takes.
    fn first(&self) -> &Kind {
        if self.changes.iter().all(|change| change.kind != 0) {
            return &self.kinds[0];
        }
        let to = usize::from(self.changes[0].kind);
        let before = self.kinds[to].summer.then(|| self.kinds[..to].iter().rev().find(|kind| !kind.summer));
        let standard = || self.kinds.iter().find(|kind| !kind.summer);
        before.flatten().or_else(standard).unwrap_or(&self.kinds[0])
    }
}
