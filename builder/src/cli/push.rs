//! `slimcol push`: an image to a registry, built without a container engine and sent without one.

mod sbom;

use std::path::PathBuf;

use clap::Args;

use super::{
    image::{self, Wanted},
    selection::Selection,
};
use crate::{
    error::Error,
    image::{Format, Image, Reference, open},
    push::{self, Attachment, Manner, Pushed},
    report::{self, Event},
};
use sbom::Wish;

const EXAMPLES: &str = "Examples:
  slimcol push --config edge.yaml ghcr.io/me/edge:1.0 ghcr.io/me/edge:latest     builds, then pushes under both names
  slimcol push --config edge.yaml --platform linux/amd64 --platform linux/arm64 --sbom cyclonedx ghcr.io/me/edge:1.0
  slimcol push --image out/otelcol-edge.oci.tar ghcr.io/me/edge:1.0              what was made before, here or elsewhere

Who pushes is who logged in with `docker login` or `podman login`.";

/// The arguments.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// What to call the image; the default is what it is called already
    #[arg(value_name = "REF")]
    names: Vec<String>,
    /// An image that is there: an OCI archive or layout, or a docker archive; nothing is built
    #[arg(long, value_name = "PATH", conflicts_with_all = ["config", "from_config", "label", "user", "expose", "platform", "binary", "target"])]
    image: Option<PathBuf>,
    /// Attach an SBOM, which can be found by the image's digest: `cyclonedx` or `spdx` of what is built, or a file of either
    /// form; may be repeated
    #[arg(long, value_name = "FORM|FILE", value_parser = Wish::parse)]
    sbom: Vec<Wish>,
    /// Certificates, as PEM, of an authority to trust besides this machine's
    #[arg(long, value_name = "FILE")]
    ca_file: Option<PathBuf>,
    /// Do without TLS: names, passwords and the image can be read and changed on the way
    #[arg(long)]
    insecure: bool,
    /// Send blobs in pieces of so many MiB, for registries or proxies that refuse large requests
    #[arg(long, value_name = "MIB", value_parser = clap::value_parser!(u16).range(1..=1024))]
    chunk_size: Option<u16>,
    /// Print what happens as JSON, an object a line, on standard output
    #[arg(long)]
    pub(super) json: bool,
    #[command(flatten)]
    wanted: Wanted,
    #[command(flatten)]
    selection: Selection,
}

/// Builds if there is something to build, and pushes.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let names = names(options)?;
    let (image, attachments) = subject(options)?;
    let names = if names.is_empty() { image.references.clone() } else { names };
    if names.is_empty() {
        return Err(Error::Other(
            "the image has no name: say what to call it (`slimcol push … REF`)".to_owned(),
        ));
    }
    let manner = Manner {
        ca_file: options.ca_file.clone(),
        insecure: options.insecure,
        piece: options.chunk_size.map(|mib| usize::from(mib) << 20),
    };
    push::push(&image, &names, &attachments, &manner, |name, pushed| tell(&image, name, pushed))
}

/// What to call the image, if the command line says.
fn names(options: &Options) -> Result<Vec<Reference>, Error> {
    options.names.iter().map(|name| Reference::parse(name).map_err(Error::Other)).collect()
}

/// The image, read or built, and what goes with it.
fn subject(options: &Options) -> Result<(Image, Vec<Attachment>), Error> {
    if let Some(path) = &options.image {
        let image = open(path)?;
        let attachments = sbom::attachments(&options.sbom, &image, None)?;
        return Ok((image, attachments));
    }
    let made = image::make(&options.selection, &options.wanted, &options.names, Format::default())?;
    let attachments = sbom::attachments(&options.sbom, &made.image, made.built.as_ref())?;
    Ok((made.image, attachments))
}

/// Says that the image can be pulled by a name: the line that `docker push` ends with.
fn tell(image: &Image, name: &Reference, pushed: &Pushed) {
    let Pushed { uploaded, mounted, present, bytes, attached } = pushed;
    let sent = report::megabytes(*bytes);
    let taken = if *mounted > 0 { format!(", {mounted} taken over") } else { String::new() };
    report::remark(&format!("{name}: {uploaded} blobs sent ({sent}){taken}, {present} there already"));
    for digest in attached {
        report::remark(&format!("{name}: attached {digest}"));
    }
    let (digest, size) = (&image.top.digest, image.top.size);
    report::event(&Event::Pushed { reference: name.to_string(), digest, bytes: size, attached });
    report::line(&format!("{name}: digest: {digest} size: {size}"));
}
