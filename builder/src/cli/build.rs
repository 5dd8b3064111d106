//! `slimcol build`: from a manifest to binaries and what else was asked for.

use std::time::Instant;

use clap::Args;

use super::{products::Products, selection::Selection};
use crate::{
    distro::{Binary, Prepared, Written},
    error::Error,
    report::{self, Artifact, Event},
    resolve::Plan,
    rival::{self, Rival},
};

const OCB: &str = "Flags of ocb's";

/// The arguments.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag, most of them ocb's")]
pub(super) struct Options {
    /// Print what happens as JSON, an object a line, on standard output
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    selection: Selection,
    #[command(flatten)]
    products: Products,
    /// Stop after the workspace is generated and its dependencies are fetched
    #[arg(long, help_heading = OCB)]
    skip_compilation: bool,
    /// The same as --offline
    #[arg(long, help_heading = OCB)]
    skip_get_modules: bool,
    /// Compile the workspace that is already there
    #[arg(long, help_heading = OCB)]
    skip_generate: bool,
    /// For the Go linker: it has no effect
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true, help_heading = OCB)]
    ldflags: Option<String>,
    /// For the Go compiler: it has no effect
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true, help_heading = OCB)]
    gcflags: Option<String>,
}

/// Builds what `options` ask for.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let started = Instant::now();
    check(options)?;
    let mut request = options.selection.request();
    request.network &= !options.skip_get_modules;
    let prepared = Prepared::new(request)?;
    if options.skip_compilation {
        let written = written(prepared, options.skip_generate)?;
        report::line(&format!("{}: workspace of {}", written.folder.display(), written.prepared.plan.name));
        return Ok(());
    }
    let made = make(prepared, options.skip_generate, &options.products)?;
    let seconds = started.elapsed().as_secs_f64();
    let mut summary: Vec<String> = made.iter().map(ToString::to_string).collect();
    summary.push(format!("{seconds:.1} s"));
    report::line(&summary.join("; "));
    report::event(&Event::Finished { seconds });
    Ok(())
}

/// Makes a distribution's binaries, and of them the products.
pub(super) fn make(prepared: Prepared, reuse: bool, products: &Products) -> Result<Vec<Artifact>, Error> {
    let planned = products.plan(&prepared)?;
    let written = written(prepared, reuse)?;
    let mut binaries = Vec::new();
    let mut made = Vec::new();
    for target in &written.prepared.targets {
        let binary = written.compile(target)?;
        let artifact = weighed(&binary, &written.prepared.plan);
        report::made(&artifact);
        made.push(artifact);
        binaries.push(binary);
    }
    made.append(&mut planned.make(&written, &binaries)?);
    Ok(made)
}

fn written(prepared: Prepared, reuse: bool) -> Result<Written, Error> {
    if reuse { prepared.reuse() } else { prepared.write() }
}

/// The binary, and beside its size what the Go collector weighs.
fn weighed(binary: &Binary, plan: &Plan) -> Artifact {
    let artifact = Artifact::new("binary", &binary.path, &binary.data);
    match rival::of(plan) {
        Some(Rival { bytes, same }) => {
            let more = if same { "" } else { "more than " };
            artifact.with(format!("(Go: {more}{})", report::megabytes(bytes)))
        }
        None => artifact,
    }
}

/// Refuses what contradicts itself and says what has no effect.
fn check(options: &Options) -> Result<(), Error> {
    for (flag, given) in [("--ldflags", &options.ldflags), ("--gcflags", &options.gcflags)] {
        if given.is_some() {
            report::remark(&format!("note: {flag} is for the Go toolchain and has no effect"));
        }
    }
    if options.skip_compilation && !options.products.is_none() {
        return Err(Error::Other(
            "--skip-compilation leaves out the binary that images and the like are made of".to_owned(),
        ));
    }
    Ok(())
}
