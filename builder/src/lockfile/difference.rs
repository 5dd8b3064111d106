//! What differs between two lock files, in words.

use std::collections::BTreeMap;

use super::{Distribution, Package};

/// Each difference of `new` from `old` on a line of its own; none if they are equal.
pub(super) fn between(old: &Distribution, new: &Distribution) -> Vec<String> {
    let mut found = Vec::new();
    for (what, before, after) in [("slimcol", &old.slimcol, &new.slimcol), ("rustc", &old.rustc, &new.rustc)]
    {
        if before != after {
            found.push(format!("{what} is {after}, not {before}"));
        }
    }
    for pin in &new.pins {
        match old.pins.iter().find(|other| other.name == pin.name) {
            Some(other) if other == pin => {}
            Some(other) if other.wanted != pin.wanted => {
                found
                    .push(format!("`{}` is wanted from {}, not from {}", pin.name, pin.wanted, other.wanted));
            }
            Some(other) => found.push(format!("`{}` is {}, not {}", pin.name, pin.source, other.source)),
            None => found.push(format!("`{}` from {} is not in it", pin.name, pin.wanted)),
        }
    }
    let by_name = |packages: &[Package]| {
        let mut names: BTreeMap<String, Vec<Package>> = BTreeMap::new();
        for package in packages {
            names.entry(package.name.clone()).or_default().push(package.clone());
        }
        names
    };
    let (before, after) = (by_name(&old.packages), by_name(&new.packages));
    for (name, packages) in &after {
        match before.get(name) {
            Some(others) if others == packages => {}
            Some(others) if versions(others) == versions(packages) => {
                found.push(format!("`{name}` {} is another than in it", versions(packages)));
            }
            Some(others) => {
                found.push(format!("`{name}` is {}, not {}", versions(packages), versions(others)));
            }
            None => found.push(format!("`{name}` {} is not in it", versions(packages))),
        }
    }
    for (name, packages) in before.iter().filter(|(name, _)| !after.contains_key(*name)) {
        found.push(format!("`{name}` {} in it is not needed", versions(packages)));
    }
    // What else has changed shows above; the digest alone tells people nothing.
    if found.is_empty() && old.sources != new.sources {
        found.push("the sources of crates that are Slimcol's or in folders have changed".to_owned());
    }
    if found.is_empty() && old != new {
        found.push("it lists more components than are wanted".to_owned());
    }
    found
}

fn versions(packages: &[Package]) -> String {
    packages.iter().map(|package| &*package.version).collect::<Vec<_>>().join(" and ")
}
