//! `slimcol init`: a distribution's repository to start from.

use std::{
    io::{self, BufReader, IsTerminal as _},
    path::{Path, PathBuf},
};

use clap::Args;

use crate::{
    catalogue::Catalogue,
    error::{Doing as _, Error},
    init::{self, Choice, Distribution},
    report,
    resolve::Index,
    source::SourceTree,
};

const EXAMPLES: &str = "Examples:
  slimcol init my-collector                          asks what to include
  slimcol init my-collector --yes                    OTLP in, OTLP out, in batches
  slimcol init --with otlp,batch,exporter/otlp_http  exactly these, in this folder";

#[derive(Debug, Args)]
#[command(after_help = EXAMPLES)]
pub(super) struct Options {
    /// Where it goes; the default is this folder
    #[arg(value_name = "DIR")]
    folder: Option<PathBuf>,
    /// The same, as ocb has it
    #[arg(long, value_name = "DIR", conflicts_with = "folder")]
    path: Option<PathBuf>,
    /// What the collector is called; the default is the folder's name
    #[arg(long, value_name = "NAME")]
    name: Option<String>,
    /// The components, by name (`otlp`) or kind and name (`exporter/otlp_grpc`); `all` is everything
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    with: Vec<String>,
    /// Ask nothing
    #[arg(long, short)]
    yes: bool,
    /// Where Slimcol's sources are, in place of its own
    #[arg(long, env = "SLIMCOL_SOURCE", value_name = "DIR")]
    source: Option<PathBuf>,
}

/// Makes the repository, after asking whoever sits at the terminal.
pub(super) fn run(options: &Options) -> Result<(), Error> {
    let source = SourceTree::find(options.source.as_deref())?;
    let catalogue = Catalogue::of(&Index::load(&source)?, &source);
    let shown = options.folder.as_deref().or(options.path.as_deref()).unwrap_or(Path::new("."));
    let folder = std::path::absolute(shown).doing("use", shown)?;
    let proposed = init::name_of(&folder.components().collect::<PathBuf>());
    let name = match &options.name {
        Some(name) if init::name_of(Path::new(name)) != *name => {
            return Err(Error::Other(format!(
                "`{name}` cannot be a binary's name: use up to 64 letters, digits, `-`, `_` and `.`, a letter or digit first"
            )));
        }
        Some(name) => name.clone(),
        None => proposed,
    };
    let choice = if options.with.is_empty() {
        Choice::usual(&catalogue)
    } else {
        Choice::named(&options.with, &catalogue).map_err(|what| Error::Other(format!("--with: {what}")))?
    };
    let mut distribution = Distribution { name, choice };
    let terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
    if terminal && !options.yes && options.with.is_empty() {
        let asked =
            init::ask(&mut BufReader::new(io::stdin()), &mut io::stdout().lock(), &catalogue, distribution);
        match asked.map_err(|source| Error::Io { doing: "cannot ask".to_owned(), source })? {
            Some(answered) => distribution = answered,
            None => return Err(Error::Other("nothing was written".to_owned())),
        }
    }
    distribution
        .choice
        .check(&catalogue)
        .map_err(|what| Error::Other(format!("{what}: add one with --with")))?;
    let files = init::write(&distribution, &folder, &source)?;
    report::line(&format!("{}: {} ({})", shown.display(), distribution.name, files.join(", ")));
    report::remark(&format!(
        "build it with `slimcol build` there, and run it with `build/{} --config config.yaml`",
        distribution.name
    ));
    Ok(())
}
