//! The manifest as written: ocb's YAML, with the place of everything that can turn out to be wrong.
//!
//! Reading finds all that is wrong at once: what a [`Manifest`] could not take is in the [`Findings`], and nothing may be
//! built while there is an issue among them.

mod directives;
mod dist;
mod entry;
mod file;
mod findings;
mod go_only;
mod gomod;
mod keys;
mod mistaken;
mod overrides;
mod schema;
mod upstream;
mod variables;

use std::path::{Path, PathBuf};

use slimcol_config::{Issue, Node, Place};

use crate::{class::Class, error::Error};

pub(crate) use self::{
    directives::{Directives, Exclusion, Replacement},
    dist::{Dist, Licenses, Lto, Panic, check_name, is_account},
    entry::{Crate, Entry, Feature, Origin, Reference, Wanted},
    file::usual,
    findings::{Findings, Input},
    gomod::Gomod,
    keys::listed,
    upstream::{Official, officials},
};

/// What a manifest asks for.
#[derive(Debug)]
pub(crate) struct Manifest {
    /// What the distribution is called and where it goes.
    pub(crate) dist: Dist,
    /// The components, in the order written.
    pub(crate) entries: Vec<Entry>,
    /// The folder that relative paths start from.
    pub(crate) base: PathBuf,
    /// Which crates others stand in for, and which must not be there.
    pub(crate) directives: Directives,
    /// What it was read from, or what it is as a file.
    pub(crate) written: Option<Source>,
    /// What it names on the disk, and where it says so.
    pub(crate) inputs: Vec<(Place, Input)>,
}

/// The text of a manifest.
#[derive(Clone, Debug)]
pub(crate) struct Source {
    /// What places in it call it.
    pub(crate) name: String,
    /// The text.
    pub(crate) text: String,
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
    /// Reads the manifest at `path`; `-` is standard input. The error is for what cannot be read as YAML at all.
    pub(crate) fn load(path: &Path, strictness: Strictness, findings: &mut Findings) -> Result<Self, Error> {
        let file::Written { name, text, base } = file::read(path)?;
        let unreadable = |e: slimcol_config::Error| Error::Manifest(e.issues().to_vec());
        let mut documents = slimcol_config::parse_all(&name, &text).map_err(unreadable)?.into_iter();
        let Some(root) = documents.next() else {
            findings.issue(nothing_to_build(&Place::named(name)));
            return Ok(Self::empty(base));
        };
        for further in documents.filter(|document| !document.is_null()) {
            findings.issue(
                Issue::new("a second document: a manifest is one, and ocb ignores what follows")
                    .at(further.place().clone())
                    .help("delete it, or move it to a file of its own"),
            );
        }
        let manifest = Self::read(root, &base, strictness, findings);
        Ok(Self { written: Some(Source { name, text }), ..manifest })
    }

    /// Reads a manifest from its YAML, as far as it is right. Relative paths in it start from `base`. Environment variables
    /// count as far as they are meant for it: `SLIMCOL_DIST_…`, and those that `${env:…}` asks for.
    pub(crate) fn read(mut root: Node, base: &Path, strictness: Strictness, findings: &mut Findings) -> Self {
        let mut manifest = Self::empty(base.to_path_buf());
        if !root.is_null() && !root.is_map() {
            findings.issue(
                Issue::new("a manifest is a mapping with keys such as `dist` and `receivers`")
                    .at(root.place().clone())
                    .help("start with `dist:`"),
            );
            return manifest;
        }
        if root.is_null() || root.entries().is_empty() {
            findings.issue(nothing_to_build(root.place()));
            return manifest;
        }
        if let Some(issue) = mistaken::issue(&root) {
            findings.issue(issue);
            return manifest;
        }
        overrides::apply(&mut root, findings);
        // What could not be expanded would be wrong in other ways too, all for one reason.
        if !variables::expand(&mut root, |name| std::env::var(name).ok(), findings) {
            return manifest;
        }
        let top = keys::Keys::open(&root, "", findings);
        manifest.dist = Dist::read(&top, &root, base, findings);
        for class in Class::ALL {
            if let Some(section) = top.get(class.section()) {
                let read = entry::read(class, section, base, strictness, findings);
                manifest.entries.extend(read);
            }
        }
        let chosen = Class::ALL.into_iter().filter(|&class| class != Class::Provider);
        let chosen = chosen
            .into_iter()
            .any(|class| top.get(class.section()).is_some_and(|entry| !is_empty(entry.value())));
        if !chosen && top.complete() {
            findings.issue(nothing_to_build(root.place()));
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
        manifest.directives = Directives::read(&top, base, findings);
        for entry in &mut manifest.entries {
            entry.take_from(&manifest.directives.modules);
        }
        manifest.inputs = findings.take_inputs();
        manifest
    }

    /// One that says nothing yet.
    pub(crate) fn empty(base: PathBuf) -> Self {
        Self {
            dist: Dist::default(),
            entries: Vec::new(),
            base,
            directives: Directives::default(),
            written: None,
            inputs: Vec::new(),
        }
    }
}

/// Whether a section holds nothing to choose from.
fn is_empty(section: &Node) -> bool {
    section.is_null()
        || section.items().is_some_and(<[_]>::is_empty)
        || section.is_map() && section.entries().is_empty()
}

fn nothing_to_build(place: &Place) -> Issue {
    Issue::new("nothing to build: the manifest lists no components")
        .at(place.clone())
        .help("list at least a receiver and an exporter")
}

#[cfg(test)]
mod tests;
