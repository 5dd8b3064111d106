//! What the program `slimcol` does: builds collectors from a manifest. The program itself is a crate of its own, which adds the
//! sources that travel inside it, so that this one is not compiled anew whenever a component changes.
//!
//! What happens is a line of steps, each a module that knows only the one before it:
//! `manifest` (as written) → `resolve` (what it means) → `generate` (a workspace as a value, then on disk) →
//! `compile` (a static binary) → `image` (a container image). `cli` calls them in turn.

mod bounded;
mod cargo;
mod catalogue;
mod class;
mod cli;
mod compile;
mod credentials;
mod derive;
mod digest;
mod distro;
mod error;
mod generate;
mod graph;
mod image;
mod init;
mod interrupt;
mod lock;
mod lockfile;
mod manifest;
mod package;
mod push;
mod replace;
mod report;
mod resolve;
mod rival;
mod scaffold;
mod size;
mod source;
mod supply;
mod table;
mod vendor;

use std::process::ExitCode;

/// Runs the command that the process was started with, and says what the process ends with. `sources` is a gzipped tar of what
/// collectors are made of (`collector/`, `components/`, the workspace's manifest and lock file).
pub fn run(sources: &'static [u8]) -> ExitCode {
    source::travelling(sources);
    cli::run()
}
