//! Packages on the command line: what they need is read before anything is compiled, and they are made of what was.

use std::path::Path;

use crate::{
    distro::{Binary, Prepared, Written},
    error::Error,
    package::{self, Architecture, Config, Contents, Facts, Format},
    replace,
    report::Artifact,
    supply::{self, Runtime},
};

/// Packages to be made.
#[derive(Debug)]
pub(super) struct Packages {
    formats: Vec<Format>,
    facts: Facts,
    config: Config,
}

impl Packages {
    /// Reads what packages of `formats` need besides binaries.
    pub(super) fn read(formats: &[Format], prepared: &Prepared) -> Result<Self, Error> {
        for target in &prepared.targets {
            Architecture::of_target(target)?;
        }
        let mut formats = formats.to_vec();
        formats.sort_unstable();
        formats.dedup();
        Ok(Self { formats, facts: Facts::of(prepared)?, config: Config::of(prepared)? })
    }

    /// Makes the packages of `binary` in `folder`.
    pub(super) fn make(
        &self,
        written: &Written,
        binary: &Binary,
        folder: &Path,
    ) -> Result<Vec<Artifact>, Error> {
        written.confirm(binary, self.config.name(), self.config.text())?;
        let facts = &self.facts;
        let Prepared { plan, rustc, .. } = &written.prepared;
        let runtime = Runtime::ask(rustc, &binary.target);
        let notices = supply::notices(&binary.graph, plan, &runtime);
        let contents = Contents {
            facts,
            architecture: Architecture::of_target(&binary.target)?,
            binary: &binary.data,
            config: self.config.text(),
            notices: &notices,
        };
        let mut made = Vec::new();
        for format in &self.formats {
            let package = package::make(*format, &contents)?;
            let path = folder.join(&package.file_name);
            replace::file(&path, &package.data, 0o666)?;
            made.push(Artifact::new(format.name(), &path, &package.data));
        }
        Ok(made)
    }
}
