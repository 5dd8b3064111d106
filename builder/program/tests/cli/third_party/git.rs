//! Crates from git repositories.

use std::{fs, path::Path, process::Command};

use super::{MANIFEST, component};
use crate::{manifest, said, slimcol, tree::FACTORY};

/// A component's repository in `folder`, whose only commit is tagged `v1`.
pub(crate) fn repository(folder: &Path) {
    component(folder, "exporter", FACTORY);
    for args in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "x"], &["tag", "v1"]] {
        git(folder, args);
    }
}

pub(crate) fn git(folder: &Path, args: &[&str]) -> String {
    let name = ["-c", "user.name=t", "-c", "user.email=t@example.com", "-c", "init.defaultBranch=main"];
    let output = Command::new("git").args(name).args(args).current_dir(folder).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

/// Generates from a manifest with this exporter; the exit code and all that is said.
pub(super) fn generate(folder: &Path, exporter: &str) -> (Option<i32>, String) {
    fs::write(folder.join("manifest.yaml"), format!("{MANIFEST}  - {exporter}\n")).unwrap();
    let output = slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--skip-compilation"])
        .env("CARGO_HOME", folder.join("home"))
        .output()
        .unwrap();
    (output.status.code(), said(&output, folder))
}

/// Where the component comes from, as the workspace's README says it.
fn origin(folder: &Path) -> String {
    let readme = fs::read_to_string(folder.join("out/_build/README.md")).unwrap();
    let line = readme.lines().find(|line| line.starts_with("| exporter | `mine`")).unwrap();
    line.rsplit('|').nth(1).unwrap().trim().replace(folder.canonicalize().unwrap().to_str().unwrap(), "[dir]")
}

#[test]
fn a_tag_a_branch_and_a_commit_are_each_found() {
    let folder = manifest("");
    let third = folder.path().join("third");
    repository(&third);
    git(&third, &["switch", "-q", "-c", "next"]);
    let toml = fs::read_to_string(third.join("Cargo.toml")).unwrap().replace("0.3.0", "0.4.0");
    fs::write(third.join("Cargo.toml"), toml).unwrap();
    git(&third, &["commit", "-q", "-a", "-m", "y"]);
    git(&third, &["switch", "-q", "main"]);
    let commit = git(&third, &["rev-parse", "next"]);
    // The development dependency that nobody has must not be looked for: only a member's are.
    for (reference, version, said) in [
        (String::new(), "0.3.0", String::new()),
        (", tag: v1".to_owned(), "0.3.0", ", tag v1".to_owned()),
        (", branch: next".to_owned(), "0.4.0", ", branch next".to_owned()),
        (format!(", rev: {commit}"), "0.4.0", format!(", commit {commit}")),
    ] {
        let done = generate(folder.path(), &format!("{{crate: mine, git: third{reference}}}"));
        assert_eq!(done, (Some(0), String::new()), "{reference}");
        assert_eq!(origin(folder.path()), format!("git file://[dir]/third{said}"));
        let crates = fs::read_dir(folder.path().join("out/_build/crates")).unwrap();
        let mut manifests =
            crates.filter_map(|dir| fs::read_to_string(dir.unwrap().path().join("mine/Cargo.toml")).ok());
        assert!(manifests.next().unwrap().contains(&format!("version = \"{version}\"")), "{reference}");
    }
}

#[test]
fn what_is_not_in_the_repository_is_a_failure_to_resolve() {
    let folder = manifest("");
    repository(&folder.path().join("third"));
    let (code, said) = generate(folder.path(), "{crate: mine, git: third, tag: v2}");
    assert_eq!(code, Some(3), "{said}");
    let expected = "error: cannot fetch crate `mine` (git file://[dir]/third, tag v2): ";
    assert!(said.starts_with(expected) && said.contains("v2"), "{said}");

    let (code, said) = generate(folder.path(), "{crate: other, git: third}");
    assert_eq!(code, Some(3), "{said}");
    assert!(said.contains("no matching package named `other` found"), "{said}");
    assert!(!folder.path().join("out").exists());
}

#[test]
fn a_crate_for_another_framework_is_refused_with_both_places_and_can_be_tried() {
    let folder = manifest("");
    let third = folder.path().join("third");
    component(&third, "exporter", FACTORY);
    let toml = fs::read_to_string(third.join("mine/Cargo.toml")).unwrap();
    fs::write(third.join("mine/Cargo.toml"), toml.replace("service = \"0.1\"", "service = \"0.7\"")).unwrap();
    for args in [&["init", "-q"][..], &["add", "."], &["commit", "-q", "-m", "x"]] {
        git(&third, args);
    }
    let (code, said) = generate(folder.path(), "{crate: mine, git: third}");
    assert_eq!(code, Some(2), "{said}");
    let expected = "error: crate `mine` was written for `slimcol-service` 0.7, and this Slimcol has 0.1.0
 --> manifest.yaml:4:13
  |
4 |   - {crate: mine, git: third}
  |             ^^^^ --skip-strict-versioning tries it as it is
  --> [dir]/home/git/checkouts/";
    assert!(said.starts_with(expected), "{said}");
    let expected = "/mine/Cargo.toml:11:19
   |
11 | slimcol-service = \"0.7\"
   |                   ^^^^^ another version of the crate is needed\n";
    assert!(said.ends_with(expected), "{said}");
    assert!(!folder.path().join("out").exists());

    let output = slimcol(folder.path())
        .args(["build", "--config", "manifest.yaml", "--skip-compilation", "--skip-strict-versioning"])
        .env("CARGO_HOME", folder.path().join("home"))
        .output()
        .unwrap();
    let said = crate::said(&output, folder.path());
    assert_eq!(output.status.code(), Some(0), "{said}");
    assert!(said.starts_with("note: [dir]/home/git/checkouts/"), "{said}");
    let expected = "/mine/Cargo.toml:11:19: crate `mine` was written for `slimcol-service` 0.7, and this Slimcol has 0.1.0\n";
    assert!(said.ends_with(expected), "{said}");
}

#[test]
fn a_password_in_a_url_is_never_said_or_written() {
    let folder = manifest("");
    // Nobody listens on port 1.
    let (code, said) =
        generate(folder.path(), "{crate: mine, git: 'http://me:hunter2@127.0.0.1:1/mine.git'}");
    assert_eq!(code, Some(3), "{said}");
    assert!(
        said.starts_with("error: cannot fetch crate `mine` (git http://***@127.0.0.1:1/mine.git): "),
        "{said}"
    );
    assert!(!said.contains("hunter2") && !said.contains("me:"), "{said}");
    let (code, said) =
        generate(folder.path(), "{crate: m/ne, git: 'http://me:hunter2@127.0.0.1:1/mine.git'}");
    assert_eq!(code, Some(2), "{said}");
    assert!(said.contains("git: 'http://**********@127.0.0.1:1/mine.git'"), "{said}");
    // Were the crate there, its origin would stand in the workspace's README: that text is the one of the message.
}
