//! `slimcol sbom`.

use std::process::Command;

use crate::{
    golden, manifest, said, slimcol,
    third_party::git::{git, repository},
};

const MANIFEST: &str = "dist: {name: otelcol-probe, version: 1.2.3, description: For probing}\n\
                        receivers: [otlp]\nexporters: [otlp_grpc, debug]\nproviders: [file]\n";

/// The SBOM that is printed, with what the machine's tools call themselves taken out.
fn sbom(text: &str, flags: &[&str]) -> String {
    let folder = manifest(text);
    let output = slimcol(folder.path())
        .args(["sbom", "--config", "manifest.yaml", "--target", "x86_64-unknown-linux-gnu", "--offline"])
        .args(flags)
        .output()
        .unwrap();
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "something was left behind");
    let rustc = Command::new("rustc").arg("--version").output().unwrap();
    let rustc = String::from_utf8(rustc.stdout).unwrap().split(' ').nth(1).unwrap().to_owned();
    let text = String::from_utf8(output.stdout).unwrap();
    let glibc = text.split("pkg:generic/glibc@").nth(1).unwrap().split('"').next().unwrap();
    without_digests(&text.replace(glibc, "[glibc]").replace(&rustc, "[rustc]"))
}

/// `crates/[digest]/…` in place of the folders that are named for what the test's source tree holds.
fn without_digests(text: &str) -> String {
    let mut parts = text.split("file:crates/");
    let mut out = parts.next().unwrap().to_owned();
    for part in parts {
        let (digest, rest) = part.split_once('/').unwrap();
        assert_eq!(digest.len(), 8, "{part}");
        out += "file:crates/[digest]/";
        out += rest;
    }
    out
}

/// Takes the document's own name out, which is made of all that it says.
fn anonymous(text: &str, before: &str) -> String {
    let (start, rest) = text.split_once(before).unwrap();
    let (serial, rest) = rest.split_at(36);
    assert!(serial.split('-').map(str::len).eq([8, 4, 4, 4, 12]), "{serial}");
    format!("{start}{before}[serial]{rest}")
}

#[test]
fn cyclonedx_is_as_reviewed() {
    golden("sbom/probe.cdx.json", &anonymous(&sbom(MANIFEST, &[]), "urn:uuid:"));
}

#[test]
fn spdx_is_as_reviewed() {
    let text = sbom(MANIFEST, &["--format", "spdx"]);
    golden("sbom/probe.spdx.json", &anonymous(&text, "https://spdx.org/spdxdocs/otelcol-probe-"));
}

#[test]
fn the_same_build_gives_the_same_document_and_another_one_another() {
    for format in ["cyclonedx", "spdx"] {
        let text = sbom(MANIFEST, &["--format", format]);
        assert_eq!(text, sbom(MANIFEST, &["--format", format]));
        let other = sbom(&MANIFEST.replace("1.2.3", "1.2.4"), &["--format", format]);
        assert_ne!(text.lines().nth(4), other.lines().nth(4), "{format}: the serial number is the same");
    }
}

#[test]
fn a_file_can_be_asked_for_and_a_second_target_cannot() {
    let folder = manifest(MANIFEST);
    let run = |flags: &[&str]| {
        let command = ["sbom", "-c", "manifest.yaml", "--offline"];
        let output = slimcol(folder.path()).args(command).args(flags).output().unwrap();
        (output.status.code(), said(&output, folder.path()), output.stdout)
    };
    assert_eq!(run(&["-o", "out.json"]), (Some(0), String::new(), Vec::new()));
    let text = std::fs::read_to_string(folder.path().join("out.json")).unwrap();
    assert!(text.starts_with("{\n  \"$schema\": \"http://cyclonedx.org/schema/bom-1.6.schema.json\",\n"));
    assert!(text.ends_with("}\n"));
    let target = "x86_64-unknown-linux-gnu";
    let (code, said, _) = run(&["--target", target, "--target", target]);
    assert_eq!((code, &*said), (Some(1), "error: an SBOM is of one target: give --target once\n"));
    let (code, said, _) = run(&["--format", "spdy"]);
    assert_eq!(code, Some(2));
    assert!(said.contains("[possible values: cyclonedx, spdx]"), "{said}");
}

#[test]
fn a_crate_from_a_repository_is_named_by_its_commit() {
    let folder = manifest(&MANIFEST.replace("debug]", "{crate: mine, git: third}]"));
    let third = folder.path().join("third");
    repository(&third);
    let commit = git(&third, &["rev-parse", "HEAD"]);
    let mut command = slimcol(folder.path());
    let output = command.args(["sbom", "-c", "manifest.yaml"]).env("CARGO_HOME", folder.path().join("home"));
    let output = output.output().unwrap();
    assert_eq!((output.status.code(), &*said(&output, folder.path())), (Some(0), ""));
    let sbom: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    let parts = sbom["components"].as_array().unwrap();
    let purl = |name: &str| parts.iter().find(|part| part["name"] == name).unwrap()["purl"].as_str().unwrap();
    let place = third.canonicalize().unwrap();
    let expected = format!("pkg:cargo/mine@0.3.0?vcs_url=git%2Bfile://{}%40{commit}", place.display());
    assert_eq!(purl("mine"), expected);
    // What lies beside it in the repository is copied along, and is known by its content.
    assert!(purl("base").starts_with("pkg:cargo/base@0.3.0?download_url=file:crates/"), "{}", purl("base"));
}
