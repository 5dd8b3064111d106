//! The licence files that come with a crate.

use std::{
    fs,
    path::{Path, PathBuf},
};

use crate::graph::Linked;

/// Beginnings of licence files' names, in capitals.
const NAMES: [&str; 6] = ["LICENSE", "LICENCE", "COPYING", "COPYRIGHT", "NOTICE", "UNLICENSE"];
/// Folders in a crate that nothing of a binary comes from.
const LEFT_OUT: [&str; 6] = ["target", "tests", "benches", "examples", "fuzz", "node_modules"];
/// C sources that a crate carries lie this deep with their licence.
const DEPTH: usize = 3;
/// Longer ones are not read by anybody.
const LONGEST: u64 = 512 * 1024;

/// A licence file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct LicenseFile {
    /// Where it is in the crate.
    pub(super) path: String,
    /// What it says.
    pub(super) text: String,
}

/// Whether a file of this name holds a licence, a copyright notice or the like.
pub(crate) fn is_license(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    let source = [".RS", ".C", ".H", ".PY", ".TOML", ".JSON", ".HTML"].iter().any(|end| name.ends_with(end));
    NAMES.iter().any(|start| name.starts_with(start)) && !source
}

/// The licence files of `linked`, in the order of their paths: those of that name, and the one that its manifest names.
pub(super) fn of(linked: &Linked) -> Vec<LicenseFile> {
    let mut paths = Vec::new();
    collect(&linked.dir, DEPTH, &mut paths);
    if let Some(named) = &linked.license_file
        && !paths.contains(named)
    {
        paths.push(named.clone());
    }
    let mut files: Vec<LicenseFile> = paths.iter().filter_map(|path| read(path, &linked.dir)).collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(folder: &Path, depth: usize, out: &mut Vec<PathBuf>) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        let (path, name) = (entry.path(), entry.file_name());
        let Some(name) = name.to_str() else { continue };
        if path.is_file() && is_license(name) {
            out.push(path);
        } else if path.is_dir() && depth > 1 && !name.starts_with('.') && !LEFT_OUT.contains(&name) {
            collect(&path, depth - 1, out);
        }
    }
}

fn read(path: &Path, dir: &Path) -> Option<LicenseFile> {
    if fs::metadata(path).ok()?.len() > LONGEST {
        return None;
    }
    let text = String::from_utf8_lossy(&fs::read(path).ok()?).into_owned();
    let inside = path.strip_prefix(dir).unwrap_or(path).to_string_lossy().into_owned();
    Some(LicenseFile { path: inside, text })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn licences_are_told_by_their_names() {
        for (name, expected) in [
            ("LICENSE", true),
            ("LICENSE-MIT", true),
            ("License.md", true),
            ("licence.txt", true),
            ("COPYING", true),
            ("NOTICE", true),
            ("license.rs", false),
            ("README.md", false),
            ("relicense", false),
        ] {
            assert_eq!(is_license(name), expected, "{name}");
        }
    }
}
