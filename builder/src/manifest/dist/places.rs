//! Files and folders that a distribution names.

use std::path::{Path, PathBuf};

use slimcol_config::Issue;

use crate::manifest::{
    Findings, Input,
    keys::{self, Keys},
};

/// Where everything that is made goes.
pub(super) fn output_path(keys: &Keys<'_>, base: &Path, findings: &mut Findings) -> Option<PathBuf> {
    let entry = keys.get("output_path")?;
    let path = keys::path(entry, base, findings)?;
    // A parent that is a file is as much in the way as the path itself.
    let blocking = path.ancestors().find(|part| part.exists()).filter(|part| !part.is_dir());
    if let Some(file) = blocking {
        let issue = Issue::new(format!("`{}` is a file: nothing can be written below it", file.display()));
        findings.issue(issue.at(entry.value_place().clone()));
        return None;
    }
    findings.input(entry.value_place(), Input::Output);
    Some(path)
}

/// The configuration that images start with, which must be there.
pub(super) fn config(keys: &Keys<'_>, base: &Path, findings: &mut Findings) -> Option<PathBuf> {
    let entry = keys.get("config")?;
    let path = keys::path(entry, base, findings)?;
    if !path.is_file() {
        let issue = Issue::new(format!("there is no file `{}`", path.display()));
        findings.issue(issue.at(entry.value_place().clone()));
        return None;
    }
    findings.input(entry.value_place(), Input::File(path.clone()));
    Some(path)
}
