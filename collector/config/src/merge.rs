//! Joining trees: later sources over earlier ones, and keys that are paths.

use crate::{Entry, Issue, Node, node::Value};

/// Deepest tree that keys with `::` may make.
const DEPTH: usize = 200;

/// Lays `over` on `under`: mappings join key by key, everything else (null too) replaces.
pub(crate) fn merge(under: &mut Node, over: Node) {
    match (&mut under.value, over) {
        (Value::Map(entries), Node { value: Value::Map(new), .. }) => {
            for entry in new {
                insert(entries, entry);
            }
        }
        (_, over) => *under = over,
    }
}

/// Takes `a::b: c` apart to `a: {b: c}`, in mappings at any level but not inside lists.
pub(crate) fn split_keys(node: &mut Node) -> Result<(), Issue> {
    split_below(node, 0)
}

fn split_below(node: &mut Node, depth: usize) -> Result<(), Issue> {
    let Value::Map(entries) = &mut node.value else { return Ok(()) };
    if entries.iter().all(|e| !e.key.contains("::")) {
        if depth >= DEPTH {
            return Err(Issue::new("yaml: exceeded max depth").at(node.place.clone()));
        }
        return entries.iter_mut().try_for_each(|e| split_below(&mut e.value, depth + 1));
    }
    let mut split = Vec::with_capacity(entries.len());
    for mut entry in std::mem::take(entries) {
        let parts = entry.key.matches("::").count();
        if depth + parts >= DEPTH {
            return Err(Issue::new("yaml: exceeded max depth").at(entry.place));
        }
        split_below(&mut entry.value, depth + parts + 1)?;
        insert(&mut split, nested(entry));
    }
    node.value = Value::Map(split);
    Ok(())
}

fn nested(entry: Entry) -> Entry {
    let Entry { key, place, mut value } = entry;
    let mut parts = key.rsplit("::");
    let mut last = parts.next().unwrap_or_default();
    for part in parts {
        let inner = Entry { key: last.into(), place: place.clone(), value };
        value = Node::new(Value::Map(vec![inner]), place.clone());
        last = part;
    }
    Entry { key: last.into(), place, value }
}

fn insert(entries: &mut Vec<Entry>, entry: Entry) {
    match entries.iter_mut().find(|e| e.key == entry.key) {
        Some(old) => {
            // The key stays where it was first written, unless all below it is new.
            if !(old.value.is_map() && entry.value.is_map()) {
                old.place = entry.place;
            }
            merge(&mut old.value, entry.value);
        }
        None => entries.push(entry),
    }
}
