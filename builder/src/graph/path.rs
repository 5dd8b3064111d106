//! Why a crate is linked: the shortest ways to it.

use std::collections::{BTreeMap, VecDeque};

use super::Graph;

impl Graph {
    /// The crates from position `from` to position `to`, both included, on a way as short as any that passes only crates of
    /// which `open` is true. Of several the same one every time.
    pub(crate) fn path(&self, from: usize, to: usize, open: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        let mut came_from: BTreeMap<usize, usize> = BTreeMap::from([(from, from)]);
        let mut waiting = VecDeque::from([from]);
        while let Some(position) = waiting.pop_front() {
            if position == to {
                let mut path = vec![to];
                while path[path.len() - 1] != from {
                    path.push(came_from[&path[path.len() - 1]]);
                }
                path.reverse();
                return Some(path);
            }
            for &next in &self.packages[position].dependencies {
                if open(next) && !came_from.contains_key(&next) {
                    came_from.insert(next, position);
                    waiting.push_back(next);
                }
            }
        }
        None
    }
}
