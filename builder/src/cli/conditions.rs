//! How things are built, whatever they are: for which targets, with what sources and caches, and how strictly.

use std::path::PathBuf;

use clap::Args;

use crate::{compile::Show, distro::Request, lockfile::Locking, manifest::Strictness, report, size::Size};

/// How to build.
#[derive(Clone, Debug, Default, Args)]
#[command(next_help_heading = "How to build")]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag")]
pub(super) struct Conditions {
    /// What to compile for; the default is this machine; may be repeated
    #[arg(long, value_name = "TRIPLE")]
    pub(super) target: Vec<String>,
    /// Leave out the components that Slimcol does not have yet
    #[arg(long)]
    pub(super) skip_missing: bool,
    /// Fetch nothing: build with the crates that are on this machine
    #[arg(long)]
    pub(super) offline: bool,
    /// Refuse to build anything but what slimcol.lock says
    #[arg(long)]
    pub(super) locked: bool,
    /// Take the newest versions in place of those in slimcol.lock
    #[arg(long, conflicts_with = "locked")]
    pub(super) update: bool,
    /// The lock file, in place of slimcol.lock in the manifest's folder
    #[arg(long, value_name = "FILE")]
    pub(super) lock_file: Option<PathBuf>,
    /// Build from what `slimcol vendor` has brought together in this folder; implies --offline
    #[arg(long, value_name = "DIR")]
    pub(super) vendor: Option<PathBuf>,
    /// Accept versions later than the release that Slimcol follows
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub(super) skip_strict_versioning: Option<bool>,
    /// Fail if a binary is larger (`4MB`, `3900KiB`), in place of the manifest's `dist.max_size`
    #[arg(long, value_name = "SIZE")]
    pub(super) max_size: Option<Size>,
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

impl Conditions {
    /// A request for nothing yet, under these conditions.
    pub(super) fn request(&self) -> Request {
        Request {
            manifest: None,
            configs: Vec::new(),
            name: None,
            output: None,
            targets: self.target.clone(),
            source: self.source.clone(),
            target_dir: self.target_dir.clone(),
            network: !self.offline,
            vendor: self.vendor.clone(),
            vendored: None,
            locking: match (self.locked, self.update) {
                (true, _) => Locking::Hold,
                (false, true) => Locking::Renew,
                (false, false) => Locking::Keep,
            },
            lock_file: self.lock_file.clone(),
            strictness: Strictness { versions: !self.skip_strict_versioning.unwrap_or(false) },
            skip_missing: self.skip_missing,
            embed_config: false,
            max_size: self.max_size.clone(),
            show: match (self.verbose, report::watched()) {
                (true, _) => Show::Everything,
                (false, true) => Show::Bar,
                (false, false) => Show::Nothing,
            },
        }
    }
}
