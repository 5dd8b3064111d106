//! The command line.

mod arguments;
mod aside;
mod build;
mod completions;
mod components;
mod conditions;
mod image;
mod init;
mod licenses;
mod link;
mod manifest;
mod measure;
mod new;
mod ocb;
mod package;
mod packages;
mod papers;
mod products;
mod push;
mod release;
mod sbom;
mod selection;
mod size;
mod vendor;
mod why;

use std::{env, process::ExitCode};

use clap::Parser as _;

use self::arguments::{Arguments, Command};
use crate::{error::Error, interrupt, report};

/// Runs the command that the process was started with.
pub(crate) fn run() -> ExitCode {
    let Arguments { command, talk } = Arguments::parse_from(ocb::with_command(env::args_os()));
    report::set(talk.mode(command.as_ref().is_some_and(Command::wants_events)));
    match perform(command) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // What failed after a signal failed because of it.
            let error = if interrupt::happened() { Error::Interrupted } else { error };
            report::failure(&error);
            ExitCode::from(error.code())
        }
    }
}

fn perform(command: Option<Command>) -> Result<(), Error> {
    match command {
        Some(Command::Build(options)) => build::run(&options),
        Some(Command::Measure(options)) => measure::run(&options),
        Some(Command::Components(options)) => components::run(&options),
        Some(Command::Completions(options)) => {
            completions::completions(&options);
            Ok(())
        }
        Some(Command::Init(options)) => init::run(&options),
        Some(Command::Image(options)) => image::run(&options),
        Some(Command::Licenses(options)) => licenses::run(&options),
        Some(Command::Link(options)) => link::run(&options),
        Some(Command::Man(options)) => completions::man(&options),
        Some(Command::New(options)) => new::run(&options),
        Some(Command::Push(options)) => push::run(&options),
        Some(Command::Sbom(options)) => sbom::run(&options),
        Some(Command::Manifest(options)) => manifest::run(&options),
        Some(Command::Package(options)) => package::run(&options),
        Some(Command::Release(options)) => release::run(&options),
        Some(Command::Size(options)) => size::run(&options),
        Some(Command::Why(options)) => why::run(&options),
        Some(Command::Vendor(options)) => vendor::run(&options),
        Some(Command::Version) => {
            report::line(concat!("slimcol ", env!("CARGO_PKG_VERSION")));
            Ok(())
        }
        None => Err(Error::Other(
            "there is nothing to do: name a manifest with --config FILE, or see --help".to_owned(),
        )),
    }
}
