//! Handing the locked versions to cargo.

use std::collections::BTreeSet;

use toml_edit::{ArrayOfTables, DocumentMut, Item};

use super::{Distribution, toml};
use crate::error::Error;

/// The `Cargo.lock` of Slimcol's sources, `own`, with the crates that `locked` has besides. cargo keeps to the versions that a
/// lock file has and drops what is not used, so a lock file may have too much. Where both have a compatible version of a
/// crate, the sources' own stays: they are tested with it.
pub(crate) fn seeded(own: String, locked: Option<&Distribution>) -> Result<String, Error> {
    let Some(locked) = locked else { return Ok(own) };
    let broken = |what: &str| Error::Resolve(format!("Slimcol's own Cargo.lock cannot be read: {what}"));
    let mut document: DocumentMut = own.parse().map_err(|e: toml_edit::TomlError| broken(&e.to_string()))?;
    let present = toml::cargo_lock(&own).map_err(|what| broken(&what))?;
    let series: BTreeSet<_> = present.iter().map(super::Package::series).collect();
    let names: BTreeSet<&str> = present.iter().map(|package| &*package.name).collect();
    // With a second crate of a name that the own lock file writes without a version, the name would mean nothing: all of
    // them are written anew, with versions.
    let mut all = ArrayOfTables::new();
    let missing = |package: &&super::Package| match package.source {
        // A crate in the workspace is told by its name alone.
        None => !names.contains(&*package.name),
        Some(_) => !series.contains(&package.series()),
    };
    for package in present.iter().chain(locked.packages.iter().filter(missing)) {
        all.push(toml::package_table(package));
    }
    document["package"] = Item::ArrayOfTables(all);
    Ok(document.to_string())
}
