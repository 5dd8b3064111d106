//! The collector that runs beside this process: in a container its first process, or one of the first if that is an `init`. Its
//! command line says what it was configured with, which an image cannot know.

use std::fs;

use crate::cli::flags::{self, Command, Sources};

/// How far the first processes of a container go. Outside of one the collector is further on, and has to be named.
const FIRST: u32 = 64;

/// The configuration of the collector called `name`, if one is among the first processes.
pub(super) fn sources(name: &str) -> Option<Sources> {
    (1..FIRST).find_map(|process| {
        let line = fs::read_to_string(format!("/proc/{process}/cmdline")).ok()?;
        let mut args = line.split_terminator('\0').map(str::to_owned);
        if !args.next()?.ends_with(name) {
            return None;
        }
        match flags::parse(name, &args.collect::<Vec<_>>()) {
            Ok(Command::Run(sources)) => Some(sources),
            // Such as this process.
            _ => None,
        }
    })
}
