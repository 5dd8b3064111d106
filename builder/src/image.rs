//! From binaries to a container image, without a container engine.
//!
//! Nothing in an image depends on when, where or by whom it was made: times are the epoch's (or `SOURCE_DATE_EPOCH`), maps
//! are sorted, owners are numbers. [`build`] makes it, [`save`] gives it a form in a file or folder, and [`open()`] reads that form
//! again, also of images that others made.

mod archive;
mod blobs;
mod certificates;
mod created;
pub(crate) mod document;
mod format;
mod health;
pub(crate) mod labels;
mod layer;
mod open;
mod platform;
mod ports;
mod reference;
mod root;
mod shipped;
mod user;

use std::collections::BTreeSet;

use crate::{digest::sha256, error::Error};

pub(crate) use self::{
    archive::one_platform,
    blobs::{Blobs, describe},
    created::Created,
    document::Dialect,
    format::{Format, save},
    open::open,
    platform::Platform,
    ports::Port,
    reference::{DOCKER_HUB, Reference, tag_of},
    user::User,
};
use self::{
    document::{Configuration, Descriptor, History, Index, Labels, Manifest, Runtime},
    health::Health,
    shipped::Shipped,
};

/// What an image is made of.
#[derive(Debug)]
pub(crate) struct Contents<'a> {
    /// The distribution's name: the binary is `/<name>`, its configuration `/etc/<name>/config.yaml`.
    pub(crate) name: &'a str,
    /// The distribution's version; may be empty.
    pub(crate) version: &'a str,
    /// The distribution's description; may be empty.
    pub(crate) description: &'a str,
    /// The binary for each platform, at least one.
    pub(crate) binaries: Vec<(Platform, &'a [u8])>,
    /// The configuration that the image starts with. Without one, whoever starts a container says which.
    pub(crate) config: Option<&'a str>,
    /// The sections and names of the distribution's components.
    pub(crate) components: Vec<(&'a str, &'a str)>,
    /// When it says it was made.
    pub(crate) created: Created,
    /// What its author wants of it.
    pub(crate) wishes: &'a Wishes,
    /// Whose names its documents have.
    pub(crate) dialect: Dialect,
}

/// What an image's author can choose.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Wishes {
    /// Labels besides those that are there by themselves, or in place of them.
    pub(crate) labels: Labels,
    /// Who collectors run as.
    pub(crate) user: Option<User>,
    /// Ports besides those of the configuration.
    pub(crate) expose: BTreeSet<Port>,
}

/// A finished image.
#[derive(Debug)]
pub(crate) struct Image {
    /// Everything that it consists of.
    pub(crate) blobs: Blobs,
    /// Its manifest, or the index of several platforms' manifests. A registry will know the image by this digest.
    pub(crate) top: Descriptor,
    /// What it is called.
    pub(crate) references: Vec<Reference>,
}

impl Image {
    /// The manifests of its platforms.
    pub(crate) fn manifests(&self) -> Result<Vec<(Descriptor, Manifest)>, Error> {
        let parse = |descriptor: Descriptor| {
            let manifest = self.document(&descriptor)?;
            Ok((descriptor, manifest))
        };
        if [Dialect::Oci, Dialect::Docker].iter().any(|dialect| dialect.index() == self.top.media_type) {
            let index: Index = self.document(&self.top)?;
            return index.manifests.into_iter().map(parse).collect();
        }
        Ok(vec![parse(self.top.clone())?])
    }

    /// The bytes that a descriptor stands for.
    pub(crate) fn data(&self, of: &Descriptor) -> Result<&[u8], Error> {
        let missing = || Error::Other(format!("the image is incomplete: it lacks {}", of.digest));
        self.blobs.get(&of.digest).ok_or_else(missing)
    }

    fn document<T: for<'d> serde::Deserialize<'d>>(&self, of: &Descriptor) -> Result<T, Error> {
        serde_json::from_slice(self.data(of)?)
            .map_err(|e| Error::Other(format!("{} of the image is no {}: {e}", of.digest, of.media_type)))
    }
}

/// Makes the image.
pub(crate) fn build(contents: &Contents<'_>, references: Vec<Reference>) -> Result<Image, Error> {
    let shipped = Shipped::read(contents.config);
    let mut blobs = Blobs::default();
    let mut manifests = Vec::new();
    for (platform, binary) in &contents.binaries {
        let manifest = manifest(contents, &shipped, *platform, binary, &mut blobs)?;
        let described = blobs.add(contents.dialect.manifest(), document::to_json(&manifest));
        manifests.push(Descriptor { platform: Some((*platform).into()), ..described });
    }
    let top = match <[Descriptor; 1]>::try_from(manifests) {
        Ok([only]) => only,
        Err(manifests) => {
            let media_type = contents.dialect.index();
            let annotations = annotations(contents);
            let index =
                Index { schema_version: 2, media_type: media_type.to_owned(), manifests, annotations };
            blobs.add(media_type, document::to_json(&index))
        }
    };
    Ok(Image { blobs, top, references })
}

/// What the image's author is better told before it runs.
pub(crate) fn remarks(config: Option<&str>) -> Option<&'static str> {
    if config.is_none() {
        return Some("note: the manifest has no `dist.config`, so the image has no default configuration");
    }
    (health::told(&Shipped::read(config)) == Health::Tls).then_some(
        "note: the image has no health check: the configuration's health is told over `tls`, and `healthcheck` asks over plain HTTP",
    )
}

fn manifest(
    contents: &Contents<'_>,
    shipped: &Shipped,
    platform: Platform,
    binary: &[u8],
    blobs: &mut Blobs,
) -> Result<Manifest, Error> {
    let created = contents.created.to_string();
    let mut layers = Vec::new();
    let mut diff_ids = Vec::new();
    let mut history = Vec::new();
    for (what, layer) in root::layers(contents, binary)? {
        diff_ids.push(format!("sha256:{}", sha256(&layer)));
        layers.push(blobs.add(contents.dialect.layer(), layer::compress(&layer)?));
        history.push(History { created: created.clone(), created_by: format!("slimcol: {what}") });
    }
    let config = Configuration {
        architecture: platform.architecture,
        variant: platform.variant,
        os: "linux",
        created,
        config: runtime(contents, shipped),
        rootfs: document::Rootfs { kind: "layers", diff_ids },
        history,
    };
    Ok(Manifest {
        schema_version: 2,
        media_type: contents.dialect.manifest().to_owned(),
        artifact_type: None,
        config: blobs.add(contents.dialect.config(), document::to_json(&config)),
        layers,
        subject: None,
        annotations: annotations(contents),
    })
}

/// The labels once more, where the dialect has a place for them.
fn annotations(contents: &Contents<'_>) -> Labels {
    match contents.dialect {
        Dialect::Oci => labels::labels(contents),
        Dialect::Docker => Labels::new(),
    }
}

fn runtime(contents: &Contents<'_>, shipped: &Shipped) -> Runtime {
    let name = contents.name;
    let mut ports = match contents.config {
        Some(_) => ports::of_configuration(shipped),
        None => ports::of_components(contents.components.iter().copied()),
    };
    ports.extend(&contents.wishes.expose);
    Runtime {
        user: contents.wishes.user.unwrap_or_default().to_string(),
        exposed_ports: ports.iter().map(ToString::to_string).collect(),
        env: vec!["PATH=/".to_owned(), "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt".to_owned()],
        entrypoint: vec![format!("/{name}")],
        cmd: contents.config.map(|_| vec!["--config".to_owned(), format!("/etc/{name}/config.yaml")]),
        healthcheck: (health::told(shipped) == Health::Plain).then(|| health::check(name)),
        working_dir: "/".to_owned(),
        labels: labels::labels(contents),
    }
}

#[cfg(test)]
mod tests;
