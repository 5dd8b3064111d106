//! `slimcol licenses`: under which licences a distribution would be, without building it.

use std::path::PathBuf;

use clap::Args;

use super::{
    aside::{self, Aside},
    selection::Selection,
};
use crate::{
    distro::Prepared,
    error::Error,
    replace,
    report::{self, Artifact},
    supply::{self, Inventory, Runtime},
};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Options {
    #[command(flatten)]
    selection: Selection,
    /// Print the list as JSON
    #[arg(long)]
    json: bool,
    /// Also write the texts that the licences want to be passed on
    #[arg(long, value_name = "FILE")]
    notices: Option<PathBuf>,
}

/// Prints the list. It fails after that if a licence is not among those that the manifest allows.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let Aside { written, target, .. } = &aside::write(&options.selection, "the list of licences")?;
    let Prepared { plan, manifest, rustc, .. } = &written.prepared;
    let graph = written.graph(target)?;
    let runtime = Runtime::ask(rustc, target);
    let allowed = manifest.dist.licenses.as_ref();
    let inventory = Inventory::new(&graph, &runtime, allowed);
    if options.json {
        report::document(&inventory.json());
    } else {
        report::line(&inventory.table());
    }
    if let Some(path) = &options.notices {
        let notices = supply::notices(&graph, plan, &runtime);
        replace::file(path, notices.as_bytes(), 0o666)?;
        report::made(&Artifact::new("notices", path, notices.as_bytes()));
    }
    supply::check(&graph, plan, allowed)
}
