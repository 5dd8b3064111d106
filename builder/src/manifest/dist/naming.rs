//! What a distribution calls itself.

use slimcol_config::{Entry, Issue};

use crate::manifest::{
    Findings,
    keys::{self, Keys},
};

/// A distribution without a name.
pub(super) fn missing() -> Issue {
    Issue::new("`dist.name` is missing: it becomes the binary's name")
        .help("for example `name: otelcol-custom`")
}

/// A name that is one file's, on every system, and an image's. Empty when it is missing or wrong, which is reported.
pub(super) fn name(keys: &Keys<'_>, dist: &Entry, findings: &mut Findings) -> String {
    let Some(entry) = keys.get("name") else {
        // What `dist` is instead of a mapping has been reported, and so has a misspelt key.
        if dist.value().is_map() && keys.complete() {
            findings.issue(missing().at(dist.place().clone()));
        }
        return String::new();
    };
    let Some(name) = keys::filled(entry, findings) else { return String::new() };
    match check(&name) {
        Ok(()) => name,
        Err(issue) => {
            findings.issue(issue.at(entry.value_place().clone()));
            String::new()
        }
    }
}

/// Whether `name` can be a binary's.
pub(crate) fn check(name: &str) -> Result<(), Issue> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let right =
        name.starts_with(|c: char| c.is_ascii_alphanumeric()) && name.chars().all(plain) && name.len() <= 64;
    if right {
        return Ok(());
    }
    Err(Issue::new(format!("`{name}` cannot be a binary's name"))
        .help("use up to 64 letters, digits, `-`, `_` and `.`, a letter or digit first"))
}

/// The version, which may be empty.
pub(super) fn version(keys: &Keys<'_>, findings: &mut Findings) -> String {
    let Some(entry) = keys.get("version") else { return String::new() };
    let Some(version) = keys::text(entry, findings) else { return String::new() };
    if version.len() <= 64 && version.chars().all(|c| c.is_ascii_graphic()) {
        return version;
    }
    findings.issue(
        Issue::new("a version is up to 64 printable characters without blanks")
            .at(entry.value_place().clone()),
    );
    String::new()
}

/// The description, which may be empty.
pub(super) fn description(keys: &Keys<'_>, findings: &mut Findings) -> String {
    keys.get("description").and_then(|entry| keys::text(entry, findings)).unwrap_or_default()
}
