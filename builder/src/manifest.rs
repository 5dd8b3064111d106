//! The manifest as written: ocb's YAML, with the place of everything that can turn out to be wrong.
//!
//! Reading finds all that is wrong at once: what a [`Manifest`] could not take is in the [`Findings`], and nothing may be
//! built while there is an issue among them.

mod dist;
mod entry;
mod findings;
mod go_only;
mod gomod;
mod keys;
mod schema;
mod upstream;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use slimcol_config::{Issue, Node};

use crate::{class::Class, error::Error};

pub(crate) use self::{
    dist::{Dist, Lto, Panic},
    entry::{Crate, Entry, Origin, Reference, Wanted},
    findings::Findings,
    gomod::Gomod,
    upstream::officials,
};

/// What a manifest asks for.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// What the distribution is called and where it goes.
    pub(crate) dist: Dist,
    /// The components, in the order written.
    pub(crate) entries: Vec<Entry>,
}

/// How strictly to read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Strictness {
    /// Whether a Go module version later than the release that Slimcol follows is an error rather than a note.
    pub(crate) versions: bool,
}

/// The providers of a manifest that names none, as in ocb.
const DEFAULT_PROVIDERS: [&str; 5] = ["env", "file", "http", "https", "yaml"];

impl Manifest {
    /// Reads the manifest at `path`. The error is for what cannot be read as YAML at all.
    pub(crate) fn load(path: &Path, strictness: Strictness, findings: &mut Findings) -> Result<Self, Error> {
        let name = path.display().to_string();
        let unreadable = |e: io::Error| Error::manifest(format!("cannot read the manifest `{name}`: {e}"));
        let bytes = fs::read(path).map_err(unreadable)?;
        let text =
            String::from_utf8(bytes).map_err(|_| Error::manifest(format!("`{name}` is not UTF-8 text")))?;
        Self::parse(&name, &text, &base(path).map_err(unreadable)?, strictness, findings)
    }

    /// Reads the manifest `text`. Relative paths in it start from `base`.
    pub(crate) fn parse(
        name: &str,
        text: &str,
        base: &Path,
        strictness: Strictness,
        findings: &mut Findings,
    ) -> Result<Self, Error> {
        let root = slimcol_config::parse(name, text).map_err(|e| Error::Manifest(e.issues().to_vec()))?;
        let mut manifest = Self { dist: Dist::default(), entries: Vec::new() };
        if root.is_null() {
            findings.issue(nothing_to_build(&root));
            return Ok(manifest);
        }
        if !root.is_map() {
            findings.issue(
                Issue::new("a manifest is a mapping with keys such as `dist` and `receivers`")
                    .at(root.place().clone())
                    .help("start with `dist:`"),
            );
            return Ok(manifest);
        }
        let top = keys::Keys::open(&root, "", findings);
        manifest.dist = Dist::read(top.get("dist"), &root, base, findings);
        for class in Class::ALL {
            if let Some(section) = top.get(class.section()) {
                let read = entry::read(class, section, base, strictness, findings);
                manifest.entries.extend(read);
            }
        }
        let chosen = Class::ALL.into_iter().filter(|&class| class != Class::Provider);
        if !chosen.into_iter().any(|class| top.get(class.section()).is_some_and(|e| !is_empty(e.value()))) {
            findings.issue(nothing_to_build(&root));
        }
        let providers = top.get(Class::Provider.section());
        if providers.is_none_or(|entry| entry.value().is_null()) {
            let place = root.place();
            manifest.entries.extend(DEFAULT_PROVIDERS.map(|name| Entry::default_provider(name, place)));
        } else if let Some(entry) = providers.filter(|entry| is_empty(entry.value())) {
            findings.issue(
                Issue::new("without a provider the collector cannot read any configuration")
                    .at(entry.place().clone())
                    .help("list at least `file`, or leave `providers` out for all of them"),
            );
        }
        go_only::read(&top, findings);
        Ok(manifest)
    }
}

/// Whether a section holds nothing to choose from.
fn is_empty(section: &Node) -> bool {
    section.is_null()
        || section.items().is_some_and(<[_]>::is_empty)
        || section.is_map() && section.entries().is_empty()
}

fn nothing_to_build(root: &Node) -> Issue {
    Issue::new("nothing to build: the manifest lists no components")
        .at(root.place().clone())
        .help("list at least a receiver and an exporter")
}

/// The folder that a manifest's relative paths start from: its own, and for a manifest that is not a file the working one.
fn base(path: &Path) -> io::Result<PathBuf> {
    let path = std::path::absolute(path)?;
    if path.starts_with("/dev") || path.starts_with("/proc") {
        return std::env::current_dir();
    }
    Ok(path.parent().unwrap_or(&path).to_path_buf())
}
