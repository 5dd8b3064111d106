//! `slimcol vendor`: everything that a build needs, to take it where nothing can be fetched.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;

use super::selection::Selection;
use crate::{
    distro::Prepared,
    error::{Doing as _, Error},
    replace, report,
    vendor::{self, Form},
};

const EXAMPLES: &str = "Examples:
  slimcol vendor --config manifest.yaml -o edge.tar.gz      on a machine with a network
  tar -xf edge.tar.gz && cd edge && slimcol build           on one without";

/// The arguments.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// The folder to make, or the file: FILE.tar or FILE.tar.gz
    #[arg(long, short, value_name = "DIR|FILE")]
    output: PathBuf,
}

/// Makes the folder or the file.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let path = std::path::absolute(&options.output).doing("use", &options.output)?;
    let form = Form::of(&path);
    let parent = path.parent().unwrap_or(Path::new("/"));
    let scratch = tempfile::Builder::new().prefix("slimcol-").tempdir();
    let scratch = scratch.doing("create a folder in", &std::env::temp_dir())?;
    let mut request = options.selection.request();
    request.output = Some(scratch.path().to_path_buf());
    let written = Prepared::new(request)?.write()?;
    fs::create_dir_all(parent).doing("create", parent)?;
    let bundle = replace::folder_beside(parent)?;
    let count = vendor::fill(&written, bundle.path())?;
    vendor::pack(bundle, &path, form)?;
    let size = match form {
        Form::Folder => String::new(),
        _ => format!("{}, ", report::megabytes(fs::metadata(&path).doing("read", &path)?.len())),
    };
    let name = &written.prepared.plan.name;
    report::line(&format!(
        "{}: {size}all that builds of {name} need, {count} crates among it",
        path.display()
    ));
    Ok(())
}
