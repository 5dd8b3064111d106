use std::fs;

use super::*;
use crate::source::SourceTree;

/// What is found for the crate in `mine`, beside a framework 0.4.2 of `slimcol-service` and `slimcol-net`.
fn found(files: &[(&str, &str)]) -> (Vec<String>, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    let ours = [
        ("ours/Cargo.toml", "[workspace]\n[workspace.package]\nversion = \"0.4.2\"\n"),
        (
            "ours/collector/service/Cargo.toml",
            "[package]\nname = \"slimcol-service\"\nversion.workspace = true\n",
        ),
        ("ours/collector/net/Cargo.toml", "[package]\nname = \"slimcol-net\"\nversion = \"0.4.2\"\n"),
    ];
    for (path, text) in ours.iter().chain(files) {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    let root = folder.path().canonicalize().unwrap();
    let index = Index::load(&SourceTree { root: root.join("ours") }).unwrap();
    let Comparison { mismatches, silent } = compare(&root.join("mine"), &index);
    let texts = |issues: Vec<Issue>| {
        let text = |issue: Issue| {
            let text = format!("{}: {}; {}", issue.place.unwrap(), issue.message, issue.help.unwrap());
            text.replace(&format!("{}/", root.display()), "")
        };
        issues.into_iter().map(text).collect()
    };
    (texts(mismatches), texts(silent))
}

fn other(at: &str, by: &str, of: &str, theirs: &str) -> String {
    format!(
        "{at}: crate `{by}` was written for `{of}` {theirs}, and this Slimcol has 0.4.2; make it `\"0.4\"` once the \
         crate is"
    )
}

#[test]
fn requirements_are_compared_wherever_they_stand() {
    let mine = |rest: &str| format!("[package]\nname = \"mine\"\n{rest}");
    for (rest, expected) in [
        ("[dependencies]\nslimcol-service = \"0.4\"\nslimcol-net = { version = \"0.4.1\" }\n", vec![]),
        ("[dependencies]\nslimcol-service = \"*\"\nother = \"9\"\n", vec![]),
        (
            "[dependencies]\nslimcol-service = \"0.3\"\nslimcol-net = { version = \"=0.4.1\" }\n",
            vec![
                other("mine/Cargo.toml:4:19", "mine", "slimcol-service", "0.3"),
                other("mine/Cargo.toml:5:27", "mine", "slimcol-net", "=0.4.1"),
            ],
        ),
        (
            "[target.'cfg(unix)'.dependencies.net]\npackage = \"slimcol-net\"\nversion = \"1\"\n",
            vec![other("mine/Cargo.toml:5:11", "mine", "slimcol-net", "1")],
        ),
        ("[dev-dependencies]\nslimcol-service = \"7\"\n", vec![]),
    ] {
        let text = mine(rest);
        assert_eq!(found(&[("mine/Cargo.toml", &text)]), (expected, vec![]), "{rest}");
    }
}

#[test]
fn what_a_workspace_says_and_crates_in_folders_count() {
    let (mismatches, silent) = found(&[
        (
            "Cargo.toml",
            "[workspace]\n[workspace.dependencies]\nslimcol-service = \"0.5\"\nbase = { path = \"base\" }\n",
        ),
        (
            "mine/Cargo.toml",
            "[package]\nname = \"mine\"\n[dependencies]\nslimcol-service.workspace = true\nbase.workspace = true\n",
        ),
        (
            "base/Cargo.toml",
            "[package]\nname = \"base\"\n[dependencies]\nslimcol-net = \"0.1\"\nmine = { path = \"../mine\" }\n",
        ),
    ]);
    assert_eq!(
        mismatches,
        [
            other("Cargo.toml:3:19", "mine", "slimcol-service", "0.5"),
            other("base/Cargo.toml:4:15", "base", "slimcol-net", "0.1"),
        ]
    );
    assert!(silent.is_empty());
}

#[test]
fn a_folder_counts_as_the_version_in_it() {
    let mine = "[package]\nname = \"mine\"\n[dependencies]\nslimcol-service = { path = \"../a\" }\nslimcol-net = { git = \
                \"https://example.com\" }\n";
    let a = |version: &str| format!("[package]\nname = \"slimcol-service\"\nversion = \"{version}\"\n");
    let unsaid = "mine/Cargo.toml:5:15: crate `mine` does not say for which version of `slimcol-net` it was written; add \
                  `version = \"0.4\"`";
    for (version, mismatches) in [
        ("0.4.9", vec![]),
        ("0.5.0", vec![other("mine/Cargo.toml:4:19", "mine", "slimcol-service", "0.5.0")]),
    ] {
        let found = found(&[("mine/Cargo.toml", mine), ("a/Cargo.toml", &a(version))]);
        assert_eq!(found, (mismatches, vec![unsaid.to_owned()]));
    }
}
