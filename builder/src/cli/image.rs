//! `slimcol image`: a container image, built without a container engine.

mod plan;
mod wanted;

use std::{fs, path::PathBuf, time::Instant};

use clap::Args;

pub(super) use self::{plan::ImagePlan, wanted::Wanted};
use super::selection::Selection;
use crate::{
    distro::{Binary, Prepared, Written},
    error::{Doing as _, Error},
    image::{Format, Image},
    report::{self, Event},
};

const EXAMPLES: &str = "Examples:
  slimcol image --config edge.yaml                                    out/otelcol-edge.oci.tar, for podman, docker, skopeo
  slimcol image --config edge.yaml --tag ghcr.io/me/edge:1.0 --platform linux/amd64 --platform linux/arm64
  slimcol image --config edge.yaml --binary linux/arm64=./edge-arm64  made elsewhere: nothing is compiled";

/// The arguments.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// What the image is called; the default is `dist.image.name`, else the distribution's name and version; may be repeated
    #[arg(long, short, value_name = "REF")]
    tag: Vec<String>,
    /// The form it is kept in
    #[arg(long, value_name = "FORM", value_enum, default_value_t)]
    format: Format,
    /// Where it goes; the default is in the distribution's output folder
    #[arg(long, short, value_name = "PATH")]
    output: Option<PathBuf>,
    /// Print what happens as JSON, an object a line, on standard output
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    selection: Selection,
}

/// Makes the image.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let started = Instant::now();
    let made = make(&options.selection, &options.wanted, &options.tag, options.format)?;
    let path = match &options.output {
        Some(path) => std::path::absolute(path).doing("use", path)?,
        None => made.output.join(options.format.file_name(&made.name)),
    };
    let artifact = made.plan.save(&made.image, &path)?;
    report::made(&artifact);
    let seconds = started.elapsed().as_secs_f64();
    report::line(&format!("{artifact}; {seconds:.1} s"));
    report::event(&Event::Finished { seconds });
    Ok(())
}

/// An image and what it was made from.
pub(super) struct Made {
    pub(super) image: Image,
    /// The workspace and what was compiled in it, if anything was.
    pub(super) built: Option<(Written, Vec<Binary>)>,
    plan: ImagePlan,
    /// The distribution.
    name: String,
    /// Its folder.
    output: PathBuf,
}

/// Compiles what must be compiled and puts the image together.
pub(super) fn make(
    selection: &Selection,
    wanted: &Wanted,
    names: &[String],
    format: Format,
) -> Result<Made, Error> {
    let mut request = selection.request();
    request.targets.extend(wanted.targets());
    let compiles = !request.targets.is_empty() || !wanted.has_binaries();
    let prepared = Prepared::new(request)?;
    let plan = ImagePlan::read(wanted, names, format, compiles, &prepared)?;
    let name = prepared.plan.name.clone();
    if !compiles {
        let output = prepared.output.clone();
        fs::create_dir_all(&output).doing("create", &output)?;
        return Ok(Made { image: plan.make(&prepared, &[])?, built: None, plan, name, output });
    }
    let written = prepared.write()?;
    let targets = &written.prepared.targets;
    let binaries: Vec<_> = targets.iter().map(|target| written.compile(target)).collect::<Result<_, _>>()?;
    let image = plan.make(&written.prepared, &binaries)?;
    let output = written.output.clone();
    Ok(Made { image, built: Some((written, binaries)), plan, name, output })
}
