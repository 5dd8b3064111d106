//! `dist`: what the distribution is called and where it goes.

use std::path::{Path, PathBuf};

use slimcol_config::{Entry, Issue, Node, nearest};

use super::{Findings, go_only, keys};

/// What a manifest says of the distribution as a whole.
#[derive(Debug, Default)]
pub(crate) struct Dist {
    /// The binary's name, which is also the collector's command.
    pub(crate) name: String,
    /// The distribution's version; may be empty.
    pub(crate) version: String,
    /// What the distribution is for, in a line; may be empty.
    pub(crate) description: String,
    /// Where the binary goes.
    pub(crate) output_path: Option<PathBuf>,
    /// The configuration that images start with.
    pub(crate) config: Option<PathBuf>,
    /// Whether symbols and line numbers stay in the binary.
    pub(crate) debug: bool,
    /// What a panic does.
    pub(crate) panic: Panic,
    /// How much is optimised across crates.
    pub(crate) lto: Lto,
}

/// How much is optimised across crates when a collector is linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lto {
    /// Each crate sees what it calls; all processors work on it.
    #[default]
    Thin,
    /// All crates are one. The binary is a tenth smaller, and one processor links it for half as long again.
    Fat,
}

/// What a panic in a collector does.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Panic {
    /// It ends the component's task; the collector reports it and shuts down in order.
    #[default]
    Unwind,
    /// It ends the process at once, as in Go. The binary is a fifth smaller.
    Abort,
}

const KEYS: [&str; 14] = [
    "module",
    "name",
    "go",
    "description",
    "output_path",
    "version",
    "build_tags",
    "debug_compilation",
    "cgo_enabled",
    "use_absolute_replace_paths",
    "resource",
    "config",
    "panic",
    "lto",
];

impl Dist {
    /// Reads `dist`. Relative paths start from `base`.
    pub(super) fn read(entry: Option<&Entry>, root: &Node, base: &Path, findings: &mut Findings) -> Self {
        let mut dist = Self::default();
        let Some(entry) = entry.filter(|entry| !entry.value().is_null()) else {
            let place = entry.map_or_else(|| root.place(), Entry::place);
            findings.issue(no_name().at(place.clone()));
            return dist;
        };
        let keys = keys::Keys::within(entry, "dist", &KEYS, findings);
        match keys.get("name") {
            None if !entry.value().is_map() => {}
            None => findings.issue(no_name().at(entry.place().clone())),
            Some(name) => dist.name = read_name(name, findings).unwrap_or_default(),
        }
        let text = |key, findings: &mut Findings| keys.get(key).and_then(|entry| keys::text(entry, findings));
        dist.description = text("description", findings).unwrap_or_default();
        dist.version =
            keys.get("version").and_then(|version| read_version(version, findings)).unwrap_or_default();
        dist.output_path = keys.get("output_path").and_then(|path| read_output_path(path, base, findings));
        dist.config = keys.get("config").and_then(|path| read_config(path, base, findings));
        dist.debug =
            keys.get("debug_compilation").and_then(|entry| keys::flag(entry, findings)).unwrap_or(false);
        let panics = [("unwind", Panic::Unwind), ("abort", Panic::Abort)];
        dist.panic = keys.get("panic").and_then(|entry| choice(entry, panics, findings)).unwrap_or_default();
        let ltos = [("thin", Lto::Thin), ("fat", Lto::Fat)];
        dist.lto = keys.get("lto").and_then(|entry| choice(entry, ltos, findings)).unwrap_or_default();
        go_only::read_dist(&keys, base, findings);
        dist
    }
}

fn no_name() -> Issue {
    Issue::new("`dist.name` is missing: it becomes the binary's name")
        .help("for example `name: otelcol-custom`")
}

/// A name that is one file's, on every system, and an image's.
fn read_name(entry: &Entry, findings: &mut Findings) -> Option<String> {
    let name = keys::filled(entry, findings)?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let right =
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(plain) && name.len() <= 64;
    if !right {
        findings.issue(
            Issue::new(format!("`{name}` cannot be a binary's name"))
                .at(entry.value_place().clone())
                .help("use up to 64 letters, digits, `-`, `_` and `.`, a letter or digit first"),
        );
    }
    right.then_some(name)
}

fn read_version(entry: &Entry, findings: &mut Findings) -> Option<String> {
    let version = keys::text(entry, findings)?;
    let right = version.len() <= 64 && version.chars().all(|c| c.is_ascii_graphic());
    if !right {
        findings.issue(
            Issue::new("a version is up to 64 printable characters without blanks")
                .at(entry.value_place().clone()),
        );
    }
    right.then_some(version)
}

fn read_output_path(entry: &Entry, base: &Path, findings: &mut Findings) -> Option<PathBuf> {
    let path = keys::path(entry, base, findings)?;
    // A parent that is a file is as much in the way as the path itself.
    let blocking = path.ancestors().find(|part| part.exists()).filter(|part| !part.is_dir());
    if let Some(file) = blocking {
        let issue = Issue::new(format!("`{}` is a file: nothing can be written below it", file.display()));
        findings.issue(issue.at(entry.value_place().clone()));
        return None;
    }
    Some(path)
}

/// One of two words.
fn choice<T: Copy>(entry: &Entry, words: [(&'static str, T); 2], findings: &mut Findings) -> Option<T> {
    let written = keys::text(entry, findings)?;
    let found = words.iter().find(|(word, _)| *word == written).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let [one, other] = words.map(|(word, _)| word);
        let issue = Issue::new(format!("`{}` cannot be `{written}`", entry.key()));
        let issue = issue.at(entry.value_place().clone());
        findings.issue(match nearest(&written, [one, other]) {
            Some(word) => issue.meant(Some(word)),
            None => issue.help(format!("it is `{one}` or `{other}`")),
        });
    }
    found
}

fn read_config(entry: &Entry, base: &Path, findings: &mut Findings) -> Option<PathBuf> {
    let path = keys::path(entry, base, findings)?;
    if !path.is_file() {
        let issue = Issue::new(format!("there is no file `{}`", path.display()));
        findings.issue(issue.at(entry.value_place().clone()));
        return None;
    }
    Some(path)
}
