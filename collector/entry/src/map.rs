//! Named values in the order in which they came.

use std::collections::HashMap;

use crate::{Text, Value};

/// A map from names to values. It is small most of the time, so that looking at each name is the quickest way; what is large
/// is joined and cleared of doubles by way of an index.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map(Vec<(Text, Value)>);

/// A pair to be filled where it stands: a constant is copied there at once.
const EMPTY: (Text, Value) = (Text::new(), Value::Text(Text::new()));
/// How many comparisons are cheaper than an index.
const FEW: usize = 1024;

impl Map {
    /// A map of pairs, of which the last counts where a name comes twice; it stands where the first did.
    pub fn from_pairs(pairs: Vec<(Text, Value)>) -> Self {
        let mut map = Self(pairs);
        if map.0.len() * map.0.len() <= FEW {
            // Names of which none was like this one before are not compared.
            let mut seen = 0;
            let mut at = 0;
            while at < map.0.len() {
                let (before, from) = map.0.split_at_mut(at);
                let mark = mark(&from[0].0);
                let again = if seen & mark == 0 { None } else { find(before, &from[0].0) };
                seen |= mark;
                match again {
                    Some(first) => {
                        std::mem::swap(&mut before[first].1, &mut from[0].1);
                        map.0.remove(at);
                    }
                    None => at += 1,
                }
            }
            return map;
        }
        let pairs = std::mem::take(&mut map.0);
        map.join(pairs, HashMap::new(), |old, new| *old = new);
        map
    }

    /// Names for parts of a text. The last counts where a name comes twice.
    pub fn of_parts<'p>(of: &Text, parts: impl ExactSizeIterator<Item = (&'p Text, &'p str)>) -> Self {
        let mut pairs = Vec::with_capacity(parts.len());
        for (name, part) in parts {
            pairs.push(EMPTY);
            if let Some((to_name, Value::Text(to))) = pairs.last_mut() {
                to_name.clone_from(name);
                to.set(of, part);
            }
        }
        Self::from_pairs(pairs)
    }

    /// A map that has room for so many names.
    pub fn with_capacity(names: usize) -> Self {
        Self(Vec::with_capacity(names))
    }

    /// How many names there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The names and their values.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&Text, &Value)> {
        self.0.iter().map(|(name, value)| (name, value))
    }

    /// The pair at a position.
    pub fn at(&self, index: usize) -> Option<(&Text, &Value)> {
        self.0.get(index).map(|(name, value)| (name, value))
    }

    /// The value of a name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        find(&self.0, name).map(|at| &self.0[at].1)
    }

    /// The value of a name, to change.
    pub fn get_mut(&mut self, name: &str) -> Option<&mut Value> {
        find(&self.0, name).map(|at| &mut self.0[at].1)
    }

    /// Gives a name a value.
    pub fn insert(&mut self, name: Text, value: Value) {
        match self.get_mut(&name) {
            Some(old) => *old = value,
            None => self.0.push((name, value)),
        }
    }

    /// The value of a name, which is there afterwards.
    pub(crate) fn entry(&mut self, name: &Text) -> &mut Value {
        let at = find(&self.0, name).unwrap_or_else(|| {
            self.0.push((name.clone(), Value::Null));
            self.0.len() - 1
        });
        &mut self.0[at].1
    }

    /// Takes a name out.
    pub fn remove(&mut self, name: &str) -> Option<Value> {
        let at = find(&self.0, name)?;
        Some(self.0.remove(at).1)
    }

    /// A copy of this map in which names have the values that they have in `other`.
    pub(crate) fn extended(&self, mut other: Self) -> Self {
        let alike = || self.0.iter().any(|(name, _)| find(&other.0, name).is_some());
        if self.0.len() * other.0.len() > FEW || alike() {
            let mut own = self.clone();
            own.extend(other);
            return own;
        }
        // What is there already moves up: nothing is allocated if there is room.
        for pair in self.0.iter().rev() {
            other.0.insert(0, pair.clone());
        }
        other
    }

    /// Gives names the values that they have in `other`.
    pub fn extend(&mut self, other: Self) {
        self.extend_by(other, |old, new| *old = new);
    }

    /// The same, but maps are extended by maps.
    pub fn merge(&mut self, other: Self) {
        self.extend_by(other, |old, new| match (old, new) {
            (Value::Map(old), Value::Map(new)) => old.extend(new),
            (old, new) => *old = new,
        });
    }

    fn extend_by(&mut self, other: Self, change: fn(&mut Value, Value)) {
        if self.0.is_empty() {
            self.0 = other.0;
        } else if self.0.len() * other.0.len() <= FEW {
            // The names of the other are different from each other.
            let before = self.0.len();
            for (name, value) in other.0 {
                match find(&self.0[..before], &name) {
                    Some(at) => change(&mut self.0[at].1, value),
                    None => self.0.push((name, value)),
                }
            }
        } else {
            let index = self.0.iter().enumerate().map(|(at, (name, _))| (name.clone(), at)).collect();
            self.join(other.0, index, change);
        }
    }

    fn join(
        &mut self,
        pairs: Vec<(Text, Value)>,
        mut index: HashMap<Text, usize>,
        change: fn(&mut Value, Value),
    ) {
        for (name, value) in pairs {
            if let Some(at) = index.get(&name) {
                change(&mut self.0[*at].1, value);
            } else {
                index.insert(name.clone(), self.0.len());
                self.0.push((name, value));
            }
        }
    }
}

/// Where a name is.
fn find(pairs: &[(Text, Value)], name: &str) -> Option<usize> {
    pairs.iter().position(|(n, _)| n.is(name))
}

/// One bit of 64 that names that are equal have in common.
fn mark(name: &str) -> u64 {
    let byte = |byte: Option<&u8>| usize::from(byte.copied().unwrap_or_default());
    let bytes = name.as_bytes();
    1 << ((bytes.len() * 7 + byte(bytes.first()) + 3 * byte(bytes.last())) % 64)
}

impl IntoIterator for Map {
    type Item = (Text, Value);
    type IntoIter = std::vec::IntoIter<(Text, Value)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use proptest::prelude::*;

    use super::*;

    fn pairs() -> impl Strategy<Value = Vec<(Text, Value)>> {
        let pair = (0_i64..60, any::<i64>()).prop_map(|(n, v)| (n.to_string().into(), Value::Int(v)));
        proptest::collection::vec(pair, 0..80)
    }

    fn reference(pairs: &[(Text, Value)]) -> BTreeMap<String, String> {
        pairs.iter().map(|(name, value)| (name.to_string(), value.to_string())).collect()
    }

    proptest! {
        #[test]
        fn the_last_value_of_a_name_counts(first in pairs(), second in pairs()) {
            let mut map = Map::from_pairs(first.clone());
            map.extend(Map::from_pairs(second.clone()));
            let all: Vec<_> = first.into_iter().chain(second).collect();
            let found: Vec<_> = map.iter().map(|(n, v)| (n.clone(), v.clone())).collect();
            prop_assert_eq!(reference(&found).len(), found.len());
            prop_assert_eq!(reference(&found), reference(&all));
        }
    }

    #[test]
    fn names_stay_where_they_came_first() {
        let pair = |name: &'static str, n| (Text::from_static(name), Value::Int(n));
        let map = Map::from_pairs(vec![pair("a", 1), pair("b", 2), pair("a", 3)]);
        assert_eq!(map, Map::from_pairs(vec![pair("a", 3), pair("b", 2)]));
        assert_eq!(map.at(0).unwrap().0, "a");
    }

    #[test]
    fn many_names_take_linear_time() {
        let pairs: Vec<_> = (0..200_000).map(|n| (n.to_string().into(), Value::Int(n))).collect();
        let mut map = Map::from_pairs(pairs.clone());
        map.extend(Map::from_pairs(pairs));
        assert_eq!(map.len(), 200_000);
    }
}
