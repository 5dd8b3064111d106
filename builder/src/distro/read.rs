//! Everything about a distribution that can be known before anything is generated.

use std::{fs, path::PathBuf};

use super::Request;
use crate::{
    derive::{self, Configuration, Derived},
    error::{Doing as _, Error},
    lockfile::LockFile,
    manifest::{self, Findings, Manifest},
    report,
    resolve::{self, IfMissing, Index, Plan, Terms},
    source::SourceTree,
};

/// What was asked for, read and understood.
#[derive(Debug)]
pub(crate) struct Read {
    /// The sources.
    pub(crate) source: SourceTree,
    /// The components in them.
    pub(crate) index: Index,
    /// The manifest as written or derived.
    pub(crate) manifest: Manifest,
    /// What it means.
    pub(crate) plan: Plan,
    /// The configurations that a manifest was derived from.
    pub(crate) configurations: Vec<Configuration>,
    /// What the manifest is held to.
    pub(crate) lock: Option<LockFile>,
}

/// Reads what `request` names. Everything that is wrong with it is one error.
pub(crate) fn read(request: &Request) -> Result<Read, Error> {
    let source = SourceTree::find(request.source.as_deref())?;
    let mut findings = Findings::default();
    let (index, lock);
    let mut derived = if request.configs.is_empty() {
        let path = request.manifest.clone().map_or_else(manifest::usual, Ok)?;
        let manifest = Manifest::load(&path, request.strictness, &mut findings)?;
        index = Index::load(&source)?;
        lock = LockFile::find(Some(&path), request)?;
        Derived { manifest, reasons: Vec::new(), configurations: Vec::new() }
    } else {
        index = Index::load(&source)?;
        lock = LockFile::find(None, request)?;
        derive::derive(&request.configs, request.name.as_deref(), &index, &mut findings)?
    };
    let if_missing = if request.skip_missing { IfMissing::LeaveOut } else { IfMissing::Refuse };
    let locked = lock.as_ref().and_then(LockFile::locked);
    let terms = Terms {
        network: request.network,
        strict: request.strictness.versions,
        if_missing,
        locked,
        vendored: request.vendored.as_ref(),
    };
    let plan = resolve::plan(&derived.manifest, &index, &source, terms, &mut findings)?;
    let notes = findings.notes();
    findings.into_result()?;
    for note in notes {
        report::remark(&note);
    }
    if derived.manifest.written.is_none() {
        let there = |class, name: &str| {
            plan.components.iter().any(|one| one.component.class == class && one.component.name == name)
        };
        let text = derive::print(&derived, there);
        derived.manifest.written = Some(manifest::Source { name: String::new(), text });
    }
    let Derived { manifest, configurations, .. } = derived;
    Ok(Read { source, index, manifest, plan, configurations, lock })
}

/// The configuration that the distribution starts with: the manifest's `dist.config`, or the one that the manifest was
/// derived from if it is to be built in. Configurations can hold secrets, so that nothing is shipped unasked.
pub(super) fn config(
    request: &Request,
    manifest: &Manifest,
    plan: &Plan,
    configurations: &[Configuration],
) -> Result<Option<String>, Error> {
    let read = |path: &PathBuf| fs::read_to_string(path).doing("read", path);
    let written = manifest.dist.config.as_ref().map(read).transpose()?;
    if !request.embed_config {
        return Ok(written);
    }
    if plan.components.len() < manifest.entries.len() {
        return Err(Error::manifest(
            "a collector that components were left out of cannot start with the configuration that wants them: build it \
             without --embed-config",
        ));
    }
    match configurations {
        [] if written.is_some() => Ok(written),
        [] => Err(Error::manifest(
            "--embed-config needs a configuration: name it in the manifest's `dist.config`, or with --from-config",
        )),
        [one] => Ok(Some(one.text.clone())),
        several => {
            let names: Vec<&str> = several.iter().map(|one| &*one.name).collect();
            Err(Error::manifest(format!(
                "--embed-config needs one configuration, and these are {}: {}",
                several.len(),
                names.join("; ")
            )))
        }
    }
}
