//! What is made of binaries: `build` makes what its flags ask for, other commands one kind each, `release` everything.

use clap::Args;

use super::{
    packages::Packages,
    papers::{Papers, Signing},
};
use crate::{
    distro::{Binary, Prepared, Written},
    error::Error,
    image::{self, Contents, Created, Platform, Reference},
    package::Format,
    replace,
    report::{self, Artifact},
    supply,
};

/// What to make besides binaries.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "What to make besides the binary")]
pub(super) struct Products {
    /// Also make an image, called REF (the default is the distribution's name and version)
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    image: Option<String>,
    /// Also make packages of these kinds
    #[arg(long, value_enum, value_name = "FORMAT,…", value_delimiter = ',')]
    package: Vec<Format>,
    #[command(flatten)]
    papers: Papers,
}

/// What will be made, with all that it needs: what can be wrong is found before anything is compiled.
#[derive(Debug)]
pub(super) struct Planned {
    image: Option<Image>,
    packages: Option<Packages>,
    papers: supply::Papers,
}

#[derive(Debug)]
struct Image {
    reference: Reference,
    created: Created,
}

impl Products {
    /// Everything that there is, under its usual names.
    pub(super) fn everything(signing: Signing) -> Self {
        Self { image: Some(String::new()), package: Format::ALL.to_vec(), papers: Papers::all(signing) }
    }

    /// Whether nothing is asked for.
    pub(super) const fn is_none(&self) -> bool {
        self.image.is_none() && self.package.is_empty() && self.papers.is_none()
    }

    /// Reads what the products need besides binaries.
    pub(super) fn plan(&self, prepared: &Prepared) -> Result<Planned, Error> {
        let image = self.image.as_deref().map(|name| Image::read(name, prepared)).transpose()?;
        let some = (!self.package.is_empty()).then_some(&self.package);
        let packages = some.map(|formats| Packages::read(formats, prepared)).transpose()?;
        Ok(Planned { image, packages, papers: self.papers.plan()? })
    }
}

impl Planned {
    /// Makes everything, and tells of each.
    pub(super) fn make(&self, written: &Written, binaries: &[Binary]) -> Result<Vec<Artifact>, Error> {
        let mut made = Vec::new();
        if let Some(image) = &self.image {
            for binary in binaries {
                made.push(image.make(&written.prepared, binary)?);
            }
        }
        if let Some(packages) = &self.packages {
            for binary in binaries {
                made.append(&mut packages.make(written, binary, &written.output)?);
            }
        }
        made.append(&mut self.papers.write(written, binaries, &made)?);
        made.iter().for_each(report::made);
        Ok(made)
    }
}

impl Image {
    fn read(name: &str, prepared: &Prepared) -> Result<Self, Error> {
        let reference = match name {
            "" => Reference::of_distribution(&prepared.plan.name, &prepared.plan.version),
            name => Reference::parse(name).map_err(Error::Other)?,
        };
        if prepared.config.is_none() {
            report::remark(
                "note: the manifest has no `dist.config`, so the image has no default configuration",
            );
        }
        for target in &prepared.targets {
            Platform::of_target(target)?;
        }
        Ok(Self { reference, created: Created::from_environment()? })
    }

    fn make(&self, prepared: &Prepared, binary: &Binary) -> Result<Artifact, Error> {
        let plan = &prepared.plan;
        let image = image::build(&Contents {
            name: &plan.name,
            version: &plan.version,
            description: &plan.description,
            binary: &binary.data,
            config: prepared.config.as_deref(),
            platform: Platform::of_target(&binary.target)?,
            created: self.created,
            reference: &self.reference,
        })?;
        let path = binary.path.with_file_name(format!("{}.oci.tar", plan.name));
        replace::file(&path, &image.archive, 0o666)?;
        let remark = format!("{} {}", self.reference, image.digest);
        Ok(Artifact::new("image", &path, &image.archive).with(remark))
    }
}
