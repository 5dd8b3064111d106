//! The commands: Slimcol's own form, and ocb's.

use clap::{Args, Parser, Subcommand};

use super::{
    build, completions, components, image, init, licenses, link, manifest, measure, new, package, push,
    release, sbom, size, vendor, why,
};
use crate::report::Mode;

const EXAMPLES: &str = "Examples:
  slimcol build --config manifest.yaml --image      a binary and a container image
  slimcol build --from-config collector.yaml        a binary for exactly that configuration
  slimcol --config builder-config.yaml              the way ocb is called";

/// Builds slim OpenTelemetry collectors from a manifest.
///
/// Exit codes: 0 done, 1 other failures, 2 the manifest is wrong (or the command line), 3 a crate could not be found or
/// fetched, 4 the collector did not compile, 130 interrupted. Environment variables count only with the prefix SLIMCOL_.
#[derive(Debug, Parser)]
#[command(name = "slimcol", version, after_help = EXAMPLES)]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Option<Command>,
    #[command(flatten)]
    pub(super) talk: Talk,
}

#[derive(Debug, Subcommand)]
#[allow(clippy::large_enum_variant, reason = "there is one of them in a process")]
pub(super) enum Command {
    /// Build the collector that a manifest describes
    Build(build::Options),
    /// Print the manifest that a collector's configuration needs
    Manifest(manifest::Options),
    /// Make packages of a collector: .deb, .rpm, .tar.gz
    Package(package::Options),
    /// Build every manifest of a folder, with everything that can be made of each
    Release(release::Options),
    /// List the components that there are, with what each costs
    Components(components::Options),
    /// Print a script that lets a shell complete this command line
    Completions(completions::Completions),
    /// Make a distribution's repository to start from
    Init(init::Options),
    /// Make a container image
    Image(image::Options),
    /// Say under which licences a distribution is, and hold it to those that its manifest allows
    Licenses(licenses::Options),
    /// Tell cargo where the framework is, to work on a component of your own
    Link(link::Options),
    /// Print the manual page
    Man(completions::Man),
    /// Measure what components cost
    #[command(hide = true)]
    Measure(measure::Options),
    /// Make a component's crate to start from
    New(new::Options),
    /// Push an image to a registry
    Push(push::Options),
    /// Say what a distribution is made of, as an SBOM
    Sbom(sbom::Options),
    /// Show where a distribution's bytes come from
    Size(size::Options),
    /// Say which components want a crate
    Why(why::Options),
    /// Bring together everything that a build needs, for a machine that can fetch nothing
    Vendor(vendor::Options),
    /// Print the version
    Version,
}

impl Command {
    /// Whether what happens is printed as events.
    pub(super) const fn wants_events(&self) -> bool {
        match self {
            Self::Build(options) => options.json,
            Self::Package(options) => options.json,
            Self::Image(options) => options.json,
            Self::Push(options) => options.json,
            Self::Release(options) => options.json,
            _ => false,
        }
    }
}

/// How the command talks.
#[derive(Clone, Copy, Debug, Args)]
pub(super) struct Talk {
    /// Say nothing but what was asked for, and failures
    #[arg(long, short, global = true)]
    quiet: bool,
}

impl Talk {
    /// The mode, for a command that prints events if `json`.
    pub(super) const fn mode(self, json: bool) -> Mode {
        match (json, self.quiet) {
            (true, _) => Mode::Json,
            (false, true) => Mode::Quiet,
            (false, false) => Mode::Human,
        }
    }
}
