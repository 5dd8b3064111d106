//! Two reports compared: who grew and who shrank.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    report::{Report, Share},
    table::{aligned, heading, thousands},
};

/// What is different.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Diff {
    /// What the first report is of.
    old: String,
    /// What the second report is of.
    new: String,
    /// The files.
    bytes: Change,
    /// The components of which something changed, the largest change first.
    components: Vec<Change>,
    /// The crates of which something changed.
    crates: Vec<Change>,
    /// What no symbol names, where it changed.
    rest: Vec<Change>,
}

/// A number that was one thing and is another.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
struct Change {
    what: String,
    /// Nothing if it was not there.
    old: Option<u64>,
    /// Nothing if it is gone.
    new: Option<u64>,
    delta: i64,
}

impl Diff {
    /// Compares two reports.
    pub(crate) fn between(old: &Report, new: &Report) -> Self {
        let components = |report: &Report| -> BTreeMap<String, u64> {
            report.components.iter().map(|one| (one.id.clone(), one.bytes())).collect()
        };
        let rest = |report: &Report| -> BTreeMap<String, u64> {
            report.rest.iter().map(|rest| (rest.what.clone(), rest.bytes)).collect()
        };
        Self {
            old: heading(old),
            new: heading(new),
            bytes: Change::new("the file".to_owned(), Some(old.bytes), Some(new.bytes)),
            components: changes(&components(old), &components(new), str::to_owned),
            crates: changes(&crates(old), &crates(new), |name| versions(name, old, new)),
            rest: changes(&rest(old), &rest(new), str::to_owned),
        }
    }

    /// The comparison as text.
    pub(crate) fn render(&self) -> String {
        let Self { old, new, bytes, components, crates, rest } = self;
        let mut out = format!(
            "{old}: {} bytes\n{new}: {} bytes, {} bytes of difference\n",
            thousands(bytes.old.unwrap_or(0)),
            thousands(bytes.new.unwrap_or(0)),
            signed(bytes.delta),
        );
        for (title, changes) in [("component", components), ("crate", crates), ("no crate's", rest)] {
            if changes.is_empty() {
                continue;
            }
            let mut rows = vec![["change", "old", "new", title, ""].map(str::to_owned)];
            rows.extend(changes.iter().map(Change::row));
            out.push('\n');
            out.push_str(&aligned(&rows));
        }
        out
    }

    /// The comparison as JSON.
    pub(crate) fn to_json(&self) -> String {
        serde_json::to_string_pretty(self).expect("texts and numbers are always JSON") + "\n"
    }
}

impl Change {
    fn new(what: String, old: Option<u64>, new: Option<u64>) -> Self {
        let number = |bytes: Option<u64>| i64::try_from(bytes.unwrap_or(0)).unwrap_or(i64::MAX);
        Self { what, old, new, delta: number(new) - number(old) }
    }

    fn row(&self) -> [String; 5] {
        let number = |bytes: Option<u64>| bytes.map(thousands).unwrap_or_default();
        let remark = match (self.old, self.new) {
            (None, _) => "new",
            (_, None) => "gone",
            _ => "",
        };
        [signed(self.delta), number(self.old), number(self.new), self.what.clone(), remark.to_owned()]
    }
}

/// What each crate has. Several versions of one count together, so that an update is a change and no coming and going.
fn crates(report: &Report) -> BTreeMap<String, u64> {
    let mut crates = BTreeMap::new();
    for share in &report.crates {
        *crates.entry(share.name.clone()).or_default() += share.bytes();
    }
    crates
}

/// A crate's name with its versions, where they are others than before with both.
fn versions(name: &str, old: &Report, new: &Report) -> String {
    let versions = |report: &Report| -> String {
        let of_name = report.crates.iter().filter(|share| share.name == name);
        of_name.filter_map(|share: &Share| share.version.as_deref()).collect::<Vec<_>>().join(", ")
    };
    match (versions(old), versions(new)) {
        (old, new) if old == new || new.is_empty() => format!("{name} {old}").trim_end().to_owned(),
        (old, new) if old.is_empty() => format!("{name} {new}"),
        (old, new) => format!("{name} {old} → {new}"),
    }
}

/// What differs, the largest difference first. Something without bytes that comes or goes is a change too.
fn changes(
    old: &BTreeMap<String, u64>,
    new: &BTreeMap<String, u64>,
    label: impl Fn(&str) -> String,
) -> Vec<Change> {
    let added = new.keys().filter(|name| !old.contains_key(*name));
    let mut changes: Vec<Change> = old
        .keys()
        .chain(added)
        .map(|name| Change::new(label(name), old.get(name).copied(), new.get(name).copied()))
        .filter(|change| change.old != change.new)
        .collect();
    changes.sort_by(|a, b| b.delta.abs().cmp(&a.delta.abs()).then_with(|| a.what.cmp(&b.what)));
    changes
}

/// A number of bytes with its sign.
fn signed(bytes: i64) -> String {
    let sign = match bytes {
        0 => "",
        1.. => "+",
        _ => "-",
    };
    format!("{sign}{}", thousands(bytes.unsigned_abs()))
}

#[cfg(test)]
mod tests;
