//! Empty crates in place of the framework's, for a crate that was written for a framework which is not this one.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::semver::{BuildMetadata, Op, Prerelease, Version, VersionReq};

use crate::{
    error::{Doing as _, Error},
    resolve::{Index, Package},
};

/// The empty crates so far, by the name of what they stand for.
pub(super) struct Stubs<'a> {
    index: &'a Index,
    folders: BTreeMap<String, PathBuf>,
}

impl<'a> Stubs<'a> {
    /// None yet.
    pub(super) fn new(index: &'a Index) -> Self {
        Self { index, folders: BTreeMap::new() }
    }

    /// Where the crate is that cargo is given for one of the framework's.
    pub(super) fn folder_of(&self, package: &Package) -> PathBuf {
        self.folders.get(&package.name).unwrap_or(&package.dir).clone()
    }

    /// Makes a crate in `probe` that meets the requirement cargo complains of, and says whether asking again makes sense. Of
    /// each crate there is one at most, so the asking ends.
    pub(super) fn answer(&mut self, complaint: &str, probe: &Path) -> Result<bool, Error> {
        let Some((name, version)) = unmet(complaint) else { return Ok(false) };
        if self.folders.contains_key(name) || !self.index.framework().any(|ours| ours.name == name) {
            return Ok(false);
        }
        let folder = probe.join(format!("stub-{name}"));
        fs::create_dir_all(&folder).doing("create", &folder)?;
        let manifest = format!(
            "[package]\nname = \"{name}\"\nversion = \"{version}\"\n[lib]\npath = \"lib.rs\"\n[workspace]\n"
        );
        for (file, text) in [("Cargo.toml", manifest.as_str()), ("lib.rs", "")] {
            let path = folder.join(file);
            fs::write(&path, text).doing("write", &path)?;
        }
        self.folders.insert(name.to_owned(), folder);
        Ok(true)
    }
}

/// The requirement that cargo could not meet, with a version that would: ``the requirement `NAME = "REQ"` ``.
fn unmet(complaint: &str) -> Option<(&str, Version)> {
    let (_, rest) = complaint.split_once("for the requirement `")?;
    let (name, rest) = rest.split_once(" = \"")?;
    let requirement = VersionReq::parse(rest.split_once("\"`")?.0).ok()?;
    let first = requirement.comparators.first()?;
    let mut version = Version {
        major: first.major,
        minor: first.minor.unwrap_or(0),
        patch: first.patch.unwrap_or(0),
        pre: first.pre.clone(),
        build: BuildMetadata::EMPTY,
    };
    match first.op {
        Op::Greater if first.minor.is_none() => version.major += 1,
        Op::Greater if first.patch.is_none() => version.minor += 1,
        Op::Greater => version.patch += 1,
        Op::Less => version = Version { pre: Prerelease::EMPTY, ..Version::new(0, 0, 0) },
        _ => {}
    }
    requirement.matches(&version).then_some((name, version))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_found_for_what_cargo_complains_of() {
        for (requirement, version) in [
            ("^0.2", Some("0.2.0")),
            ("0.2.7", Some("0.2.7")),
            ("=1.4.2-rc.1", Some("1.4.2-rc.1")),
            (">0.3, <1", Some("0.4.0")),
            (">1.2.3", Some("1.2.4")),
            (">3", Some("4.0.0")),
            ("<0.1", Some("0.0.0")),
            ("~2", Some("2.0.0")),
            ("1, <0.5", None),
            ("nonsense", None),
        ] {
            let complaint = format!(
                "failed to select a version for the requirement `slimcol-net = \"{requirement}\"`\ncandidate versions"
            );
            let expected = version.map(|version| ("slimcol-net", Version::parse(version).unwrap()));
            assert_eq!(unmet(&complaint), expected, "{requirement}");
        }
        assert_eq!(unmet("no matching package named `slimcol-net` found"), None);
    }
}
