//! The SBOMs that go with an image: made of what was built, or read.

use std::{
    fs,
    path::{Path, PathBuf},
};

use clap::ValueEnum as _;

use crate::{
    distro::{Binary, Written},
    error::{Doing as _, Error},
    image::{Image, Platform, document::DescribedPlatform},
    push::Attachment,
    supply::{Bill, Format},
};

/// An SBOM that was asked for.
#[derive(Clone, Debug)]
pub(super) enum Wish {
    /// One of what is built.
    Made(Format),
    /// One that is there.
    Read(PathBuf),
}

impl Wish {
    /// Reads a form's name, or else a path.
    #[allow(clippy::unnecessary_wraps, reason = "this is how arguments are read")]
    pub(super) fn parse(text: &str) -> Result<Self, String> {
        Ok(Format::from_str(text, false).map_or_else(|_| Self::Read(PathBuf::from(text)), Self::Made))
    }
}

/// Everything that was asked for. An SBOM of what is built refers to its platform's manifest, one that is read to the image.
pub(super) fn attachments(
    wishes: &[Wish],
    image: &Image,
    built: Option<&(Written, Vec<Binary>)>,
) -> Result<Vec<Attachment>, Error> {
    let mut attachments = Vec::new();
    for wish in wishes {
        match (wish, built) {
            (Wish::Read(path), _) => {
                let (media_type, data) = read(path)?;
                attachments.push(Attachment { subject: image.top.clone(), media_type, data });
            }
            (Wish::Made(format), Some((written, binaries))) => {
                for binary in binaries {
                    attachments.push(of(binary, written, *format, image)?);
                }
            }
            (Wish::Made(_), None) => {
                let what = "--sbom: nothing is built that an SBOM could be made of; name a file that has one";
                return Err(Error::Other(what.to_owned()));
            }
        }
    }
    Ok(attachments)
}

fn of(binary: &Binary, written: &Written, format: Format, image: &Image) -> Result<Attachment, Error> {
    let platform = DescribedPlatform::from(Platform::of_target(&binary.target)?);
    let mut manifests = image.manifests()?.into_iter().map(|(descriptor, _)| descriptor);
    let subject = manifests.find(|descriptor| descriptor.platform.as_ref() == Some(&platform));
    let subject = subject.expect("the image was made of this binary, among others");
    let bill = Bill::of(written, &binary.target)?.of_binary(&binary.data);
    Ok(Attachment { subject, media_type: format.media_type(), data: format.render(&bill).into_bytes() })
}

/// An SBOM in a file, whose form its first keys tell.
fn read(path: &Path) -> Result<(&'static str, Vec<u8>), Error> {
    let data = fs::read(path).doing("read", path)?;
    let document: serde_json::Value = serde_json::from_slice(&data).unwrap_or_default();
    let format = if document["bomFormat"] == "CycloneDX" {
        Format::Cyclonedx
    } else if document["spdxVersion"].is_string() {
        Format::Spdx
    } else {
        return Err(Error::Other(format!("`{}` is no SBOM in CycloneDX's or SPDX's JSON", path.display())));
    };
    Ok((format.media_type(), data))
}
