//! The arguments for the papers of a distribution.

use std::path::PathBuf;

use clap::Args;

use crate::{
    error::Error,
    supply::{self, Format, Key},
};

/// Which papers to write.
#[derive(Clone, Debug, Default, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Papers {
    /// Also say what it is made of, as SBOMs beside the binary; FORMS are separated by commas
    #[arg(long, value_name = "FORMS", value_enum, value_delimiter = ',')]
    sbom: Vec<Format>,
    /// Also write the texts that licences want to be passed on
    #[arg(long)]
    notices: bool,
    /// Also write how everything was built, as an in-toto statement with SLSA provenance
    #[arg(long)]
    provenance: bool,
    /// Also write SHA256SUMS of everything that was made
    #[arg(long)]
    sums: bool,
    #[command(flatten)]
    signing: Signing,
}

/// With which key to sign.
#[derive(Clone, Debug, Default, Args)]
pub(super) struct Signing {
    /// Also write SHA256SUMS and sign it with this minisign secret key
    #[arg(long, value_name = "KEYFILE")]
    sign: Option<PathBuf>,
    /// The key's password is this file's first line; without it, it is taken from the environment variable
    /// `SLIMCOL_SIGN_PASSWORD`
    #[arg(long, value_name = "FILE", requires = "sign")]
    sign_password_file: Option<PathBuf>,
}

impl Papers {
    /// All of them, signed if a key is given.
    pub(super) fn all(signing: Signing) -> Self {
        let sbom = vec![Format::Cyclonedx, Format::Spdx];
        Self { sbom, notices: true, provenance: true, sums: true, signing }
    }

    /// Whether none is asked for.
    pub(super) const fn is_none(&self) -> bool {
        self.sbom.is_empty() && !self.notices && !self.provenance && !self.sums && self.signing.sign.is_none()
    }

    /// Reads the key, if there is one.
    pub(super) fn plan(&self) -> Result<supply::Papers, Error> {
        let Signing { sign, sign_password_file } = &self.signing;
        let key = sign.as_deref().map(|key| Key::read(key, sign_password_file.as_deref())).transpose()?;
        let mut sboms = self.sbom.clone();
        sboms.sort_unstable();
        sboms.dedup();
        Ok(supply::Papers { sboms, notices: self.notices, provenance: self.provenance, sums: self.sums, key })
    }
}
