//! Everything that a build needs, taken to where nothing can be fetched.

mod replaced;

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use super::{
    git,
    registry::{COMPONENT, Published, Registry, in_place_of_crates_io},
};
use crate::{files_in, manifest, said, slimcol, third_party, tree::FACTORY};

/// A component from each kind of place, with a configuration of its own.
const MANIFEST: &str = "dist:\n  name: otelcol-probe\n  version: 1.0.0\n  output_path: ../probe-out\n  config: 'conf/c.yaml'\n\
                        receivers: [otlp]\nprocessors:\n  - {crate: mine, git: repository, tag: v1}\nexporters:\n  - gomod: \
                        example.com/exporter v1.0.0\n    path: \"./third/exporter\"\n  - {crate: published, version: 1}\n\
                        providers: [file]\n";

/// A machine with a network: the manifest and what it names, and a registry in place of crates.io.
fn connected() -> tempfile::TempDir {
    let folder = manifest(MANIFEST);
    let dir = folder.path();
    let put = |path: &str, text: &str| {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put("conf/c.yaml", "receivers:\n  otlp:\n");
    git::repository(&dir.join("repository"));
    let toml = fs::read_to_string(dir.join("repository/mine/Cargo.toml")).unwrap();
    put("repository/mine/Cargo.toml", &toml.replace("\"exporter\"", "\"processor\""));
    git::git(&dir.join("repository"), &["commit", "-q", "-a", "-m", "y"]);
    git::git(&dir.join("repository"), &["tag", "-f", "v1"]);
    third_party::component(&dir.join("third"), "exporter", FACTORY);
    fs::rename(dir.join("third/mine"), dir.join("third/exporter")).unwrap();
    let toml = fs::read_to_string(dir.join("third/exporter/Cargo.toml")).unwrap();
    let toml =
        toml.replace("name = \"mine\"", "name = \"theirs\"").replace("type = \"mine\"", "type = \"theirs\"");
    // What this needs comes from a folder, a registry, and for another platform alone.
    put(
        "third/exporter/Cargo.toml",
        &(toml
            + "[dependencies.needed]\nversion = \"1\"\n[target.'cfg(windows)'.dependencies]\nabroad = \"1\"\n"),
    );
    put(
        "third/Cargo.toml",
        "[workspace]\nmembers = [\"exporter\", \"base\"]\n[workspace.package]\nversion = \"0.3.0\"\n",
    );
    let toml = format!("{COMPONENT}[dependencies]\nslimcol-service = \"0.1\"\n")
        .replace("\"mine\"", "\"published\"");
    let plain = |name, library| Published { name, version: "1.0.0", toml: "", library, needs: &[] };
    let index = Registry::new()
        .publish(&plain("needed", "/// One.\npub const ONE: u8 = 1;\n"))
        .publish(&Published {
            // As cargo publishes: every file is named, none is looked for.
            toml: "autolib = false\nbuild = \"build.rs\"\nlinks = \"abroad\"\n[lib]\nname = \"abroad\"\npath = \"lib.rs\"\n",
            ..plain("abroad", "/// Two.\npub const TWO: u8 = 2;\n")
        })
        .publish(&Published {
            name: "published",
            version: "1.0.0",
            toml: &toml,
            library: FACTORY,
            needs: &[("slimcol-service", "^0.1")],
        })
        .serve();
    put("home/config.toml", &in_place_of_crates_io(&index));
    folder
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    slimcol(folder)
        .args(arguments)
        .env("CARGO_HOME", folder.join("home"))
        .env("CARGO_NET_RETRY", "0")
        .output()
        .unwrap()
}

/// The same where there is neither Slimcol's sources nor a network, nor anything that cargo once fetched.
fn alone(folder: &Path, arguments: &[&str]) -> Output {
    slimcol(folder)
        .args(arguments)
        .env_remove("SLIMCOL_SOURCE")
        .env("CARGO_HOME", folder.join("empty"))
        .env("http_proxy", "http://127.0.0.1:1")
        .env("https_proxy", "http://127.0.0.1:1")
        .output()
        .unwrap()
}

/// A build of everything that says what was built.
const MADE: [&str; 5] = ["build", "--image", "--sbom=cyclonedx,spdx", "--provenance", "--sums"];

/// The files in `folder`, without those in folders.
fn products(folder: &Path) -> Vec<(String, Vec<u8>)> {
    files_in(folder).into_iter().filter(|(name, _)| !name.contains('/')).collect()
}

#[test]
fn a_build_from_it_alone_gives_the_same() {
    let here = connected();
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("target");
    let output = run(
        here.path(),
        &[&MADE[..], &["--output-path", "out", "--target-dir", target.to_str().unwrap()]].concat(),
    );
    assert_eq!(output.status.code(), Some(0), "{}", said(&output, here.path()));
    for file in ["bundle.tar.gz", "again/bundle.tar.gz", "plain.tar"] {
        let output = run(here.path(), &["vendor", "-o", file]);
        assert_eq!((output.status.code(), said(&output, here.path())), (Some(0), String::new()));
        let line = String::from_utf8(output.stdout).unwrap();
        let expected = ": 0.0";
        assert!(line.contains(&format!("/{file}{expected}")), "{line}");
        assert!(line.ends_with(" MB, all that builds of otelcol-probe need, 2 crates among it\n"), "{line}");
    }
    let [one, other, plain] = ["bundle.tar.gz", "again/bundle.tar.gz", "plain.tar"]
        .map(|file| fs::read(here.path().join(file)).unwrap());
    assert!(one == other && plain.len() > one.len());

    let there = tempfile::tempdir().unwrap();
    let tar = Command::new("tar")
        .arg("-xzf")
        .arg(here.path().join("bundle.tar.gz"))
        .current_dir(there.path())
        .status();
    assert!(tar.unwrap().success());
    let made = products(&here.path().join("out"));
    let names: Vec<&str> = made.iter().map(|(name, _)| &**name).collect();
    let papers = ["otelcol-probe.cdx.json", "otelcol-probe.oci.tar", "otelcol-probe.provenance.json"];
    assert_eq!(names, [&["SHA256SUMS", "otelcol-probe"][..], &papers, &["otelcol-probe.spdx.json"]].concat());
    drop(here);
    let bundle = there.path().join("bundle");
    let text = fs::read_to_string(bundle.join("manifest.yaml")).unwrap();
    assert!(text.contains("  output_path: \"out\"\n  config: \"files/1-c.yaml\"\n"), "{text}");
    assert!(text.contains("    path: \"components/") && text.contains("git: \"file:///"), "{text}");
    let abroad = fs::read_to_string(bundle.join("crates/abroad-1.0.0/src/lib.rs")).unwrap();
    assert!(abroad.starts_with("compile_error!(\"`slimcol vendor` left this crate out"), "{abroad}");
    assert!(!fs::read_to_string(bundle.join("cargo-config.toml")).unwrap().contains(".slimcol-"));

    // In the folder without a word, strictly, and from elsewhere.
    let before = files_in(&bundle);
    for (number, arguments) in [
        &[][..],
        &["--locked", "--output-path", "out"],
        &["--vendor", bundle.to_str().unwrap(), "--output-path", "out"],
    ]
    .into_iter()
    .enumerate()
    {
        let folder = if number == 2 { there.path() } else { &bundle };
        let own = format!("target-{number}");
        let output = alone(folder, &[&MADE[..], arguments, &["--target-dir", &own]].concat());
        assert_eq!((output.status.code(), said(&output, folder)), (Some(0), String::new()), "{number}");
        let again = products(&folder.join("out"));
        assert_eq!(again.len(), made.len());
        for (one, other) in made.iter().zip(&again) {
            assert!(one == other, "{number}: {} is another", one.0);
        }
        for left in ["out", &own, "empty"] {
            fs::remove_dir_all(folder.join(left)).unwrap();
        }
    }
    assert!(files_in(&bundle) == before, "a build changes nothing in it");
}

#[test]
fn what_cannot_be_built_from_it_is_said_before_anything_is_done() {
    let here = connected();
    let output = run(here.path(), &["vendor", "-o", "bundle"]);
    assert_eq!((output.status.code(), said(&output, here.path())), (Some(0), String::new()));
    let bundle = here.path().join("bundle");
    let refused = |arguments: &[&str], code, expected: &str| {
        let output =
            alone(here.path(), &[&["build", "--skip-compilation", "--vendor"][..], arguments].concat());
        let said = said(&output, here.path());
        assert_eq!(output.status.code(), Some(code), "{said}");
        assert_eq!(said, expected);
    };
    refused(
        &["conf"],
        1,
        "error: `conf` was not made by `slimcol vendor`: there is no slimcol-vendor.toml in it\n",
    );
    refused(
        &["bundle", "--target", "aarch64-unknown-linux-gnu"],
        1,
        "error: `bundle` was made for x86_64-unknown-linux-gnu, and crates that only aarch64-unknown-linux-gnu needs are not \
         in it: make it with --target aarch64-unknown-linux-gnu\n",
    );
    fs::write(here.path().join("other.yaml"), MANIFEST.replace("version: 1}", "version: 2}")).unwrap();
    refused(
        &["bundle", "--config", "other.yaml", "--output-path", "out"],
        3,
        "error: crate `published` (crates.io, version 2) is not in `[dir]/bundle`: make the folder again with `slimcol vendor`\n",
    );
    let mark = fs::read_to_string(bundle.join("slimcol-vendor.toml")).unwrap();
    let version = format!("slimcol = \"{}\"", env!("CARGO_PKG_VERSION"));
    fs::write(bundle.join("slimcol-vendor.toml"), mark.replace(&version, "slimcol = \"9.9.9\"")).unwrap();
    refused(
        &["bundle"],
        1,
        &format!(
            "error: `bundle/slimcol-vendor.toml` cannot be used: it was made by slimcol 9.9.9, and this is {}: build with that \
             one, or make the folder again\n",
            env!("CARGO_PKG_VERSION")
        ),
    );
}
