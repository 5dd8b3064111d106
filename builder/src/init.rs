//! A distribution's repository to start from: a manifest, a configuration that goes with it, a README and CI jobs.

mod choice;
mod config;
mod dialogue;
mod files;

use std::{
    fs::{self, OpenOptions},
    io::{self, ErrorKind, Write as _},
    path::{Path, PathBuf},
};

pub(crate) use self::{choice::Choice, dialogue::ask};
use crate::{
    error::{Doing as _, Error},
    generate::Files,
    source::SourceTree,
};

/// What is made.
#[derive(Clone, Debug)]
pub(crate) struct Distribution {
    /// The binary's name.
    pub(crate) name: String,
    /// The components.
    pub(crate) choice: Choice,
}

/// The name that a distribution in `folder` has when nobody says otherwise: the folder's, as far as a binary can be called so.
pub(crate) fn name_of(folder: &Path) -> String {
    let name = folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    let plain = |c: char| if c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.') { c } else { '-' };
    let name: String = name.chars().map(plain).take(64).collect();
    let name = name.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    if name.is_empty() { "otelcol-custom".to_owned() } else { name.to_owned() }
}

/// Writes the repository into `folder`, which is made if it is not there. What is there already stays as it is: with one of
/// the files there, nothing is written. Gives the files' names.
pub(crate) fn write(
    distribution: &Distribution,
    folder: &Path,
    source: &SourceTree,
) -> Result<Vec<String>, Error> {
    let files = files::of(distribution, source)?;
    let there: Vec<String> = files
        .iter()
        .filter(|(name, _)| folder.join(name).symlink_metadata().is_ok())
        .map(|(name, _)| format!("`{name}`"))
        .collect();
    if !there.is_empty() {
        return Err(Error::Other(format!(
            "`{}` has {} already, and nothing of yours is overwritten: move what is there, or name another folder",
            folder.display(),
            there.join(", ")
        )));
    }
    let mut written = Vec::new();
    match write_new(&files, folder, &mut written) {
        Ok(()) => Ok(files.iter().map(|(name, _)| name.to_owned()).collect()),
        Err(error) => {
            // Half a repository would be in the way of the next attempt.
            for path in written {
                _ = fs::remove_file(path);
            }
            Err(error)
        }
    }
}

fn write_new(files: &Files, folder: &Path, written: &mut Vec<PathBuf>) -> Result<(), Error> {
    for (name, content) in files.iter() {
        let path = folder.join(name);
        let parent = path.parent().unwrap_or(folder);
        fs::create_dir_all(parent).doing("create", parent)?;
        let mut file = match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == ErrorKind::AlreadyExists => {
                return Err(io::Error::other("somebody has just made it")).doing("create", &path);
            }
            file => file.doing("create", &path)?,
        };
        written.push(path.clone());
        file.write_all(content).doing("write", &path)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folders_name_is_the_distributions() {
        for (folder, name) in [
            ("/a/otelcol-edge", "otelcol-edge"),
            ("/a/My Collector!", "My-Collector"),
            ("/a/.hidden", "hidden"),
            ("/", "otelcol-custom"),
            ("/a/ö", "otelcol-custom"),
        ] {
            assert_eq!(name_of(Path::new(folder)), name);
        }
    }
}
