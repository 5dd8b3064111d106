//! The arguments: Slimcol's own form, and ocb's.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand};

/// Builds slim OpenTelemetry collectors from a manifest.
///
/// Exit codes: 0 done, 1 other failures, 2 the manifest is wrong (or the command line), 3 a crate could not be found or
/// fetched, 4 the collector did not compile. Environment variables count only with the prefix SLIMCOL_.
#[derive(Debug, Parser)]
#[command(name = "slimcol", version, args_conflicts_with_subcommands = true)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    /// ocb's form: the same without a command.
    #[command(flatten)]
    pub(super) build: Options,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Build the collector that a manifest describes
    Build(Options),
    /// Print the version
    Version,
}

#[derive(Debug, Args)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag, most of them ocb's")]
pub(super) struct Options {
    /// The manifest; /dev/stdin works too
    #[arg(long, short, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Where the binary, the image and the generated workspace go, in place of the manifest's `dist.output_path`
    #[arg(long, value_name = "DIR")]
    pub(super) output_path: Option<PathBuf>,
    /// Also make an image, called REF (the default is the distribution's name and version)
    #[arg(long, value_name = "REF", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    pub(super) image: Option<String>,
    /// Stop after the workspace is generated and its dependencies are fetched
    #[arg(long)]
    pub(super) skip_compilation: bool,
    /// Fetch nothing: build with the crates that are on this machine
    #[arg(long)]
    pub(super) skip_get_modules: bool,
    /// Compile the workspace that is already there
    #[arg(long)]
    pub(super) skip_generate: bool,
    /// Accept Go module versions later than the release that Slimcol follows
    #[arg(long, num_args = 0..=1, require_equals = true, default_missing_value = "true", value_name = "BOOL")]
    pub(super) skip_strict_versioning: Option<bool>,
    /// Show everything that cargo says
    #[arg(long)]
    pub(super) verbose: bool,
    /// What to compile for; the default is this machine
    #[arg(long, value_name = "TRIPLE")]
    pub(super) target: Option<String>,
    /// Where Slimcol's sources are; the default is above the executable, then above the working directory
    #[arg(long, env = "SLIMCOL_SOURCE", value_name = "DIR")]
    pub(super) source: Option<PathBuf>,
    /// Where compiled crates are kept for the next build; the default is in the sources' target folder
    #[arg(long, env = "SLIMCOL_TARGET_DIR", value_name = "DIR")]
    pub(super) target_dir: Option<PathBuf>,
    /// ocb's flag for the Go linker; it has no effect
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true)]
    pub(super) ldflags: Option<String>,
    /// ocb's flag for the Go compiler; it has no effect
    #[arg(long, value_name = "FLAGS", allow_hyphen_values = true)]
    pub(super) gcflags: Option<String>,
}
