//! `slimcol new`: a component's crate to start from.

use std::path::PathBuf;

use clap::Args;

use crate::{
    error::Error,
    report,
    resolve::Index,
    scaffold::{self, Kind, Wanted},
    source::SourceTree,
};

const EXAMPLES: &str = "Examples:
  slimcol new exporter acme                            the crate acme-exporter in ./acme-exporter
  slimcol new processor acme --path crates/acme        somewhere else; a workspace there takes it in
  slimcol new receiver acme --manifest manifest.yaml   and the next build has it";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// What kind of component
    #[arg(value_enum, value_name = "KIND")]
    kind: Kind,
    /// What it is called in a collector's configuration; the crate has its kind behind
    name: String,
    /// Where the crate goes; the default is a folder of its name
    #[arg(long, value_name = "DIR")]
    path: Option<PathBuf>,
    /// A manifest to enter it into
    #[arg(long, value_name = "FILE")]
    manifest: Option<PathBuf>,
    /// Where Slimcol's sources are, in place of its own
    #[arg(long, env = "SLIMCOL_SOURCE", value_name = "DIR")]
    source: Option<PathBuf>,
}

/// Makes the crate and says what to do with it.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let source = SourceTree::find(options.source.as_deref())?;
    let index = Index::load(&source)?;
    let wanted = Wanted {
        kind: options.kind,
        name: &options.name,
        path: options.path.as_deref(),
        manifest: options.manifest.as_deref(),
    };
    let made = scaffold::make(&wanted, &index, &source)?;
    let folder = made.folder.display();
    report::line(&format!("{folder}: {} `{}`, crate `{}`", options.kind.class(), made.key, made.package));
    if let Some(workspace) = &made.workspace {
        report::remark(&format!("it is a member of the workspace in `{}`", workspace.display()));
    }
    report::remark(&format!("test it with `cargo test` in {folder}"));
    match &options.manifest {
        Some(manifest) => {
            report::remark(&format!("build it with `slimcol build --config {}`", manifest.display()));
        }
        None => {
            report::remark(&format!("build it with these lines in a manifest:\n{}", made.lines.trim_end()));
        }
    }
    Ok(())
}
