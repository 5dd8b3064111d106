//! Sorting that is compiled once, for lists that are short or seldom sorted.
//!
//! The standard library compiles its sort for every type and every comparison: 3 to 6 KB each, and collecting into a
//! `BTreeMap` or `BTreeSet` is one more. A collector with a hundred of them is half a megabyte larger for lists of ten names.
//! What is here sorts places in the list, by one sort for all, and then brings the items there: about 200 bytes for each type.
//! It is slower than the standard library's, so what sorts for every request or every sample uses that.
//!
//! ```
//! let mut names = ["kafka", "otlp", "file"];
//! slimcol_order::sort(&mut names);
//! assert_eq!(names, ["file", "kafka", "otlp"]);
//! let ports = slimcol_order::map([("otlp", 4317), ("jaeger", 14250)]);
//! assert_eq!(ports["otlp"], 4317);
//! ```

use std::{
    cmp::Ordering,
    collections::{BTreeMap, BTreeSet},
};

/// Sorts `items`; what compares equal keeps its order.
pub fn sort<T: Ord>(items: &mut [T]) {
    sort_by(items, T::cmp);
}

/// Sorts `items` by what `key` gives for each; what has equal keys keeps its order.
pub fn sort_by_key<T, K: Ord>(items: &mut [T], key: impl Fn(&T) -> K) {
    sort_by(items, |one, other| key(one).cmp(&key(other)));
}

/// Sorts `items` as `compare` orders them; what is equal to it keeps its order.
pub fn sort_by<T>(items: &mut [T], compare: impl Fn(&T, &T) -> Ordering) {
    let mut order = places(items.len(), &|one, other| compare(&items[one], &items[other]));
    // Each round is one cycle of the permutation, and leaves behind it items that are where they belong.
    for start in 0..order.len() {
        let mut at = start;
        loop {
            let from = std::mem::replace(&mut order[at], at);
            if from == start {
                break;
            }
            items.swap(at, from);
            at = from;
        }
    }
}

/// The places from 0 to `count` in the order of what stands there: the one sort for all types.
fn places(count: usize, compare: &dyn Fn(usize, usize) -> Ordering) -> Vec<usize> {
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|one, other| compare(*one, *other));
    order
}

/// A map of `pairs`; of several with one key the last one counts, as when they are collected.
pub fn map<K: Ord, V>(pairs: impl IntoIterator<Item = (K, V)>) -> BTreeMap<K, V> {
    let mut map = BTreeMap::new();
    for (key, value) in pairs {
        map.insert(key, value);
    }
    map
}

/// The set of `items`.
pub fn set<T: Ord>(items: impl IntoIterator<Item = T>) -> BTreeSet<T> {
    let mut set = BTreeSet::new();
    for item in items {
        set.insert(item);
    }
    set
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn it_is_the_order_of_the_standard_library(mut items: Vec<(u8, u16)>) {
            let mut expected = items.clone();
            expected.sort_by_key(|(key, _)| *key);
            sort_by_key(&mut items, |(key, _)| *key);
            prop_assert_eq!(&items, &expected);
            expected.sort_by(|one, other| other.cmp(one));
            sort_by(&mut items, |one, other| other.cmp(one));
            prop_assert_eq!(&items, &expected);
            expected.sort_unstable();
            sort(&mut items);
            prop_assert_eq!(&items, &expected);
        }

        #[test]
        fn collections_are_what_collecting_gives(pairs: Vec<(u8, u16)>) {
            prop_assert_eq!(map(pairs.iter().copied()), pairs.iter().copied().collect::<BTreeMap<_, _>>());
            prop_assert_eq!(set(pairs.iter().copied()), pairs.into_iter().collect::<BTreeSet<_>>());
        }
    }

    #[test]
    fn what_cannot_be_copied_is_moved_and_nothing_is_lost() {
        let mut items: Vec<String> = (0..1000).map(|n| format!("{}", n * 7919 % 1000)).collect();
        sort_by_key(&mut items, |item| item.parse::<u32>().unwrap());
        assert_eq!(items, (0..1000).map(|n| n.to_string()).collect::<Vec<_>>());
    }
}
