//! The facts about a component stand twice: in its `INFO`, for collectors, and in its Cargo.toml, for the builder. They
//! must be the same.

use std::{collections::BTreeMap, path::Path};

use slimcol_service::{Factory, Kind};

/// Compares `factory` with `[package.metadata.component]` in the Cargo.toml of the crate at `folder`
/// (`env!("CARGO_MANIFEST_DIR")`).
///
/// # Panics
/// If they differ, with the difference.
pub fn assert_metadata(factory: &Factory, folder: &str) {
    let path = Path::new(folder).join("Cargo.toml");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{}: {e}", path.display()));
    let metadata = table(&text, "package.metadata.component");
    let list = |texts: &mut dyn Iterator<Item = String>| {
        format!("[{}]", texts.map(|text| format!("{text:?}")).collect::<Vec<_>>().join(", "))
    };
    let info = &factory.info;
    let mut expected = BTreeMap::from([
        ("kind", format!("{:?}", factory.kind.as_str())),
        ("type", format!("{:?}", info.name)),
        ("stability", format!("{:?}", format!("{:?}", info.stability).to_lowercase())),
    ]);
    if !info.aliases.is_empty() {
        expected.insert("aliases", list(&mut info.aliases.iter().map(ToString::to_string)));
    }
    if !matches!(factory.kind, Kind::Extension | Kind::Provider) {
        expected.insert("signals", list(&mut info.signals.iter().map(|signal| signal.to_string())));
    }
    for (key, value) in &expected {
        assert_eq!(metadata.get(*key), Some(value), "{key} in {}", path.display());
    }
    // What comes in parts has a feature for each, and all of them unless somebody chooses.
    if metadata.contains_key("parts") {
        let mut features = table(&text, "features");
        let default = features.remove("default");
        assert_eq!(default, Some(list(&mut features.into_keys())), "features in {}", path.display());
    }
    for key in metadata.keys() {
        let known = expected.contains_key(key.as_str()) || ["gomod", "parts"].contains(&key.as_str());
        assert!(known, "{key} in {} has nothing that it could be compared with", path.display());
    }
    // A component of somebody else's need not stand for a Go module; one of Slimcol's own does.
    let gomod = metadata.get("gomod").map(|value| value.trim_matches('"'));
    let right =
        gomod.map_or(!info.package.starts_with("slimcol-"), |it| it.contains('/') && !it.contains(' '));
    assert!(right, "gomod in {}: {gomod:?}", path.display());
    assert_eq!(Some(info.package), table(&text, "package").get("name").map(|name| name.trim_matches('"')));
}

/// The lines `key = value` of one table of a TOML text, values as written apart from spaces around list items. Enough for
/// manifests of this workspace, which write each value on one line.
fn table(text: &str, name: &str) -> BTreeMap<String, String> {
    let header = format!("[{name}]");
    text.lines()
        .map(str::trim)
        .skip_while(|line| *line != header)
        .skip(1)
        .take_while(|line| !line.starts_with('['))
        .filter_map(|line| line.split_once('='))
        .map(|(key, value)| (key.trim().to_owned(), plain(value)))
        .collect()
}

/// A value without a comment behind it and with one space between list items.
fn plain(value: &str) -> String {
    let value = value.split(" #").next().unwrap_or_default().trim();
    match value.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
        Some(items) => {
            let items: Vec<&str> = items.split(',').map(str::trim).filter(|item| !item.is_empty()).collect();
            format!("[{}]", items.join(", "))
        }
        None => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_one_table() {
        let text = "[a]\nx = 1\n[a.b]\nkind = \"receiver\" # why\nlist = [ \"x\",\"y\", ]\n\n[c]\nz = 2\n";
        let expected =
            [("kind", "\"receiver\""), ("list", "[\"x\", \"y\"]")].map(|(k, v)| (k.into(), v.into()));
        assert_eq!(table(text, "a.b"), BTreeMap::from(expected));
    }
}
