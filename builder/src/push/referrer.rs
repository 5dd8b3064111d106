//! Documents that refer to an image in the same repository, such as an SBOM: found by the image's digest, and not part of
//! the image.

use serde_json::json;

use super::{http::Failure, registry::Repository};
use crate::image::{
    Blobs, describe,
    document::{Descriptor, Dialect, Labels, Manifest, to_json},
};

/// A document that refers to an image.
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    /// What it refers to: the image, or one platform's.
    pub(crate) subject: Descriptor,
    /// What it is (`application/vnd.cyclonedx+json`).
    pub(crate) media_type: &'static str,
    /// The document.
    pub(crate) data: Vec<u8>,
}

/// The configuration of what has none: two braces.
const EMPTY: (&str, &[u8]) = ("application/vnd.oci.empty.v1+json", b"{}");

/// Sends the document, and makes it known. The digest of its manifest.
pub(super) fn attach(to: &Repository<'_>, attachment: &Attachment) -> Result<String, Failure> {
    let mut blobs = Blobs::default();
    let config = blobs.add(EMPTY.0, EMPTY.1.to_vec());
    let document = blobs.add(attachment.media_type, attachment.data.clone());
    for (descriptor, data) in [(&config, EMPTY.1), (&document, &attachment.data)] {
        to.blob(descriptor, data, None)?;
    }
    let manifest = to_json(&Manifest {
        schema_version: 2,
        media_type: Dialect::Oci.manifest().to_owned(),
        artifact_type: Some(attachment.media_type.to_owned()),
        config,
        layers: vec![document],
        subject: Some(attachment.subject.bare()),
        annotations: Labels::new(),
    });
    let mut descriptor = describe(Dialect::Oci.manifest(), &manifest);
    descriptor.artifact_type = Some(attachment.media_type.to_owned());
    if !to.put_manifest(&descriptor.digest, Dialect::Oci.manifest(), &manifest)? {
        list(to, &attachment.subject.digest, &descriptor)?;
    }
    Ok(descriptor.digest)
}

/// Adds the document to the list of those that refer to `subject`, which a registry without a list of its own has at a tag.
/// What others have written there stays, whatever it is.
fn list(to: &Repository<'_>, subject: &str, entry: &Descriptor) -> Result<(), Failure> {
    let tag = subject.replace(':', "-");
    let unreadable =
        |what: &str| Failure::lasting(format!("the list of referrers at `{}:{tag}` {what}", to.name));
    let mut index = match to.index(&tag)? {
        None => json!({"schemaVersion": 2, "mediaType": Dialect::Oci.index(), "manifests": []}),
        Some(data) => serde_json::from_slice(&data).map_err(|e| unreadable(&format!("is no JSON: {e}")))?,
    };
    let manifests = index["manifests"].as_array_mut().ok_or_else(|| unreadable("is no index"))?;
    if manifests.iter().any(|other| other["digest"] == entry.digest.as_str()) {
        return Ok(());
    }
    manifests.push(json!(entry));
    to.put_manifest(&tag, Dialect::Oci.index(), &to_json(&index)).map(drop)
}
