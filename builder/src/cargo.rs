//! Calling cargo: which one, with what environment, and what its failures mean.

use std::{
    env,
    ffi::OsString,
    io,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

use slimcol_config::nearest;

use crate::{credentials, error::Error, interrupt, replace};

/// A cargo command in an environment that is the same for everybody. What a shell or an outer cargo sets for its own
/// build would change this one, or rebuild what a shared target directory already holds.
pub(crate) fn command() -> Command {
    let mut command = Command::new(program());
    for (name, _) in env::vars_os() {
        let Some(name) = name.to_str() else { continue };
        let foreign = ["CARGO_PKG_", "CARGO_PROFILE_", "CARGO_BUILD_", "CARGO_BIN_", "CARGO_CFG_"];
        let single = [
            "CARGO_TARGET_DIR",
            "CARGO_MANIFEST_DIR",
            "CARGO_MANIFEST_PATH",
            "CARGO_PRIMARY_PACKAGE",
            "CARGO_CRATE_NAME",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_INCREMENTAL",
            "RUSTFLAGS",
            "RUSTC_BOOTSTRAP",
        ];
        let kept = ["CARGO_BUILD_JOBS", "CARGO_BUILD_RUSTC_WRAPPER"];
        if kept.contains(&name) {
            continue;
        }
        if foreign.iter().any(|prefix| name.starts_with(prefix)) || single.contains(&name) {
            command.env_remove(name);
        }
    }
    command.env("CARGO_TERM_COLOR", "never").stdin(Stdio::null());
    command
}

/// The cargo that runs us, else the one on the path.
fn program() -> OsString {
    env::var_os("CARGO").unwrap_or_else(|| "cargo".into())
}

/// The error for a cargo that does not start.
pub(crate) fn missing(error: &io::Error) -> Error {
    Error::Other(format!(
        "cannot run cargo (`{}`): {error}; building a collector needs Rust {} or later and a C compiler, see \
         https://rustup.rs",
        program().display(),
        env!("CARGO_PKG_RUST_VERSION"),
    ))
}

/// Runs a cargo command that finds or fetches crates. Its failure is a failure to resolve, in cargo's words.
pub(crate) fn resolve(command: &mut Command, doing: &str) -> Result<Output, Error> {
    let output = interrupt::output(command).map_err(|error| missing(&error))?;
    if output.status.success() {
        return Ok(output);
    }
    let mut message = format!("cannot {doing}: {}", complaint(&output.stderr));
    if command.get_args().any(|argument| argument == "--offline") {
        message.push_str(
            "\nnothing is fetched with --offline: build once without it, or bring along what the build needs with `slimcol vendor`",
        );
    }
    Err(Error::Resolve(message))
}

/// The part of cargo's standard error that says what is wrong.
fn complaint(stderr: &[u8]) -> String {
    let text = String::from_utf8_lossy(stderr);
    let error = text.find("error: ").map_or(&*text, |at| &text[at + "error: ".len()..]);
    // Which made-up package a crate was looked up for tells users nothing, nor do cargo's words on an option of its own.
    let ours = ["package `slimcol-probe ", replace::PREFIX, "As a reminder, you're using offline mode"];
    let lines = error.trim().lines().filter(|line| !ours.iter().any(|ours| line.contains(ours)));
    credentials::masked(&lines.collect::<Vec<_>>().join("\n"))
}

/// Where cargo keeps registries and checkouts.
pub(crate) fn home() -> Result<PathBuf, Error> {
    let given = env::var_os("CARGO_HOME").filter(|home| !home.is_empty()).map(PathBuf::from);
    let home = given.or_else(|| env::home_dir().map(|home| home.join(".cargo")));
    home.and_then(|home| std::path::absolute(home).ok())
        .ok_or_else(|| Error::Other("there is no home folder".to_owned()))
}

/// What the compiler says of itself.
#[derive(Clone, Debug)]
pub(crate) struct Rustc {
    /// The target it compiles for when none is given.
    pub(crate) host: String,
    /// Its version (`1.95.0`).
    pub(crate) release: String,
    /// The commit it was made from, which is in the paths of the standard library.
    pub(crate) commit: String,
    /// Where it is installed.
    pub(crate) sysroot: PathBuf,
}

impl Rustc {
    /// Asks the compiler that cargo would use.
    pub(crate) fn ask() -> Result<Self, Error> {
        let version = rustc(&["-vV"])?;
        let field =
            |name: &str| version.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_default().trim();
        Ok(Self {
            host: field("host:").to_owned(),
            release: field("release:").to_owned(),
            commit: field("commit-hash:").to_owned(),
            sysroot: PathBuf::from(rustc(&["--print", "sysroot"])?.trim()),
        })
    }

    /// Which compiler it is: its version and what tells it from others of that version.
    pub(crate) fn described(&self) -> String {
        match self.commit.get(..9) {
            Some(commit) => format!("{} ({commit})", self.release),
            None => self.release.clone(),
        }
    }

    /// Where the standard library for `target` is.
    pub(crate) fn libraries(&self, target: &str) -> PathBuf {
        self.sysroot.join("lib/rustlib").join(target).join("lib")
    }

    /// Refuses a target that the compiler has no standard library for.
    pub(crate) fn check_target(target: &str) -> Result<(), Error> {
        let folder = rustc(&["--print", "target-libdir", "--target", target]).map_err(|_| unknown(target))?;
        if Path::new(folder.trim()).is_dir() {
            return Ok(());
        }
        Err(Error::Other(format!(
            "the standard library for `{target}` is not installed; get it with `rustup target add {target}`, or where Rust \
             is not from rustup, from where it came: it belongs into `{}`",
            folder.trim()
        )))
    }
}

/// The error for a target that the compiler does not know.
fn unknown(target: &str) -> Error {
    let all = rustc(&["--print", "target-list"]).unwrap_or_default();
    let hint = match nearest(target, all.lines()) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => "`rustc --print target-list` lists them all".to_owned(),
    };
    Error::Other(format!("rustc knows no target `{target}`: {hint}"))
}

fn rustc(args: &[&str]) -> Result<String, Error> {
    let program = env::var_os("RUSTC").unwrap_or_else(|| "rustc".into());
    let output = interrupt::output(Command::new(program).args(args)).map_err(|error| missing(&error))?;
    if !output.status.success() {
        return Err(Error::Other(format!("rustc failed: {}", complaint(&output.stderr))));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
