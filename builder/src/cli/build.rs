//! `slimcol build`: the steps in their order.

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use super::arguments::Options;
use crate::{
    cargo::Rustc,
    compile::{self, Job, Show},
    error::{Doing as _, Error},
    generate::{self, Workspace},
    image::{self, Contents, Created, Platform, Reference},
    lock,
    manifest::{Findings, Manifest, Strictness},
    replace, report,
    resolve::{self, Index, Plan},
    source::SourceTree,
};

/// Builds what `options` ask for.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let started = Instant::now();
    let path = options.config.as_deref();
    let path = path.ok_or_else(|| Error::Other("name a manifest with --config FILE".to_owned()))?;
    check(options)?;
    let source = SourceTree::find(options.source.as_deref())?;
    let (manifest, plan, workspace) = prepare(path, options, &source)?;
    let output = output_path(options, &manifest)?;
    let rustc = Rustc::ask()?;
    let target = options.target.as_deref().unwrap_or(&rustc.host);
    Rustc::check_target(target)?;
    let image = image_plan(options, &plan, &manifest, target)?;
    let network = !options.skip_get_modules;
    let existing = options.skip_generate.then(|| existing(&output, &workspace)).transpose()?;
    let _lock = lock::folder(&output)?;
    let folder = match existing {
        Some(folder) => folder,
        None => generate::write(&workspace, &output, target, network)?,
    };
    if options.skip_compilation {
        let folder = folder.canonicalize().doing("read", &folder)?;
        report::line(&format!("{}: workspace of {}", folder.display(), plan.name));
        return Ok(());
    }
    let output = output.canonicalize().doing("read", &output)?;
    let binary = output.join(&plan.name);
    let target_dir = options.target_dir.clone().unwrap_or_else(|| source.root.join("target/slimcol"));
    let show = match (options.verbose, report::watched()) {
        (true, _) => Show::Everything,
        (false, true) => Show::Bar,
        (false, false) => Show::Nothing,
    };
    let package = &workspace.package;
    let job =
        Job { workspace: &folder, package, target, target_dir: &target_dir, network, binary: &binary, show };
    compile::compile(&job, &rustc)?;
    let data = fs::read(&binary).doing("read", &binary)?;
    let mut made = vec![format!("{}: {}", binary.display(), report::megabytes(data.len() as u64))];
    if let Some(image) = image {
        made.push(image.make(&plan, &data, &output)?);
    }
    made.push(format!("{:.1} s", started.elapsed().as_secs_f64()));
    report::line(&made.join("; "));
    Ok(())
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

/// Everything up to the workspace, as values: nothing is written before all of it is right.
fn prepare(
    path: &Path,
    options: &Options,
    source: &SourceTree,
) -> Result<(Manifest, Plan, Workspace), Error> {
    let mut findings = Findings::default();
    let strictness = Strictness { versions: !options.skip_strict_versioning.unwrap_or(false) };
    let manifest = Manifest::load(path, strictness, &mut findings)?;
    let index = Index::load(source)?;
    let plan = resolve::plan(&manifest, &index, source, &mut findings)?;
    let notes = findings.notes();
    findings.into_result()?;
    for note in notes {
        report::remark(&note);
    }
    let workspace = generate::workspace(&plan, &index, source)?;
    Ok((manifest, plan, workspace))
}

/// Where everything goes: what the command line says, else the manifest, else a folder of the distribution's name.
fn output_path(options: &Options, manifest: &Manifest) -> Result<PathBuf, Error> {
    let dist = &manifest.dist;
    let path = options.output_path.clone().or_else(|| dist.output_path.clone());
    let path = path.unwrap_or_else(|| PathBuf::from(&dist.name));
    std::path::absolute(&path).doing("use", &path)
}

/// The workspace that is there already, if it is the one that would be generated.
fn existing(output: &Path, workspace: &Workspace) -> Result<PathBuf, Error> {
    let folder = output.join(generate::FOLDER);
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).map_err(|_| {
        Error::Other(format!(
            "--skip-generate: there is no workspace in `{}`; run without it first",
            folder.display()
        ))
    })?;
    if manifest.lines().any(|line| line == format!("name = \"{}\"", workspace.package)) {
        return Ok(folder);
    }
    Err(Error::Other(format!(
        "--skip-generate: the workspace in `{}` is another manifest's or an older one's; run without it first",
        folder.display()
    )))
}

/// What an image is made of besides the binary.
struct ImagePlan {
    reference: Reference,
    platform: Platform,
    created: Created,
    config: Option<String>,
}

/// Reads what the image needs before anything is compiled.
fn image_plan(
    options: &Options,
    plan: &Plan,
    manifest: &Manifest,
    target: &str,
) -> Result<Option<ImagePlan>, Error> {
    let Some(name) = &options.image else { return Ok(None) };
    let reference = match name.as_str() {
        "" => Reference::of_distribution(&plan.name, &plan.version),
        name => Reference::parse(name).map_err(Error::Other)?,
    };
    let read = |path: &PathBuf| fs::read_to_string(path).doing("read", path);
    let config = manifest.dist.config.as_ref().map(read).transpose()?;
    if config.is_none() {
        report::remark("note: the manifest has no `dist.config`, so the image has no default configuration");
    }
    let platform = Platform::of_target(target)?;
    Ok(Some(ImagePlan { reference, platform, created: Created::from_environment()?, config }))
}

impl ImagePlan {
    /// Makes the image and says what came out.
    fn make(&self, plan: &Plan, binary: &[u8], output: &Path) -> Result<String, Error> {
        let image = image::build(&Contents {
            name: &plan.name,
            version: &plan.version,
            description: &plan.description,
            binary,
            config: self.config.as_deref(),
            platform: self.platform,
            created: self.created,
            reference: &self.reference,
        })?;
        let path = output.join(format!("{}.oci.tar", plan.name));
        replace::file(&path, &image.archive, 0o666)?;
        let size = report::megabytes(image.archive.len() as u64);
        Ok(format!("{}: {size}, {} {}", path.display(), self.reference, image.digest))
    }
}
