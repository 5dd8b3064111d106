//! The forms that an image is kept in.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Created, Dialect, Image, archive, blobs};
use crate::{
    error::{Doing as _, Error},
    replace,
};

/// A form that an image is kept in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Format {
    /// One tar that is both an OCI archive and a docker archive, for podman, skopeo and docker
    #[default]
    Archive,
    /// The OCI archive alone
    OciArchive,
    /// A folder with an OCI layout
    OciLayout,
    /// A docker archive, whose health check podman keeps; one platform only
    DockerArchive,
}

impl Format {
    /// Whose names the documents of the image have in it.
    pub(crate) const fn dialect(self) -> Dialect {
        match self {
            Self::DockerArchive => Dialect::Docker,
            _ => Dialect::Oci,
        }
    }

    /// What such a file is called when nobody says.
    pub(crate) fn file_name(self, distribution: &str) -> String {
        match self {
            Self::Archive | Self::OciArchive => format!("{distribution}.oci.tar"),
            Self::OciLayout => format!("{distribution}.oci"),
            Self::DockerArchive => format!("{distribution}.docker.tar"),
        }
    }
}

/// What was written.
#[derive(Debug)]
pub(crate) struct Saved {
    /// The bytes of the file; of a folder those of its `index.json`, which names all else by its digest.
    pub(crate) data: Vec<u8>,
    /// The size of all of it.
    pub(crate) bytes: u64,
}

/// Puts the image at `path`, in place of what may be there.
pub(crate) fn save(image: &Image, format: Format, created: Created, path: &Path) -> Result<Saved, Error> {
    if format == Format::OciLayout {
        return save_layout(image, path);
    }
    let data = archive::write(image, format, created)?;
    replace::file(path, &data, 0o666)?;
    Ok(Saved { bytes: data.len() as u64, data })
}

fn save_layout(image: &Image, path: &Path) -> Result<Saved, Error> {
    // What is not a layout was not made by us, and is not ours to remove.
    if path.exists() && !path.join(archive::LAYOUT).is_file() {
        let what =
            format!("`{}` is there and is no OCI layout: remove it, or name another place", path.display());
        return Err(Error::Other(what));
    }
    let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty()).map_or(Path::new("."), |p| p);
    let folder = replace::folder_beside(parent)?;
    let put = |name: &str, data: &[u8]| -> Result<u64, Error> {
        let path: PathBuf = folder.path().join(name);
        fs::create_dir_all(path.parent().unwrap_or(parent)).doing("create", &path)?;
        fs::write(&path, data).doing("write", &path)?;
        Ok(data.len() as u64)
    };
    let mut bytes = 0;
    for (digest, data) in image.blobs.iter() {
        bytes += put(&blobs::path(digest), data)?;
    }
    let index = archive::index(image);
    bytes += put("index.json", &index)? + put(archive::LAYOUT, archive::LAYOUT_TEXT)?;
    if path.exists() {
        fs::remove_dir_all(path).doing("replace", path)?;
    }
    fs::rename(folder.keep(), path).doing("write", path)?;
    Ok(Saved { data: index, bytes })
}
