//! `crate: NAME`: a component from a folder, a git repository or a registry.

use std::path::{Path, PathBuf};

use slimcol_config::{Entry as Pair, Issue, Place};

use super::{Entry, Wanted, existing_folder};
use crate::{
    class::Class,
    manifest::{Findings, Input, keys},
};

/// A component's crate and where it comes from.
#[derive(Clone, Debug)]
pub(crate) struct Crate {
    /// The package's name.
    pub(crate) name: String,
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// Features to turn on.
    pub(crate) features: Vec<Feature>,
    /// Whether its default features are on.
    pub(crate) default_features: bool,
}

/// A feature and where it is asked for.
#[derive(Clone, Debug)]
pub(crate) struct Feature {
    /// Its name.
    pub(crate) name: String,
    /// Where that is written.
    pub(crate) place: Place,
}

/// Where a crate comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// Slimcol's sources.
    Own,
    /// A folder, which exists.
    Path(PathBuf),
    /// A git repository.
    Git { url: String, reference: Reference },
    /// A registry that cargo's configuration names, or crates.io; the requirement is one of cargo's.
    Registry { requirement: String, registry: Option<String> },
}

/// What of a git repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Reference {
    /// The default branch.
    Default,
    /// A commit.
    Rev(String),
    /// A tag.
    Tag(String),
    /// A branch.
    Branch(String),
}

/// Reads an entry that has `crate`.
pub(super) fn read(
    class: Class,
    keys: &keys::Keys<'_>,
    base: &Path,
    findings: &mut Findings,
) -> Option<Entry> {
    let named = keys.get("crate")?;
    let name = keys::filled(named, findings);
    if let Some(name) = name.as_ref().filter(|name| !is_package_name(name)) {
        let issue = Issue::new(format!("`{name}` is not a crate's name"));
        findings.issue(
            issue.at(named.value_place().clone()).help("letters, digits, `-` and `_`, a letter first"),
        );
        return None;
    }
    let features = read_features(keys.get("features"), findings);
    let default_features =
        keys.get("default-features").and_then(|entry| keys::flag(entry, findings)).unwrap_or(true);
    let origin = read_origin(keys, base, findings)?;
    let wanted = Wanted::Crate(Crate { name: name?, origin, features, default_features });
    Some(Entry { class, wanted, place: named.value_place().clone() })
}

/// Where the crate comes from. Nothing when what is written is wrong and reported.
fn read_origin(keys: &keys::Keys<'_>, base: &Path, findings: &mut Findings) -> Option<Origin> {
    let given: Vec<(&str, &Pair)> =
        ["path", "git", "version"].into_iter().filter_map(|key| Some((key, keys.get(key)?))).collect();
    if let [(first, _), (second, entry), ..] = given[..] {
        let issue = Issue::new(format!("a crate comes from one place, and `{first}` is already one"));
        findings.issue(issue.at(entry.place().clone()).help(format!("keep `{first}` or `{second}`")));
        return None;
    }
    let references: Vec<(&str, &Pair)> =
        ["rev", "tag", "branch"].into_iter().filter_map(|key| Some((key, keys.get(key)?))).collect();
    let git = given.first().is_some_and(|(key, _)| *key == "git");
    if let Some((key, entry)) = references.get(usize::from(git)) {
        let why = if git { "of `rev`, `tag` and `branch` only one" } else { "it is for `git:` only" };
        findings.issue(Issue::new(format!("`{key}` is too much: {why}")).at(entry.place().clone()));
        return None;
    }
    let registry = keys.get("registry");
    if let Some(entry) = registry.filter(|_| given.first().is_none_or(|(key, _)| *key != "version")) {
        let issue = Issue::new("`registry` is too much: it is for `version:` only");
        findings.issue(issue.at(entry.place().clone()));
        return None;
    }
    let Some(&(key, entry)) = given.first() else { return Some(Origin::Own) };
    Some(match key {
        "path" => Origin::Path(existing_folder(entry, base, findings)?),
        "version" => {
            let requirement = read_requirement(entry, findings)?;
            let registry = match registry {
                Some(entry) => Some(read_registry(entry, findings)?),
                None => None,
            };
            Origin::Registry { requirement, registry }
        }
        _ => {
            let url = read_url(entry, base, findings)?;
            let reference = match references.first() {
                None => Reference::Default,
                Some((key, entry)) => {
                    let text = keys::filled(entry, findings)?;
                    match *key {
                        "rev" => Reference::Rev(text),
                        "tag" => Reference::Tag(text),
                        _ => Reference::Branch(text),
                    }
                }
            };
            Origin::Git { url, reference }
        }
    })
}

/// A git URL as cargo takes it; a path to a local repository starts from the manifest, as all paths.
fn read_url(entry: &Pair, base: &Path, findings: &mut Findings) -> Option<String> {
    let text = keys::filled(entry, findings)?;
    if let Some((scheme, rest)) = text.split_once("://") {
        let host = rest.split('/').next().unwrap_or_default();
        if scheme.is_empty() || host.is_empty() && scheme != "file" || text.contains(char::is_whitespace) {
            let issue = Issue::new(format!("`{text}` is not a URL")).at(entry.value_place().clone());
            findings.issue(issue.help("for example `https://example.com/me/my-exporter.git`"));
            return None;
        }
        return Some(text);
    }
    let path = base.join(&text);
    if let Ok(path) = path.canonicalize() {
        let url = format!("file://{}", path.display());
        findings.input(entry.value_place(), Input::Url(url.clone()));
        return Some(url);
    }
    let issue = Issue::new(format!("`{text}` is neither a URL nor a folder")).at(entry.value_place().clone());
    findings.issue(match url_of(&text) {
        Some(url) => issue.meant(Some(&url)),
        None => issue.help("for example `https://example.com/me/my-exporter.git`"),
    });
    None
}

/// The URL for what git and people also write: `git@HOST:PATH`, and a host without a scheme.
fn url_of(text: &str) -> Option<String> {
    if let Some((login, path)) = text.split_once(':').filter(|(login, _)| login.contains('@')) {
        return Some(format!("ssh://{login}/{path}"));
    }
    let (host, path) = text.split_once('/')?;
    let is_host = host.contains('.') && !host.starts_with('.') && !host.contains(char::is_whitespace);
    (is_host && !path.is_empty()).then(|| format!("https://{text}"))
}

fn read_requirement(entry: &Pair, findings: &mut Findings) -> Option<String> {
    let text = keys::filled(entry, findings)?;
    if cargo_metadata::semver::VersionReq::parse(&text).is_err() {
        let issue =
            Issue::new(format!("`{text}` is not a version requirement")).at(entry.value_place().clone());
        findings.issue(issue.help("as in a Cargo.toml: `1.2.3`, or `=1.2.3` for exactly that"));
        return None;
    }
    Some(text)
}

/// The name of a registry, as cargo's configuration has it.
fn read_registry(entry: &Pair, findings: &mut Findings) -> Option<String> {
    let name = keys::filled(entry, findings)?;
    if is_package_name(&name) {
        return Some(name);
    }
    let issue = Issue::new(format!("`{name}` is not a registry's name")).at(entry.value_place().clone());
    findings.issue(issue.help("the name that it has in cargo's configuration: `[registries.my-company]`"));
    None
}

fn read_features(entry: Option<&Pair>, findings: &mut Findings) -> Vec<Feature> {
    let Some(entry) = entry else { return Vec::new() };
    let mut features = Vec::new();
    for item in keys::list(entry, "my-feature", findings) {
        match item.as_str().filter(|text| is_feature_name(text)) {
            Some(text) => features.push(Feature { name: text.to_owned(), place: item.place().clone() }),
            None => findings.issue(Issue::new("a feature is a name").at(item.place().clone())),
        }
    }
    features
}

/// Whether cargo takes `name` for a package's.
pub(in crate::manifest) fn is_package_name(name: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
    name.starts_with(|c: char| c.is_ascii_alphabetic()) && name.chars().all(plain) && name.len() <= 64
}

fn is_feature_name(name: &str) -> bool {
    !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '+' | '.'))
}
