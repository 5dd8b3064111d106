//! What is made of binaries: `build` makes what its flags ask for, other commands one kind each, `release` everything.

use clap::Args;

use super::{
    image::{ImagePlan, Wanted},
    packages::Packages,
    papers::{Papers, Signing},
};
use crate::{
    distro::{Binary, Prepared, Written},
    error::Error,
    image,
    package::Format,
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
    image: Option<ImagePlan>,
    packages: Option<Packages>,
    papers: supply::Papers,
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
        let image = self.image.as_deref().map(|name| {
            let names: Vec<String> =
                Some(name.to_owned()).filter(|name| !name.is_empty()).into_iter().collect();
            ImagePlan::read(&Wanted::default(), &names, image::Format::default(), true, prepared)
        });
        let some = (!self.package.is_empty()).then_some(&self.package);
        let packages = some.map(|formats| Packages::read(formats, prepared)).transpose()?;
        Ok(Planned { image: image.transpose()?, packages, papers: self.papers.plan()? })
    }
}

impl Planned {
    /// Makes everything, and tells of each.
    pub(super) fn make(&self, written: &Written, binaries: &[Binary]) -> Result<Vec<Artifact>, Error> {
        let mut made = Vec::new();
        if let Some(plan) = &self.image {
            let path = written.beside(&image::Format::default().file_name(&written.prepared.plan.name));
            made.push(plan.save(&plan.make(&written.prepared, binaries)?, &path)?);
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
