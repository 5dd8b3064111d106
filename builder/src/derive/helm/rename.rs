//! `rewriteDeprecatedComponentNames`: the chart writes three old names anew.

use slimcol_config::{Entry, Node};

use super::edit;

/// The section, the old name, the new one.
const RENAMES: [(&str, &str, &str); 2] =
    [("receivers", "filelog", "file_log"), ("processors", "k8sattributes", "k8s_attributes")];

pub(super) fn apply(config: &mut Node) {
    for (section, old, new) in RENAMES {
        if let Some(components) = config.get_mut(section) {
            components_of(components, old, new);
        }
        let pipelines = config.get_mut("service").and_then(|service| service.get_mut("pipelines"));
        let Some(pipelines) = pipelines else { continue };
        let signals: Vec<String> = pipelines.entries().iter().map(|entry| entry.key().to_owned()).collect();
        for signal in signals {
            if let Some(list) = pipelines.get_mut(&signal).and_then(|pipeline| pipeline.get_mut(section)) {
                *list = references(list, old, new);
            }
        }
    }
    detectors(config);
}

/// `old` and `old/…` under their new names; what already has the new name gives way.
fn components_of(components: &mut Node, old: &str, new: &str) {
    let keys: Vec<String> = components.entries().iter().map(|entry| entry.key().to_owned()).collect();
    for key in keys {
        let Some(renamed) = renamed(&key, old, new) else { continue };
        let Some(entry) = components.remove(&key) else { continue };
        let value = match components.get(&renamed) {
            Some(existing) => edit::merged(existing, entry.value(), &|_, over| Some(over.clone())),
            None => entry.value().clone(),
        };
        // What is defined without settings is defined all the same.
        let value = if value.is_null() { Node::empty(value.place().clone()) } else { value };
        components.insert(Entry::new(renamed, entry.place().clone(), value));
    }
}

fn references(list: &Node, old: &str, new: &str) -> Node {
    let mut items: Vec<Node> = Vec::new();
    for item in list.items().unwrap_or_default() {
        let name = item.as_str().unwrap_or_default();
        let item = match renamed(name, old, new) {
            Some(renamed) => Node::text(renamed, item.place().clone()),
            None => item.clone(),
        };
        if !items.iter().any(|other| other.as_str() == item.as_str()) {
            items.push(item);
        }
    }
    Node::list(items, list.place().clone())
}

fn renamed(id: &str, old: &str, new: &str) -> Option<String> {
    let rest = id.strip_prefix(old)?;
    (rest.is_empty() || rest.starts_with('/')).then(|| format!("{new}{rest}"))
}

/// `k8snode` among the detectors of `resourcedetection` is `k8s_api`.
fn detectors(config: &mut Node) {
    let Some(processors) = config.get_mut("processors") else { return };
    let keys: Vec<String> = processors.entries().iter().map(|entry| entry.key().to_owned()).collect();
    for key in keys.iter().filter(|key| key.split('/').next() == Some("resourcedetection")) {
        if let Some(list) = processors.get_mut(key).and_then(|one| one.get_mut("detectors")) {
            *list = references(list, "k8snode", "k8s_api");
        }
    }
}
