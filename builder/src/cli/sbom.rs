//! `slimcol sbom`: what a distribution would be made of, without building it.

use std::path::PathBuf;

use clap::Args;

use super::{
    aside::{self, Aside},
    selection::Selection,
};
use crate::{
    error::Error,
    replace,
    report::{self, Artifact},
    supply::{Bill, Format},
};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// The form
    #[arg(long, value_name = "FORM", value_enum, default_value = "cyclonedx")]
    format: Format,
    /// Where it goes; the default is standard output
    #[arg(long, short, value_name = "FILE")]
    output: Option<PathBuf>,
}

/// Prints or writes the SBOM.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let Aside { written, target, .. } = &aside::write(&options.selection, "an SBOM")?;
    let text = options.format.render(&Bill::of(written, target)?);
    match &options.output {
        None => report::document(&text),
        Some(path) => {
            replace::file(path, text.as_bytes(), 0o666)?;
            report::made(&Artifact::new("sbom", path, text.as_bytes()));
        }
    }
    Ok(())
}
