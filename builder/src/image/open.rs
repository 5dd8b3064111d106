//! Reading an image that was saved before, here or elsewhere: an OCI layout in a folder or a tar, or a docker archive.

use std::{collections::BTreeMap, fs, io::Read as _, path::Path};

use serde::de::DeserializeOwned;

use super::{
    Blobs, Image, Reference, archive, blobs,
    document::{self, Descriptor, Dialect, DockerImage, Index, Labels, Manifest},
    layer,
};
use crate::error::{Doing as _, Error};

/// Reads the image at `path`, whole, and checks every digest.
pub(crate) fn open(path: &Path) -> Result<Image, Error> {
    let refused = |what: String| Error::Other(format!("`{}` is no image: {what}", path.display()));
    let files = if path.is_dir() { Files::Folder(path) } else { Files::Tar(unpack(path)?) };
    if files.has(archive::LAYOUT) {
        return from_layout(&files).map_err(refused);
    }
    if files.has("manifest.json") {
        return from_docker(&files).map_err(refused);
    }
    Err(refused(
        "it holds neither an OCI layout (`oci-layout`) nor a docker archive (`manifest.json`)".to_owned(),
    ))
}

/// The files that an image was saved in.
enum Files<'a> {
    Folder(&'a Path),
    Tar(BTreeMap<String, Vec<u8>>),
}

impl Files<'_> {
    fn has(&self, name: &str) -> bool {
        match self {
            Self::Folder(folder) => folder.join(name).is_file(),
            Self::Tar(files) => files.contains_key(name),
        }
    }

    fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        match self {
            // A name comes from a document, and must not lead out of the folder.
            _ if name.split('/').any(|part| part == "..") || name.starts_with('/') => {
                Err(format!("`{name}` is not in it"))
            }
            Self::Folder(folder) => {
                fs::read(folder.join(name)).map_err(|e| format!("cannot read `{name}`: {e}"))
            }
            Self::Tar(files) => files.get(name).cloned().ok_or_else(|| format!("`{name}` is missing")),
        }
    }

    fn json<T: DeserializeOwned>(&self, name: &str) -> Result<T, String> {
        serde_json::from_slice(&self.read(name)?).map_err(|e| format!("`{name}`: {e}"))
    }
}

fn unpack(path: &Path) -> Result<BTreeMap<String, Vec<u8>>, Error> {
    let file = fs::File::open(path).doing("read", path)?;
    let mut files = BTreeMap::new();
    let mut tar = tar::Archive::new(file);
    for entry in tar.entries().doing("read", path)? {
        let mut entry = entry.doing("read the tar", path)?;
        if entry.header().entry_type().is_file() {
            let name = entry.path().doing("read the tar", path)?.display().to_string();
            let mut data = Vec::new();
            entry.read_to_end(&mut data).doing("read", path)?;
            files.insert(name.trim_start_matches("./").to_owned(), data);
        }
    }
    Ok(files)
}

fn from_layout(files: &Files<'_>) -> Result<Image, String> {
    let index: Index = files.json("index.json")?;
    let first = index.manifests.first().ok_or("it is empty")?;
    if let Some(other) = index.manifests.iter().find(|other| other.digest != first.digest) {
        let named =
            |descriptor: &Descriptor| name(&descriptor.annotations).unwrap_or(descriptor.digest.clone());
        return Err(format!("it holds several, `{}` and `{}` among them", named(first), named(other)));
    }
    let names = index.manifests.iter().filter_map(|manifest| name(&manifest.annotations));
    let references = names.filter_map(|name| Reference::parse(&name).ok()).collect();
    let top = Descriptor { annotations: Labels::new(), ..first.clone() };
    let mut blobs = Blobs::default();
    take(files, &top, &mut blobs)?;
    Ok(Image { blobs, top, references })
}

/// The full name of an image in a layout's index, if it has one.
fn name(annotations: &Labels) -> Option<String> {
    let full = annotations.get("io.containerd.image.name");
    // podman puts the whole name where others put the tag.
    let short = annotations.get("org.opencontainers.image.ref.name").filter(|name| name.contains(['/', ':']));
    full.or(short).cloned()
}

/// Takes what `top` is and all that it names.
fn take(files: &Files<'_>, top: &Descriptor, to: &mut Blobs) -> Result<(), String> {
    let data = files.read(&blobs::path(&top.digest))?;
    let parse = |e: serde_json::Error| format!("{}: {e}", top.digest);
    let children = match top.media_type.as_str() {
        kind if kind == Dialect::Oci.index() || kind == Dialect::Docker.index() => {
            let index: Index = serde_json::from_slice(&data).map_err(parse)?;
            index.manifests
        }
        kind if kind == Dialect::Oci.manifest() || kind == Dialect::Docker.manifest() => {
            let manifest: Manifest = serde_json::from_slice(&data).map_err(parse)?;
            manifest.layers.into_iter().chain([manifest.config]).collect()
        }
        _ => Vec::new(),
    };
    let found = to.add(&top.media_type, data).digest;
    if found != top.digest {
        return Err(format!("what should be {} is {found}", top.digest));
    }
    children.iter().try_for_each(|child| take(files, child, to))
}

/// A docker archive has no manifest: it is made here, the same every time.
fn from_docker(files: &Files<'_>) -> Result<Image, String> {
    let list: Vec<DockerImage> = files.json("manifest.json")?;
    let [docker] = list.as_slice() else {
        return Err(format!("it holds {} images, not one", list.len()));
    };
    let mut blobs = Blobs::default();
    let config = blobs.add(Dialect::Docker.config(), files.read(&docker.config)?);
    let mut layers = Vec::new();
    for layer in &docker.layers {
        let data = files.read(layer)?;
        // docker saves layers as they are on its disk; registries want them compressed.
        let data = if data.starts_with(&[0x1f, 0x8b]) {
            data
        } else {
            layer::compress(&data).map_err(|e| e.chain())?
        };
        layers.push(blobs.add(Dialect::Docker.layer(), data));
    }
    let media_type = Dialect::Docker.manifest().to_owned();
    let annotations = Labels::new();
    let manifest = Manifest {
        schema_version: 2,
        media_type,
        artifact_type: None,
        config,
        layers,
        subject: None,
        annotations,
    };
    let top = blobs.add(Dialect::Docker.manifest(), document::to_json(&manifest));
    let names = docker.repo_tags.iter().flatten();
    Ok(Image { blobs, top, references: names.filter_map(|name| Reference::parse(name).ok()).collect() })
}
