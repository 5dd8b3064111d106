//! A crate of a lock file.

use std::collections::BTreeMap;

/// A crate at one version.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Package {
    /// Its name.
    pub(super) name: String,
    /// Its version.
    pub(super) version: String,
    /// Where it is from, as cargo writes it; nothing for a crate whose sources are in the workspace.
    pub(super) source: Option<String>,
    /// The digest of a registry's archive.
    pub(super) checksum: Option<String>,
    /// What it depends on, each as `name version`.
    pub(super) dependencies: Vec<String>,
}

impl Package {
    /// The name and the part of the version that compatible versions have in common: cargo links one of each.
    pub(super) fn series(&self) -> (&str, &str) {
        let mut parts = self.version.match_indices('.').map(|(at, _)| at);
        let end = match self.version.as_str() {
            version if version.starts_with("0.0.") => version.find(['-', '+']),
            version if version.starts_with("0.") => parts.nth(1),
            _ => parts.next(),
        };
        (&self.name, &self.version[..end.unwrap_or(self.version.len())])
    }
}

/// Gives every dependency its version, which cargo leaves out where the name alone says it: in another lock file it would not.
pub(super) fn with_versions(packages: &mut [Package]) {
    let mut versions: BTreeMap<&str, &str> = BTreeMap::new();
    for package in &*packages {
        versions.insert(&package.name, &package.version);
    }
    let versions: BTreeMap<String, String> =
        versions.into_iter().map(|(name, version)| (name.to_owned(), version.to_owned())).collect();
    for dependency in packages.iter_mut().flat_map(|package| &mut package.dependencies) {
        if !dependency.contains(' ')
            && let Some(version) = versions.get(dependency.as_str())
        {
            *dependency = format!("{dependency} {version}");
        }
    }
}
