//! Where the bytes of the real collector come from: the sums, and the page with the map as a browser shows it.

use std::{collections::BTreeMap, fs, path::Path, process::Command, time::Duration};

use object::{Object as _, ObjectSection as _};
use serde_json::Value;

use crate::kit::{
    chromium::Chromium,
    command::run,
    distros::{self, slimcol},
};

/// Uses the page as people do, and leaves what happened in it.
const USE: &str = include_str!("size/use.js");

/// The report on `manifests/otlp.yaml`, with the page in `folder`.
fn report(folder: &Path) -> Value {
    let page = folder.join("size.html");
    let ended =
        slimcol(["size", "--config", "manifests/otlp.yaml", "--json", "--html", page.to_str().unwrap()]);
    serde_json::from_str(&ended.expect_success().stdout).unwrap()
}

fn number(value: &Value) -> u64 {
    value.as_u64().unwrap()
}

#[test]
fn every_byte_of_the_otlp_binary_has_an_owner_and_the_map_shows_them() {
    let binary = fs::read(&distros::otlp().binary).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let report = report(folder.path());
    sums(&report, &binary);
    owners(&report);
    let Some(chromium) = Chromium::find() else { return };
    map(&report, &chromium, &folder.path().join("size.html"));
}

/// The report is of the very file, and adds up.
fn sums(report: &Value, binary: &[u8]) {
    assert_eq!(number(&report["bytes"]), binary.len() as u64);
    let list = |key: &str| report[key].as_array().unwrap().clone();
    let crates: u64 = list("crates").iter().map(|one| number(&one["code"]) + number(&one["constants"])).sum();
    let rest: u64 = list("rest").iter().map(|one| number(&one["bytes"])).sum();
    assert_eq!(crates + rest, binary.len() as u64);
    let file = object::File::parse(binary).unwrap();
    let text = file.sections().filter(|section| section.kind() == object::SectionKind::Text);
    let text: u64 = text.map(|section| section.size()).sum();
    assert_eq!(number(&report["code"]), text);
    let named: u64 = list("crates").iter().map(|one| number(&one["code"])).sum();
    assert!(named <= text && named * 100 > text * 98, "{named} of {text} bytes of code have an owner");
}

/// Rust code is its crate's, C and assembly the package's that brings it, and what only one component needs is its own.
fn owners(report: &Value) {
    let crates = report["crates"].as_array().unwrap();
    let one =
        |name: &str| crates.iter().find(|one| one["name"] == name).unwrap_or_else(|| panic!("no {name}"));
    for name in ["ring", "zstd-sys", "rustls", "slimcol-net", "h2", "core", "libc"] {
        assert!(number(&one(name)["code"]) > 50_000, "{}", one(name));
    }
    let holds = |name: &str, symbol: &str| {
        let largest = one(name)["largest"].as_array().unwrap();
        assert!(
            largest.iter().any(|item| item["name"].as_str().unwrap().contains(symbol)),
            "{symbol} of {name}"
        );
    };
    holds("ring", "ecp_nistz256_precomputed");
    holds("ring", "chacha20_poly1305");
    holds("zstd-sys", "ZSTD_compressBlock_fast");
    holds("libc", "_int_malloc");
    let libc = one("libc")["largest"].to_string();
    assert!(
        !libc.contains("vfprintf") && !libc.contains("gconv_transform"),
        "what cannot run is not there: {libc}"
    );
    holds("h2", "h2::");
    assert_eq!(one("slimcol-exporter-otlphttp")["holder"]["component"], "exporter/otlp_http");
    assert_eq!(one("h2")["holder"], "shared");
    assert_eq!(one("core")["holder"], "standard");
    let components: BTreeMap<&str, usize> = report["components"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["id"].as_str().unwrap(), one["packages"].as_array().unwrap().len()))
        .collect();
    assert_eq!(components.len(), 10, "{components:?}");
    assert!(components.values().all(|own| *own > 0), "each has at least its own crate: {components:?}");
}

/// The page draws every owner in proportion, and can be used without a mouse.
fn map(report: &Value, chromium: &Chromium, page: &Path) {
    let html = fs::read_to_string(page).unwrap();
    fs::write(page, html.replace("</body>", &format!("<script>\n{USE}</script>\n</body>"))).unwrap();
    let document = chromium.document(page);
    let seen = document.split("<pre id=\"seen\">").nth(1).unwrap_or_else(|| panic!("{document}"));
    let seen: Value = serde_json::from_str(seen.split("</pre>").next().unwrap()).unwrap();
    assert_eq!(seen["errors"], Value::Array(Vec::new()));
    // Shared crates, the two libraries, what is nobody's, and the components.
    assert_eq!(seen["owners"], 14, "{seen}");
    assert!(number(&seen["cells"]) > 300, "{seen}");
    let (covered, off) = (seen["covered"].as_f64().unwrap(), seen["off"].as_f64().unwrap());
    assert!((0.97..=1.001).contains(&covered), "the cells cover {covered} of the map");
    assert!(off < 0.02, "a cell is {off} of the map larger or smaller than its bytes");
    assert_eq!(seen["moved"], "no crate's", "{seen}");
    assert_eq!(seen["entered"], "no crate's", "{seen}");
    assert_eq!(seen["back"], report["name"], "{seen}");
    assert_eq!(seen["told"].as_str().unwrap().split(' ').nth(1), Some("bytes,"), "{seen}");
    assert!(number(&seen["found"]) > 0 && number(&seen["rows"]) < 10, "{seen}");
    assert_eq!(seen["linked"], "rustls", "{seen}");
    assert_ne!(seen["day"], seen["night"], "{seen}");
    let picture = chromium.picture(page);
    assert!(picture.starts_with(b"\x89PNG") && picture.len() > 50_000, "{} bytes", picture.len());
}

#[test]
fn readelf_has_nothing_to_say_against_what_ships() {
    for distro in [distros::otlp(), distros::core()] {
        let mut command = Command::new("readelf");
        let ended = run(command.args(["--all", "--wide"]).arg(&distro.binary), Duration::from_mins(1));
        assert_eq!((ended.code, &*ended.stderr), (Some(0), ""));
        assert!(ended.stdout.contains(" .dep-v0 ") && !ended.stdout.contains(".symtab"), "{}", ended.stdout);
    }
}
