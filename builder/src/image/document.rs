//! The JSON documents of an image, as the OCI image specification 1.1 and docker's schema 2 have them. Maps are sorted, so
//! that equal images are equal bytes; the crate for these types keeps its maps unordered.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize, Serializer};

use super::Platform;

/// Labels and annotations.
pub(crate) type Labels = BTreeMap<String, String>;

/// Whose names the documents of an image have; the documents are the same but for annotations, which docker has not.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Dialect {
    /// The OCI specification's, which everybody reads.
    #[default]
    Oci,
    /// docker's, from which podman also takes a health check.
    Docker,
}

impl Dialect {
    /// The media type of a gzipped layer.
    pub(super) const fn layer(self) -> &'static str {
        match self {
            Self::Oci => "application/vnd.oci.image.layer.v1.tar+gzip",
            Self::Docker => "application/vnd.docker.image.rootfs.diff.tar.gzip",
        }
    }

    /// The media type of an image's configuration.
    pub(super) const fn config(self) -> &'static str {
        match self {
            Self::Oci => "application/vnd.oci.image.config.v1+json",
            Self::Docker => "application/vnd.docker.container.image.v1+json",
        }
    }

    /// The media type of one platform's manifest.
    pub(crate) const fn manifest(self) -> &'static str {
        match self {
            Self::Oci => "application/vnd.oci.image.manifest.v1+json",
            Self::Docker => "application/vnd.docker.distribution.manifest.v2+json",
        }
    }

    /// The media type of a list of manifests.
    pub(crate) const fn index(self) -> &'static str {
        match self {
            Self::Oci => "application/vnd.oci.image.index.v1+json",
            Self::Docker => "application/vnd.docker.distribution.manifest.list.v2+json",
        }
    }
}

/// A blob as other documents refer to it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    pub(crate) media_type: String,
    pub(crate) digest: String,
    pub(crate) size: u64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) artifact_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) platform: Option<DescribedPlatform>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: Labels,
}

impl Descriptor {
    /// The same blob without what is said of it where it is listed.
    pub(crate) fn bare(&self) -> Self {
        Self { platform: None, annotations: Labels::new(), artifact_type: None, ..self.clone() }
    }
}

/// What an image in an index runs on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct DescribedPlatform {
    pub(crate) architecture: String,
    pub(crate) os: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) variant: Option<String>,
}

impl From<Platform> for DescribedPlatform {
    fn from(Platform { architecture, variant }: Platform) -> Self {
        Self {
            architecture: architecture.to_owned(),
            os: "linux".to_owned(),
            variant: variant.map(str::to_owned),
        }
    }
}

/// A list of manifests: an image for several platforms, the top of an archive, or what refers to an image.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Index {
    pub(crate) schema_version: u8,
    #[serde(default)]
    pub(crate) media_type: String,
    pub(crate) manifests: Vec<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: Labels,
}

/// An image's configuration and its layers; or something that refers to an image.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Manifest {
    pub(crate) schema_version: u8,
    #[serde(default)]
    pub(crate) media_type: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) artifact_type: Option<String>,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) subject: Option<Descriptor>,
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub(crate) annotations: Labels,
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
    #[serde(serialize_with = "as_keys", skip_serializing_if = "BTreeSet::is_empty")]
    pub(super) exposed_ports: BTreeSet<String>,
    pub(super) env: Vec<String>,
    pub(super) entrypoint: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) cmd: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) healthcheck: Option<Healthcheck>,
    pub(super) working_dir: String,
    pub(super) labels: Labels,
}

/// How an engine finds out whether a container is well: docker's addition to the OCI configuration. Times in nanoseconds.
#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct Healthcheck {
    pub(super) test: Vec<String>,
    pub(super) interval: u64,
    pub(super) timeout: u64,
    pub(super) start_period: u64,
    pub(super) retries: u32,
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

/// An entry of `manifest.json`, docker's own list of the images in an archive.
#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(super) struct DockerImage {
    pub(super) config: String,
    #[serde(default)]
    pub(super) repo_tags: Option<Vec<String>>,
    pub(super) layers: Vec<String>,
}

/// A set as OCI writes it: a map to empty objects.
fn as_keys<S: Serializer>(set: &BTreeSet<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(set.iter().map(|key| (key, Labels::new())))
}

/// A document's bytes.
pub(crate) fn to_json(document: &impl Serialize) -> Vec<u8> {
    serde_json::to_vec(document).expect("structs with text keys are always JSON")
}
