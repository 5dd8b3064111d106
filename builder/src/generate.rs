//! From a plan to a Cargo workspace that stands alone: the chosen crates' sources are in it, and nothing else.
//!
//! Sources are copied in rather than referred to, because cargo hashes a path crate's place into everything compiled from
//! it, relative to the workspace if it is inside and absolute if not. Copied in, the same manifest gives the same binary
//! in every folder, and the folder can be committed, moved or built without Slimcol.

mod files;
mod link;
mod lock;
mod main_rs;
mod manifest;
mod profile;
mod readme;
mod stage;
mod standalone;
mod write;

use cargo_metadata::semver::Version;

pub(crate) use self::{
    files::Files,
    standalone::each_dependency_table,
    write::{FOLDER, write},
};
use std::{collections::BTreeMap, path::PathBuf};

use crate::{
    digest,
    error::Error,
    lockfile::{self, Distribution},
    manifest::{Origin, Replacement},
    resolve::{Index, Package, Plan},
    source::SourceTree,
};

/// A workspace as a value.
#[derive(Debug)]
pub(crate) struct Workspace {
    /// The package's name, which no other content has.
    pub(crate) package: String,
    /// Every file.
    pub(crate) files: Files,
    /// The crates that are wanted at one version.
    pub(crate) pins: Vec<Pin>,
    /// The folder below `crates/` of each crate that was copied, by where it was copied from.
    pub(crate) folders: BTreeMap<PathBuf, String>,
    /// What cargo is told besides, for crates that are elsewhere than usual.
    pub(crate) cargo_config: Option<String>,
}

/// A crate that is wanted at one version.
#[derive(Clone, Debug)]
pub(crate) struct Pin {
    /// Its name.
    pub(crate) name: String,
    /// The version.
    pub(crate) version: Version,
}

/// The crate that serves and sends a collector's own metrics.
const TELEMETRY: &str = "slimcol-telemetry";
/// The crate that keeps out of static programs what of the C library would never run.
const LIBC: &str = "slimcol-libc";

/// The version that `replaces` wants of a crate, if that is what it wants.
fn pin(replacement: &Replacement) -> Option<Pin> {
    let Origin::Registry { requirement, .. } = &replacement.by else { return None };
    let version = Version::parse(requirement.trim_start_matches('=')).ok()?;
    Some(Pin { name: replacement.name.clone(), version })
}

/// Generates the workspace for `plan`, with the versions that are `locked`.
pub(crate) fn workspace(
    plan: &Plan,
    index: &Index,
    source: &SourceTree,
    locked: Option<&Distribution>,
) -> Result<Workspace, Error> {
    let mut staging = stage::Staging::new(index);
    let service = index
        .package("slimcol-service")
        .ok_or_else(|| Error::Resolve("Slimcol's sources have no `slimcol-service`".to_owned()))?;
    staging.add(&service.dir)?;
    for planned in &plan.components {
        staging.add(&planned.package.dir)?;
    }
    // The collector's own metrics are served where there is a network to serve them over anyway.
    let telemetry = index.package(TELEMETRY).filter(|_| staging.packages.contains("slimcol-net"));
    if let Some(package) = telemetry {
        staging.add(&package.dir)?;
    }
    let mut extras = Vec::from_iter(telemetry.map(|_| TELEMETRY));
    for replacement in &plan.replaced {
        if let Origin::Path(folder) = &replacement.by {
            staging.add(folder)?;
        }
    }
    let root = lock::Root::read(source)?;
    // What Slimcol's own lock file does not know may want the framework too, and must get the one that there is.
    let is_foreign = staging.required.iter().any(|name| !root.knows(name));
    let framework: Vec<&Package> = if is_foreign { index.framework().collect() } else { Vec::new() };
    for package in &framework {
        staging.add(&package.dir)?;
    }
    // Whoever else's code is in it may want of the C library what Slimcol's own does not.
    let is_ours = plan.replaced.is_empty() && plan.components.iter().all(|planned| planned.origin.is_none());
    if is_ours
        && !plan.debug
        && let Some(package) = index.package(LIBC)
    {
        staging.add(&package.dir)?;
        extras.push(LIBC);
    }
    let mut present = root.reachable(&staging.required);
    present.append(&mut staging.packages);
    let profile = profile::release(&root.manifest, &present, plan);
    let mut files = staging.files;
    files.insert("src/main.rs", main_rs::render(plan, &extras)?);
    if let Some(config) = &plan.embedded {
        files.insert(format!("src/{}", main_rs::CONFIG), config.clone());
    }
    link::add(plan, &mut files);
    let name = package_name(&plan.name);
    let manifest = |package: &str| {
        manifest::render(package, plan, &staging.folders, &framework, &root, &profile, &extras)
    };
    files.insert("Cargo.toml", manifest(&name));
    // Cargo takes two packages of one name in one target directory for the same, and would leave the first's binary: the
    // name carries the content's digest.
    let package = format!("{name}-{}", digest::of_files(files.iter()));
    files.insert("Cargo.toml", manifest(&package));
    files.insert("README.md", readme::render(plan, &package)?);
    files.insert(".gitignore", "/target\n".to_owned());
    files.insert("Cargo.lock", lockfile::seeded(lock::without_replaced(root.lock, plan)?, locked)?);
    let pins = plan.replaced.iter().filter_map(pin).collect();
    Ok(Workspace { package, files, pins, folders: staging.folders, cargo_config: None })
}

impl Workspace {
    /// The digest of all sources that were copied into it.
    pub(crate) fn sources(&self) -> String {
        let crates = self.files.iter().filter(|(path, _)| path.starts_with("crates/"));
        format!("sha256:{}", digest::all_of_files(crates))
    }
}

/// A distribution's name as a package's: what cargo and rustc allow of it.
fn package_name(name: &str) -> String {
    let plain: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect();
    if plain.starts_with(|c: char| c.is_ascii_alphabetic()) { plain } else { format!("collector-{plain}") }
}
