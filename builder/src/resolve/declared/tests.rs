use std::fs;

use super::*;

/// The crate of this manifest, or what is said of it.
fn read(text: &str) -> Result<Package, String> {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("Cargo.toml"), text).unwrap();
    Package::read(folder.path()).map_err(|issue| {
        let at = issue.place.as_ref().map(ToString::to_string).unwrap_or_default();
        let text = format!("{at}: {}; {}", issue.message, issue.help.unwrap_or_default());
        text.replace(&format!("{}/", folder.path().display()), "")
    })
}

const MINE: &str = "[package]\nname = \"mine\"\n[package.metadata.component]\n";

#[test]
fn a_component_is_read() {
    let package = read(&format!(
        "{MINE}kind = \"connector\"\ntype = \"my_count\"\naliases = [\"count\"]\nsignals = [\"logs\", \"traces\"]\n\
         stability = \"alpha\"\ngomod = \"a.b/c\"\n[lib]\nname = \"other\"\npath = \"./a/b.rs\"\n"
    ))
    .unwrap();
    let component = package.component().unwrap();
    assert_eq!(
        (component.class, component.keys().collect::<Vec<_>>()),
        (Class::Connector, vec!["my_count", "count"])
    );
    assert_eq!((component.signals.join(" "), component.stability), ("logs traces".into(), "alpha".into()));
    assert_eq!(component.gomod.as_deref(), Some("a.b/c"));
    assert_eq!((package.library_name.as_str(), package.library.ends_with("a/b.rs")), ("other", true));
    assert!(!read("[package]\nname = \"mine\"\n").unwrap().is_component());
}

#[test]
fn what_makes_no_sense_is_named_with_its_place() {
    let table = "[package.metadata.component] of crate `mine` cannot be used: ";
    for (text, expected) in [
        ("[package\n", "Cargo.toml:1:9: `Cargo.toml` is not TOML: unclosed table, expected `]`; ".to_owned()),
        ("[workspace]\n", "Cargo.toml:1:1: `Cargo.toml` has no package in it; ".to_owned()),
        (
            "[package]\nname = \"mine\"\n[lib]\npath = \"../x.rs\"\n",
            "Cargo.toml:4:8: the library of crate `mine` is outside of its folder; ".to_owned(),
        ),
        (
            "[package]\nname = \"std\"\n",
            "Cargo.toml:2:8: no Rust code can name the library of crate `std`: `std` means another one; give `[lib]` \
             another `name`"
                .to_owned(),
        ),
        (
            "[package]\nname = \"a\"\nlib = 1\n[lib]\nname = \"my-lib\"\n",
            "Cargo.toml:5:8: no Rust code can name the library of crate `a`: `my-lib` is not a name; give `[lib]` another \
             `name`"
                .to_owned(),
        ),
        (
            "[package]\nname = \"match\"\n",
            "Cargo.toml:2:8: no Rust code can name the library of crate `match`: `match` is a word of the language; give \
             `[lib]` another `name`"
                .to_owned(),
        ),
        (
            "[package]\nname = \"mine\"\nmetadata.component = 1\n",
            format!("Cargo.toml:3:22: {table}it is not a table; "),
        ),
        (&format!("{MINE}kind = \"exporter\"\n"), format!("Cargo.toml:3:1: {table}`type` is missing; ")),
        (
            &format!("{MINE}kind = \"exporter\"\ntype = 5\n"),
            format!("Cargo.toml:5:8: {table}`type` is a text; "),
        ),
        (
            &format!("{MINE}kind = \"exportr\"\ntype = \"a\"\n"),
            format!("Cargo.toml:4:8: {table}`exportr` is not a kind of component; did you mean `exporter`?"),
        ),
        (
            &format!("{MINE}kind = \"exporter\"\ntype = \"a-b\"\n"),
            format!("Cargo.toml:5:8: {table}`a-b` cannot be a component's type; "),
        ),
        (
            &format!("{MINE}kind = \"exporter\"\ntype = \"a\"\naliases = \"b\"\n"),
            format!("Cargo.toml:6:11: {table}`aliases` is a list of texts; "),
        ),
        (
            &format!("{MINE}kind = \"exporter\"\ntype = \"a\"\naliases = [\"/\"]\n"),
            format!("Cargo.toml:6:11: {table}`/` cannot be a component's type; "),
        ),
        (
            &format!("{MINE}kind = \"exporter\"\ntype = \"a\"\nsignals = [\"trace\"]\n"),
            format!("Cargo.toml:6:11: {table}`trace` is not a signal; did you mean `traces`?"),
        ),
        (
            &format!("{MINE}kind = \"exporter\"\ntype = \"a\"\nstability = \"done\"\n"),
            format!("Cargo.toml:6:13: {table}`done` is not a level of stability; "),
        ),
        (
            &format!("{MINE}kind = \"exporter\"\ntypo = \"a\"\n"),
            format!("Cargo.toml:5:1: {table}it has no key `typo`; did you mean `type`?"),
        ),
    ] {
        assert_eq!(read(text).unwrap_err(), expected, "{text}");
    }
}

#[test]
fn features_are_the_named_ones_and_optional_dependencies() {
    let package = read(
        "[package]\nname = \"mine\"\n[features]\ndefault = []\nfast = [\"dep:a\", \"b?/x\"]\n[dependencies]\n\
         a = { version = \"1\", optional = true }\nb = { version = \"1\", optional = true }\nc = \"1\"\n",
    )
    .unwrap();
    assert_eq!(package.features, ["b", "default", "fast"]);
    assert!(package.check_feature("b").is_ok() && package.check_feature("default").is_ok());
    let said = |feature: &str| package.check_feature(feature).unwrap_err().help.unwrap();
    assert_eq!(said("fats"), "did you mean `fast`?");
    assert_eq!(said("something"), "it has `b`, `default`, `fast`");
}
