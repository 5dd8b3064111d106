//! How the generated workspace is compiled: as the source tree's `collector` profile says, since profiles count only at a
//! workspace's root.

use std::collections::BTreeSet;

use toml_edit::{DocumentMut, Item, Table, value};

use crate::{manifest::Panic, resolve::Plan};

/// The generated `[profile.release]`: the source tree's `[profile.collector]` over its `[profile.release]`, with the
/// settings of those packages that are `present` (cargo warns of others) and what the plan asks for.
pub(super) fn release(root: &DocumentMut, present: &BTreeSet<String>, plan: &Plan) -> Table {
    let table = |name| root.get("profile").and_then(|all| all.get(name)).and_then(Item::as_table).cloned();
    let mut release = table("release").unwrap_or_default();
    for (key, setting) in table("collector").unwrap_or_default() {
        if key != "inherits" {
            release.insert(&key, setting);
        }
    }
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
    release["lto"] = value(plan.lto.word());
    if plan.panic == Panic::Abort {
        release["panic"] = value("abort");
    }
    if plan.debug {
        release["strip"] = value(false);
        release["debug"] = value(true);
    }
    release
}
