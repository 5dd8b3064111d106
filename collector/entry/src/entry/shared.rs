//! Maps that many entries have.

use std::{
    ops::{Deref, DerefMut},
    sync::Arc,
};

use crate::{Map, Text, Value};

/// A map that entries share until one of them changes its own: what a file's lines or a connection's messages have in common
/// is kept once, and cloning it copies nothing.
#[derive(Clone, Debug)]
pub struct Shared(State);

#[derive(Clone, Debug)]
enum State {
    Own(Map),
    Common(Arc<Map>),
}

impl Shared {
    /// A map that is to be shared.
    pub fn new(map: Map) -> Self {
        if map.is_empty() { Self::default() } else { Self(State::Common(Arc::new(map))) }
    }

    /// The map on its own.
    pub fn into_map(self) -> Map {
        match self.0 {
            State::Own(map) => map,
            State::Common(map) => Arc::unwrap_or_clone(map),
        }
    }

    /// Whether others may have the same map.
    pub(crate) fn is_shared(&self) -> bool {
        matches!(self.0, State::Common(_))
    }

    /// Whether both are one map, so that nobody need look into them.
    pub(crate) fn is(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (State::Common(a), State::Common(b)) => Arc::ptr_eq(a, b),
            (a, b) => a.map().is_empty() && b.map().is_empty(),
        }
    }

    /// Gives names the values that they have in `other`.
    pub(crate) fn extend(&mut self, other: Map) {
        match &mut self.0 {
            State::Own(map) => map.extend(other),
            State::Common(map) => self.0 = State::Own(map.extended(other)),
        }
    }

    /// Gives a name a value.
    pub fn insert(&mut self, name: Text, value: Value) {
        (**self).insert(name, value);
    }
}

impl State {
    fn map(&self) -> &Map {
        match self {
            Self::Own(map) => map,
            Self::Common(map) => map,
        }
    }
}

impl Default for Shared {
    fn default() -> Self {
        Self(State::Own(Map::default()))
    }
}

impl From<Map> for Shared {
    fn from(map: Map) -> Self {
        Self(State::Own(map))
    }
}

impl Deref for Shared {
    type Target = Map;

    fn deref(&self) -> &Map {
        self.0.map()
    }
}

/// Whoever changes it gets a map of their own.
impl DerefMut for Shared {
    fn deref_mut(&mut self) -> &mut Map {
        if let State::Common(map) = &self.0 {
            self.0 = State::Own(Map::clone(map));
        }
        let State::Own(map) = &mut self.0 else { unreachable!("it was made one") };
        map
    }
}

impl PartialEq for Shared {
    fn eq(&self, other: &Self) -> bool {
        self.is(other) || **self == **other
    }
}
