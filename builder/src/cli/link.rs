//! `slimcol link`: cargo finds the framework for a component's crate.

use std::path::PathBuf;

use clap::Args;

use crate::{error::Error, report, resolve::Index, scaffold, source::SourceTree};

#[derive(Debug, Args)]
pub(super) struct Options {
    /// The folder of the component's Cargo.toml
    #[arg(default_value = ".", value_name = "DIR")]
    folder: PathBuf,
    /// Where Slimcol's sources are, in place of its own
    #[arg(long, env = "SLIMCOL_SOURCE", value_name = "DIR")]
    source: Option<PathBuf>,
}

/// Writes where the framework is.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let source = SourceTree::find(options.source.as_deref())?;
    let file = scaffold::link(&options.folder, &Index::load(&source)?)?;
    report::line(&format!("{}: the framework is in {}", file.display(), source.root.display()));
    Ok(())
}
