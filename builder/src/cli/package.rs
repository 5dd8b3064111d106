//! `slimcol package`: packages of a collector, and nothing else of it.

use std::{fs, path::PathBuf, time::Instant};

use clap::Args;

use super::{packages::Packages, selection::Selection};
use crate::{
    distro::Prepared,
    error::{Doing as _, Error},
    package::Format,
    report::{self, Event},
};

/// The arguments.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  slimcol package --config manifest.yaml                     all three, beside the binary
  slimcol package --config manifest.yaml --format deb -o .   one of them, here")]
pub(super) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Which kind; may be repeated; the default is all of them
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Vec<Format>,
    /// Where the packages go; the default is where the binary goes
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
    /// Print what happens as JSON, an object a line, on standard output
    #[arg(long)]
    pub(super) json: bool,
}

/// Builds the collector and packages it.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let started = Instant::now();
    let prepared = Prepared::new(options.selection.request())?;
    let formats = if options.format.is_empty() { &Format::ALL[..] } else { &options.format };
    let packages = Packages::read(formats, &prepared)?;
    let written = prepared.write()?;
    let folder = options.output.as_deref().unwrap_or(&written.output);
    fs::create_dir_all(folder).doing("create", folder)?;
    let folder = folder.canonicalize().doing("read", folder)?;
    let mut summary = Vec::new();
    for target in &written.prepared.targets {
        let binary = written.compile(target)?;
        for artifact in packages.make(&written, &binary, &folder)? {
            report::made(&artifact);
            summary.push(artifact.to_string());
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    summary.push(format!("{seconds:.1} s"));
    report::line(&summary.join("; "));
    report::event(&Event::Finished { seconds });
    Ok(())
}
