//! From a binary to a container image, without a container engine.
//!
//! One tar is both an OCI archive and what `docker load` takes. Nothing in it depends on when, where or by whom it was
//! made: times are the epoch's (or `SOURCE_DATE_EPOCH`), maps are sorted, owners are numbers.

mod archive;
mod certificates;
mod created;
mod document;
mod layer;
mod platform;
mod ports;
mod reference;

use crate::{digest::sha256, error::Error};

use self::{
    archive::Blobs,
    document::{Configuration, Descriptor, History, Index, Manifest, Runtime},
    layer::Layer,
};
pub(crate) use self::{created::Created, platform::Platform, reference::Reference};

/// What an image is made of.
#[derive(Debug)]
pub(crate) struct Contents<'a> {
    /// The distribution's name: the binary is `/<name>`, its configuration `/etc/<name>/config.yaml`.
    pub(crate) name: &'a str,
    /// The distribution's version; may be empty.
    pub(crate) version: &'a str,
    /// The distribution's description; may be empty.
    pub(crate) description: &'a str,
    /// The binary.
    pub(crate) binary: &'a [u8],
    /// The configuration that the image starts with. Without one, whoever starts a container says which.
    pub(crate) config: Option<&'a str>,
    /// What it runs on.
    pub(crate) platform: Platform,
    /// When it says it was made.
    pub(crate) created: Created,
    /// What it is called.
    pub(crate) reference: &'a Reference,
}

/// A finished image.
#[derive(Debug)]
pub(crate) struct Image {
    /// The tar.
    pub(crate) archive: Vec<u8>,
    /// The digest of its manifest, which a registry will know it by.
    pub(crate) digest: String,
}

/// The user that collectors run as, by number: the official images use the same.
const USER: u32 = 10_001;

/// Makes the image.
pub(crate) fn build(contents: &Contents<'_>) -> Result<Image, Error> {
    let mut blobs = Blobs::default();
    let created = contents.created.to_string();
    let mut layers = vec![("base files", base(contents.created)?), ("collector", binary(contents)?)];
    if let Some(config) = contents.config {
        layers.push(("default configuration", configuration(contents, config)?));
    }
    let mut descriptors = Vec::new();
    let mut diff_ids = Vec::new();
    let mut history = Vec::new();
    for (what, layer) in &layers {
        diff_ids.push(format!("sha256:{}", sha256(layer)));
        descriptors.push(blobs.add(document::LAYER, layer::compress(layer)?));
        history.push(History { created: created.clone(), created_by: format!("slimcol: {what}") });
    }
    let labels = contents.labels();
    let config = Configuration {
        architecture: contents.platform.architecture,
        variant: contents.platform.variant,
        os: "linux",
        created,
        config: contents.runtime(),
        rootfs: document::Rootfs { kind: "layers", diff_ids },
        history,
    };
    let config = blobs.add(document::CONFIG, document::to_json(&config));
    let docker = archive::docker_manifest(&config, &descriptors, contents.reference);
    let manifest = Manifest {
        schema_version: 2,
        media_type: document::MANIFEST,
        config,
        layers: descriptors,
        annotations: labels,
    };
    let descriptor = blobs.add(document::MANIFEST, document::to_json(&manifest));
    let digest = descriptor.digest.clone();
    let index = Index {
        schema_version: 2,
        media_type: document::INDEX,
        manifests: vec![Descriptor {
            platform: Some(contents.platform.into()),
            annotations: contents.reference.annotations(),
            ..descriptor
        }],
    };
    let archive = archive::write(&blobs, &document::to_json(&index), &docker, contents.created)?;
    Ok(Image { archive, digest })
}

/// What every collector finds around it: certificate roots, users, places to write.
fn base(created: Created) -> Result<Vec<u8>, Error> {
    let mut layer = Layer::new(created);
    for dir in ["etc/", "etc/ssl/", "etc/ssl/certs/"] {
        layer.directory(dir, 0o755, 0)?;
    }
    layer.file("etc/group", 0o644, format!("root:x:0:\notelcol:x:{USER}:\n").as_bytes())?;
    let passwd = format!(
        "root:x:0:0:root:/root:/sbin/nologin\notelcol:x:{USER}:{USER}:otelcol:/var/lib/otelcol:/sbin/nologin\n"
    );
    layer.file("etc/passwd", 0o644, passwd.as_bytes())?;
    layer.file("etc/ssl/certs/ca-certificates.crt", 0o644, certificates::bundle().as_bytes())?;
    layer.directory("tmp/", 0o1777, 0)?;
    layer.directory("var/", 0o755, 0)?;
    layer.directory("var/lib/", 0o755, 0)?;
    layer.directory("var/lib/otelcol/", 0o750, USER)?;
    layer.finish()
}

fn binary(contents: &Contents<'_>) -> Result<Vec<u8>, Error> {
    let mut layer = Layer::new(contents.created);
    layer.file(contents.name, 0o755, contents.binary)?;
    layer.finish()
}

fn configuration(contents: &Contents<'_>, config: &str) -> Result<Vec<u8>, Error> {
    let mut layer = Layer::new(contents.created);
    layer.directory("etc/", 0o755, 0)?;
    layer.directory(&format!("etc/{}/", contents.name), 0o755, 0)?;
    layer.file(&format!("etc/{}/config.yaml", contents.name), 0o644, config.as_bytes())?;
    layer.finish()
}

impl Contents<'_> {
    fn labels(&self) -> document::Labels {
        let facts = [
            ("created", self.created.to_string()),
            ("description", self.description.to_owned()),
            ("title", self.name.to_owned()),
            ("version", self.version.to_owned()),
        ];
        let written = facts.into_iter().filter(|(_, value)| !value.is_empty());
        written.map(|(key, value)| (format!("org.opencontainers.image.{key}"), value)).collect()
    }

    fn runtime(&self) -> Runtime {
        let name = self.name;
        Runtime {
            user: format!("{USER}:{USER}"),
            exposed_ports: ports::exposed(self.config)
                .into_iter()
                .map(|port| format!("{port}/tcp"))
                .collect(),
            env: vec!["PATH=/".to_owned(), "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt".to_owned()],
            entrypoint: vec![format!("/{name}")],
            cmd: self.config.map(|_| vec!["--config".to_owned(), format!("/etc/{name}/config.yaml")]),
            working_dir: "/".to_owned(),
            labels: self.labels(),
        }
    }
}

#[cfg(test)]
mod tests;
