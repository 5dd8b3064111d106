//! The one place that prints. What the command was asked for goes to standard output, what it has to say besides to standard
//! error, so that a script can use the first. With `--json` everything is an event on standard output, a line each.

mod colour;
mod event;
mod step;

use std::{
    fmt,
    io::{self, IsTerminal as _, Write as _},
    path::{Path, PathBuf},
    sync::OnceLock,
};

use crate::{digest::sha256, error::Error};

pub(crate) use self::{event::Event, step::Step};

/// How much is said, and for whom.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Mode {
    /// For people.
    #[default]
    Human,
    /// For people who want to hear of failures only.
    Quiet,
    /// For programs.
    Json,
}

static MODE: OnceLock<Mode> = OnceLock::new();

/// Sets the mode, once, before anything is said.
pub(crate) fn set(mode: Mode) {
    // Who set it first has said things in it.
    let _ = MODE.set(mode);
}

/// The mode.
pub(crate) fn mode() -> Mode {
    MODE.get().copied().unwrap_or_default()
}

/// Something that was made and is kept.
#[derive(Clone, Debug)]
pub(crate) struct Artifact {
    /// What it is (`binary`, `image`, `deb`, `sbom`…).
    pub(crate) kind: &'static str,
    /// Where it is.
    pub(crate) path: PathBuf,
    /// Its size.
    pub(crate) bytes: u64,
    /// Its digest in hexadecimal.
    pub(crate) sha256: String,
    /// What else people want to know of it.
    pub(crate) remark: Option<String>,
}

impl Artifact {
    /// The artifact at `path`, which holds `data`.
    pub(crate) fn new(kind: &'static str, path: &Path, data: &[u8]) -> Self {
        Self { kind, path: path.to_path_buf(), bytes: data.len() as u64, sha256: sha256(data), remark: None }
    }

    /// The artifact with something else to know of it.
    pub(crate) fn with(self, remark: String) -> Self {
        Self { remark: Some(remark), ..self }
    }
}

/// Prints what the command was asked for to standard output. A closed pipe is the reader's choice, not our failure.
pub(crate) fn line(text: &str) {
    match mode() {
        Mode::Json => event(&Event::Result { text }),
        _ => {
            let _ = writeln!(io::stdout().lock(), "{text}");
        }
    }
}

/// Prints a document to standard output as it is, in every mode: it is what was asked for, whole.
pub(crate) fn document(text: &str) {
    let _ = io::stdout().lock().write_all(text.as_bytes());
}

/// Prints a remark to standard error.
pub(crate) fn remark(text: &str) {
    match mode() {
        Mode::Human => say(text),
        Mode::Quiet => {}
        Mode::Json => event(&Event::Note { text: text.strip_prefix("note: ").unwrap_or(text) }),
    }
}

/// Tells of something that was made; people read it in the summary.
pub(crate) fn made(artifact: &Artifact) {
    if mode() == Mode::Json {
        event(&Event::made(artifact));
    }
}

impl fmt::Display for Artifact {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.path.display(), megabytes(self.bytes))?;
        self.remark.iter().try_for_each(|remark| write!(f, " {remark}"))
    }
}

/// Prints why the command failed.
pub(crate) fn failure(error: &Error) {
    match mode() {
        Mode::Json => event(&Event::failure(error)),
        _ => say(&format!("error: {}", error.chain())),
    }
}

/// Prints an event, if events are wanted.
pub(crate) fn event(event: &Event<'_>) {
    if mode() == Mode::Json {
        let _ = writeln!(io::stdout().lock(), "{}", event.to_json());
    }
}

/// Whether somebody watches standard error, and a progress bar makes sense.
pub(crate) fn watched() -> bool {
    mode() == Mode::Human && io::stderr().is_terminal()
}

/// A number of bytes as people read it (`3.94 MB`).
pub(crate) fn megabytes(bytes: u64) -> String {
    let hundredths = (bytes + 5_000) / 10_000;
    format!("{}.{:02} MB", hundredths / 100, hundredths % 100)
}

fn say(text: &str) {
    let stderr = io::stderr();
    let text = if colour::wanted(&stderr) { colour::paint(text) } else { text.to_owned() };
    let _ = writeln!(stderr.lock(), "{text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn megabytes_are_decimal_and_rounded() {
        for (bytes, text) in [(0, "0.00 MB"), (3_999_999, "4.00 MB"), (27_742_370, "27.74 MB")] {
            assert_eq!(megabytes(bytes), text);
        }
    }
}
