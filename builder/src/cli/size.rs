//! `slimcol size`: where a distribution's bytes come from, and what changed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::Args;

use super::{
    aside::{self, Aside},
    selection::Selection,
};
use crate::{
    error::{Doing as _, Error},
    replace,
    report::{self, Artifact},
    size::{self, Diff, Report, budget},
};

const EXAMPLES: &str = "Examples:
  slimcol size -c manifest.yaml                      whose the bytes are
  slimcol size -c manifest.yaml --html size.html     the same as a map to look around in
  slimcol size -c manifest.yaml --json > size.json   a report to compare with later
  slimcol size -c manifest.yaml --diff size.json     what changed since then
  slimcol size --diff before.json after.yaml         two of anything: reports or manifests";

/// The arguments.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Show a report that --json printed, in place of building anything
    #[arg(long, value_name = "FILE", conflicts_with_all = ["config", "from_config", "diff"])]
    report: Option<PathBuf>,
    /// List every crate, not only the largest
    #[arg(long)]
    all: bool,
    /// Print JSON, in place of tables
    #[arg(long)]
    json: bool,
    /// Also write a page that stands alone, with a map of all the bytes
    #[arg(long, value_name = "FILE")]
    html: Option<PathBuf>,
    /// Compare: OLD with NEW, or with what is selected. Each is a report that --json printed, or a manifest
    #[arg(long, value_names = ["OLD", "NEW"], num_args = 1..=2, conflicts_with_all = ["all", "html"])]
    diff: Vec<PathBuf>,
}

/// Prints what `options` ask for.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    match &options.diff[..] {
        [] => {}
        [old, rest @ ..] => return compare(options, old, rest.first().map(PathBuf::as_path)),
    }
    let (report, too_big) = match &options.report {
        Some(path) => (saved(path)?, None),
        None => built(&options.selection)?,
    };
    if let Some(path) = &options.html {
        let page = size::html(&report)?;
        replace::file(path, page.as_bytes(), 0o666)?;
        report::made(&Artifact::new("size", path, page.as_bytes()));
    }
    let text = if options.json { report.to_json() } else { size::render(&report, options.all) };
    report::document(&text);
    too_big.map_or(Ok(()), |too_big| Err(Error::TooBig(too_big)))
}

fn compare(options: &Options, old: &Path, new: Option<&Path>) -> Result<(), Error> {
    let selection = &options.selection;
    if new.is_some() && (selection.config.is_some() || !selection.from_config.is_empty()) {
        return Err(Error::Other("--diff OLD NEW compares those two: leave --config out".to_owned()));
    }
    let old = either(selection, old)?;
    let new = match new {
        Some(new) => either(selection, new)?,
        None => built(selection)?.0,
    };
    let diff = Diff::between(&old, &new);
    report::document(&if options.json { diff.to_json() } else { diff.render() });
    Ok(())
}

/// The report in `path`, or of what the manifest there says.
fn either(selection: &Selection, path: &Path) -> Result<Report, Error> {
    // YAML takes JSON too, but no manifest is written in it.
    let text = fs::read_to_string(path).doing("read", path)?;
    if text.trim_start().starts_with('{') || path.extension().is_some_and(|end| end == "json") {
        return saved(path);
    }
    built(&Selection { config: Some(path.to_path_buf()), ..selection.clone() }).map(|(report, _)| report)
}

fn saved(path: &Path) -> Result<Report, Error> {
    let text = fs::read_to_string(path).doing("read", path)?;
    Report::from_json(&text).map_err(|what| Error::Other(format!("`{}`: {what}", path.display())))
}

/// Builds what is selected, aside, and looks at it; and says if it is larger than it may be.
fn built(selection: &Selection) -> Result<(Report, Option<String>), Error> {
    let Aside { written, target, .. } = &aside::write(selection, "a report of sizes")?;
    let binary = written.link(target)?;
    let report = size::measure(written, &binary)?;
    let too_big = budget::exceeded(&report.name, report.bytes, budget::limit(written));
    Ok((report, too_big))
}
