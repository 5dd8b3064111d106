//! The distros under test, each built once through the command line a user would type.

use std::{
    path::{Path, PathBuf},
    process::Command,
    sync::OnceLock,
    time::Duration,
};

use cargo_metadata::Message;

use super::command::{Ended, run};

/// A cold build of everything on two busy cores.
pub(crate) const BUILD_DEADLINE: Duration = Duration::from_mins(30);

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

/// `manifests/agent.yaml`: files of logs in, OTLP out.
pub(crate) fn agent() -> &'static Distro {
    static BUILT: OnceLock<Result<Distro, String>> = OnceLock::new();
    BUILT.get_or_init(|| build("agent", "otelcol-agent")).as_ref().unwrap_or_else(|error| panic!("{error}"))
}

/// `manifests/core.yaml`: what the official core distribution has.
pub(crate) fn core() -> &'static Distro {
    static BUILT: OnceLock<Result<Distro, String>> = OnceLock::new();
    BUILT.get_or_init(|| build("core", "otelcol")).as_ref().unwrap_or_else(|error| panic!("{error}"))
}

/// `manifests/contrib.yaml`: everything there is, what the official core distribution lacks as well.
pub(crate) fn contrib() -> &'static Distro {
    static BUILT: OnceLock<Result<Distro, String>> = OnceLock::new();
    BUILT
        .get_or_init(|| build("contrib", "otelcol-contrib"))
        .as_ref()
        .unwrap_or_else(|error| panic!("{error}"))
}

/// Runs `slimcol` from the repository's root, built as its README says. It takes turns with other builds by itself.
pub(crate) fn slimcol<const N: usize>(arguments: [&str; N]) -> Ended {
    slimcol_in(root(), &arguments)
}

/// The same from `folder`.
pub(crate) fn slimcol_in(folder: &Path, arguments: &[&str]) -> Ended {
    run(Command::new(program()).current_dir(folder).args(arguments).envs(caches()), BUILD_DEADLINE)
}

/// The program.
pub(crate) fn program() -> &'static Path {
    static PROGRAM: OnceLock<PathBuf> = OnceLock::new();
    PROGRAM.get_or_init(|| {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(root()).args(["build", "--quiet", "--release", "-p", "slimcol"]);
        // What cargo tells a test of its package would have crates compiled anew that look at it, and those that need them.
        for (variable, _) in std::env::vars_os() {
            let ours = |name: &str| name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_");
            if variable.to_str().is_some_and(ours) {
                command.env_remove(variable);
            }
        }
        let built = run(command.arg("--message-format=json"), BUILD_DEADLINE).expect_success();
        let mut messages = Message::parse_stream(built.stdout.as_bytes()).map(Result::unwrap);
        let program = messages.find_map(|message| match message {
            Message::CompilerArtifact(artifact) => artifact.executable,
            _ => None,
        });
        program.unwrap().into_std_path_buf()
    })
}

/// The variables for what it keeps for the next build, which goes below the repository's target folder unless they say
/// otherwise already.
pub(crate) fn caches() -> Vec<(&'static str, PathBuf)> {
    [("SLIMCOL_CACHE_DIR", "target/slimcol-cache"), ("SLIMCOL_TARGET_DIR", "target/slimcol")]
        .into_iter()
        .filter(|(variable, _)| std::env::var_os(variable).is_none())
        .map(|(variable, folder)| (variable, root().join(folder)))
        .collect()
}

/// The repository.
pub(crate) fn root() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/.."))
}

fn build(name: &str, binary: &str) -> Result<Distro, String> {
    let manifest = format!("manifests/{name}.yaml");
    let papers = ["--sbom=cyclonedx,spdx", "--notices", "--provenance", "--sums"];
    let [sbom, notices, provenance, sums] = papers;
    let ended = slimcol(["build", "--config", &manifest, "--image", sbom, notices, provenance, sums]);
    if ended.code != Some(0) {
        return Err(format!("`slimcol build --config {manifest}` failed:\n{}", ended.stderr));
    }
    let binary = root().join(format!("dist/out/{name}/{binary}")).canonicalize();
    let binary = binary.map_err(|error| format!("no binary: {error}"))?;
    let image = binary.with_extension("oci.tar");
    Ok(Distro { binary, image })
}
