//! Crates from registries, which real cargo fetches from a real one: a sparse index over HTTP on this machine.

use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead as _, BufReader, Write as _},
    net::TcpListener,
    path::Path,
    process::Output,
    thread,
};

use flate2::{Compression, write::GzEncoder};
use sha2::{Digest as _, Sha256};

use super::MANIFEST;
use crate::{files_in, manifest, said, slimcol, tree::FACTORY};

/// What a registry serves, by path. The server ends with the test's process.
pub(super) struct Registry(BTreeMap<String, Vec<u8>>);

/// A crate as it is published: `Cargo.toml`, library, and the dependencies as the index has them.
pub(super) struct Published<'a> {
    pub(super) name: &'a str,
    pub(super) version: &'a str,
    pub(super) toml: &'a str,
    pub(super) library: &'a str,
    /// Names and requirements.
    pub(super) needs: &'a [(&'a str, &'a str)],
}

impl Registry {
    pub(super) fn new() -> Self {
        Self(BTreeMap::new())
    }

    pub(super) fn publish(mut self, it: &Published<'_>) -> Self {
        let Published { name, version, .. } = it;
        let head = format!("[package]\nname = \"{name}\"\nversion = \"{version}\"\nedition = \"2024\"\n");
        let toml = head + it.toml;
        let mut archive = tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()));
        for (path, text) in [("Cargo.toml", toml.as_str()), ("src/lib.rs", it.library)] {
            let mut header = tar::Header::new_gnu();
            header.set_size(text.len() as u64);
            header.set_mode(0o644);
            let path = format!("{name}-{version}/{path}");
            archive.append_data(&mut header, path, text.as_bytes()).unwrap();
        }
        let data = archive.into_inner().unwrap().finish().unwrap();
        let digest =
            Sha256::digest(&data).iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"));
        let needs: Vec<_> = it
            .needs
            .iter()
            .map(|(name, requirement)| {
                serde_json::json!({
                    "name": name, "req": requirement, "features": [], "optional": false, "default_features": true,
                    "target": null, "kind": "normal",
                })
            })
            .collect();
        let line = serde_json::json!({
            "name": name, "vers": version, "deps": needs, "cksum": digest, "yanked": false,
            "features": if it.toml.contains("[features]") { serde_json::json!({"fast": []}) } else { serde_json::json!({}) },
        });
        let index = self.0.entry(format!("/{}/{}/{name}", &name[..2], &name[2..4])).or_default();
        index.extend(format!("{line}\n").bytes());
        self.0.insert(format!("/dl/{name}/{version}/download"), data);
        self
    }

    /// Serves from now on; the address of the index.
    pub(super) fn serve(mut self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let root = format!("http://{}", listener.local_addr().unwrap());
        self.0.insert("/config.json".to_owned(), format!("{{\"dl\":\"{root}/dl\"}}").into_bytes());
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.unwrap();
                let lines: Vec<String> = BufReader::new(&stream)
                    .lines()
                    .map_while(Result::ok)
                    .take_while(|line| !line.is_empty())
                    .collect();
                let Some(path) = lines.first().and_then(|line| line.split(' ').nth(1)) else { continue };
                let (status, body) = match self.0.get(path) {
                    Some(body) => ("200 OK", &body[..]),
                    None => ("404 Not Found", &b""[..]),
                };
                let head = format!(
                    "HTTP/1.1 {status}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    body.len()
                );
                // Who hung up needs no answer.
                _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
            }
        });
        format!("sparse+{root}/")
    }
}

pub(super) const COMPONENT: &str =
    "[package.metadata.component]\nkind = \"exporter\"\ntype = \"mine\"\nsignals = [\"logs\"]\n";

/// `mine` 1.2.0, which needs `base`, and 2.0.0, which is for another framework.
fn registry() -> String {
    let mine = |version, toml, needs| Published { name: "mine", version, toml, library: FACTORY, needs };
    let one = format!(
        "{COMPONENT}[features]\nfast = []\n[dependencies]\nslimcol-service = \"0.1\"\nbase = \"1\"\n"
    );
    let two = format!("{COMPONENT}[dependencies]\nslimcol-service = \"0.2\"\n");
    Registry::new()
        .publish(&mine("1.2.0", &one, &[("slimcol-service", "^0.1"), ("base", "^1")]))
        .publish(&mine("2.0.0", &two, &[("slimcol-service", "^0.2")]))
        .publish(&Published {
            name: "base",
            version: "1.0.5",
            toml: "",
            library: "pub fn base() {}\n",
            needs: &[],
        })
        .serve()
}

/// Generates from a manifest with this exporter, with a cargo home that knows `config` only.
pub(super) fn generate(folder: &Path, config: &str, exporter: &str, flags: &[&str]) -> Output {
    fs::create_dir_all(folder.join("home")).unwrap();
    fs::write(folder.join("home/config.toml"), config).unwrap();
    fs::write(folder.join("manifest.yaml"), format!("{MANIFEST}  - {exporter}\n")).unwrap();
    slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--skip-compilation"])
        .args(flags)
        .env("CARGO_HOME", folder.join("home"))
        .env("CARGO_NET_RETRY", "0")
        .output()
        .unwrap()
}

/// The cargo configuration in which crates.io is the registry at `index`.
pub(super) fn in_place_of_crates_io(index: &str) -> String {
    format!("[source.crates-io]\nreplace-with = \"here\"\n[source.here]\nregistry = \"{index}\"\n")
}

#[test]
fn a_version_is_fetched_with_all_that_it_needs() {
    let folder = manifest("");
    let config = in_place_of_crates_io(&registry());
    let output = generate(folder.path(), &config, "{crate: mine, version: 1, features: [fast]}", &[]);
    assert_eq!((output.status.code(), said(&output, folder.path())), (Some(0), String::new()));
    let files = files_in(&folder.path().join("out/_build"));
    let text = |end: &str| {
        let file = files.iter().find(|(name, _)| name.ends_with(end)).unwrap();
        String::from_utf8(file.1.clone()).unwrap()
    };
    assert!(text("/mine/Cargo.toml").contains("slimcol-service = { path = \"../../"));
    assert!(text("README.md").contains("| exporter | `mine` | logs |  | `mine` | crates.io, version 1 |"));
    assert!(text("src/main.rs").contains("mine::FACTORY"));
    let lock = text("Cargo.lock");
    let base = "name = \"base\"\nversion = \"1.0.5\"\nsource = \"registry+https://github.com/rust-lang/crates.io-index\"\n";
    assert!(lock.contains(base) && lock.contains("name = \"mine\"\nversion = \"1.2.0\"\n"), "{lock}");

    // What was fetched is there without a network: this index answers nobody.
    let gone = in_place_of_crates_io("sparse+http://127.0.0.1:1/");
    let output = generate(folder.path(), &gone, "{crate: mine, version: 1}", &["--offline"]);
    assert_eq!(output.status.code(), Some(3));
    assert!(
        said(&output, folder.path())
            .starts_with("error: cannot fetch crate `mine` (crates.io, version 1, as slimcol.lock has it): ")
    );
    let output = generate(folder.path(), &config, "{crate: mine, version: 1}", &["--offline"]);
    assert_eq!((output.status.code(), said(&output, folder.path())), (Some(0), String::new()));
}

#[test]
fn a_registry_of_ones_own_is_named_as_cargo_knows_it() {
    let folder = manifest("");
    let config = format!("[registries.corp]\nindex = \"{}\"\n", registry());
    let output = generate(
        folder.path(),
        &config,
        "{crate: mine, version: '=2.0.0', registry: corp}",
        &["--skip-strict-versioning"],
    );
    let said_then = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(0), "{said_then}");
    assert!(
        said_then.contains("mine-2.0.0/Cargo.toml:10:19: crate `mine` was written for `slimcol-service` 0.2"),
        "{said_then}"
    );
    let readme = fs::read_to_string(folder.path().join("out/_build/README.md")).unwrap();
    assert!(readme.contains("| corp, version =2.0.0 |"), "{readme}");

    let output = generate(folder.path(), &config, "{crate: mine, version: 1, registry: crop}", &[]);
    let said = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(3), "{said}");
    assert!(
        said.starts_with("error: cannot fetch crate `mine` (crop, version 1): ") && said.contains("`crop`"),
        "{said}"
    );
}

#[test]
fn a_version_for_another_framework_is_refused_before_anything_is_compiled() {
    let folder = manifest("");
    let config = in_place_of_crates_io(&registry());
    let output = generate(folder.path(), &config, "{crate: mine, version: 2}", &[]);
    let said = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(2), "{said}");
    let expected = "error: crate `mine` was written for `slimcol-service` 0.2, and this Slimcol has 0.1.0\n --> \
                    manifest.yaml:4:13\n  |\n4 |   - {crate: mine, version: 2}\n  |             ^^^^ --skip-strict-versioning tries it as it \
                    is\n  --> [dir]/home/registry/src/";
    assert!(said.starts_with(expected), "{said}");
    assert!(said.contains("/mine-2.0.0/Cargo.toml:10:19\n") && !folder.path().join("out").exists(), "{said}");
}

#[test]
fn a_version_that_is_not_there_is_named_with_those_that_are() {
    let folder = manifest("");
    let config = in_place_of_crates_io(&registry());
    let output = generate(folder.path(), &config, "{crate: mine, version: 7}", &[]);
    let said = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(3), "{said}");
    let expected = "error: cannot fetch crate `mine` (crates.io, version 7): failed to select a version for the \
                    requirement `mine = \"^7\"`\ncandidate versions found which didn't match: 2.0.0, 1.2.0\n";
    assert!(said.starts_with(expected) && !said.contains("slimcol-probe"), "{said}");
}

#[test]
fn what_a_component_needs_meets_our_framework_too() {
    let folder = manifest("");
    let toml = format!("{COMPONENT}[dependencies]\nslimcol-service = \"0.1\"\nshared = \"1\"\n");
    let index = Registry::new()
        .publish(&Published {
            name: "mine",
            version: "1.0.0",
            toml: &toml,
            library: FACTORY,
            needs: &[("slimcol-service", "^0.1"), ("shared", "^1")],
        })
        .publish(&Published {
            name: "shared",
            version: "1.0.0",
            toml: "[dependencies]\nslimcol-service = \"0.1\"\n",
            library: "pub use slimcol_service as it;\n",
            needs: &[("slimcol-service", "^0.1")],
        })
        .serve();
    let config = in_place_of_crates_io(&index);
    let output = generate(folder.path(), &config, "{crate: mine, version: 1}", &[]);
    assert_eq!((output.status.code(), said(&output, folder.path())), (Some(0), String::new()));
    let lock = fs::read_to_string(folder.path().join("out/_build/Cargo.lock")).unwrap();
    // There is one framework in a binary.
    assert_eq!(lock.matches("name = \"slimcol-service\"\n").count(), 1, "{lock}");
    let service = lock.split("[[package]]").find(|it| it.contains("name = \"slimcol-service\"\n")).unwrap();
    assert!(!service.contains("source ="), "{lock}");
}
