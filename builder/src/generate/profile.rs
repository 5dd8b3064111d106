//! How the generated workspace is compiled: as the source tree's own release profile says, since profiles count only at a
//! workspace's root.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, Table, value};

/// The source tree's `[profile.release]`, with the settings of those packages that are `present`: cargo warns of others.
pub(super) fn release(root: &DocumentMut, present: &BTreeSet<String>, debug: bool) -> Table {
    let profile = root.get("profile").and_then(|profiles| profiles.get("release"));
    let mut release = profile.and_then(Item::as_table).cloned().unwrap_or_default();
    if let Some(packages) = release.get_mut("package").and_then(Item::as_table_like_mut) {
        let absent: Vec<String> = packages
            .iter()
            .map(|(name, _)| name.to_owned())
            .filter(|name| name != "*" && !present.contains(name))
            .collect();
        for name in absent {
            packages.remove(&name);
        }
    }
    if debug {
        release["strip"] = value(false);
        release["debug"] = value(true);
    }
    release
}
