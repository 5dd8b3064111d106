//! The distros under test, each built once through the command line a user would type.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::Duration,
};

use super::command::{Ended, run};

/// A cold build of everything on two busy cores.
const BUILD_DEADLINE: Duration = Duration::from_mins(30);

/// A distro that has been built.
#[derive(Debug)]
pub(crate) struct Distro {
    pub(crate) binary: PathBuf,
    pub(crate) image: PathBuf,
}

/// `manifests/otlp.yaml`: the smallest useful collector.
pub(crate) fn otlp() -> &'static Distro {
    static BUILT: OnceLock<Result<Distro, String>> = OnceLock::new();
    BUILT.get_or_init(|| build("otlp", "otelcol-otlp")).as_ref().unwrap_or_else(|error| panic!("{error}"))
}

/// `manifests/core.yaml`: everything there is.
pub(crate) fn core() -> &'static Distro {
    static BUILT: OnceLock<Result<Distro, String>> = OnceLock::new();
    BUILT.get_or_init(|| build("core", "otelcol")).as_ref().unwrap_or_else(|error| panic!("{error}"))
}

/// Runs `slimcol` from the repository's root, built as its README says. It takes turns with other builds by itself. What it
/// keeps for the next build goes below the repository's target folder, unless a variable says otherwise.
pub(crate) fn slimcol<const N: usize>(arguments: [&str; N]) -> Ended {
    let mut command = Command::new(env!("CARGO"));
    command.current_dir(root()).args(["run", "--quiet", "--release", "-p", "slimcol", "--"]).args(arguments);
    for (variable, folder) in
        [("SLIMCOL_CACHE_DIR", "target/slimcol-cache"), ("SLIMCOL_TARGET_DIR", "target/slimcol")]
    {
        if std::env::var_os(variable).is_none() {
            command.env(variable, root().join(folder));
        }
    }
    run(&mut command, BUILD_DEADLINE)
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn build(name: &str, binary: &str) -> Result<Distro, String> {
    let manifest = format!("manifests/{name}.yaml");
    let ended = slimcol(["build", "--config", &manifest, "--image"]);
    if ended.code != Some(0) {
        return Err(format!("`slimcol build --config {manifest}` failed:\n{}", ended.stderr));
    }
    let binary = root().join(format!("dist/out/{name}/{binary}")).canonicalize();
    let binary = binary.map_err(|error| format!("no binary: {error}"))?;
    let image = binary.with_extension("oci.tar");
    Ok(Distro { binary, image })
}
