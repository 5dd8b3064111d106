//! `replaces` and `excludes`: lines for Rust crates, beside ocb's lines for Go modules.
//!
//! A Go module's path has a dot or a slash in it and its version a `v`, a crate's name and version have neither. So both can
//! stand in one list, and ocb's manifests load as they are.

use std::path::{Path, PathBuf};

use cargo_metadata::semver::{Version, VersionReq};
use slimcol_config::{Entry as Pair, Issue, Node, Place};

use super::{
    Findings, Gomod, Input, Origin, Reference,
    entry::{existing, is_package_name},
    gomod,
    keys::{self, Keys},
};
use crate::credentials;

/// A crate that another stands in for.
#[derive(Clone, Debug)]
pub(crate) struct Replacement {
    /// The crate's name.
    pub(crate) name: String,
    /// Which versions of it are meant; nothing is all.
    pub(crate) requirement: Option<VersionReq>,
    /// What stands in: a folder, a repository, or one version of the same.
    pub(crate) by: Origin,
    /// Where that was written.
    pub(crate) place: Place,
}

/// A crate that must not be linked.
#[derive(Clone, Debug)]
pub(crate) struct Exclusion {
    /// The crate's name.
    pub(crate) name: String,
    /// Which versions of it are meant; nothing is all.
    pub(crate) requirement: Option<VersionReq>,
    /// Where that was written.
    pub(crate) place: Place,
}

/// What both keys say.
#[derive(Clone, Debug, Default)]
pub(crate) struct Directives {
    /// `replaces` of crates.
    pub(crate) replacements: Vec<Replacement>,
    /// `excludes` of crates.
    pub(crate) exclusions: Vec<Exclusion>,
    /// Go modules that folders with a crate in them stand in for.
    pub(super) modules: Vec<(String, PathBuf)>,
}

const REPLACES: &str =
    "as in `serde 1.0 => ../serde`, `serde => 1.0.200`, or for a Go module `a.b/c v1.0.0 => d.e/f v1.1.0`";
const EXCLUDES: &str = "as in `openssl`, `serde <1.0.100`, or for a Go module `a.b/c v1.0.0`";

impl Directives {
    /// Reads both keys. Relative paths start from `base`.
    pub(super) fn read(top: &Keys<'_>, base: &Path, findings: &mut Findings) -> Self {
        let mut it = Self::default();
        if let Some(entry) = top.get("replaces") {
            let mut go = 0;
            for item in keys::list(entry, "serde => ../serde", findings) {
                match item.as_str().filter(|text| !text.trim().is_empty()) {
                    Some(text) => go += usize::from(it.replacement(text, item, base, findings)),
                    None => findings.issue(wrong("replaces", item).help(REPLACES)),
                }
            }
            note(entry, go, findings);
        }
        if let Some(entry) = top.get("excludes") {
            let mut go = 0;
            for item in keys::list(entry, "openssl", findings) {
                match item.as_str().filter(|text| !text.trim().is_empty()) {
                    Some(text) => go += usize::from(it.exclusion(text, item, findings)),
                    None => findings.issue(wrong("excludes", item).help(EXCLUDES)),
                }
            }
            note(entry, go, findings);
        }
        it
    }

    /// Reads an item of `replaces`; whether it is a line for Go that means nothing here.
    fn replacement(&mut self, text: &str, item: &Node, base: &Path, findings: &mut Findings) -> bool {
        let place = item.place();
        let Some((left, right)) = text.split_once("=>") else {
            findings.issue(wrong("replaces", item).help(REPLACES));
            return false;
        };
        let right: Vec<&str> = right.split_whitespace().collect();
        let Some((name, requirement)) = of_crate(left) else {
            return self.replaced_module(left, &right, item, base, findings);
        };
        let Ok(requirement) = requirement.map(VersionReq::parse).transpose() else {
            findings.issue(wrong_requirement(left, place));
            return false;
        };
        let by = match right[..] {
            [folder] if folder.starts_with(['.', '/']) => {
                let path: PathBuf = base.join(folder).components().collect();
                let path = existing(&path, place, findings);
                if let Some(path) = &path {
                    findings.input(place, Input::Substitute(left.trim().to_owned(), path.clone()));
                }
                path.map(Origin::Path)
            }
            [url] if url.contains("://") => repository(url, Reference::Default, place, findings),
            [url, kind, text] if url.contains("://") => {
                let reference = reference(kind, text);
                if reference.is_none() {
                    let issue = Issue::new(format!("`{kind}` is not `rev`, `tag` or `branch`"));
                    findings.issue(issue.at(place.clone()));
                }
                reference.and_then(|reference| repository(url, reference, place, findings))
            }
            [version] if Version::parse(version.trim_start_matches('=')).is_ok() => {
                let requirement = format!("={}", version.trim_start_matches('='));
                Some(Origin::Registry { requirement, registry: None })
            }
            _ => {
                let issue =
                    Issue::new(format!("`{name}` is replaced by a folder, a repository or a version"));
                findings.issue(issue.at(place.clone()).help(REPLACES));
                None
            }
        };
        let Some(by) = by else { return false };
        if let Some(first) = self.replacements.iter().find(|other| other.name == name) {
            let issue = Issue::new(format!("`{name}` is replaced on line {} already", first.place.line()));
            findings.issue(issue.at(place.clone()).help("delete one of the two"));
            return false;
        }
        self.replacements.push(Replacement { name, requirement, by, place: place.clone() });
        false
    }

    /// `MODULE [VERSION] => MODULE VERSION` or `… => FOLDER`. A folder with a crate in it means something here.
    fn replaced_module(
        &mut self,
        left: &str,
        right: &[&str],
        item: &Node,
        base: &Path,
        findings: &mut Findings,
    ) -> bool {
        let version = |text: &str| gomod::parse_version(text).is_some();
        let module = match left.split_whitespace().collect::<Vec<_>>()[..] {
            [path] if gomod::is_path(path) => Some(path),
            [path, of] if gomod::is_path(path) && version(of) => Some(path),
            _ => None,
        };
        match (module, right) {
            (Some(module), [folder]) if folder.starts_with(['.', '/']) => {
                let folder = base.join(folder);
                let is_crate = folder.join("Cargo.toml").is_file();
                if let (true, Ok(folder)) = (is_crate, folder.canonicalize()) {
                    findings.input(item.place(), Input::Substitute(left.trim().to_owned(), folder.clone()));
                    self.modules.push((module.to_owned(), folder));
                }
                !is_crate
            }
            (Some(_), [path, of]) if gomod::is_path(path) && version(of) => true,
            _ => {
                findings.issue(wrong("replaces", item).help(REPLACES));
                false
            }
        }
    }

    /// Reads an item of `excludes`; whether it is a line for Go.
    fn exclusion(&mut self, text: &str, item: &Node, findings: &mut Findings) -> bool {
        let place = item.place();
        let Some((name, requirement)) = of_crate(text) else {
            let is_go = Gomod::parse(text).is_ok();
            if !is_go {
                findings.issue(wrong("excludes", item).help(EXCLUDES));
            }
            return is_go;
        };
        match requirement.map(VersionReq::parse).transpose() {
            Ok(requirement) => self.exclusions.push(Exclusion { name, requirement, place: place.clone() }),
            Err(_) => findings.issue(wrong_requirement(text, place)),
        }
        false
    }
}

/// The crate and the requirement that `NAME` or `NAME REQUIREMENT` says, if it is no Go module.
fn of_crate(text: &str) -> Option<(String, Option<&str>)> {
    let text = text.trim();
    let (name, rest) =
        text.split_once(char::is_whitespace).map_or((text, None), |(name, rest)| (name, Some(rest.trim())));
    let is_go = rest.is_some_and(|rest| gomod::parse_version(rest).is_some());
    let wordy = rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_alphabetic()));
    (is_package_name(name) && !is_go && !wordy).then(|| (name.to_owned(), rest))
}

fn reference(kind: &str, text: &str) -> Option<Reference> {
    let text = text.to_owned();
    Some(match kind {
        "rev" => Reference::Rev(text),
        "tag" => Reference::Tag(text),
        "branch" => Reference::Branch(text),
        _ => return None,
    })
}

/// A repository whose URL will stand in the generated workspace.
fn repository(url: &str, reference: Reference, place: &Place, findings: &mut Findings) -> Option<Origin> {
    if credentials::are_in(url) {
        let issue =
            Issue::new("a replacement's URL is written into the workspace, and this one has a login in it");
        findings.issue(issue.at(place.clone()).help("leave that to git's credential helpers"));
        return None;
    }
    Some(Origin::Git { url: url.to_owned(), reference })
}

fn wrong(key: &str, item: &Node) -> Issue {
    Issue::new(format!("not a line of `{key}`")).at(item.place().clone())
}

fn wrong_requirement(text: &str, place: &Place) -> Issue {
    let version = text.trim().split_once(char::is_whitespace).map_or("", |(_, rest)| rest.trim());
    let issue = Issue::new(format!("`{version}` is not a version requirement")).at(place.clone());
    issue.help("as in a Cargo.toml: `1.2`, `<1.0.100`")
}

/// Says once that lines for go.mod mean nothing.
fn note(entry: &Pair, go: usize, findings: &mut Findings) {
    if go > 0 {
        let lines = if go == 1 { "a line".to_owned() } else { format!("{go} lines") };
        let what = format!("`{}` has {lines} for go.mod; no Go module is used here", entry.key());
        findings.note(Issue::new(what).at(entry.place().clone()));
    }
}
