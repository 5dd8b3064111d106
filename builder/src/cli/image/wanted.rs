//! What an image is to be: the arguments that every command which makes one has.

use std::path::PathBuf;

use clap::Args;

use crate::image::{Platform, Port, User, Wishes, labels};

/// What an image is to be.
#[derive(Debug, Default, Args)]
#[command(next_help_heading = "What is in the image")]
pub(in crate::cli) struct Wanted {
    /// A label, which is an annotation too; empty to leave one of Slimcol's out; may be repeated
    #[arg(long, value_name = "KEY=VALUE", value_parser = labels::parse)]
    label: Vec<(String, String)>,
    /// Who collectors run as, by number; the default is 10001:10001
    #[arg(long, value_name = "UID[:GID]", value_parser = User::parse)]
    user: Option<User>,
    /// A port besides those of the configuration, such as 514/udp; may be repeated
    #[arg(long, value_name = "PORT", value_parser = Port::parse)]
    expose: Vec<Port>,
    /// What to compile for, in images' words (linux/arm64); may be repeated
    #[arg(long, value_name = "PLATFORM", value_parser = Platform::parse)]
    platform: Vec<Platform>,
    /// A binary that is there already; without --target and --platform nothing is compiled; may be repeated
    #[arg(long, value_name = "PLATFORM=FILE", value_parser = binary)]
    binary: Vec<(Platform, PathBuf)>,
}

impl Wanted {
    /// The targets of the platforms to compile for.
    pub(super) fn targets(&self) -> impl Iterator<Item = String> {
        self.platform.iter().map(|platform| platform.target())
    }

    /// Whether some of the image was compiled before.
    pub(super) fn has_binaries(&self) -> bool {
        !self.binary.is_empty()
    }

    /// What was compiled before.
    pub(super) fn binaries(&self) -> &[(Platform, PathBuf)] {
        &self.binary
    }

    /// What is wanted on top of what the manifest wants.
    pub(super) fn over(&self, manifest: &Wishes) -> Wishes {
        let mut wishes = manifest.clone();
        wishes.labels.extend(self.label.iter().cloned());
        wishes.user = self.user.or(wishes.user);
        wishes.expose.extend(&self.expose);
        wishes
    }
}

fn binary(text: &str) -> Result<(Platform, PathBuf), String> {
    let (platform, file) =
        text.split_once('=').ok_or_else(|| format!("`{text}` is no binary: write `linux/arm64=FILE`"))?;
    Ok((Platform::parse(platform)?, PathBuf::from(file)))
}
