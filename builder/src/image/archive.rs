//! The tar around an image: an OCI layout and what `docker load` reads, over the same blobs.

use std::collections::BTreeMap;

use serde::Serialize;

use super::{
    Created, Reference,
    document::{Descriptor, to_json},
    layer::Layer,
};
use crate::{digest::sha256, error::Error};

/// Contents by their digests.
#[derive(Debug, Default)]
pub(super) struct Blobs(BTreeMap<String, Vec<u8>>);

impl Blobs {
    /// Keeps a blob and describes it.
    pub(super) fn add(&mut self, media_type: &'static str, data: Vec<u8>) -> Descriptor {
        let digest = sha256(&data);
        let descriptor = Descriptor {
            media_type,
            digest: format!("sha256:{digest}"),
            size: data.len(),
            platform: None,
            annotations: BTreeMap::new(),
        };
        self.0.insert(digest, data);
        descriptor
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct DockerImage {
    config: String,
    repo_tags: Vec<String>,
    layers: Vec<String>,
}

/// `manifest.json`, docker's own list of images.
pub(super) fn docker_manifest(config: &Descriptor, layers: &[Descriptor], reference: &Reference) -> Vec<u8> {
    to_json(&[DockerImage {
        config: path(&config.digest),
        repo_tags: vec![reference.to_string()],
        layers: layers.iter().map(|layer| path(&layer.digest)).collect(),
    }])
}

/// The whole tar.
pub(super) fn write(blobs: &Blobs, index: &[u8], docker: &[u8], created: Created) -> Result<Vec<u8>, Error> {
    let mut tar = Layer::new(created);
    tar.directory("blobs/", 0o755, 0)?;
    tar.directory("blobs/sha256/", 0o755, 0)?;
    for (digest, data) in &blobs.0 {
        tar.file(&format!("blobs/sha256/{digest}"), 0o644, data)?;
    }
    tar.file("index.json", 0o644, index)?;
    tar.file("manifest.json", 0o644, docker)?;
    tar.file("oci-layout", 0o644, br#"{"imageLayoutVersion":"1.0.0"}"#)?;
    tar.finish()
}

fn path(digest: &str) -> String {
    format!("blobs/{}", digest.replace(':', "/"))
}
