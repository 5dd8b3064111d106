//! The JSON documents of an image, as the OCI image specification 1.1 has them. Maps are sorted, so that equal images
//! are equal bytes; the crate for these types keeps its maps unordered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Serialize, Serializer};

use super::Platform;

/// Labels and annotations.
pub(super) type Labels = BTreeMap<String, String>;

pub(super) const LAYER: &str = "application/vnd.oci.image.layer.v1.tar+gzip";
pub(super) const CONFIG: &str = "application/vnd.oci.image.config.v1+json";
pub(super) const MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";
pub(super) const INDEX: &str = "application/vnd.oci.image.index.v1+json";

/// A blob as other documents refer to it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Descriptor {
    pub(super) media_type: &'static str,
    pub(super) digest: String,
    pub(super) size: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) platform: Option<DescribedPlatform>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub(super) annotations: Labels,
}

/// What an image in an index runs on.
#[derive(Clone, Copy, Debug, Serialize)]
pub(super) struct DescribedPlatform {
    architecture: &'static str,
    os: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    variant: Option<&'static str>,
}

impl From<Platform> for DescribedPlatform {
    fn from(Platform { architecture, variant }: Platform) -> Self {
        Self { architecture, os: "linux", variant }
    }
}

/// The list of images in an archive.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Index {
    pub(super) schema_version: u8,
    pub(super) media_type: &'static str,
    pub(super) manifests: Vec<Descriptor>,
}

/// An image: its configuration and its layers.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Manifest {
    pub(super) schema_version: u8,
    pub(super) media_type: &'static str,
    pub(super) config: Descriptor,
    pub(super) layers: Vec<Descriptor>,
    pub(super) annotations: Labels,
}

/// An image's configuration.
#[derive(Debug, Serialize)]
pub(super) struct Configuration {
    pub(super) architecture: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) variant: Option<&'static str>,
    pub(super) os: &'static str,
    pub(super) created: String,
    pub(super) config: Runtime,
    pub(super) rootfs: Rootfs,
    pub(super) history: Vec<History>,
}

/// How its containers are started.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Runtime {
    pub(super) user: String,
    #[serde(serialize_with = "as_keys")]
    pub(super) exposed_ports: BTreeSet<String>,
    pub(super) env: Vec<String>,
    pub(super) entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cmd: Option<Vec<String>>,
    pub(super) working_dir: String,
    pub(super) labels: Labels,
}

/// The digests of the layers before compression.
#[derive(Debug, Serialize)]
pub(super) struct Rootfs {
    #[serde(rename = "type")]
    pub(super) kind: &'static str,
    pub(super) diff_ids: Vec<String>,
}

/// Where a layer came from.
#[derive(Debug, Serialize)]
pub(super) struct History {
    pub(super) created: String,
    pub(super) created_by: String,
}

/// A set as OCI writes it: a map to empty objects.
fn as_keys<S: Serializer>(set: &BTreeSet<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(set.iter().map(|key| (key, Labels::new())))
}

/// A document's bytes.
pub(super) fn to_json(document: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(document).expect("structs with text keys are always JSON")
}
