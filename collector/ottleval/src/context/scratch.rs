//! What contexts share that follow one another.

use std::cell::RefCell;

use slimcol_pdata::{
    edit::{OwnMetric, OwnValue},
    numbers,
    view::{Attributes, Index, ValueRef},
};
use slimcol_service::Client;

use super::Slot;

/// The scratch map of statements, and where the fields stand of what they are about. One serves all records that are gone
/// through one after the other.
#[derive(Debug)]
pub struct Scratch {
    /// The scratch map, once something is in it.
    cache: Option<OwnValue>,
    pub(super) resource: RefCell<Index>,
    pub(super) scope: RefCell<Index>,
    pub(super) item: RefCell<Index>,
    /// Who sent the request.
    pub(super) sender: Client,
    /// A text whose room the next one is written to.
    pub(super) spare: RefCell<String>,
    /// Metrics that statements made of the one they are about.
    pub(crate) added: Vec<OwnMetric>,
}

impl Default for Scratch {
    fn default() -> Self {
        let index = |attributes| RefCell::new(Index::new(attributes));
        Self {
            cache: None,
            resource: index(numbers::Resource::attributes),
            scope: index(numbers::InstrumentationScope::attributes),
            item: index(0),
            sender: Client::default(),
            spare: RefCell::default(),
            added: Vec::new(),
        }
    }
}

impl Scratch {
    /// For the records of a request that came from there.
    pub(crate) fn of(sender: &Client) -> Self {
        Self { sender: sender.clone(), ..Self::default() }
    }

    /// Another resource follows.
    pub fn next_resource(&mut self) {
        self.resource.get_mut().forget();
        self.next_scope();
    }

    /// Another scope follows.
    pub fn next_scope(&mut self) {
        self.scope.get_mut().forget();
    }

    /// Another record follows, whose attributes are that field of it.
    #[inline]
    pub(super) fn next(&mut self, attributes: u32) {
        self.cache = None;
        self.item.get_mut().restart(attributes);
    }

    /// The scratch map.
    pub(super) fn cache(&self) -> ValueRef<'_> {
        self.cache.as_ref().map_or(ValueRef::Map(Attributes::NONE), OwnValue::view)
    }

    /// The scratch map, to be changed.
    pub(super) fn cache_mut(&mut self) -> Option<Slot<'_>> {
        self.cache.get_or_insert_with(OwnValue::empty_map).edit().into_map_mut().map(Slot::Map)
    }
}
