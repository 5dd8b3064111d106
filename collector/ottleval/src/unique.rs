//! Pairs in the order in which their keys came first.

use std::{
    collections::{HashMap, hash_map::Entry},
    hash::Hash,
};

/// Pairs of which no key comes twice: the last value counts, as in a Go map.
#[derive(Debug)]
pub struct Unique<K, V> {
    pairs: Vec<(K, V)>,
    places: HashMap<K, usize>,
}

impl<K, V> Default for Unique<K, V> {
    fn default() -> Self {
        Self { pairs: Vec::new(), places: HashMap::new() }
    }
}

impl<K: Clone + Eq + Hash, V> Unique<K, V> {
    /// Whether the key came.
    pub fn contains(&self, key: &K) -> bool {
        self.places.contains_key(key)
    }

    /// The value of the key.
    pub fn get_mut(&mut self, key: &K) -> Option<&mut V> {
        let at = *self.places.get(key)?;
        self.pairs.get_mut(at).map(|(_, value)| value)
    }

    /// Puts in a pair, whose value replaces one that came before.
    pub fn put(&mut self, key: K, value: V) {
        match self.places.entry(key) {
            Entry::Occupied(place) => self.pairs[*place.get()].1 = value,
            Entry::Vacant(place) => {
                self.pairs.push((place.key().clone(), value));
                place.insert(self.pairs.len() - 1);
            }
        }
    }

    /// The pairs.
    pub fn iter(&self) -> impl Iterator<Item = &(K, V)> {
        self.pairs.iter()
    }

    /// The pairs, to have.
    pub fn into_pairs(self) -> Vec<(K, V)> {
        self.pairs
    }
}
