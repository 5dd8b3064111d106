use std::fs;

use super::*;

/// What is said of a crate of these files, whose `Cargo.toml` calls it an exporter.
fn said(files: &[(&str, &str)]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let manifest = ("Cargo.toml", "[package]\nname = \"mine\"\n");
    for (name, text) in files.iter().chain([&manifest]) {
        let path = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let package = Package::read(folder.path()).unwrap();
    match check(&package, Class::Exporter) {
        Ok(()) => String::new(),
        Err(issue) => {
            let at = issue.place.as_ref().map(ToString::to_string).unwrap_or_default();
            let text = format!("{at}: {}; {}", issue.message, issue.help.unwrap_or_default());
            text.replace(&format!("{}/", folder.path().display()), "")
        }
    }
}

const NONE: &str = "src/lib.rs:1:1: crate `mine` is not a component: its library has no `pub static FACTORY: \
                    slimcol_service::Factory`; ";

fn refused(at: &str, what: &str) -> String {
    format!(
        "src/{at}: crate `mine` is not a component: its `FACTORY` is {what}; make it `pub static FACTORY: \
         slimcol_service::Factory`"
    )
}

#[test]
fn a_public_factory_is_found_however_it_is_exported() {
    for (text, expected) in [
        ("pub const FACTORY: Factory = Factory::exporter::<X>();", String::new()),
        (
            "#![a]\n//! Doc\n/// Doc\n#[b(c)] pub const FACTORY: slimcol_service::Factory = f();",
            String::new(),
        ),
        ("pub const FACTORY: Factory = Factory { a: 1 };", String::new()),
        (
            "fn f() {}\npub const FACTORY: ::slimcol_service::Factory = ::slimcol_service::Factory::exporter::<X>();",
            String::new(),
        ),
        ("mod x; pub use x::FACTORY;", String::new()),
        ("mod x; pub use x::{A, B as FACTORY};", String::new()),
        ("pub use other::FACTORY;", String::new()),
        ("mod x { pub const F: Factory = f(); } pub use crate::x::F as FACTORY;", String::new()),
        (
            "const FACTORY: Factory = f();",
            "src/lib.rs:1:7: crate `mine` is not a component: its `FACTORY` is not public; \
          make it `pub static FACTORY: slimcol_service::Factory`"
                .to_owned(),
        ),
        (
            "pub(crate) use x::FACTORY;",
            "src/lib.rs:1:19: crate `mine` is not a component: its `FACTORY` is not public; \
          make it `pub static FACTORY: slimcol_service::Factory`"
                .to_owned(),
        ),
        ("pub const FACTORY: u8 = 1;", refused("lib.rs:1:11", "of another type")),
        ("pub const FACTORY: &Factory = 1;", refused("lib.rs:1:11", "of another type")),
        ("\npub static FACTORY: Factory = Factory::exporter::<X>();", String::new()),
        ("pub fn FACTORY() -> Factory {}", refused("lib.rs:1:8", "a function")),
        ("pub struct FACTORY;", refused("lib.rs:1:12", "no static")),
        (
            "mod x { pub const F: u8 = 1; } pub use self::x::{A, F as FACTORY};",
            refused("lib.rs:1:19", "of another type"),
        ),
        ("mod x { pub const FACTORY: Factory = f(); }", NONE.to_owned()),
        ("// pub const FACTORY: Factory", NONE.to_owned()),
        ("#[cfg(test)] pub const FACTORY: Factory = f();", NONE.to_owned()),
        (
            "fn {",
            "src/lib.rs:1:4: crate `mine` does not parse; no Rust, or a bracket without its partner"
                .to_owned(),
        ),
    ] {
        assert_eq!(said(&[("src/lib.rs", text)]), expected, "{text}");
    }
}

#[test]
fn modules_in_files_are_followed() {
    let root = ("src/lib.rs", "mod a;\npub use a::b::{FACTORY};");
    let a = ("src/a.rs", "pub mod b;");
    assert_eq!(said(&[root, a, ("src/a/b.rs", "pub const FACTORY: Factory = f();")]), "");
    assert_eq!(
        said(&[root, a, ("src/a/b/mod.rs", "pub const FACTORY: u8 = 1;")]),
        refused("a/b/mod.rs:1:11", "of another type")
    );
    let receiver = "use slimcol_service as s;\npub const FACTORY: s::Factory = s::Factory::receiver::<X>();";
    assert_eq!(
        said(&[root, a, ("src/a/b.rs", receiver)]),
        "src/a/b.rs:2:11: crate `mine` says that it is an exporter, and its `FACTORY` makes a receiver; make it with \
         `Factory::exporter`, or mend `kind` in its Cargo.toml"
    );
    let itself = said(&[("src/lib.rs", "pub use self::FACTORY;")]);
    assert_eq!(itself, "");
}

#[test]
fn sources_without_bounds_break_nothing() {
    let many = 60_000;
    for text in [
        format!("pub const FACTORY: Factory = {}{};", "(".repeat(many), ")".repeat(many)),
        format!("pub const FACTORY: Factory = {}1;", "-".repeat(many)),
        format!("pub use {}x::FACTORY;", "a::".repeat(many)),
        format!("pub use {}x::FACTORY{};", "a::{".repeat(many), "}".repeat(many)),
        format!("mod a {}{} pub use a::FACTORY;", "{ mod a ".repeat(many), "}".repeat(many)),
    ] {
        let said = said(&[("src/lib.rs", &text)]);
        assert!(said.is_empty() || said == NONE, "{said}");
    }
    assert_eq!(said(&[]).split(": cannot read").next(), Some(": crate `mine` has no library"));
}
