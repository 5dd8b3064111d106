//! What an image is made of besides what is compiled: read before anything is compiled, so that what is wrong is said first.

use std::{fs, path::Path};

use super::Wanted;
use crate::{
    compile,
    distro::{Binary, Prepared},
    error::{Doing as _, Error},
    image::{self, Contents, Created, Format, Image, Platform, Reference, Wishes},
    report::{self, Artifact},
};

/// Everything but the compiled binaries.
#[derive(Debug)]
pub(in crate::cli) struct ImagePlan {
    references: Vec<Reference>,
    created: Created,
    wishes: Wishes,
    format: Format,
    /// Binaries that were there already.
    ready: Vec<(Platform, Vec<u8>)>,
}

impl ImagePlan {
    /// Reads and checks it. `compiles` says whether the targets of `prepared` are compiled for the image.
    pub(in crate::cli) fn read(
        wanted: &Wanted,
        names: &[String],
        format: Format,
        compiles: bool,
        prepared: &Prepared,
    ) -> Result<Self, Error> {
        let references = references(names, prepared)?;
        let ready: Vec<_> = wanted
            .binaries()
            .iter()
            .map(|(platform, path)| ready(*platform, path))
            .collect::<Result<_, _>>()?;
        let targets = prepared.targets.iter().filter(|_| compiles).map(|target| Platform::of_target(target));
        let mut platforms: Vec<Platform> = targets.collect::<Result<_, _>>()?;
        platforms.extend(ready.iter().map(|(platform, _)| *platform));
        platforms.sort_unstable();
        if let Some([twice, _]) =
            platforms.windows(2).find_map(|pair| pair.first_chunk().filter(|[a, b]| a == b))
        {
            return Err(Error::Other(format!("the image has two binaries for {twice}: leave one out")));
        }
        if format == Format::DockerArchive && platforms.len() > 1 {
            return Err(image::one_platform());
        }
        if let Some(remark) = image::remarks(prepared.config.as_deref()) {
            report::remark(remark);
        }
        let dist = &prepared.manifest.dist;
        Ok(Self {
            references,
            created: Created::from_environment()?,
            wishes: wanted.over(&dist.image.wishes),
            format,
            ready,
        })
    }

    /// Puts the image together.
    pub(in crate::cli) fn make(&self, prepared: &Prepared, compiled: &[Binary]) -> Result<Image, Error> {
        let plan = &prepared.plan;
        let of_target = |binary: &Binary| Platform::of_target(&binary.target);
        let mut binaries = Vec::new();
        for binary in compiled {
            binaries.push((of_target(binary)?, binary.data.as_slice()));
        }
        binaries.extend(self.ready.iter().map(|(platform, data)| (*platform, data.as_slice())));
        let components = plan.components.iter().map(|planned| &planned.component);
        let contents = Contents {
            name: &plan.name,
            version: &plan.version,
            description: &plan.description,
            binaries,
            config: prepared.config.as_deref(),
            components: components
                .map(|component| (component.class.section(), component.name.as_str()))
                .collect(),
            created: self.created,
            wishes: &self.wishes,
            dialect: self.format.dialect(),
        };
        image::build(&contents, self.references.clone())
    }

    /// Puts the image where it belongs.
    pub(in crate::cli) fn save(&self, image: &Image, path: &Path) -> Result<Artifact, Error> {
        let saved = image::save(image, self.format, self.created, path)?;
        let names: Vec<String> = image.references.iter().map(ToString::to_string).collect();
        let artifact = Artifact { bytes: saved.bytes, ..Artifact::new("image", path, &saved.data) };
        Ok(artifact.with(format!("{} {}", names.join(", "), image.top.digest)))
    }
}

/// What the image is called: what the command line says, else the manifest, else the distribution's name.
fn references(names: &[String], prepared: &Prepared) -> Result<Vec<Reference>, Error> {
    if !names.is_empty() {
        return names.iter().map(|name| Reference::parse(name).map_err(Error::Other)).collect();
    }
    let plan = &prepared.plan;
    let wanted = prepared.manifest.dist.image.name.clone();
    Ok(vec![wanted.unwrap_or_else(|| Reference::of_distribution(&plan.name, &plan.version))])
}

/// A binary that is there already, which must be static and for that platform.
fn ready(platform: Platform, path: &Path) -> Result<(Platform, Vec<u8>), Error> {
    let data = fs::read(path).doing("read", path)?;
    let refused = |what: String| {
        Error::Other(format!("`{}` cannot be the binary for {platform}: {what}", path.display()))
    };
    compile::check_static(&data).map_err(refused)?;
    if !platform.is_of(&data) {
        return Err(refused("it is for another machine".to_owned()));
    }
    Ok((platform, data))
}
