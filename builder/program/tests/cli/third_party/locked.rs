//! What is fetched is what was fetched the last time.

use std::{fs, path::Path};

use super::{
    git::{self, git},
    registry::{COMPONENT, Published, Registry, generate, in_place_of_crates_io},
};
use crate::{manifest, said, tree::FACTORY};

/// The crates in the workspace's lock file that are not Slimcol's, with their versions.
fn resolved(folder: &Path) -> Vec<String> {
    let lock = fs::read_to_string(folder.join("out/_build/Cargo.lock")).unwrap();
    let mut found = Vec::new();
    for part in lock.split("[[package]]\n").skip(1) {
        let field =
            |key: &str| part.lines().find_map(|line| line.strip_prefix(key)).unwrap().trim_matches('"');
        let name = field("name = ");
        if !name.starts_with("slimcol") && !name.starts_with("otelcol") {
            found.push(format!("{name} {}", field("version = ")));
        }
    }
    found
}

/// A registry with these versions of `mine` and of what it needs, `base`.
fn registry(versions: [&[&str]; 2]) -> String {
    let needs = &[("slimcol-service", "^0.1"), ("base", "^1")][..];
    let toml = format!("{COMPONENT}[dependencies]\nslimcol-service = \"0.1\"\nbase = \"1\"\n");
    let [mine, base] = versions;
    let mut registry = Registry::new();
    for version in mine {
        registry =
            registry.publish(&Published { name: "mine", version, toml: &toml, library: FACTORY, needs });
    }
    for version in base {
        registry = registry.publish(&Published { name: "base", version, toml: "", library: "", needs: &[] });
    }
    in_place_of_crates_io(&registry.serve())
}

#[test]
fn newer_versions_on_a_registry_wait_until_they_are_asked_for() {
    let folder = manifest("");
    let dir = folder.path();
    let run = |config: &str, flags: &[&str]| {
        let output = generate(dir, config, "{crate: mine, version: 1}", flags);
        assert_eq!((output.status.code(), &*said(&output, dir)), (Some(0), ""), "{flags:?}");
        resolved(dir)
    };
    let lock = || fs::read_to_string(dir.join("slimcol.lock")).unwrap();
    assert_eq!(run(&registry([&["1.0.0"], &["1.0.0"]]), &[]), ["base 1.0.0", "mine 1.0.0"]);
    let first = lock();
    let component = "[[distribution.component]]\ncrate = \"mine\"\nwanted = \"crates.io, version 1\"\nversion = \
                     \"1.0.0\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\nchecksum = \"";
    assert!(first.contains(component), "{first}");

    // Another machine, on a later day.
    fs::remove_dir_all(dir.join("home")).unwrap();
    let later = registry([&["1.0.0", "1.1.0"], &["1.0.0", "1.0.1"]]);
    assert_eq!(run(&later, &[]), ["base 1.0.0", "mine 1.0.0"]);
    assert_eq!(run(&later, &["--locked"]), ["base 1.0.0", "mine 1.0.0"]);
    assert_eq!(lock(), first);
    assert_eq!(run(&later, &["--update"]), ["base 1.0.1", "mine 1.1.0"]);
    assert!(lock() != first);
    assert_eq!(run(&later, &[]), ["base 1.0.1", "mine 1.1.0"]);

    // An archive that is not the one that was locked.
    let other = lock().replace("checksum = \"", "checksum = \"00");
    fs::write(dir.join("slimcol.lock"), other.replace("0000", "00")).unwrap();
    let output = generate(dir, &later, "{crate: mine, version: 1}", &[]);
    assert_eq!(output.status.code(), Some(3), "{}", said(&output, dir));
    assert!(said(&output, dir).contains("checksum for `"), "{}", said(&output, dir));
}

#[test]
fn a_branch_stays_where_it_was() {
    let folder = manifest("");
    let dir = folder.path();
    let third = dir.join("third");
    git::repository(&third);
    let exporter = "{crate: mine, git: third, branch: main}";
    let done = (Some(0), String::new());
    assert_eq!(git::generate(dir, exporter), done);
    let first = git(&third, &["rev-parse", "main"]);
    let lock = || fs::read_to_string(dir.join("slimcol.lock")).unwrap();
    let line = |commit: &str| {
        format!(
            "wanted = \"git file://{0}, branch main\"\nversion = \"0.3.0\"\nsource = \"git+file://{0}#{commit}\"\n",
            third.canonicalize().unwrap().display()
        )
    };
    let before = lock();
    assert!(before.contains(&line(&first)), "{before}");

    fs::write(third.join("mine/src/lib.rs"), format!("{FACTORY}// Later.\n")).unwrap();
    git(&third, &["commit", "-q", "-a", "-m", "later"]);
    fs::remove_dir_all(dir.join("home")).unwrap();
    assert_eq!(git::generate(dir, exporter), done);
    assert_eq!(lock(), before);
    // Asked for otherwise, it is another matter.
    assert_eq!(git::generate(dir, "{crate: mine, git: third}"), done);
    let second = git(&third, &["rev-parse", "main"]);
    assert!(lock().contains(&format!("#{second}\"")), "{}", lock());
}
