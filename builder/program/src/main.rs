//! `slimcol`: the builder, and the sources of everything that it builds collectors of.

use std::process::ExitCode;

/// Made by the build script.
const SOURCES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/sources.tar.gz"));

fn main() -> ExitCode {
    slimcol_builder::run(SOURCES)
}
