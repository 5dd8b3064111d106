//! What `--json` prints: an object a line, with its kind in `event`. Fields are only ever added.

use serde::Serialize;
use slimcol_config::Issue;

use super::Artifact;
use crate::error::Error;

/// Something that happened.
#[derive(Debug, Serialize)]
#[serde(tag = "event", rename_all = "snake_case")]
pub(crate) enum Event<'a> {
    /// Worth knowing, and nothing has to be done.
    Note { text: &'a str },
    /// A step began that can take a while.
    Step { step: &'a str },
    /// How far the compiler is: crates done, crates in all, the ones in work, and seconds left as far as that can be told.
    Progress { done: u64, of: u64, compiling: &'a [&'a str], eta_seconds: Option<u64> },
    /// Something was made.
    Artifact { kind: &'a str, path: String, bytes: u64, sha256: &'a str },
    /// An image can be pulled from a registry.
    Pushed { reference: String, digest: &'a str, bytes: u64, attached: &'a [String] },
    /// What the command was asked for, in a line.
    Result { text: &'a str },
    /// The command failed. The exit code will be `code`.
    Error { code: u8, message: String, issues: Vec<Described<'a>> },
    /// The command is done.
    Finished { seconds: f64 },
}

/// An issue in a manifest or a configuration. Lines and columns count from 1.
#[derive(Debug, Serialize)]
pub(crate) struct Described<'a> {
    message: &'a str,
    file: Option<&'a str>,
    line: Option<usize>,
    column: Option<usize>,
    help: Option<&'a str>,
}

impl<'a> Event<'a> {
    /// The event for something made.
    pub(super) fn made(artifact: &'a Artifact) -> Self {
        let Artifact { kind, path, bytes, sha256, .. } = artifact;
        Self::Artifact { kind, path: path.display().to_string(), bytes: *bytes, sha256 }
    }

    /// The event for a failure.
    pub(super) fn failure(error: &'a Error) -> Self {
        let issues = match error {
            Error::Manifest(issues) => issues.iter().map(Described::of).collect(),
            _ => Vec::new(),
        };
        Self::Error { code: error.code(), message: error.chain(), issues }
    }

    /// The event as a line.
    pub(super) fn to_json(&self) -> String {
        serde_json::to_string(self).expect("structs of texts and numbers are always JSON")
    }
}

impl<'a> Described<'a> {
    fn of(issue: &'a Issue) -> Self {
        let place = issue.place.as_ref();
        // A command-line argument has a name and no lines.
        let lines = place.filter(|place| place.line() > 0);
        Self {
            message: &issue.message,
            file: place.map(slimcol_config::Place::source),
            line: lines.map(slimcol_config::Place::line),
            column: lines.map(slimcol_config::Place::column),
            help: issue.help.as_deref(),
        }
    }
}
