//! Contents by their digests.

use std::collections::BTreeMap;

use super::document::{Descriptor, Labels};
use crate::digest::sha256;

/// Contents by their digests (`sha256:…`).
#[derive(Debug, Default)]
pub(crate) struct Blobs(BTreeMap<String, Vec<u8>>);

impl Blobs {
    /// Keeps a blob and describes it.
    pub(crate) fn add(&mut self, media_type: &str, data: Vec<u8>) -> Descriptor {
        let descriptor = describe(media_type, &data);
        self.0.insert(descriptor.digest.clone(), data);
        descriptor
    }

    /// The blob of a digest.
    pub(crate) fn get(&self, digest: &str) -> Option<&[u8]> {
        self.0.get(digest).map(Vec::as_slice)
    }

    /// Every blob, sorted by its digest.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &[u8])> {
        self.0.iter().map(|(digest, data)| (digest.as_str(), data.as_slice()))
    }
}

/// A blob as other documents refer to it.
pub(crate) fn describe(media_type: &str, data: &[u8]) -> Descriptor {
    Descriptor {
        media_type: media_type.to_owned(),
        digest: format!("sha256:{}", sha256(data)),
        size: data.len() as u64,
        artifact_type: None,
        platform: None,
        annotations: Labels::new(),
    }
}

/// Where layouts and archives keep the blob of a digest.
pub(super) fn path(digest: &str) -> String {
    format!("blobs/{}", digest.replace(':', "/"))
}
