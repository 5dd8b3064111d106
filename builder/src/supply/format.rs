//! The two forms of an SBOM.

use clap::ValueEnum;

use super::{Bill, cyclonedx, spdx23};

/// A form that an SBOM is written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, ValueEnum)]
pub(crate) enum Format {
    /// CycloneDX 1.6, as JSON
    Cyclonedx,
    /// SPDX 2.3, as JSON
    Spdx,
}

impl Format {
    /// The SBOM that says what `bill` says.
    pub(crate) fn render(self, bill: &Bill) -> String {
        match self {
            Self::Cyclonedx => cyclonedx::render(bill),
            Self::Spdx => spdx23::render(bill),
        }
    }

    /// What its files' names end in after the distribution's name; tools know the forms by it.
    pub(crate) const fn extension(self) -> &'static str {
        match self {
            Self::Cyclonedx => "cdx.json",
            Self::Spdx => "spdx.json",
        }
    }

    /// Its media type, for registries.
    pub(crate) const fn media_type(self) -> &'static str {
        match self {
            Self::Cyclonedx => "application/vnd.cyclonedx+json",
            Self::Spdx => "application/spdx+json",
        }
    }
}
