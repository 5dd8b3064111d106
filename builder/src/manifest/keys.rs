//! A mapping of the manifest whose keys are known. ocb matches keys whatever their case, so do we; ocb ignores unknown
//! keys, we don't.

mod unknown;

use std::path::{Path, PathBuf};

use slimcol_config::{Entry, Issue, Node, Place, nearest};

use super::{Findings, schema};

/// The known keys of a mapping and what is written there.
pub(crate) struct Keys<'n> {
    entries: Vec<(&'static str, &'n Entry)>,
    complete: bool,
}

impl<'n> Keys<'n> {
    /// Reports the keys of `node` that the mapping called `path` in the [`schema`] does not have.
    pub(crate) fn open(node: &'n Node, path: &str, findings: &mut Findings) -> Self {
        let mut entries: Vec<(&'static str, &Entry)> = Vec::new();
        let mut complete = true;
        for entry in node.entries() {
            let Some(key) = schema::find(path, entry.key()).map(|key| key.name) else {
                complete = false;
                findings.issue(unknown::key(entry, path));
                continue;
            };
            if let Some((_, first)) = entries.iter().find(|(taken, _)| *taken == key) {
                let line = first.place().line();
                findings.issue(
                    Issue::new(format!("`{}` is `{}` of line {line} once more", entry.key(), first.key()))
                        .at(entry.place().clone()),
                );
                continue;
            }
            entries.push((key, entry));
        }
        Self { entries, complete }
    }

    /// The same for a mapping that is written at `entry`; null is an empty one.
    pub(crate) fn within(entry: &'n Entry, path: &str, findings: &mut Findings) -> Self {
        let value = entry.value();
        if !value.is_map() && !value.is_null() {
            let issue = Issue::new(format!("`{path}` is a mapping")).at(entry.place().clone());
            findings.issue(if value.items().is_some() {
                issue.help("write its keys without `-` before them")
            } else {
                issue.help(format!("its keys are {}", listed(unknown::useful(path))))
            });
        }
        Self::open(value, path, findings)
    }

    /// What is written at `key`.
    pub(crate) fn get(&self, key: &str) -> Option<&'n Entry> {
        self.entries.iter().find(|(known, _)| *known == key).map(|(_, entry)| *entry)
    }

    /// Whether every key was known. If not, what seems to be missing may just be misspelt, and that was reported.
    pub(crate) const fn complete(&self) -> bool {
        self.complete
    }
}

/// Words as a message lists them: `` `a`, `b`, `c` ``.
pub(crate) fn listed<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    words.into_iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ")
}

/// Words of which one is meant: `` `a`, `b` or `c` ``.
fn either(words: &[&str]) -> String {
    match words {
        [.., _, last] => format!("{} or `{last}`", listed(words[..words.len() - 1].iter().copied())),
        words => listed(words.iter().copied()),
    }
}

/// The text of a scalar as written: `version: 1.10` stays `1.10`. Null is nothing, anything but a scalar an issue.
pub(crate) fn text(entry: &Entry, findings: &mut Findings) -> Option<String> {
    let value = entry.value();
    if let Some(text) = value.as_str() {
        return Some(text.to_owned());
    }
    if value.is_map() || value.items().is_some() {
        findings.issue(Issue::new(format!("`{}` is a text", entry.key())).at(entry.place().clone()));
        return None;
    }
    if value.is_null() { None } else { as_written(value.place()) }
}

/// The same for an entry that must hold something.
pub(crate) fn filled(entry: &Entry, findings: &mut Findings) -> Option<String> {
    let blank = entry.value().is_null() || entry.value().as_str().is_some_and(|text| text.trim().is_empty());
    if blank {
        findings.issue(Issue::new(format!("`{}` is empty", entry.key())).at(entry.place().clone()));
        return None;
    }
    text(entry, findings)
}

/// A path from `base`, without `.` in it. What a shell would have expanded is an issue.
pub(crate) fn path(entry: &Entry, base: &Path, findings: &mut Findings) -> Option<PathBuf> {
    let path = filled(entry, findings)?;
    if let Some((what, help)) = of_a_shell(&path) {
        let issue = Issue::new(format!("`{what}` is not expanded in a manifest"));
        findings.issue(issue.at(entry.value_place().clone()).help(help));
        return None;
    }
    Some(base.join(path).components().collect())
}

/// What of a path only a shell expands, and what to write instead.
fn of_a_shell(path: &str) -> Option<(String, String)> {
    if let Some(rest) = path.strip_prefix('~') {
        let user = rest.split('/').next().unwrap_or_default();
        let help = if user.is_empty() {
            format!("write `${{env:HOME}}{rest}`, or `./{path}` for a folder of that name")
        } else {
            format!("write the folder out, or `./{path}` for a folder of that name")
        };
        return Some((format!("~{user}"), help));
    }
    let start = path.find('$')?;
    let rest = &path[start + 1..];
    let end = rest.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(rest.len());
    let name = &rest[..end];
    if !name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') {
        return None;
    }
    Some((format!("${name}"), format!("write `${{env:{name}}}`")))
}

/// `true` or `false`; also ocb's `"true"`.
pub(crate) fn flag(entry: &Entry, findings: &mut Findings) -> Option<bool> {
    let value = entry.value();
    let read = value.as_bool().or_else(|| match value.as_str() {
        Some("true") => Some(true),
        Some("false") => Some(false),
        _ => None,
    });
    if read.is_none() && !value.is_null() {
        let issue = Issue::new(format!("`{}` is `true` or `false`", entry.key()));
        findings.issue(issue.at(entry.value_place().clone()));
    }
    read
}

/// The items of a list; null is an empty one, anything else an issue that shows how `example` would be written.
pub(crate) fn list<'n>(entry: &'n Entry, example: &str, findings: &mut Findings) -> &'n [Node] {
    let value = entry.value();
    if let Some(items) = value.items() {
        return items;
    }
    if !value.is_null() {
        findings.issue(
            Issue::new(format!("`{}` is a list", entry.key()))
                .at(entry.place().clone())
                .help(format!("write each item as `- {example}`")),
        );
    }
    &[]
}

/// What one of some words means.
pub(crate) fn choice<T: Copy, const N: usize>(
    entry: &Entry,
    words: [(&'static str, T); N],
    findings: &mut Findings,
) -> Option<T> {
    let written = text(entry, findings)?;
    let found = words.iter().find(|(word, _)| *word == written).map(|(_, meaning)| *meaning);
    if found.is_none() {
        let words = words.map(|(word, _)| word);
        let issue = Issue::new(format!("`{}` cannot be `{written}`", entry.key()));
        let issue = issue.at(entry.value_place().clone());
        findings.issue(match nearest(&written, words) {
            Some(word) => issue.meant(Some(word)),
            None => issue.help(format!("it is {}", either(&words))),
        });
    }
    found
}

fn as_written(place: &Place) -> Option<String> {
    let line = place.text()?;
    Some(line.chars().skip(place.column() - 1).take(place.width()).collect())
}
