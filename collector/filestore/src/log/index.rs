//! What is kept where, and which segments still hold anything.

use std::collections::{HashMap, VecDeque};

use bytes::Bytes;

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place {
    /// The segment's number.
    pub(super) segment: u64,
    pub(super) at: u64,
    pub(super) len: u32,
    pub(super) crc: u32,
}

/// A segment of the log.
#[derive(Debug)]
pub(super) struct Segment {
    pub(super) number: u64,
    /// Of the file.
    pub(super) len: u64,
    /// How many values in it are still kept.
    values: usize,
}

/// The log in memory, without the values.
#[derive(Debug, Default)]
pub(super) struct Index {
    places: HashMap<Bytes, Place>,
    /// By number, the oldest first; the last one is written to.
    pub(super) segments: VecDeque<Segment>,
    /// Of all segments, in bytes.
    pub(super) total: u64,
    /// What of that is still of use.
    pub(super) live: u64,
}

impl Index {
    /// A new segment, behind all others.
    pub(super) fn begin(&mut self, number: u64, len: u64) {
        self.segments.push_back(Segment { number, len, values: 0 });
        self.total += len;
    }

    /// The last segment grew by so much.
    pub(super) fn grow(&mut self, by: u64) {
        if let Some(last) = self.segments.back_mut() {
            last.len += by;
            self.total += by;
        }
    }

    /// The last segment was cut by so much.
    pub(super) fn cut(&mut self, by: u64) {
        if let Some(last) = self.segments.back_mut() {
            last.len -= by;
            self.total -= by;
        }
    }

    /// A value is kept under `key`, here and nowhere else.
    pub(super) fn set(&mut self, key: &Bytes, place: Place) {
        self.live += cost(key, place.len);
        if let Some(segment) = self.segment(place.segment) {
            segment.values += 1;
        }
        if let Some(old) = self.places.insert(key.clone(), place) {
            self.leave(key, old);
        }
    }

    /// Nothing is kept under `key`.
    pub(super) fn delete(&mut self, key: &[u8]) {
        if let Some(old) = self.places.remove(key) {
            self.leave(key, old);
        }
    }

    pub(super) fn get(&self, key: &[u8]) -> Option<Place> {
        self.places.get(key).copied()
    }

    /// All keys with the lengths of their values, by key.
    pub(super) fn keys(&self) -> Vec<(Bytes, u64)> {
        let mut keys: Vec<_> =
            self.places.iter().map(|(key, place)| (key.clone(), u64::from(place.len))).collect();
        slimcol_order::sort(&mut keys);
        keys
    }

    /// What segment `number` still keeps, in its order.
    pub(super) fn kept(&self, number: u64) -> Vec<(Bytes, Place)> {
        let mut kept: Vec<_> = self
            .places
            .iter()
            .filter(|(_, place)| place.segment == number)
            .map(|(key, place)| (key.clone(), *place))
            .collect();
        slimcol_order::sort_by_key(&mut kept, |(_, place)| place.at);
        kept
    }

    /// Takes the oldest segment out if it is of no more use: it keeps nothing, and it is not the one that is written to.
    ///
    /// Only the oldest one ever goes. What others say of keys that are no more must stay as long as an older segment may
    /// still have a value under them.
    pub(super) fn pop(&mut self) -> Option<u64> {
        let oldest = self.segments.front()?;
        if oldest.values > 0 || self.segments.len() < 2 {
            return None;
        }
        let Segment { number, len, .. } = self.segments.pop_front()?;
        self.total -= len;
        Some(number)
    }

    /// Takes all segments out if nothing at all is kept and they are more than `least`; the oldest first.
    pub(super) fn clear(&mut self, least: u64) -> Vec<u64> {
        if !self.places.is_empty() || self.total <= least {
            return Vec::new();
        }
        self.total = 0;
        self.segments.drain(..).map(|segment| segment.number).collect()
    }

    fn leave(&mut self, key: &[u8], old: Place) {
        self.live -= cost(key, old.len);
        if let Some(segment) = self.segment(old.segment) {
            segment.values -= 1;
        }
    }

    fn segment(&mut self, number: u64) -> Option<&mut Segment> {
        let at = self.segments.binary_search_by_key(&number, |segment| segment.number).ok()?;
        self.segments.get_mut(at)
    }
}

/// What a value takes in a segment, about.
fn cost(key: &[u8], len: u32) -> u64 {
    key.len() as u64 + u64::from(len) + 24
}
