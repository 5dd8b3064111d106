//! Which licences a distribution may have in it.

use slimcol_config::{Issue, Node, Place, nearest};
use spdx::{Expression, Licensee, ParseMode};

use crate::manifest::{
    Findings,
    keys::{self, Keys},
};

/// The licences that linked crates may have.
#[derive(Clone, Debug)]
pub(crate) struct Licenses {
    /// Where the list is.
    pub(crate) place: Place,
    /// What is in it: each a licence, or a licence with an exception.
    pub(crate) allowed: Vec<Licensee>,
}

/// Reads the list; without it, every licence is fine.
pub(super) fn licenses(keys: &Keys<'_>, findings: &mut Findings) -> Option<Licenses> {
    let entry = keys.get("licenses").filter(|entry| !entry.value().is_null())?;
    let items = keys::list(entry, "MIT", findings);
    if entry.value().items().is_some_and(<[_]>::is_empty) {
        let issue = Issue::new("`licenses` allows none, and every collector has crates in it");
        let issue = issue.at(entry.place().clone());
        findings.issue(issue.help("list licences, for example `[Apache-2.0, MIT]`, or delete the line"));
    }
    let mut allowed = Vec::new();
    for item in items {
        match read(item) {
            Ok(licensee) => allowed.push(licensee),
            Err(issue) => findings.issue(issue.at(item.place().clone())),
        }
    }
    Some(Licenses { place: entry.place().clone(), allowed })
}

fn read(item: &Node) -> Result<Licensee, Issue> {
    let Some(text) = item.as_str().map(str::trim) else {
        return Err(Issue::new("a licence is a text: its SPDX identifier").help("for example `Apache-2.0`"));
    };
    Licensee::parse(text).map_err(|_| wrong(text))
}

/// What is wrong with `text`, and what was probably meant.
fn wrong(text: &str) -> Issue {
    let parts = Expression::parse_mode(text, ParseMode::LAX).ok().map(|expression| {
        let parts = expression.requirements().map(|part| part.req.to_string().replace('+', ""));
        parts.map(|part| current(&part).unwrap_or(part)).collect::<Vec<_>>()
    });
    let issue = Issue::new(format!("`{text}` is not the SPDX identifier of a licence"));
    match parts.as_deref() {
        Some([one]) => return issue.meant(Some(one)),
        Some(parts) => {
            let listed = keys::listed(parts.iter().map(String::as_str));
            return issue.help(format!("list each licence by itself: {listed}"));
        }
        None => {}
    }
    let (license, exception) = match text.split_once(" WITH ") {
        Some((license, exception)) => (license.trim(), Some(exception.trim())),
        None => (text, None),
    };
    let license = license_like(license);
    let meant = match exception {
        None => license.map(str::to_owned),
        Some(exception) => {
            let exceptions = || spdx::identifiers::EXCEPTIONS.iter().map(|exception| exception.name);
            let found = same(exception, exceptions())
                .or_else(|| nearest(exception, exceptions()))
                .or_else(|| exceptions().find(|name| name.starts_with(exception)));
            license.zip(found).map(|(license, exception)| format!("{license} WITH {exception}"))
        }
    };
    match meant {
        Some(meant) => issue.meant(Some(&meant)),
        None => issue.help("identifiers are listed at https://spdx.org/licenses"),
    }
}

/// The identifier that took the place of a deprecated one.
fn current(identifier: &str) -> Option<String> {
    let deprecated = spdx::license_id(identifier)?.is_deprecated();
    deprecated.then(|| format!("{}-only", identifier.trim_end_matches('+')))
}

/// The licence that was probably meant by something that is none.
fn license_like(text: &str) -> Option<&'static str> {
    let all = || {
        let current = spdx::identifiers::LICENSES
            .iter()
            .filter(|license| spdx::license_id(license.name).is_some_and(|license| !license.is_deprecated()));
        current.map(|license| license.name)
    };
    same(text, all())
        .or_else(|| {
            spdx::imprecise_license_id(text)
                .filter(|(_, length)| *length == text.len())
                .map(|(id, _)| id.name)
        })
        .or_else(|| nearest(text, all()))
}

fn same(text: &str, mut names: impl Iterator<Item = &'static str>) -> Option<&'static str> {
    names.find(|name| name.eq_ignore_ascii_case(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_meant_is_named() {
        for (text, help) in [
            ("mit", "did you mean `MIT`?"),
            ("MTI", "did you mean `MIT`?"),
            ("Apache 2", "did you mean `Apache-2.0`?"),
            ("Apache-2", "did you mean `Apache-2.0`?"),
            ("Apache-2.0+", "did you mean `Apache-2.0`?"),
            ("GPL-2.0", "did you mean `GPL-2.0-only`?"),
            ("MIT OR Apache-2.0", "list each licence by itself: `MIT`, `Apache-2.0`"),
            ("MIT/ISC", "list each licence by itself: `MIT`, `ISC`"),
            ("Apache-2.0 WITH LLVM-Exception", "did you mean `Apache-2.0 WITH LLVM-exception`?"),
            ("Apache-2.0 WITH LLVM", "did you mean `Apache-2.0 WITH LLVM-exception`?"),
            ("our own", "identifiers are listed at https://spdx.org/licenses"),
        ] {
            let issue = wrong(text);
            assert_eq!(issue.message, format!("`{text}` is not the SPDX identifier of a licence"));
            assert_eq!(issue.help.as_deref(), Some(help), "{text}");
        }
        for text in ["MIT", "Apache-2.0 WITH LLVM-exception", "LicenseRef-Ours"] {
            assert!(Licensee::parse(text).is_ok(), "{text}");
        }
    }
}
