//! What reading and resolving found: what must change, and what is worth knowing.

use std::path::PathBuf;

use slimcol_config::{Issue, Place};

use crate::error::Error;

/// Everything found so far.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    issues: Vec<Issue>,
    notes: Vec<Issue>,
    inputs: Vec<(Place, Input)>,
}

/// What a manifest names on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Input {
    /// A folder.
    Folder(PathBuf),
    /// A folder that stands in for a crate or a Go module: what is left of the arrow, and the folder.
    Substitute(String, PathBuf),
    /// A file.
    File(PathBuf),
    /// A repository, by its URL.
    Url(String),
    /// The folder that everything goes to, which is written.
    Output,
}

impl Findings {
    /// Something that must change before anything is built.
    pub(crate) fn issue(&mut self, issue: Issue) {
        self.issues.push(issue);
    }

    /// Something that is accepted and does less than its author may think.
    pub(crate) fn note(&mut self, note: Issue) {
        self.notes.push(note);
    }

    /// Something that the manifest names on the disk, and where that is written.
    pub(super) fn input(&mut self, place: &Place, input: Input) {
        self.inputs.push((place.clone(), input));
    }

    /// All that the manifest names on the disk.
    pub(super) fn take_inputs(&mut self) -> Vec<(Place, Input)> {
        std::mem::take(&mut self.inputs)
    }

    /// Whether something must change.
    pub(crate) fn has_issues(&self) -> bool {
        !self.issues.is_empty()
    }

    /// Every note on a line of its own, in the manifest's order.
    pub(crate) fn notes(&self) -> Vec<String> {
        let mut notes: Vec<_> = self.notes.iter().collect();
        notes.sort_by_cached_key(|issue| position(issue));
        notes
            .into_iter()
            .map(|note| match &note.place {
                Some(place) => format!("note: {place}: {}", note.message),
                None => format!("note: {}", note.message),
            })
            .collect()
    }

    /// The error for all issues together, in the manifest's order, if there are any.
    pub(crate) fn into_result(mut self) -> Result<(), Error> {
        if self.issues.is_empty() {
            return Ok(());
        }
        self.issues.sort_by_cached_key(position);
        Err(Error::Manifest(self.issues))
    }
}

/// File by file, for a manifest that was derived from several; what has no line comes first, and what has no place last.
fn position(issue: &Issue) -> (bool, String, usize, usize) {
    match &issue.place {
        None => (true, String::new(), 0, 0),
        Some(place) if place.line() == 0 => (false, String::new(), 0, 0),
        Some(place) => (false, place.source().to_owned(), place.line(), place.column()),
    }
}
