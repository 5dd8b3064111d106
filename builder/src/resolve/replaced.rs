//! What `replaces` means: a component comes from elsewhere, or a dependency does.

use cargo_metadata::semver::Version;
use slimcol_config::Issue;

use super::{Index, Package, Planned, cargo_toml::CargoToml};
use crate::manifest::{Entry, Findings, Manifest, Origin, Replacement, Wanted};

/// The manifest's entries, each from where `replaces` has it.
pub(super) fn entries(manifest: &Manifest, findings: &mut Findings) -> Vec<Entry> {
    let replacements = &manifest.directives.replacements;
    let replaced = |entry: &Entry, findings: &mut Findings| {
        let mut entry = entry.clone();
        if let Wanted::Crate(wanted) = &mut entry.wanted
            && let Some(replacement) = replacements.iter().find(|it| it.name == wanted.name)
        {
            match (&wanted.origin, &replacement.by) {
                (Origin::Registry { registry, .. }, Origin::Registry { requirement, .. }) => {
                    let (requirement, registry) = (requirement.clone(), registry.clone());
                    wanted.origin = Origin::Registry { requirement, registry };
                }
                (_, Origin::Registry { .. }) => {
                    let message = format!(
                        "`{}` comes from no registry, so there is only one version of it",
                        wanted.name
                    );
                    findings
                        .issue(Issue::new(message).at(replacement.place.clone()).help("delete this line"));
                }
                (_, by) => wanted.origin = by.clone(),
            }
        }
        entry
    };
    manifest.entries.iter().map(|entry| replaced(entry, findings)).collect()
}

/// Refuses a component that stands in for versions that it is not one of.
pub(super) fn check(planned: &Planned, manifest: &Manifest) -> Result<(), Issue> {
    let mut replacements = manifest.directives.replacements.iter();
    let Some(it) = replacements.find(|it| it.name == planned.package.name) else { return Ok(()) };
    let Some(requirement) = &it.requirement else { return Ok(()) };
    match Version::parse(&planned.package.version) {
        Ok(version) if !requirement.matches(&version) => Err(not_meant(it, &version)),
        _ => Ok(()),
    }
}

/// The replacements of crates that are no components.
pub(super) fn dependencies(manifest: &Manifest, index: &Index, findings: &mut Findings) -> Vec<Replacement> {
    let components: Vec<&str> = manifest
        .entries
        .iter()
        .filter_map(|entry| match &entry.wanted {
            Wanted::Crate(wanted) => Some(wanted.name.as_str()),
            _ => None,
        })
        .collect();
    let others = manifest.directives.replacements.iter().filter(|it| !components.contains(&it.name.as_str()));
    let mut kept = Vec::new();
    for replacement in others {
        match usable(replacement, index) {
            Ok(()) => kept.push(replacement.clone()),
            Err(issue) => findings.issue(issue),
        }
    }
    kept
}

fn usable(replacement: &Replacement, index: &Index) -> Result<(), Issue> {
    let Replacement { name, requirement, by, place } = replacement;
    if index.package(name).is_some() {
        let issue = Issue::new(format!("`{name}` is a crate of Slimcol's own")).at(place.clone());
        return Err(
            issue.help("a component of another name can do its work; --source DIR builds from other sources")
        );
    }
    let Origin::Path(folder) = by else { return Ok(()) };
    let in_folder = |mut issue: Issue| {
        if let Some(there) = issue.place.replace(place.clone()) {
            issue.also.insert(0, (there, issue.help.take()));
        }
        issue.at(place.clone())
    };
    let toml = CargoToml::read(folder).map_err(in_folder)?;
    let package = Package::from_toml(folder, &toml).map_err(in_folder)?;
    if package.name != *name {
        let message = format!("the crate in `{}` is `{}`, not `{name}`", folder.display(), package.name);
        return Err(Issue::new(message).at(place.clone()).meant(Some(&package.name)));
    }
    match (requirement, Version::parse(&package.version)) {
        (Some(requirement), Ok(version)) if !requirement.matches(&version) => {
            Err(not_meant(replacement, &version))
        }
        _ => Ok(()),
    }
}

/// That what stands in is of a version which is not meant.
fn not_meant(replacement: &Replacement, version: &Version) -> Issue {
    let name = &replacement.name;
    let message =
        format!("what stands in for `{name}` is its version {version}, and that is not one of those meant");
    Issue::new(message)
        .at(replacement.place.clone())
        .help("cargo takes a crate for a compatible version of it only")
}
