//! `slimcol measure`: what components cost, for the catalogue. The output is `builder/src/catalogue/costs.tsv`.

use clap::Args;

use super::conditions::Conditions;
use crate::{
    catalogue::{self, Catalogue},
    error::Error,
    report,
    resolve::Index,
    source::SourceTree,
};

/// The arguments.
#[derive(Debug, Args)]
pub(super) struct Options {
    /// Only the components of this name
    name: Option<String>,
    #[command(flatten)]
    conditions: Conditions,
}

/// Measures, and prints a line as soon as it is known.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let request = options.conditions.request();
    let source = SourceTree::find(request.source.as_deref())?;
    let mut catalogue = Catalogue::of(&Index::load(&source)?, &source);
    if let Some(name) = &options.name {
        catalogue = catalogue.named(name).map_err(Error::Other)?;
    }
    catalogue::measure(&catalogue, &request, report::document)
}
