//! What to build and from what: the arguments that every command which builds one distribution has.

use std::path::PathBuf;

use clap::Args;

use super::conditions::Conditions;
use crate::distro::Request;

/// What to build and from what.
#[derive(Clone, Debug, Args)]
#[command(next_help_heading = "What to build")]
pub(super) struct Selection {
    /// The manifest; - is standard input. Without it manifest.yaml or builder-config.yaml is read
    #[arg(long, short, value_name = "FILE", conflicts_with = "from_config")]
    pub(super) config: Option<PathBuf>,
    /// A collector configuration to take the components from, in place of a manifest; may be repeated
    #[arg(long, value_name = "FILE")]
    pub(super) from_config: Vec<PathBuf>,
    /// What the distribution is called that has no manifest; the default is the configuration's name
    #[arg(long, value_name = "NAME", requires = "from_config")]
    pub(super) name: Option<String>,
    /// Put the configuration into the binary, which then runs without --config
    #[arg(long)]
    pub(super) embed_config: bool,
    /// Where the binary and all else goes, in place of the manifest's `dist.output_path`
    #[arg(long, value_name = "DIR")]
    pub(super) output_path: Option<PathBuf>,
    #[command(flatten)]
    pub(super) conditions: Conditions,
}

impl Selection {
    /// What was asked for.
    pub(super) fn request(&self) -> Request {
        Request {
            manifest: self.config.clone(),
            configs: self.from_config.clone(),
            name: self.name.clone(),
            output: self.output_path.clone(),
            embed_config: self.embed_config,
            ..self.conditions.request()
        }
    }
}
