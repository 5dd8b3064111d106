//! The lock files' form: cargo's tables, once for each manifest.

use std::collections::BTreeMap;

use toml_edit::{Array, ArrayOfTables, DocumentMut, Item, Table, TableLike, Value, value};

use super::{
    Distribution, Pin,
    package::{self, Package},
};

/// The version of the form.
const VERSION: i64 = 1;

/// The crates of a `Cargo.lock`.
pub(super) fn cargo_lock(text: &str) -> Result<Vec<Package>, String> {
    let document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| e.to_string())?;
    packages(document.as_table())
}

/// What a `slimcol.lock` says, by the manifests' names.
pub(super) fn parse(text: &str) -> Result<BTreeMap<String, Distribution>, String> {
    let document: DocumentMut = text.parse().map_err(|e: toml_edit::TomlError| e.to_string())?;
    match document.get("version").and_then(Item::as_integer) {
        Some(VERSION) => {}
        Some(later) => return Err(format!("its version is {later}, and this slimcol knows {VERSION}")),
        None => return Err("it has no `version`".to_owned()),
    }
    let mut found = BTreeMap::new();
    for table in tables(document.as_table(), "distribution")? {
        let pins = tables(table, "component")?.map(pin);
        let distribution = Distribution {
            slimcol: text_of(table, "slimcol")?,
            rustc: text_of(table, "rustc")?,
            sources: text_of(table, "sources")?,
            pins: pins.collect::<Result<_, String>>()?,
            packages: packages(table)?,
        };
        found.insert(text_of(table, "manifest")?, distribution);
    }
    Ok(found)
}

/// The text of a `slimcol.lock`: the same for the same content.
pub(super) fn render(distributions: &BTreeMap<String, Distribution>) -> String {
    let mut document = DocumentMut::new();
    document["version"] = value(VERSION);
    document.decor_mut().set_prefix(
        "# What each manifest of this folder is built from. slimcol keeps it; it is worth committing.\n",
    );
    let mut all = ArrayOfTables::new();
    for (manifest, distribution) in distributions {
        let mut table = Table::new();
        table["manifest"] = value(manifest);
        table["slimcol"] = value(&distribution.slimcol);
        table["rustc"] = value(&distribution.rustc);
        table["sources"] = value(&distribution.sources);
        if !distribution.pins.is_empty() {
            table["component"] = Item::ArrayOfTables(distribution.pins.iter().map(pin_table).collect());
        }
        table["package"] = Item::ArrayOfTables(distribution.packages.iter().map(package_table).collect());
        all.push(table);
    }
    document["distribution"] = Item::ArrayOfTables(all);
    document.to_string()
}

/// One crate as cargo writes it.
pub(super) fn package_table(package: &Package) -> Table {
    let mut table = Table::new();
    table["name"] = value(&package.name);
    table["version"] = value(&package.version);
    for (key, text) in [("source", &package.source), ("checksum", &package.checksum)] {
        if let Some(text) = text {
            table[key] = value(text);
        }
    }
    if !package.dependencies.is_empty() {
        let mut list = Array::new();
        for dependency in &package.dependencies {
            list.push_formatted(Value::from(dependency).decorated("\n ", ""));
        }
        list.set_trailing_comma(true);
        list.set_trailing("\n");
        table["dependencies"] = value(list);
    }
    table
}

/// What [`pin_table`] has written.
pub(super) fn pin(table: &Table) -> Result<Pin, String> {
    Ok(Pin {
        name: text_of(table, "crate")?,
        wanted: text_of(table, "wanted")?,
        version: text_of(table, "version")?,
        source: text_of(table, "source")?,
        checksum: text_of(table, "checksum").ok(),
    })
}

/// A component that was fetched.
pub(super) fn pin_table(pin: &Pin) -> Table {
    let mut table = Table::new();
    for (key, text) in
        [("crate", &pin.name), ("wanted", &pin.wanted), ("version", &pin.version), ("source", &pin.source)]
    {
        table[key] = value(text);
    }
    if let Some(checksum) = &pin.checksum {
        table["checksum"] = value(checksum);
    }
    table
}

fn packages(table: &dyn TableLike) -> Result<Vec<Package>, String> {
    let read = tables(table, "package")?.map(|package| {
        let named = package.get("dependencies").and_then(Item::as_array);
        Ok(Package {
            name: text_of(package, "name")?,
            version: text_of(package, "version")?,
            source: text_of(package, "source").ok(),
            checksum: text_of(package, "checksum").ok(),
            dependencies: named
                .into_iter()
                .flatten()
                .filter_map(|name| name.as_str().map(str::to_owned))
                .collect(),
        })
    });
    let mut packages = read.collect::<Result<Vec<_>, String>>()?;
    package::with_versions(&mut packages);
    packages.sort();
    Ok(packages)
}

/// The tables of the array `key`; none if it is not there.
fn tables<'t>(
    table: &'t dyn TableLike,
    key: &str,
) -> Result<impl Iterator<Item = &'t Table> + use<'t>, String> {
    let array = match table.get(key) {
        None => None,
        Some(item) => {
            Some(item.as_array_of_tables().ok_or_else(|| format!("`{key}` is not a list of tables"))?)
        }
    };
    Ok(array.into_iter().flatten())
}

fn text_of(table: &Table, key: &str) -> Result<String, String> {
    table.get(key).and_then(Item::as_str).map(str::to_owned).ok_or_else(|| format!("`{key}` is missing"))
}
