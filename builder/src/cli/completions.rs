//! `slimcol completions` and `slimcol man`: what shells and `man` need to know of the command line, made from it.

use std::{fs, io, path::PathBuf};

use clap::{Args, CommandFactory as _};
use clap_complete::Shell;

use super::arguments::Arguments;
use crate::{
    error::{Doing as _, Error},
    report,
};

/// The arguments of `completions`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  slimcol completions bash > /etc/bash_completion.d/slimcol
  slimcol completions zsh > \"${fpath[1]}/_slimcol\"
  slimcol completions fish > ~/.config/fish/completions/slimcol.fish")]
pub(super) struct Completions {
    /// The shell
    shell: Shell,
}

/// The arguments of `man`.
#[derive(Debug, Args)]
#[command(after_help = "Examples:
  slimcol man | man -l -
  slimcol man --output /usr/local/share/man/man1")]
pub(super) struct Man {
    /// Write a page for every command into this folder
    #[arg(long, short, value_name = "DIR")]
    output: Option<PathBuf>,
}

/// Prints the script for a shell.
pub(super) fn completions(options: &Completions) {
    let mut script = Vec::new();
    clap_complete::generate(options.shell, &mut Arguments::command(), "slimcol", &mut script);
    report::document(&String::from_utf8_lossy(&script));
}

/// Prints the manual page, or writes all of them.
pub(super) fn man(options: &Man) -> Result<(), Error> {
    // The pages are the same whatever is in the environment of who makes them.
    let command = Arguments::command().mut_args(|argument| argument.hide_env_values(true));
    let Some(folder) = &options.output else {
        let mut page = Vec::new();
        clap_mangen::Man::new(command).render(&mut page).map_err(failed)?;
        report::document(&String::from_utf8_lossy(&page));
        return Ok(());
    };
    fs::create_dir_all(folder).doing("create", folder)?;
    clap_mangen::generate_to(command, folder).map_err(failed)
}

fn failed(source: io::Error) -> Error {
    Error::Io { doing: "cannot write the manual page".to_owned(), source }
}
