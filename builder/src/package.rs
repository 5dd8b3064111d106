//! From a binary to packages, without the tools of any distribution: `.deb`, `.rpm` and `.tar.gz`.
//!
//! All three hold the same files. Nothing in them depends on when, where or by whom they were made: times are one time, owners
//! are names, and what is compressed is compressed by one thread.

mod architecture;
mod compress;
mod deb;
mod default_config;
mod facts;
mod needs;
mod rpm;
mod tar_gz;
mod tarball;
mod texts;
mod tree;
mod version;

use crate::error::Error;

pub(crate) use self::{architecture::Architecture, default_config::Config, facts::Facts};

/// A kind of package.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, clap::ValueEnum)]
pub(crate) enum Format {
    /// For Debian, Ubuntu and theirs.
    Deb,
    /// For Fedora, RHEL, SUSE and theirs.
    Rpm,
    /// For everybody else.
    #[value(name = "tar.gz")]
    TarGz,
}

/// What a package is made of.
#[derive(Debug)]
pub(crate) struct Contents<'a> {
    /// What it says of the distribution.
    pub(crate) facts: &'a Facts,
    /// What it runs on.
    pub(crate) architecture: Architecture,
    /// The binary.
    pub(crate) binary: &'a [u8],
    /// The configuration that the service starts with.
    pub(crate) config: &'a str,
    /// What the licences of all that is in it want to be passed on.
    pub(crate) notices: &'a str,
}

/// A finished package.
#[derive(Debug)]
pub(crate) struct Package {
    /// What the file is called.
    pub(crate) file_name: String,
    /// The file.
    pub(crate) data: Vec<u8>,
}

impl Format {
    /// Every one.
    pub(crate) const ALL: [Self; 3] = [Self::Deb, Self::Rpm, Self::TarGz];

    /// The file name's end, which is what the format is called, too.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Deb => "deb",
            Self::Rpm => "rpm",
            Self::TarGz => "tar.gz",
        }
    }
}

/// Makes a package.
pub(crate) fn make(format: Format, contents: &Contents<'_>) -> Result<Package, Error> {
    let Facts { name, version, .. } = contents.facts;
    let Architecture { deb, rpm, archive } = contents.architecture;
    let made = match format {
        Format::Deb => deb::write(contents).map(|data| {
            let version = contents.facts.deb_version();
            Package { file_name: format!("{name}_{version}_{deb}.deb"), data }
        }),
        Format::Rpm => rpm::write(contents).map(|data| {
            let release = contents.facts.rpm_release();
            Package { file_name: format!("{name}-{version}-{release}.{rpm}.rpm"), data }
        }),
        Format::TarGz => tar_gz::write(contents).map(|data| {
            let version = &contents.facts.written_version;
            Package { file_name: format!("{name}_{version}_linux_{archive}.tar.gz"), data }
        }),
    };
    made.map_err(|source| Error::Io { doing: format!("cannot make the {} package", format.name()), source })
}

#[cfg(test)]
mod tests;
