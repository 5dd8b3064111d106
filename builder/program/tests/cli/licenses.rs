//! `slimcol licenses`, and `dist.licenses`.

use std::{fs, path::Path};

use crate::{golden, manifest, said, slimcol, third_party, tree::FACTORY};

const MANIFEST: &str = "dist:\n  name: otelcol-probe\n  output_path: out\n  licenses: [Apache-2.0, ISC]\n\
                        receivers: [otlp]\nexporters: [debug]\nproviders: [file]\n\
                        processors:\n  - {crate: mine, path: third/mine}\n";

/// A folder with the manifest `text` and a component of which `base` is under `license`.
fn folder(text: &str, license: &str) -> tempfile::TempDir {
    let folder = manifest(text);
    let third = folder.path().join("third");
    third_party::component(&third, "processor", FACTORY);
    for (name, license) in [("mine", "license = \"ISC\""), ("base", license)] {
        let file = third.join(name).join("Cargo.toml");
        let toml = fs::read_to_string(&file).unwrap();
        fs::write(file, toml.replace("edition = \"2024\"\n", &format!("edition = \"2024\"\n{license}\n")))
            .unwrap();
    }
    folder
}

/// Exit code, standard output, standard error.
fn run(folder: &Path, arguments: &[&str]) -> (Option<i32>, String, String) {
    let output = slimcol(folder).args(arguments).args(["-c", "manifest.yaml", "--offline"]).output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stdout).into_owned(), said(&output, folder))
}

/// The list's last line names this machine's compiler and C library.
fn without_toolchain(list: &str) -> &str {
    let (crates, besides) = list.split_once("linked besides: rust-std ").unwrap();
    assert!(besides.contains(" (MIT OR Apache-2.0)"), "{besides}");
    crates
}

#[test]
fn licences_are_listed_with_what_is_under_them() {
    let folder = folder(MANIFEST, "license = \"ISC/MIT\"");
    fs::write(folder.path().join("third/base/LICENSE-ISC"), "Base's own words\n").unwrap();
    let (code, list, said) = run(folder.path(), &["licenses"]);
    assert_eq!((code, &*said), (Some(0), ""));
    golden("licenses/list.txt", without_toolchain(&list));
    let (_, json, _) = run(folder.path(), &["licenses", "--json"]);
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let base = &json["licenses"].as_array().unwrap().iter().find(|it| it["license"] == "ISC OR MIT").unwrap();
    assert_eq!(base["allowed"], true);
    assert_eq!(base["crates"][0]["files"], serde_json::json!(["LICENSE-ISC"]));
    assert!(!folder.path().join("out").exists());
}

#[test]
fn what_is_not_allowed_is_named_with_its_way_in_before_anything_is_compiled() {
    for (license, golden_name) in
        [("license = \"GPL-3.0\"", "gpl"), ("license = \"ours\"", "unknown"), ("", "none")]
    {
        let folder = folder(MANIFEST, license);
        let name = format!("licenses/refused-{golden_name}.txt");
        let (code, list, said) = run(folder.path(), &["licenses"]);
        assert_eq!(code, Some(2), "{said}");
        assert!(list.contains(": 1 crate, which `dist.licenses` does not allow\n  base 0.3.0\n"), "{list}");
        golden(&name, &said);
        let (code, _, said) = run(folder.path(), &["build", "--target-dir", "target"]);
        assert_eq!(code, Some(2));
        golden(&name, &said);
        assert!(!folder.path().join("target").exists(), "something was compiled");
    }
}

#[test]
fn notices_have_each_text_once_and_the_licence_of_a_crates_workspace() {
    let text = MANIFEST.replace("  licenses: [Apache-2.0, ISC]\n", "");
    let folder = folder(&text, "license = \"MIT\"");
    let words = "Permission to use is granted to whoever asks";
    fs::write(folder.path().join("third/LICENSE"), words).unwrap();
    let (code, _, said) = run(folder.path(), &["licenses", "--notices", "NOTICES"]);
    assert_eq!((code, &*said), (Some(0), ""));
    let notices = fs::read_to_string(folder.path().join("NOTICES")).unwrap();
    assert!(notices.starts_with("Notices for otelcol-probe\n\n"), "{notices}");
    assert!(notices.contains("\nmine 0.3.0: ISC\n") && notices.contains("\nbase 0.3.0: MIT\n"), "{notices}");
    assert_eq!(notices.matches(words).count(), 1);
    let rule = "=".repeat(80);
    assert!(notices.contains(&format!("{rule}\nbase 0.3.0, mine 0.3.0\n{rule}\n\n{words}\n")), "{notices}");
    // The test's source tree has no licence file, so the text is the one that is kept for that.
    assert_eq!(notices.matches("Apache License\n").count(), 1);
    assert!(notices.contains("slimcol-receiver-otlp 0.1.0, slimcol-service 0.1.0\n="), "{notices}");
}
