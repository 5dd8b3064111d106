//! Components that are not Slimcol's.

mod checks;
pub(crate) mod git;
mod hostile;
mod locked;
mod registry;
mod replaces;
mod vendored;

use std::{fs, path::Path};

use crate::{
    manifest, said, slimcol,
    tree::{self, FACTORY},
};

const MANIFEST: &str = "dist: {name: otelcol-probe, output_path: out}\nreceivers: [otlp]\nexporters:\n";

/// A component crate in `folder`, which requires the framework as one would of crates.io, beside a crate that it needs.
pub(crate) fn component(folder: &Path, kind: &str, library: &str) {
    let put = |path: &str, text: &str| {
        let path = folder.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    };
    put(
        "Cargo.toml",
        "[workspace]\nmembers = [\"mine\", \"base\"]\n[workspace.package]\nversion = \"0.3.0\"\n",
    );
    let metadata = if kind.is_empty() {
        String::new()
    } else {
        format!("[package.metadata.component]\nkind = \"{kind}\"\ntype = \"mine\"\nsignals = [\"logs\"]\n")
    };
    put(
        "mine/Cargo.toml",
        &format!(
            "[package]\nname = \"mine\"\nversion.workspace = true\nedition = \"2024\"\n{metadata}\n[dependencies]\n\
             slimcol-service = \"0.1\"\nbase = {{ path = \"../base\" }}\n\n[dev-dependencies]\nabsent = \"99\"\n"
        ),
    );
    put("mine/src/lib.rs", library);
    put("base/Cargo.toml", "[package]\nname = \"base\"\nversion.workspace = true\nedition = \"2024\"\n");
    put("base/src/lib.rs", "");
}

/// What generating says, with what is in the workspace's manifest if there is one.
fn generate(folder: &Path, flags: &[&str]) -> (Option<i32>, String, String) {
    let output = slimcol(folder)
        .args(["build", "--config", "manifest.yaml", "--skip-compilation"])
        .args(flags)
        .env("CARGO_NET_OFFLINE", "true")
        .output()
        .unwrap();
    let toml = fs::read_to_string(folder.join("out/_build/Cargo.toml")).unwrap_or_default();
    (output.status.code(), said(&output, folder), toml)
}

#[test]
fn a_crate_from_a_folder_comes_along_with_what_it_needs_and_meets_our_framework() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: mine, path: third/mine}}\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let (code, said, toml) = generate(folder.path(), &[]);
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(
        toml.lines().any(|line| line.starts_with("mine = { path = \"crates/") && line.ends_with("/mine\" }")),
        "{toml}"
    );
    let crates = folder.path().join("out/_build/crates");
    let copied = |name: &str| {
        let mut folders = fs::read_dir(&crates).unwrap().map(|entry| entry.unwrap().path().join(name));
        folders.find_map(|folder| fs::read_to_string(folder.join("Cargo.toml")).ok()).unwrap()
    };
    let mine = copied("mine");
    assert!(mine.contains("version = \"0.3.0\"") && !mine.contains("absent"), "{mine}");
    assert!(mine.contains("slimcol-service = { path = \"../../"), "{mine}");
    assert!(mine.contains("base = { path = \"../../") && mine.contains("/base\" }"), "{mine}");
    let main = fs::read_to_string(folder.path().join("out/_build/src/main.rs")).unwrap();
    assert!(main.contains("mine::FACTORY"), "{main}");
}

#[test]
fn ocbs_path_takes_a_crate_in_place_of_the_module() {
    let folder = manifest(&format!("{MANIFEST}  - gomod: example.com/mine v0.1.0\n    path: third/mine\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let (code, said, toml) = generate(folder.path(), &[]);
    assert_eq!((code, &*said), (Some(0), ""));
    assert!(
        toml.lines().any(|line| line.starts_with("mine = { path = \"crates/") && line.ends_with("/mine\" }")),
        "{toml}"
    );
}

#[test]
fn two_components_of_one_key_are_refused() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: mine, path: third/mine}}\n  - otlp_grpc\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let toml = folder.path().join("third/mine/Cargo.toml");
    let text = fs::read_to_string(&toml).unwrap().replace("type = \"mine\"", "type = \"otlp\"");
    fs::write(&toml, text).unwrap();
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2));
    let expected = "error: exporter `otlp_grpc` of `slimcol-exporter-otlpgrpc` and `otlp` of `mine` answer to the same key";
    assert!(said.starts_with(expected), "{said}");
}

#[test]
fn a_crate_cannot_take_the_name_of_one_of_ours() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: slimcol-service, path: third/mine}}\n"));
    component(&folder.path().join("third"), "exporter", FACTORY);
    let toml = folder.path().join("third/mine/Cargo.toml");
    let text = fs::read_to_string(&toml).unwrap().replace("name = \"mine\"", "name = \"slimcol-service\"");
    fs::write(&toml, text).unwrap();
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2));
    assert!(said.starts_with("error: `slimcol-service` is the name of a crate of Slimcol's own\n"), "{said}");
}

#[test]
fn a_registry_that_cannot_be_reached_is_a_failure_to_resolve() {
    let folder = manifest(&format!("{MANIFEST}  - {{crate: slimcol-surely-absent, version: 99.1}}\n"));
    let output = slimcol(folder.path())
        .args(["build", "--config", "manifest.yaml", "--skip-compilation"])
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_HOME", folder.path().join("home"))
        .output()
        .unwrap();
    let said = said(&output, folder.path());
    assert_eq!(output.status.code(), Some(3), "{said}");
    let expected = "error: cannot fetch crate `slimcol-surely-absent` (crates.io, version 99.1): ";
    assert!(
        said.starts_with(expected) && said.contains("no matching package named `slimcol-surely-absent`"),
        "{said}"
    );
    assert!(!folder.path().join("out").exists());
}

#[test]
fn nothing_is_fetched_for_a_manifest_with_issues() {
    let text = format!("{MANIFEST}  - {{crate: slimcol-surely-absent, version: 99.1}}\n  - oltp\n");
    let folder = manifest(&text);
    let (code, said, _) = generate(folder.path(), &[]);
    assert_eq!(code, Some(2), "{said}");
    assert!(said.starts_with("error: unknown exporter `oltp`") && !said.contains("absent`"), "{said}");
    assert!(tree::root().join("Cargo.lock").is_file());
}
