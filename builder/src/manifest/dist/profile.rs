//! How a collector is compiled.

use slimcol_config::Issue;

use crate::{
    manifest::{
        Findings,
        keys::{self, Keys},
    },
    size::Size,
};

/// How much is optimised across crates when a collector is linked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Lto {
    /// Nothing: crates are linked as they were compiled. It takes seconds, and whoever tries manifests out waits for nothing else.
    #[default]
    Off,
    /// Each crate sees what it calls; all processors work on it. The binary is a fifteenth smaller.
    Thin,
    /// All crates are one. The binary is a fifth smaller, and one processor works on it for a minute.
    Fat,
}

impl Lto {
    /// What manifests, cargo and rustc call it.
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::Off => "off",
            Self::Thin => "thin",
            Self::Fat => "fat",
        }
    }
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

/// Whether symbols and line numbers stay in the binary.
pub(super) fn debug(keys: &Keys<'_>, findings: &mut Findings) -> bool {
    keys.get("debug_compilation").and_then(|entry| keys::flag(entry, findings)).unwrap_or(false)
}

/// What a panic does.
pub(super) fn panic(keys: &Keys<'_>, findings: &mut Findings) -> Panic {
    let words = [("unwind", Panic::Unwind), ("abort", Panic::Abort)];
    keys.get("panic").and_then(|entry| keys::choice(entry, words, findings)).unwrap_or_default()
}

/// How much is optimised across crates.
pub(super) fn lto(keys: &Keys<'_>, findings: &mut Findings) -> Lto {
    let words = [Lto::Off, Lto::Thin, Lto::Fat].map(|lto| (lto.word(), lto));
    keys.get("lto").and_then(|entry| keys::choice(entry, words, findings)).unwrap_or_default()
}

/// How many bytes the binary may have.
pub(super) fn max_size(keys: &Keys<'_>, findings: &mut Findings) -> Option<Size> {
    let entry = keys.get("max_size").filter(|entry| !entry.value().is_null())?;
    match keys::filled(entry, findings)?.parse() {
        Ok(size) => Some(size),
        Err(what) => {
            findings.issue(Issue::new(what).at(entry.value_place().clone()));
            None
        }
    }
}
