//! The command line.

mod arguments;
mod build;

use std::process::ExitCode;

use clap::Parser as _;

use self::arguments::{Arguments, Command};
use crate::{error::Error, report};

/// Runs the command that the process was started with.
pub(crate) fn run() -> ExitCode {
    let arguments = Arguments::parse();
    let outcome = match arguments.command {
        Some(Command::Version) => {
            report::line(concat!("slimcol ", env!("CARGO_PKG_VERSION")));
            Ok(())
        }
        Some(Command::Build(options)) => build::run(&options),
        None if arguments.build.config.is_some() => build::run(&arguments.build),
        None => Err(Error::Other(
            "there is nothing to do: name a manifest with --config FILE, or see --help".to_owned(),
        )),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            report::remark(&format!("error: {}", error.chain()));
            ExitCode::from(error.code())
        }
    }
}
