//! `slimcol`: builds collectors from a manifest.
//!
//! What happens is a line of steps, each a module that knows only the one before it:
//! [`manifest`] (as written) → [`resolve`] (what it means) → [`generate`] (a workspace as a value, then on disk) →
//! [`compile`] (a static binary) → [`image`] (a container image). [`cli`] calls them in turn.

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

fn main() -> ExitCode {
    cli::run()
}
