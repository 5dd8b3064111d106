//! What to build and from what: the arguments that every command which builds has.

use std::path::PathBuf;

use clap::Args;

use crate::{compile::Show, distro::Request, manifest::Strictness, report};

/// What to build and from what.
#[derive(Clone, Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Selection {
    /// The manifest; /dev/stdin works too
    #[arg(long, short, value_name = "FILE", conflicts_with = "from_config")]
    pub(super) config: Option<PathBuf>,
    /// A collector configuration to take the components from, in place of a manifest; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) from_config: Vec<PathBuf>,
    /// Put the configuration into the binary, which then runs without --config
    #[arg(long)]
    pub(super) embed_config: bool,
    /// Where the binary and all else goes, in place of the manifest's `dist.output_path`
    #[arg(long, value_name = "DIR")]
    pub(super) output_path: Option<PathBuf>,
    /// What to compile for; the default is this machine; may be repeated
    #[arg(long, value_name = "TRIPLE")]
    pub(super) target: Vec<String>,
    /// Leave out the components that Slimcol does not have yet
    #[arg(long)]
    pub(super) skip_missing: bool,
    /// Fetch nothing: build with the crates that are on this machine
    #[arg(long)]
    pub(super) offline: bool,
    /// Refuse to build anything but what `slimcol.lock` says
    #[arg(long)]
    pub(super) locked: bool,
    /// Accept versions later than the release that Slimcol follows
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub(super) skip_strict_versioning: Option<bool>,
    /// Show everything that cargo says
    #[arg(long)]
    pub(super) verbose: bool,
    /// Slimcol's sources, in place of those that came with this program
    #[arg(long, env = "SLIMCOL_SOURCE", value_name = "DIR")]
    pub(super) source: Option<PathBuf>,
    /// Where compiled crates are kept for the next build; the default is below `SLIMCOL_CACHE_DIR`, or `slimcol` in the
    /// user's folder for caches
    #[arg(long, env = "SLIMCOL_TARGET_DIR", value_name = "DIR")]
    pub(super) target_dir: Option<PathBuf>,
}

impl Selection {
    /// What was asked for.
    pub(super) fn request(&self) -> Request {
        Request {
            manifest: self.config.clone(),
            configs: self.from_config.clone(),
            output: self.output_path.clone(),
            targets: self.target.clone(),
            source: self.source.clone(),
            target_dir: self.target_dir.clone(),
            network: !self.offline,
            locked: self.locked,
            strictness: Strictness { versions: !self.skip_strict_versioning.unwrap_or(false) },
            skip_missing: self.skip_missing,
            embed_config: self.embed_config,
            show: match (self.verbose, report::watched()) {
                (true, _) => Show::Everything,
                (false, true) => Show::Bar,
                (false, false) => Show::Nothing,
            },
        }
    }
}
