//! What `slimcol build` writes beside a binary.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};

use crate::{compiled::target_dir, manifest, said, slimcol};

const MANIFEST: &str = "dist: {name: otelcol-probe, version: 1.2.3, output_path: out}\n\
                        receivers: [otlp]\nexporters: [otlp_grpc]\nproviders: [file]\n";
/// Every flag but the one for a signature, which is another one each time.
const ALL: [&str; 6] = ["--sbom=spdx,cyclonedx", "--notices", "--provenance", "--sums", "--image", "--json"];
const FILES: [&str; 7] = [
    "SHA256SUMS",
    "otelcol-probe",
    "otelcol-probe.cdx.json",
    "otelcol-probe.notices.txt",
    "otelcol-probe.oci.tar",
    "otelcol-probe.provenance.json",
    "otelcol-probe.spdx.json",
];

/// A folder with what was built, and the events that told of it.
fn built(flags: &[&str]) -> (tempfile::TempDir, Vec<Value>) {
    let folder = manifest(MANIFEST);
    let output = slimcol(folder.path())
        .args(["build", "--config", "manifest.yaml", "--offline", "--target-dir"])
        .arg(target_dir())
        .args(flags)
        .output()
        .unwrap();
    let events = String::from_utf8(output.stdout.clone()).unwrap();
    assert_eq!(output.status.code(), Some(0), "{events}\n{}", said(&output, folder.path()));
    (folder, events.lines().map(|line| serde_json::from_str(line).unwrap()).collect())
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder.join("out")).unwrap();
    let mut names: Vec<_> = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.retain(|name| name != "_build");
    names.sort();
    names
}

fn read_json(folder: &Path, name: &str) -> Value {
    serde_json::from_slice(&fs::read(folder.join("out").join(name)).unwrap()).unwrap()
}

#[test]
fn papers_agree_with_what_was_built_and_with_each_other() {
    let (folder, events) = built(&ALL);
    assert_eq!(names(folder.path()), FILES);
    let told: Vec<(&str, &str)> = events
        .iter()
        .filter(|event| event["event"] == "artifact")
        .map(|event| {
            (event["kind"].as_str().unwrap(), event["path"].as_str().unwrap().rsplit('/').next().unwrap())
        })
        .collect();
    let expected = [
        ("binary", "otelcol-probe"),
        ("image", "otelcol-probe.oci.tar"),
        ("sbom", "otelcol-probe.cdx.json"),
        ("sbom", "otelcol-probe.spdx.json"),
        ("notices", "otelcol-probe.notices.txt"),
        ("provenance", "otelcol-probe.provenance.json"),
        ("sums", "SHA256SUMS"),
    ];
    assert_eq!(told, expected);

    let checked = Command::new("sha256sum")
        .args(["--check", "--strict", "SHA256SUMS"])
        .current_dir(folder.path().join("out"))
        .output()
        .unwrap();
    assert!(checked.status.success(), "{checked:?}");
    let lines: Vec<String> = FILES[1..].iter().map(|name| format!("{name}: OK\n")).collect();
    assert_eq!(String::from_utf8(checked.stdout).unwrap(), lines.concat());

    let sums = fs::read_to_string(folder.path().join("out/SHA256SUMS")).unwrap();
    let sum = |name: &str| {
        let line = sums.lines().find(|line| line.ends_with(&format!("  {name}"))).unwrap();
        line.split(' ').next().unwrap().to_owned()
    };
    let binary = sum("otelcol-probe");
    let cyclonedx = read_json(folder.path(), "otelcol-probe.cdx.json");
    let hash = json!([{"alg": "SHA-256", "content": binary}]);
    assert_eq!(cyclonedx["metadata"]["component"]["hashes"], hash);
    let spdx = read_json(folder.path(), "otelcol-probe.spdx.json");
    assert_eq!(spdx["packages"][0]["checksums"], json!([{"algorithm": "SHA256", "checksumValue": binary}]));
    let provenance = read_json(folder.path(), "otelcol-probe.provenance.json");
    let listed = |list: &Value| -> Vec<(String, String)> {
        let field = |value: &Value| value.as_str().unwrap().to_owned();
        let items = list.as_array().unwrap().iter();
        items.map(|item| (field(&item["name"]), field(&item["digest"]["sha256"]))).collect()
    };
    let summed =
        |names: &[&str]| names.iter().map(|name| ((*name).to_owned(), sum(name))).collect::<Vec<_>>();
    assert_eq!(listed(&provenance["subject"]), summed(&[FILES[1], FILES[4]]));
    let run = &provenance["predicate"]["runDetails"];
    assert_eq!(listed(&run["byproducts"]), summed(&[FILES[2], FILES[3], FILES[6]]));
    let definition = &provenance["predicate"]["buildDefinition"];
    let parameters = &definition["externalParameters"];
    assert_eq!(parameters["manifest"]["name"], "manifest.yaml");
    assert_eq!(
        parameters["components"],
        json!([
            {"kind": "receiver", "type": "otlp"},
            {"kind": "exporter", "type": "otlp_grpc"},
            {"kind": "provider", "type": "file"}
        ])
    );
    assert_eq!(definition["resolvedDependencies"][0]["name"], "workspace");
}

#[test]
fn papers_are_the_same_in_every_folder_and_name_none() {
    let (one, other) = (built(&ALL).0, built(&ALL).0);
    for name in FILES {
        let read = |folder: &tempfile::TempDir| fs::read(folder.path().join("out").join(name)).unwrap();
        assert!(read(&one) == read(&other), "{name} differs");
        let place = one.path().canonicalize().unwrap();
        let place = place.to_str().unwrap().as_bytes();
        assert!(
            !read(&one).windows(place.len()).any(|window| window == place),
            "{name} says where it was made"
        );
    }
}

#[test]
fn a_time_is_stated_only_if_one_is_given() {
    let folder = manifest(MANIFEST);
    let sbom = |format: &str, time: Option<&str>| -> Value {
        let mut command = slimcol(folder.path());
        command.args(["sbom", "-c", "manifest.yaml", "--offline", "--format", format]);
        command.env_remove("SOURCE_DATE_EPOCH").envs(time.map(|time| ("SOURCE_DATE_EPOCH", time)));
        serde_json::from_slice(&command.output().unwrap().stdout).unwrap()
    };
    let given = Some("1700000000");
    assert_eq!(sbom("cyclonedx", None)["metadata"].get("timestamp"), None);
    assert_eq!(sbom("cyclonedx", given)["metadata"]["timestamp"], "2023-11-14T22:13:20Z");
    assert_eq!(sbom("spdx", None)["creationInfo"]["created"], "1970-01-01T00:00:00Z");
    assert_eq!(sbom("spdx", given)["creationInfo"]["created"], "2023-11-14T22:13:20Z");
}

#[test]
fn a_key_is_read_before_anything_is_compiled_and_its_password_never_shown() {
    let folder = manifest(MANIFEST);
    fs::write(folder.path().join("key"), "untrusted comment: no key\nRWQ=\n").unwrap();
    let run = |flags: &[&str]| {
        let output = slimcol(folder.path())
            .args(["build", "-c", "manifest.yaml", "--offline", "--target-dir", "target"])
            .args(flags)
            .env("SLIMCOL_SIGN_PASSWORD", "open sesame")
            .output()
            .unwrap();
        (output.status.code(), said(&output, folder.path()))
    };
    let refused = "error: `key`: not a minisign secret key; `minisign -G` makes one, in two lines of text\n";
    assert_eq!(run(&["--sign", "key"]), (Some(1), refused.to_owned()));
    let (code, said) = run(&["--sign", "absent"]);
    assert_eq!(
        (code, &*said),
        (Some(1), "error: cannot read `absent`: No such file or directory (os error 2)\n")
    );
    let (code, said) = run(&["--sign-password-file", "key"]);
    assert!(code == Some(2) && said.contains("--sign <KEYFILE>"), "{said}");
    assert!(!folder.path().join("target").exists(), "something was compiled");
}
