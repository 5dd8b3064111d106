//! What a lock file holds registries' crates to.

use std::{collections::BTreeMap, fs, path::Path};

use toml_edit::{DocumentMut, Item};

use crate::error::{Doing as _, Error};

/// The SHA-256 of each crate by its name and version, in hexadecimal.
pub(super) fn read(file: &Path) -> Result<BTreeMap<(String, String), String>, Error> {
    let text = fs::read_to_string(file).doing("read", file)?;
    let lock: DocumentMut =
        text.parse().map_err(|e| Error::Resolve(format!("`{}` is not TOML: {e}", file.display())))?;
    let packages = lock.get("package").and_then(Item::as_array_of_tables).into_iter().flatten();
    let checked = packages.filter_map(|package| {
        let field = |name: &str| package.get(name).and_then(Item::as_str).map(str::to_owned);
        Some(((field("name")?, field("version")?), field("checksum")?))
    });
    Ok(checked.collect())
}
