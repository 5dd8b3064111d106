//! The tar around an image: an OCI layout, what `docker load` reads, or both over the same blobs.

use std::collections::BTreeSet;

use super::{
    Created, Format, Image, User, blobs,
    document::{Descriptor, Dialect, DockerImage, Index, Labels, Manifest, to_json},
    layer::Layer,
};
use crate::error::Error;

/// The file that says what a layout is.
pub(super) const LAYOUT: &str = "oci-layout";
pub(super) const LAYOUT_TEXT: &[u8] = br#"{"imageLayoutVersion":"1.0.0"}"#;

/// The list of what is in a layout: the image once for each of its names.
pub(super) fn index(image: &Image) -> Vec<u8> {
    let named = |annotations: Labels| Descriptor { annotations, ..image.top.clone() };
    let mut manifests: Vec<_> = image.references.iter().map(|name| named(name.annotations())).collect();
    if manifests.is_empty() {
        manifests.push(named(Labels::new()));
    }
    let media_type = Dialect::Oci.index().to_owned();
    to_json(&Index { schema_version: 2, media_type, manifests, annotations: Labels::new() })
}

/// The tar in any form but a folder's.
pub(super) fn write(image: &Image, format: Format, created: Created) -> Result<Vec<u8>, Error> {
    let manifests = image.manifests()?;
    if format == Format::DockerArchive && manifests.len() > 1 {
        return Err(one_platform());
    }
    let docker = docker_image(image, &manifests)?;
    let files: BTreeSet<String> = match format {
        Format::DockerArchive => docker.layers.iter().chain([&docker.config]).cloned().collect(),
        _ => image.blobs.iter().map(|(digest, _)| blobs::path(digest)).collect(),
    };
    let root = User { uid: 0, gid: 0 };
    let mut tar = Layer::new(created);
    tar.directory("blobs/", 0o755, root)?;
    tar.directory("blobs/sha256/", 0o755, root)?;
    for (digest, data) in image.blobs.iter() {
        let path = blobs::path(digest);
        if files.contains(&path) {
            tar.file(&path, 0o644, data)?;
        }
    }
    if format != Format::DockerArchive {
        tar.file("index.json", 0o644, &index(image))?;
    }
    if format != Format::OciArchive {
        tar.file("manifest.json", 0o644, &to_json(&[docker]))?;
    }
    if format != Format::DockerArchive {
        tar.file(LAYOUT, 0o644, LAYOUT_TEXT)?;
    }
    tar.finish()
}

/// The refusal of what docker's list has no room for.
pub(crate) fn one_platform() -> Error {
    Error::Other(
        "a docker archive holds one platform: leave out the others, or use --format oci-archive".to_owned(),
    )
}

/// The image as docker's list has it, which has room for one platform: the first, wherever this is made.
fn docker_image(image: &Image, manifests: &[(Descriptor, Manifest)]) -> Result<DockerImage, Error> {
    let (_, manifest) =
        manifests.first().ok_or_else(|| Error::Other("the image has no platform".to_owned()))?;
    Ok(DockerImage {
        config: blobs::path(&manifest.config.digest),
        repo_tags: Some(image.references.iter().map(ToString::to_string).collect()),
        layers: manifest.layers.iter().map(|layer| blobs::path(&layer.digest)).collect(),
    })
}
