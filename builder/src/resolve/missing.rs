//! Components that exist for the OpenTelemetry Collector and not in Slimcol: refused in one message, or left out.

use std::fmt::Write as _;

use slimcol_config::{Issue, Place};

use crate::{
    class::Class,
    manifest::{Findings, Manifest},
    table,
};

/// What is done about them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum IfMissing {
    /// Nothing is built.
    Refuse,
    /// The rest is built.
    LeaveOut,
}

/// A component that the manifest wants and Slimcol does not have.
#[derive(Debug)]
pub(super) struct Missing {
    pub(super) class: Class,
    /// What the collector's configuration calls it, or the Go module that nobody here knows.
    pub(super) name: String,
    pub(super) place: Place,
}

/// Why an entry of the manifest has no component.
#[derive(Debug)]
pub(super) enum Unresolved {
    /// The entry is wrong.
    Wrong(Issue),
    /// The OpenTelemetry Collector has the component of that name.
    Official(String),
    /// It is the Go module of somebody else; the issue says so.
    Foreign(String, Issue),
}

impl From<Issue> for Unresolved {
    fn from(issue: Issue) -> Self {
        Self::Wrong(issue)
    }
}

/// Says what is missing from `manifest`: as one issue, or as a note if it is left out.
pub(super) fn report(
    missing: &[Missing],
    manifest: &Manifest,
    if_missing: IfMissing,
    findings: &mut Findings,
) {
    match (if_missing, missing) {
        (_, []) => {}
        (IfMissing::Refuse, [one]) => {
            let Missing { class, name, place } = one;
            let issue = Issue::new(format!(
                "{class} `{name}` exists for the OpenTelemetry Collector, but not in Slimcol yet"
            ));
            findings.issue(
                issue
                    .at(place.clone())
                    .help("leave it out (--skip-missing does), or name a crate that has it with `crate:`"),
            );
        }
        (IfMissing::Refuse, all) => {
            let list = listed(all, manifest);
            findings.issue(
                Issue::new(format!("{} components are not in Slimcol yet{list}", all.len())).help(
                    "build without them with --skip-missing, or name crates that have them with `crate:`",
                ),
            );
        }
        (IfMissing::LeaveOut, all) => {
            if nothing_is_left(all, manifest) {
                findings.issue(Issue::new("nothing to build: Slimcol has none of the manifest's components"));
            }
            let list = listed(all, manifest);
            let components = if all.len() == 1 { "component that is" } else { "components that are" };
            findings.note(Issue::new(format!("left out {} {components} not in Slimcol{list}", all.len())));
        }
    }
}

/// Whether all that is chosen is missing; providers alone are no collector.
fn nothing_is_left(missing: &[Missing], manifest: &Manifest) -> bool {
    let chosen = manifest.entries.iter().filter(|entry| entry.class != Class::Provider).count();
    missing.iter().filter(|missing| missing.class != Class::Provider).count() == chosen
}

/// Where and what, by class, each with its line. Hundreds of them fit on a screen.
fn listed(missing: &[Missing], manifest: &Manifest) -> String {
    let mut text = String::new();
    for source in sources(missing) {
        let _ = write!(text, "\n --> {source}");
        for class in Class::ALL {
            let of_class = |missing: &&Missing| missing.class == class && missing.place.source() == source;
            let cells: Vec<String> = missing
                .iter()
                .filter(of_class)
                .map(|missing| format!("{:>3} {}", missing.place.line(), missing.name))
                .collect();
            if cells.is_empty() {
                continue;
            }
            let in_all = manifest.entries.iter().filter(|entry| entry.class == class).count();
            let _ = write!(text, "\n  {}, {} of {in_all}:", class.section(), cells.len());
            for line in table::columns(&cells, WIDTH - 4) {
                let _ = write!(text, "\n    {line}");
            }
        }
    }
    text
}

/// Messages are as wide as the excerpts of lines in them can be.
const WIDTH: usize = 110;

/// The files that name them, in the order of their first.
fn sources(missing: &[Missing]) -> Vec<&str> {
    let mut sources: Vec<&str> = Vec::new();
    for missing in missing {
        if !sources.contains(&missing.place.source()) {
            sources.push(missing.place.source());
        }
    }
    sources
}
