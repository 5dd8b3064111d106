//! What is checked of a crate before anything is compiled.

use std::fs;

use super::{MANIFEST, component, generate};
use crate::{manifest, tree::FACTORY};

/// The manifest's line that every refusal points at, and what stands below it.
fn refused(message: &str, help: &str, rest: &str) -> String {
    let help = if help.is_empty() { String::new() } else { format!(" {help}") };
    format!(
        "error: {message}\n --> manifest.yaml:4:13\n  |\n4 |   - {{crate: mine, path: third/mine}}\n  |             ^^^^{help}{rest}\n"
    )
}

#[test]
fn a_crate_that_is_no_such_component_is_refused_before_anything_is_compiled() {
    let make = "make it `pub static FACTORY: slimcol_service::Factory`";
    let library = "[dir]/third/mine/src/lib.rs";
    for (kind, text, expected) in [
        (
            "receiver",
            FACTORY,
            refused("`mine` is a receiver, not an exporter", "move it under `receivers`", ""),
        ),
        (
            "",
            FACTORY,
            refused("crate `mine` is not a component: it has no [package.metadata.component]", "", ""),
        ),
        (
            "exportr",
            FACTORY,
            refused(
                "[package.metadata.component] of crate `mine` cannot be used: `exportr` is not a kind of component",
                "",
                "\n --> [dir]/third/mine/Cargo.toml:6:8\n  |\n6 | kind = \"exportr\"\n  |        ^^^^^^^^^ did you mean \
                 `exporter`?",
            ),
        ),
        (
            "exporter",
            "pub fn x() {}\n",
            refused(
                "crate `mine` is not a component: its library has no `pub static FACTORY: slimcol_service::Factory`",
                "",
                &format!("\n --> {library}:1:1\n  |\n1 | pub fn x() {{}}\n  | ^"),
            ),
        ),
        (
            "exporter",
            "use slimcol_service::Factory;\npub fn FACTORY() -> Factory { f() }\n",
            refused(
                "crate `mine` is not a component: its `FACTORY` is a function",
                "",
                &format!(
                    "\n --> {library}:2:8\n  |\n2 | pub fn FACTORY() -> Factory {{ f() }}\n  |        ^^^^^^^ {make}"
                ),
            ),
        ),
        (
            "exporter",
            "use slimcol_service::Factory;\npub const FACTORY: Factory = Factory::processor::<Mine>();\n",
            refused(
                "crate `mine` says that it is an exporter, and its `FACTORY` makes a processor",
                "",
                &format!(
                    "\n --> {library}:2:11\n  |\n2 | pub const FACTORY: Factory = Factory::processor::<Mine>();\n  |           \
                     ^^^^^^^ make it with `Factory::exporter`, or mend `kind` in its Cargo.toml"
                ),
            ),
        ),
        (
            "exporter",
            "fn {",
            refused(
                "crate `mine` does not parse",
                "",
                &format!(
                    "\n --> {library}:1:4\n  |\n1 | fn {{\n  |    ^ no Rust, or a bracket without its partner"
                ),
            ),
        ),
    ] {
        let folder = manifest(&format!("{MANIFEST}  - {{crate: mine, path: third/mine}}\n"));
        component(&folder.path().join("third"), kind, text);
        let (code, said, toml) = generate(folder.path(), &[]);
        assert_eq!((code, &*toml), (Some(2), ""), "{said}");
        assert_eq!(said, expected);
    }
}

#[test]
fn a_folder_without_the_crate_is_refused() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: other, path: third/mine}}\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert!(said.starts_with("error: the crate in `[dir]/third/mine` is `mine`, not `other`\n"), "{said}");
    let folder = manifest(&format!("{MANIFEST}  - {{crate: mine, path: empty}}\n"));
    fs::create_dir(folder.path().join("empty")).unwrap();
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert!(
        said.starts_with("error: there is no crate in `[dir]/empty`: cannot read its Cargo.toml: "),
        "{said}"
    );
}

#[test]
fn features_are_turned_on_and_must_be_there() {
    let text = format!(
        "{MANIFEST}  - {{crate: mine, path: third/mine, features: [fast, slw], default-features: false}}\n"
    );
    let folder = manifest(&text);
    component(&folder.path().join("third"), "exporter", FACTORY);
    let file = folder.path().join("third/mine/Cargo.toml");
    let toml =
        fs::read_to_string(&file).unwrap() + "[features]\ndefault = [\"slow\"]\nfast = []\nslow = []\n";
    fs::write(&file, toml).unwrap();
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    let expected = "error: crate `mine` has no feature `slw`\n --> manifest.yaml:4:54\n";
    assert!(said.starts_with(expected) && said.ends_with(" did you mean `slow`?\n"), "{said}");

    fs::write(folder.path().join("manifest.yaml"), text.replace(", slw", "")).unwrap();
    let (code, said, toml) = generate(folder.path(), &[]);
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(toml.contains("/mine\", default-features = false, features = [\"fast\"] }"), "{toml}");
}

#[test]
fn a_crate_in_a_folder_for_another_framework_is_refused_and_can_be_tried() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: mine, path: third/mine}}\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let file = folder.path().join("third/mine/Cargo.toml");
    let toml = fs::read_to_string(&file).unwrap().replace("service = \"0.1\"", "service = \"1.2\"");
    fs::write(&file, toml).unwrap();
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    let expected = refused(
        "crate `mine` was written for `slimcol-service` 1.2, and this Slimcol has 0.1.0",
        "--skip-strict-versioning tries it as it is",
        "\n  --> [dir]/third/mine/Cargo.toml:11:19\n   |\n11 | slimcol-service = \"1.2\"\n   |                   ^^^^^ make it \
         `\"0.1\"` once the crate is",
    );
    assert_eq!(said, expected);
    let (code, said, toml) = generate(folder.path(), &["--skip-strict-versioning"]);
    let note = "note: [dir]/third/mine/Cargo.toml:11:19: crate `mine` was written for `slimcol-service` 1.2, and this \
                Slimcol has 0.1.0\n";
    assert_eq!((code, &*said), (Some(0), note));
    assert!(toml.contains("mine = {"), "{toml}");
}

#[test]
fn two_crates_that_rust_code_could_not_tell_apart_are_refused() {
    let text = format!(
        "{MANIFEST}  - {{crate: mine, path: third/mine}}\nprocessors:\n  - {{crate: twin, path: other/mine}}\n"
    );
    let folder = manifest(&text);
    component(&folder.path().join("third"), "exporter", FACTORY);
    component(&folder.path().join("other"), "processor", FACTORY);
    let file = folder.path().join("other/mine/Cargo.toml");
    let toml = fs::read_to_string(&file).unwrap().replace("name = \"mine\"", "name = \"twin\"");
    fs::write(&file, toml + "[lib]\nname = \"mine\"\n").unwrap();
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(
        said.starts_with("error: crates `mine` and `twin` are both `mine` to Rust code\n --> manifest.yaml:"),
        "{said}"
    );
}
