//! `slimcol manifest`: the manifest that a configuration needs, as a file to keep.

use std::path::PathBuf;

use clap::Args;

use super::conditions::Conditions;
use crate::{
    distro::{self, Request},
    error::Error,
    replace,
    report::{self, Artifact},
};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// A collector configuration to take the components from; may be repeated
    #[arg(long, value_name = "FILE", required = true)]
    from_config: Vec<PathBuf>,
    /// What the distribution is called; the default is the configuration's name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// Leave out the components that Slimcol does not have yet: they become comments
    #[arg(long)]
    skip_missing: bool,
    /// Slimcol's sources, in place of those that came with this program
    #[arg(long, env = "SLIMCOL_SOURCE", value_name = "DIR")]
    source: Option<PathBuf>,
    /// Where it goes; the default is standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Prints or writes the manifest.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let request = Request {
        configs: options.from_config.clone(),
        name: options.name.clone(),
        skip_missing: options.skip_missing,
        source: options.source.clone(),
        ..Conditions::default().request()
    };
    let read = distro::read(&request)?;
    let text = read.manifest.written.map(|written| written.text).unwrap_or_default();
    match &options.output {
        None => report::document(&text),
        Some(path) => {
            replace::file(path, text.as_bytes(), 0o666)?;
            report::made(&Artifact::new("manifest", path, text.as_bytes()));
        }
    }
    Ok(())
}
