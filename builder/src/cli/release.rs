//! `slimcol release`: every distribution of a folder, with everything that can be made of each.

mod table;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use clap::Args;

use super::{build, conditions::Conditions, papers::Signing, products::Products};
use crate::{
    distro::{Prepared, Request},
    error::{Doing as _, Error},
    replace,
    report::{self, Artifact, Event},
};
use table::Row;

/// The arguments.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  slimcol release                                     manifests/*.yaml into dist/out
  slimcol release distros --output out --only edge    one of them")]
pub(super) struct Options {
    /// The folder of the manifests, each a file `*.yaml`
    #[arg(default_value = "manifests", value_name = "DIR")]
    folder: PathBuf,
    /// Where everything goes: a folder for each manifest, named like it
    #[arg(long, short, default_value = "dist/out", value_name = "DIR")]
    output: PathBuf,
    /// Only the manifest of this name; may be repeated
    #[arg(long, value_name = "NAME")]
    only: Vec<String>,
    #[command(flatten)]
    conditions: Conditions,
    #[command(flatten)]
    signing: Signing,
    /// Print what happens as JSON, an object a line, on standard output
    #[arg(long)]
    pub(super) json: bool,
}

/// Makes everything. All manifests are read before the first is built, so that a mistake in the last one costs nothing.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let started = Instant::now();
    let output = std::path::absolute(&options.output).doing("use", &options.output)?;
    let mut prepared = Vec::new();
    for (name, manifest) in manifests(&options.folder, &options.only)? {
        let request = Request {
            manifest: Some(manifest),
            output: Some(output.join(&name)),
            ..options.conditions.request()
        };
        prepared.push((name, Prepared::new(request)?));
    }
    let mut rows = Vec::new();
    for (name, prepared) in prepared {
        let distribution = prepared.plan.name.clone();
        let made = build::make(prepared, false, &Products::everything(options.signing.clone()))?;
        report::line(&Row::of(&distribution, &made).to_string());
        rows.push((name, Row::of(&distribution, &made)));
    }
    let path = output.join("SIZES.md");
    let text = table::markdown(&rows);
    replace::file(&path, text.as_bytes(), 0o666)?;
    let sizes = Artifact::new("sizes", &path, text.as_bytes());
    report::made(&sizes);
    let seconds = started.elapsed().as_secs_f64();
    report::line(&format!("{sizes}; {seconds:.1} s"));
    report::event(&Event::Finished { seconds });
    Ok(())
}

/// The manifests of a folder by their names, in order; with `only`, those.
fn manifests(folder: &Path, only: &[String]) -> Result<Vec<(String, PathBuf)>, Error> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).doing("read", folder)? {
        let path = entry.doing("read", folder)?.path();
        let is_manifest = path.extension().is_some_and(|extension| extension == "yaml" || extension == "yml");
        if let Some(name) = path.file_stem().and_then(|name| name.to_str()).filter(|_| is_manifest) {
            found.push((name.to_owned(), path.clone()));
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Error::Other(format!("there is no manifest (`*.yaml`) in `{}`", folder.display())));
    }
    for name in only {
        if !found.iter().any(|(found, _)| found == name) {
            let names: Vec<String> = found.iter().map(|(name, _)| format!("`{name}`")).collect();
            return Err(Error::Other(format!(
                "--only: there is no manifest `{name}.yaml` in `{}`, only {}",
                folder.display(),
                names.join(", ")
            )));
        }
    }
    found.retain(|(name, _)| only.is_empty() || only.contains(name));
    Ok(found)
}
