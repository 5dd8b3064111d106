//! Where a build's results go.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::{
    error::{Doing as _, Error},
    generate::{self, Workspace},
    manifest::Manifest,
};

/// The folder for everything: what the command line says, else the manifest, else a folder of the distribution's name.
pub(super) fn folder(given: Option<&Path>, manifest: &Manifest) -> Result<PathBuf, Error> {
    let dist = &manifest.dist;
    let path = given.or(dist.output_path.as_deref()).unwrap_or(Path::new(&dist.name));
    std::path::absolute(path).doing("use", path)
}

/// The place of the binary for `target`, one of `targets`.
pub(super) fn binary(output: &Path, name: &str, target: &str, targets: &[String]) -> PathBuf {
    match targets {
        [_] => output.join(name),
        _ => output.join(target).join(name),
    }
}

/// The workspace that is there already, if it is the one that would be generated.
pub(super) fn existing(output: &Path, workspace: &Workspace) -> Result<PathBuf, Error> {
    let folder = output.join(generate::FOLDER);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).map_err(|_| {
        Error::Other(format!(
            "--skip-generate: there is no workspace in `{}`; run without it first",
            folder.display()
        ))
    })?;
    if manifest.lines().any(|line| line == format!("name = \"{}\"", workspace.package)) {
        return Ok(folder);
    }
    Err(Error::Other(format!(
        "--skip-generate: the workspace in `{}` is another manifest's or an older one's; run without it first",
        folder.display()
    )))
}
