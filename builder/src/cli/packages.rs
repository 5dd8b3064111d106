//! Packages on the command line: what they need is read before anything is compiled, and they are made of what was.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

use crate::{
    distro::{Binary, Prepared, Written},
    error::{Doing as _, Error},
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
        self.confirm(written, binary)?;
        let facts = &self.facts;
        let Prepared { plan, rustc, .. } = &written.prepared;
        let runtime = Runtime::ask(rustc, &binary.target);
        let notices = supply::notices(&written.graph(&binary.target)?, plan, &runtime);
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
            let path: PathBuf = folder.join(&package.file_name);
            replace::file(&path, &package.data, 0o666)?;
            made.push(Artifact::new(format.name(), &path, &package.data));
        }
        Ok(made)
    }

    /// Lets the collector confirm a configuration that nobody has tried, where this machine can run it.
    fn confirm(&self, written: &Written, binary: &Binary) -> Result<(), Error> {
        let Config::Derived(text) = &self.config else { return Ok(()) };
        if binary.target != written.prepared.rustc.host {
            return Ok(());
        }
        let file = tempfile::Builder::new().suffix(".yaml").tempfile();
        let file = file.doing("create a file in", &std::env::temp_dir())?;
        replace::file(file.path(), text.as_bytes(), 0o600)?;
        let output = Command::new(&binary.path).args(["validate", "--config"]).arg(file.path()).output();
        let output = output.doing("run", &binary.path)?;
        if output.status.success() {
            return Ok(());
        }
        Err(Error::Other(format!(
            "the collector does not accept the configuration that was derived for it; name one with `dist.config`:\n{}",
            String::from_utf8_lossy(&output.stderr).trim_end()
        )))
    }
}
