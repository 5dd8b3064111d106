//! Pairs in the order in which their keys came first.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

/// Pairs of which no key comes twice: the last value counts, as in a Go map.
#[derive(Debug)]
pub(crate) struct Unique<K, V> {
    pairs: Vec<(K, V)>,
    places: HashMap<K, usize>,
}

impl<K: Clone + Eq + Hash, V> Unique<K, V> {
    pub(crate) fn new() -> Self {
        Self { pairs: Vec::new(), places: HashMap::new() }
    }

    pub(crate) fn contains(&self, key: &K) -> bool {
        self.places.contains_key(key)
    }

    pub(crate) fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = *self.places.get(key)?;
        self.pairs.get_mut(at).map(|(_, value)| value)
    }

    pub(crate) fn put(&mut self, key: K, value: V) {
        match self.places.entry(key) {
            Entry::Occupied(place) => self.pairs[*place.get()].1 = value,
            Entry::Vacant(place) => {
                self.pairs.push((place.key().clone(), value));
                place.insert(self.pairs.len() - 1);
            }
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.pairs.iter()
    }

    pub(crate) fn into_pairs(self) -> Vec<(K, V)> {
        self.pairs
    }
}
