//! Writing a workspace to the disk: all of it or nothing.

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::Workspace;
use crate::{
    cargo,
    error::{Doing as _, Error},
    replace,
};

/// The generated workspace's folder below the output path.
pub(crate) const FOLDER: &str = "_build";

/// What happens with the lock file.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Settle<'a> {
    /// Nothing: it is the source tree's.
    No,
    /// It is brought in line, and what a build for this target needs is fetched if it is not there.
    For(&'a str),
}

/// Writes `workspace` below `output` in place of the one that is there, and gives the folder. Until everything is in it
/// and its lock file agrees, it is a folder of another name; on an error the old one stays.
pub(crate) fn write(workspace: &Workspace, output: &Path, settle: Settle<'_>) -> Result<PathBuf, Error> {
    fs::create_dir_all(output).doing("create", output)?;
    let new = replace::folder_beside(output)?;
    for (path, content) in workspace.files.iter() {
        write_file(&new.path().join(path), content)?;
    }
    if let Settle::For(target) = settle {
        settle_lock(new.path(), target)?;
    }
    let folder = output.join(FOLDER);
    let old = replace::folder_beside(output)?;
    if folder.exists() {
        let aside = old.path().join(FOLDER);
        fs::rename(&folder, &aside).doing("replace", &folder)?;
    }
    let new = new.keep();
    fs::rename(&new, &folder).doing("replace", &folder)?;
    Ok(folder)
}

/// Files have one fixed time: their content's digest is in a package's name or place, so that to cargo an equal file in
/// another folder is the same and a new content is never an old file.
fn write_file(path: &Path, content: &[u8]) -> Result<(), Error> {
    const YEAR_2000: Duration = Duration::from_hours(262_968);
    if let Some(parent) = path.parent() {
        fs::create_dir_all(parent).doing("create", parent)?;
    }
    fs::write(path, content).doing("write", path)?;
    let file = fs::File::options().write(true).open(path).doing("write", path)?;
    file.set_modified(SystemTime::UNIX_EPOCH + YEAR_2000).doing("set the time of", path)
}

/// Takes what is not used out of the lock file and puts the generated package in. Every other version stays as it is:
/// `generate-lockfile` would take the newest ones instead.
fn settle_lock(folder: &Path, target: &str) -> Result<(), Error> {
    let manifest = folder.join("Cargo.toml");
    let update = |offline: bool| {
        let mut command = cargo::command();
        command.args(["update", "--workspace", "--quiet", "--manifest-path"]).arg(&manifest);
        command.args(offline.then_some("--offline"));
        cargo::resolve(command, "agree on the crates' versions")
    };
    update(true).or_else(|_| update(false))?;
    let mut fetch = cargo::command();
    fetch.args(["fetch", "--locked", "--quiet", "--target", target, "--manifest-path"]).arg(&manifest);
    cargo::resolve(fetch, "fetch the crates").map(|_| ())
}
