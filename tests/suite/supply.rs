//! The papers of the real distros: valid to the tools of their formats, and true.

use std::{collections::BTreeSet, fs, path::Path, process::Command, time::Duration};

use auditable_info::Limits;

use crate::kit::{
    command::run,
    distros::{self, Distro, slimcol_in},
    minisign::Minisign,
    python,
};

const PATIENCE: Duration = Duration::from_secs(20);

fn name(distro: &Distro) -> &str {
    distro.binary.file_name().unwrap().to_str().unwrap()
}

fn folder(distro: &Distro) -> &Path {
    distro.binary.parent().unwrap()
}

/// What the SBOMs list, after the validators have seen them.
fn listed(distro: &Distro) -> BTreeSet<String> {
    let text = python::script("papers.py", [folder(distro).to_str().unwrap(), name(distro)]);
    text.lines().map(str::to_owned).collect()
}

#[test]
fn papers_are_valid_and_list_what_the_binary_says_that_it_is_made_of() {
    for distro in [distros::otlp(), distros::core()] {
        let audit = auditable_info::audit_info_from_file(&distro.binary, Limits::default()).unwrap();
        let (root, crates): (Vec<_>, Vec<_>) = audit.packages.iter().partition(|package| package.root);
        assert_eq!(root.len(), 1);
        assert_eq!(root[0].name, name(distro));
        let listed = listed(distro);
        let mut expected = BTreeSet::new();
        for package in &crates {
            let start = format!("pkg:cargo/{}@{}", package.name, package.version).replace('+', "%2B");
            let found: Vec<_> = listed.iter().filter(|purl| purl.split('?').next() == Some(&start)).collect();
            let [purl] = found[..] else { panic!("{start} is listed as {found:?}") };
            // What is not on crates.io must not look as if it were.
            assert_eq!(purl.contains('?'), String::from(package.source.clone()) != "crates.io", "{purl}");
            expected.insert(purl.clone());
        }
        let besides: Vec<_> = listed.difference(&expected).collect();
        assert_eq!(besides.len(), 2, "{besides:?}");
        assert!(besides[0].starts_with("pkg:generic/glibc@2."), "{besides:?}");
        assert!(besides[1].starts_with("pkg:generic/rust-std@1."), "{besides:?}");
    }
}

#[test]
fn sums_hold_for_everything_that_was_made() {
    for distro in [distros::otlp(), distros::core()] {
        let mut command = Command::new("sha256sum");
        command.args(["--check", "--strict", "SHA256SUMS"]).current_dir(folder(distro));
        let checked = run(&mut command, PATIENCE).expect_success().stdout;
        for end in ["", ".cdx.json", ".notices.txt", ".oci.tar", ".provenance.json", ".spdx.json"] {
            let line = format!("{}{end}: OK\n", name(distro));
            assert!(checked.contains(&line), "no {line} in {checked}");
        }
    }
}

#[test]
fn notices_have_the_words_of_those_who_ask_for_it() {
    let distro = distros::core();
    let path = distro.binary.with_file_name(format!("{}.notices.txt", name(distro)));
    let notices = fs::read_to_string(path).unwrap();
    for words in [
        "\ntokio 1.",
        "Copyright (c) Tokio Contributors",
        "Copyright (c) Meta Platforms, Inc.",
        "TERMS AND CONDITIONS FOR USE, REPRODUCTION, AND DISTRIBUTION",
        "GNU LESSER GENERAL PUBLIC LICENSE",
    ] {
        assert!(notices.contains(words), "{words} is not in it");
    }
    assert_eq!(notices.matches("Copyright (c) Tokio Contributors").count(), 1, "a text is there twice");
    assert!(!notices.contains("GNU GENERAL PUBLIC LICENSE\n"), "a licence that nothing is used under");
}

#[test]
fn minisign_checks_what_was_signed() {
    let Some(minisign) = Minisign::find() else { return };
    let dir = tempfile::tempdir().unwrap();
    let path = |name: &str| dir.path().join(name).to_str().unwrap().to_owned();
    fs::write(path("password"), "open sesame\n").unwrap();
    let [open, locked] = ["open", "locked"].map(path);
    let public = |key: &str| format!("{key}.pub");
    minisign.run(&["-G", "-W", "-s", &open, "-p", &public(&open)]).expect_success();
    // It asks for the password twice.
    minisign
        .tell(&["-G", "-s", &locked, "-p", &public(&locked)], "open sesame\nopen sesame\n")
        .expect_success();
    let password = path("password");
    for (key, flags) in [(&open, vec![]), (&locked, vec!["--sign-password-file", &password])] {
        let out = path("out");
        let build = ["build", "--config", "manifests/otlp.yaml", "--output-path", &out, "--sign", key];
        slimcol_in(distros::root(), &[&build[..], &flags].concat()).expect_success();
        let sums = format!("{out}/SHA256SUMS");
        let check = || minisign.run(&["-V", "-p", &public(key), "-m", &sums]);
        let checked = check().expect_success().stdout;
        assert!(checked.contains("Trusted comment: SHA256SUMS of otelcol-otlp 0.1.0"), "{checked}");
        let text = fs::read_to_string(&sums).unwrap();
        fs::write(&sums, text.replacen(|c: char| c.is_ascii_hexdigit(), "x", 1)).unwrap();
        assert_eq!(check().code, Some(1));
    }
}
