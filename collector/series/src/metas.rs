//! What pages say of families.

use std::collections::HashMap;

use slimcol_exposition::Kind;

/// In how many scrapes something is not said again before it is forgotten, as in Prometheus.
pub(crate) const PATIENCE: u32 = 10;

/// What a page says of a family.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Meta {
    pub(crate) kind: Kind,
    pub(crate) help: String,
    pub(crate) unit: String,
    /// The scrape that said something last.
    pub(crate) seen: u32,
}

/// By names, and by places that stay as long as something is said.
#[derive(Debug, Default)]
pub(crate) struct Metas {
    places: HashMap<Box<str>, u32>,
    all: Vec<Meta>,
    free: Vec<u32>,
}

/// Lines before a series that say something of families.
#[derive(Debug)]
pub(crate) struct Lead {
    /// As they were written.
    pub(crate) text: Box<[u8]>,
    /// Of which families.
    pub(crate) metas: Box<[u32]>,
    /// The kind that the series behind it have, if it says so.
    pub(crate) kind: Option<Kind>,
    /// The last scrape that had it.
    pub(crate) seen: u32,
}

impl Metas {
    pub(crate) fn get(&self, name: &str) -> Option<&Meta> {
        self.places.get(name).map(|place| &self.all[*place as usize])
    }

    pub(crate) fn find(&self, name: &str) -> Option<u32> {
        self.places.get(name).copied()
    }

    pub(crate) fn at(&mut self, place: u32) -> &mut Meta {
        &mut self.all[place as usize]
    }

    /// The place of a family of which nothing was said.
    pub(crate) fn add(&mut self, name: &str, meta: Meta) -> u32 {
        let place = self.free.pop().unwrap_or(crate::cache::length(self.all.len()));
        if place as usize == self.all.len() {
            self.all.push(meta);
        } else {
            self.all[place as usize] = meta;
        }
        self.places.insert(name.into(), place);
        place
    }

    #[cfg(test)]
    pub(crate) fn count(&self) -> usize {
        self.all.len()
    }

    /// Forgets what was not said for too long.
    pub(crate) fn forget(&mut self, round: u32) {
        let Self { places, all, free } = self;
        places.retain(|_, place| {
            let meta = &mut all[*place as usize];
            let stays = round.wrapping_sub(meta.seen) <= PATIENCE;
            if !stays {
                *meta = Meta::default();
                free.push(*place);
            }
            stays
        });
    }
}

impl Lead {
    /// Whether what it says is still known in the scrape `round`.
    pub(crate) fn is_known(&self, round: u32) -> bool {
        round.wrapping_sub(self.seen) <= PATIENCE
    }
}
