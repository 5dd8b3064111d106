//! `slimcol components`: what there is to choose from.

use std::{io::IsTerminal as _, path::PathBuf};

use clap::{Args, builder::PossibleValuesParser};

use crate::{
    catalogue::{self, Catalogue},
    class::Class,
    error::Error,
    report,
    resolve::Index,
    source::SourceTree,
};

/// The arguments.
#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// All that is known of the components of this name: a key of the configuration, a Go module or a crate
    name: Option<String>,
    /// Components of this kind only
    #[arg(long, value_name = "KIND", value_parser = PossibleValuesParser::new(Class::ALL.map(Class::as_str)))]
    kind: Option<String>,
    /// Also what official distributions have and Slimcol does not have yet
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    form: Form,
    /// Where Slimcol's sources are, in place of its own
    #[arg(long, env = "SLIMCOL_SOURCE", value_name = "DIR")]
    source: Option<PathBuf>,
}

/// In which form.
#[derive(Debug, Args)]
#[group(multiple = false)]
#[allow(clippy::struct_excessive_bools, reason = "each is a flag, and at most one is set")]
struct Form {
    /// As JSON
    #[arg(long)]
    json: bool,
    /// As a page that stands alone and can be searched
    #[arg(long)]
    html: bool,
    /// As a page of documentation
    #[arg(long)]
    markdown: bool,
    /// As the sections of a manifest that has them all
    #[arg(long)]
    manifest: bool,
}

const EXAMPLES: &str = "Examples:
  slimcol components                     what there is, with signals, stability and size
  slimcol components otlp                all about the components called otlp, with their settings
  slimcol components --kind exporter --all
  slimcol components --html > components.html";

/// Lists what `options` ask for.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let source = SourceTree::find(options.source.as_deref())?;
    let mut catalogue = Catalogue::of(&Index::load(&source)?, &source);
    if let Some(class) = options.kind.as_deref().and_then(Class::from_word) {
        catalogue = catalogue.of_class(class);
    }
    if let Some(name) = &options.name {
        catalogue = catalogue.named(name).map_err(Error::Other)?;
    }
    let Form { json, html, markdown, manifest } = options.form;
    let text = if json {
        catalogue::json(&catalogue)?
    } else if html {
        catalogue::html(&catalogue)?
    } else if markdown {
        catalogue::markdown(&catalogue)
    } else if manifest {
        catalogue::manifest(&catalogue)
    } else if options.name.is_some() {
        catalogue::details(&catalogue)
    } else {
        let terminal = std::io::stdout().is_terminal();
        let width = terminal.then(|| console::Term::stdout().size().1.into());
        catalogue::list(&catalogue, options.all, width)
    };
    report::document(&text);
    let listed = !(json || html || markdown || manifest) && options.name.is_none();
    if listed && !options.all && !catalogue.missing.is_empty() {
        let (there, missing) = (catalogue.components.len(), catalogue.missing.len());
        report::remark(&format!("{there} components; official distributions have {missing} more: --all"));
    }
    Ok(())
}
