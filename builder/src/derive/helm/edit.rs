//! Changing a tree the way templates do.

use slimcol_config::{Entry, Node, Place, parse};

/// `under` with `over` on it: mappings join key by key. `clash` decides about a key that both have and that is not a mapping
/// in both; `None` takes it away. A key stands where `over` has it.
pub(super) fn merged(under: &Node, over: &Node, clash: &dyn Fn(&Node, &Node) -> Option<Node>) -> Node {
    if !(under.is_map() && over.is_map()) {
        return over.clone();
    }
    let mut entries = Vec::new();
    for old in under.entries() {
        match over.entry(old.key()) {
            None => entries.push(old.clone()),
            Some(new) => {
                let both = old.value().is_map() && new.value().is_map();
                let value = if both {
                    Some(merged(old.value(), new.value(), clash))
                } else {
                    clash(old.value(), new.value())
                };
                entries.extend(value.map(|value| Entry::new(new.key(), new.place().clone(), value)));
            }
        }
    }
    entries.extend(over.entries().iter().filter(|new| under.entry(new.key()).is_none()).cloned());
    Node::map(entries, over.place().clone())
}

/// Puts the YAML text `preset`, which stands at `place`, below what `config` has.
pub(super) fn lay_under(config: &mut Node, preset: &str, place: &Place) {
    let mut preset = parse("preset", preset).expect("presets are YAML");
    preset.stand_at(place);
    *config = merged(&preset, config, &|_, over| Some(over.clone()));
}

/// The mapping at `path`; what is missing is made, at `place`.
pub(super) fn mapping<'n>(node: &'n mut Node, path: &[&str], place: &Place) -> &'n mut Node {
    path.iter().fold(node, |node, key| {
        if !node.get(key).is_some_and(Node::is_map) {
            node.insert(Entry::new(*key, place.clone(), Node::empty(place.clone())));
        }
        node.get_mut(key).expect("it was put there")
    })
}

/// The items of the list at `path`.
pub(super) fn items(node: &Node, path: &[&str]) -> Vec<Node> {
    let list = path.iter().try_fold(node, |node, key| node.get(key));
    list.and_then(Node::items).unwrap_or_default().to_vec()
}

/// Whether the list at `path` has the text `word` in it.
pub(super) fn has(node: &Node, path: &[&str], word: &str) -> bool {
    items(node, path).iter().any(|item| item.as_str() == Some(word))
}

/// Where in a list something goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum End {
    First,
    Last,
}

/// Adds `word` to the list at `path` unless it is in it.
pub(super) fn add(node: &mut Node, path: &[&str], end: End, word: &str, place: &Place) {
    let Some((key, parents)) = path.split_last() else { return };
    if has(node, path, word) {
        return;
    }
    let mut all = items(node, path);
    let item = Node::text(word, place.clone());
    match end {
        End::First => all.insert(0, item),
        End::Last => all.push(item),
    }
    put(mapping(node, parents, place), key, Node::list(all, place.clone()), place);
}

/// Puts `value` at `key`, which stays where it was written if it was.
pub(super) fn put(node: &mut Node, key: &str, value: Node, place: &Place) {
    let place = node.entry(key).map_or(place, Entry::place).clone();
    node.insert(Entry::new(key, place, value));
}
