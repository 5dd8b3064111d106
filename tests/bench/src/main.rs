//! The command line of the bench; `--help` says what it can do.

use std::{io::Write, process::ExitCode};

use clap::Parser;

fn main() -> ExitCode {
    match slimcol_bench::run(&slimcol_bench::Args::parse()) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            // Nobody is left to tell when stderr is gone.
            let _ = writeln!(std::io::stderr(), "error: {error}");
            ExitCode::FAILURE
        }
    }
}
