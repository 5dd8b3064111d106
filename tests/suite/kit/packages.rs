//! The packages of the distros under test, each made once through the command line.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
};

use super::distros::{root, slimcol};

/// The packages of one distro.
#[derive(Debug)]
pub(crate) struct Packages {
    pub(crate) deb: PathBuf,
    pub(crate) rpm: PathBuf,
    pub(crate) archive: PathBuf,
}

/// Those of `manifests/core.yaml`.
pub(crate) fn core() -> &'static Packages {
    static MADE: OnceLock<Packages> = OnceLock::new();
    MADE.get_or_init(|| make(&root().join("manifests/core.yaml"), &folder("core")))
}

/// Those of `manifests/otlp.yaml`.
pub(crate) fn otlp() -> &'static Packages {
    static MADE: OnceLock<Packages> = OnceLock::new();
    MADE.get_or_init(|| make(&root().join("manifests/otlp.yaml"), &folder("otlp")))
}

/// Those of a manifest in `manifests/`, packaged once more, with a line at the end of the configuration that it ships.
pub(crate) fn next(name: &str) -> Packages {
    let folder = folder(&format!("{name}-next"));
    let dist = root().canonicalize().unwrap().join("dist");
    let config = fs::read_to_string(dist.join(name).join("config.yaml")).unwrap();
    fs::write(folder.join("config.yaml"), config + "# The next one.\n").unwrap();
    let manifest = fs::read_to_string(root().join(format!("manifests/{name}.yaml"))).unwrap();
    let manifest = manifest
        .replace(&format!("config: ../dist/{name}/config.yaml"), "config: config.yaml")
        .replace("output_path: ../dist", &format!("output_path: {}", dist.display()))
        .replace("  package:\n", "  package:\n    release: 2\n");
    let path = folder.join("manifest.yaml");
    fs::write(&path, manifest).unwrap();
    make(&path, &folder)
}

/// Makes the packages of a manifest in a folder.
pub(crate) fn make(manifest: &Path, folder: &Path) -> Packages {
    let (manifest, output) = (manifest.to_str().unwrap(), folder.to_str().unwrap());
    slimcol(["package", "--config", manifest, "--output", output]).expect_success();
    let files: Vec<PathBuf> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    let one = |end: &str| {
        let mut found = files.iter().filter(|file| file.to_str().unwrap().ends_with(end));
        let file = found.next().unwrap_or_else(|| panic!("no {end} in {files:?}"));
        assert_eq!(found.next(), None, "{files:?}");
        file.clone()
    };
    Packages { deb: one(".deb"), rpm: one(".rpm"), archive: one(".tar.gz") }
}

/// Whether a program is installed; if not, says so loudly, or panics where `CI` is `true`.
pub(crate) fn has(program: &str, package: &str) -> bool {
    if Command::new(program).arg("--version").output().is_ok() {
        return true;
    }
    let missing = format!("{program} is not installed (apt-get install -y {package})");
    assert!(std::env::var("CI").as_deref() != Ok("true"), "{missing}");
    eprintln!("NOT RUN: {missing}");
    false
}

/// An empty folder for packages, the same one every time.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("packages").join(name);
    if folder.exists() {
        fs::remove_dir_all(&folder).unwrap();
    }
    fs::create_dir_all(&folder).unwrap();
    folder
}
