//! From a generated workspace to a static binary.

mod compiler;
mod elf;
mod estimate;
mod finish;
mod flags;
mod progress;
mod unit;

use std::{
    fs,
    io::BufReader,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
};

use cargo_metadata::Message;

pub(crate) use self::{
    elf::check_static,
    finish::{AUDIT_SECTION, Rest, finish},
    progress::Show,
    unit::Unit,
};
use crate::{
    cargo::{self, Rustc},
    error::{Doing as _, Error},
    interrupt, lock,
    manifest::Lto,
};

/// What to compile and where.
#[derive(Debug)]
pub(crate) struct Job<'a> {
    /// The generated workspace.
    pub(crate) workspace: &'a Path,
    /// The name of its package.
    pub(crate) package: &'a str,
    /// What to compile for.
    pub(crate) target: &'a str,
    /// The target directory, which many workspaces share.
    pub(crate) target_dir: &'a Path,
    /// Whether cargo may fetch what is missing.
    pub(crate) network: bool,
    /// The folder of the registries' crates, if not cargo's own.
    pub(crate) crates: Option<PathBuf>,
    /// How much is optimised across crates.
    pub(crate) lto: Lto,
    /// Whether it keeps its symbols.
    pub(crate) rest: Rest,
    /// The list of its crates that scanners read, compressed.
    pub(crate) audit: Option<&'a [u8]>,
    /// How much is shown meanwhile.
    pub(crate) show: Show,
}

/// What came out.
#[derive(Debug)]
pub(crate) struct Compiled {
    /// The file as it ships.
    pub(crate) data: Vec<u8>,
    /// The file as it was linked, with its symbols.
    pub(crate) symbols: Vec<u8>,
    /// The files it was linked from.
    pub(crate) units: Vec<Unit>,
}

/// Compiles, and checks that the result is static.
pub(crate) fn compile(job: &Job<'_>, rustc: &Rustc) -> Result<Compiled, Error> {
    // Held until the binary is read: what lies in the target directory may be another build's a moment later.
    let _lock = lock::folder(job.target_dir)?;
    let target_dir = &job.target_dir.canonicalize().doing("read", job.target_dir)?;
    let (built, units) = run_cargo(job, target_dir, rustc)?;
    let symbols = fs::read(&built).doing("read", &built)?;
    let mut data = None;
    if is_elf(job.target) {
        elf::check_static(&symbols)
            .map_err(|what| Error::Compile(format!("the binary is not static: {what}")))?;
        let finished = finish(&symbols, job.audit, job.rest);
        data =
            Some(finished.map_err(|what| Error::Compile(format!("the binary cannot be finished: {what}")))?);
    }
    let data = data.unwrap_or_else(|| symbols.clone());
    Ok(Compiled { data, symbols, units })
}

/// Whether binaries for `target` are ELF files, which we strip ourselves; cargo strips others.
fn is_elf(target: &str) -> bool {
    target.contains("linux")
}

/// Has the collector alone optimised across crates as much as `lto` says.
///
/// Cargo tells compilations apart by the profile they are of, and the profile says this too: a crate would be compiled once for
/// each. Said to the last compilation only, all collectors share the crates, and one that has nothing new is linked and no
/// more. What `flags` says makes crates ready for any of them.
fn lto(command: &mut Command, lto: Lto) {
    command.env("CARGO_PROFILE_RELEASE_LTO", Lto::Fat.word());
    command.args(["--", "-C"]).arg(format!("lto={}", lto.word()));
}

/// Runs cargo and gives the executable that it names, and what it was linked from.
fn run_cargo(job: &Job<'_>, target_dir: &Path, rustc: &Rustc) -> Result<(PathBuf, Vec<Unit>), Error> {
    let mut command = cargo::command();
    command
        .args(["rustc", "--release", "--locked", "--message-format=json-render-diagnostics"])
        .args(["--target", job.target, "--package", job.package])
        .args((!job.network).then_some("--offline"))
        .arg("--manifest-path")
        .arg(job.workspace.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target_dir)
        // Where cargo runs decides which configuration files it reads: the workspace's, not the caller's.
        .current_dir(job.workspace)
        .env("CARGO_TERM_PROGRESS_WHEN", "always")
        .env("CARGO_TERM_PROGRESS_WIDTH", "120")
        // A plain `cargo build` of the workspace strips. We do it after having looked; of the standard library's debugging
        // information nobody reads anything.
        .envs(
            (is_elf(job.target) && job.rest == Rest::Dropped)
                .then_some(("CARGO_PROFILE_RELEASE_STRIP", "debuginfo")),
        )
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    lto(&mut command, job.lto);
    flags::set(&mut command, target_dir, job.crates.as_deref(), rustc)?;
    let (mut child, _running) = interrupt::spawn(&mut command).map_err(|error| cargo::missing(&error))?;
    let stderr = child.stderr.take().expect("standard error is piped");
    let stdout = child.stdout.take().expect("standard output is piped");
    let show = job.show;
    let estimate = estimate::Estimate::new(target_dir.join("slimcol-last-unit-seconds"));
    let watcher = thread::spawn(move || progress::watch(stderr, show, estimate));
    let mut executable = None;
    let mut units = Vec::new();
    for message in Message::parse_stream(BufReader::new(stdout)).map_while(Result::ok) {
        units.extend(unit::of(&message));
        if let Message::CompilerArtifact(artifact) = message
            && artifact.target.is_bin()
        {
            executable = artifact.executable.or(executable);
        }
    }
    let status =
        child.wait().map_err(|source| Error::Io { doing: "cannot wait for cargo".to_owned(), source })?;
    let said = watcher.join().unwrap_or_default();
    match executable.filter(|_| status.success()) {
        Some(executable) => Ok((executable.into_std_path_buf(), units)),
        None => Err(Error::Compile(format!("cargo could not compile the collector:\n{}", said.trim_end()))),
    }
}
