//! `slimcol build`: from a manifest to a binary and what else was asked for.

use std::time::Instant;

use clap::Args;

use super::selection::Selection;
use crate::{
    distro::{Binary, Prepared},
    error::Error,
    image::{self, Contents, Created, Platform, Reference},
    replace,
    report::{self, Artifact, Event},
    resolve::Plan,
    rival::{self, Rival},
};

/// The arguments.
#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag, most of them ocb's")]
pub(super) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Also make an image, called REF (the default is the distribution's name and version)
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    image: Option<String>,
    /// Print what happens as JSON, an object a line, on standard output
    #[arg(long)]
    pub(super) json: bool,
    /// ocb's: stop after the workspace is generated and its dependencies are fetched
    #[arg(long)]
    skip_compilation: bool,
    /// ocb's: the same as --offline
    #[arg(long)]
    skip_get_modules: bool,
    /// ocb's: compile the workspace that is already there
    #[arg(long)]
    skip_generate: bool,
    /// ocb's, for the Go linker; it has no effect
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true)]
    ldflags: Option<String>,
    /// ocb's, for the Go compiler; it has no effect
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true)]
    gcflags: Option<String>,
}

impl Options {
    /// Whether anything was asked for, in ocb's form, where no command says so.
    pub(super) fn is_asked(&self) -> bool {
        self.selection.config.is_some() || !self.selection.from_config.is_empty()
    }
}

/// Builds what `options` ask for.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let started = Instant::now();
    check(options)?;
    let mut request = options.selection.request();
    request.network &= !options.skip_get_modules;
    let prepared = Prepared::new(request)?;
    let image = ImagePlan::read(options, &prepared)?;
    let written = if options.skip_generate { prepared.reuse()? } else { prepared.write()? };
    let plan = &written.prepared.plan;
    if options.skip_compilation {
        report::line(&format!("{}: workspace of {}", written.folder.display(), plan.name));
        return Ok(());
    }
    let mut made = Vec::new();
    for target in &written.prepared.targets {
        let binary = written.compile(target)?;
        report::made(&Artifact::new("binary", &binary.path, &binary.data));
        made.push(weighed(&binary, plan));
        if let Some(image) = &image {
            made.push(image.make(&written.prepared, &binary)?);
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    made.push(format!("{seconds:.1} s"));
    report::line(&made.join("; "));
    report::event(&Event::Finished { seconds });
    Ok(())
}

/// The binary and its size, and beside it what the Go collector weighs.
fn weighed(binary: &Binary, plan: &Plan) -> String {
    let size = report::megabytes(binary.data.len() as u64);
    let rival = rival::of(plan).map(|Rival { bytes, same }| {
        format!(" (Go: {}{})", if same { "" } else { "more than " }, report::megabytes(bytes))
    });
    format!("{}: {size}{}", binary.path.display(), rival.unwrap_or_default())
}

/// Refuses what contradicts itself and says what has no effect.
fn check(options: &Options) -> Result<(), Error> {
    for (flag, given) in [("--ldflags", &options.ldflags), ("--gcflags", &options.gcflags)] {
        if given.is_some() {
            report::remark(&format!("note: {flag} is for the Go toolchain and has no effect"));
        }
    }
    if options.image.is_some() && options.skip_compilation {
        return Err(Error::Other("--image needs the binary that --skip-compilation leaves out".to_owned()));
    }
    Ok(())
}

/// What an image is made of besides the binary, read before anything is compiled.
struct ImagePlan {
    reference: Reference,
    created: Created,
}

impl ImagePlan {
    fn read(options: &Options, prepared: &Prepared) -> Result<Option<Self>, Error> {
        let Some(name) = &options.image else { return Ok(None) };
        let reference = match name.as_str() {
            "" => Reference::of_distribution(&prepared.plan.name, &prepared.plan.version),
            name => Reference::parse(name).map_err(Error::Other)?,
        };
        if prepared.config.is_none() {
            report::remark(
                "note: the manifest has no `dist.config`, so the image has no default configuration",
            );
        }
        for target in &prepared.targets {
            Platform::of_target(target)?;
        }
        Ok(Some(Self { reference, created: Created::from_environment()? }))
    }

    /// Makes the image and says what came out.
    fn make(&self, prepared: &Prepared, binary: &Binary) -> Result<String, Error> {
        let plan = &prepared.plan;
        let image = image::build(&Contents {
            name: &plan.name,
            version: &plan.version,
            description: &plan.description,
            binary: &binary.data,
            config: prepared.config.as_deref(),
            platform: Platform::of_target(&binary.target)?,
            created: self.created,
            reference: &self.reference,
        })?;
        let path = binary.path.with_file_name(format!("{}.oci.tar", plan.name));
        replace::file(&path, &image.archive, 0o666)?;
        report::made(&Artifact::new("image", &path, &image.archive));
        let size = report::megabytes(image.archive.len() as u64);
        Ok(format!("{}: {size}, {} {}", path.display(), self.reference, image.digest))
    }
}
