//! The collector's command line: what the Go collector's (cobra's) accepts, with its texts, streams and exit codes.

mod commands;
mod complete;
mod components;
mod draw;
mod flags;
mod gates;
mod healthcheck;
mod help;
mod print_config;
mod schema;
mod shown;

use std::{
    io::{self, Write},
    process::ExitCode,
};

pub(crate) use self::gates::{GATES, Gate, is_beta};

use self::flags::{Command, Sources};
pub(crate) use self::print_config::redacted;
use crate::{
    Build, Factory,
    lifecycle::{self, Asked},
    registry::Registry,
};

/// Runs a collector's command line to its end: the whole `main` of a generated collector.
pub fn main(build: &Build, components: &'static [&'static Factory]) -> ExitCode {
    let args: Vec<String> =
        std::env::args_os().skip(1).map(|arg| arg.to_string_lossy().into_owned()).collect();
    ExitCode::from(run(build, components, &args, &mut io::stdout(), &mut io::stderr()))
}

/// Runs the command line `args` (without the program's name) and returns the exit code.
fn run(
    build: &Build,
    components: &'static [&'static Factory],
    args: &[String],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> u8 {
    match perform(build, components, args, out, err) {
        Ok(()) => 0,
        Err(text) => {
            // Nowhere is left to report a broken stderr to.
            let _ = writeln!(err, "Error: {text}");
            1
        }
    }
}

fn perform(
    build: &Build,
    components: &'static [&'static Factory],
    args: &[String],
    out: &mut dyn Write,
    err: &mut dyn Write,
) -> Result<(), String> {
    let registry = Registry::new(components);
    let print = |to: &mut dyn Write, text: &str| to.write_all(text.as_bytes()).map_err(|e| e.to_string());
    match flags::parse(build.name, args)? {
        Command::Version => print(out, &format!("{} version {}\n", build.name, build.version)),
        Command::Help(topic) => {
            let built_in = if build.config.is_some() { help::BUILT_IN } else { "" };
            print(out, &(help::text(build.name, topic) + built_in))
        }
        Command::UnknownTopic(words) => {
            let words: Vec<String> = words.iter().map(|word| format!("`{word}`")).collect();
            print(
                err,
                &format!(
                    "Unknown help topic [{}]\n{}",
                    words.join(" "),
                    help::text(build.name, &commands::ROOT)
                ),
            )
        }
        Command::Components => print(out, &components::yaml(build, registry)),
        Command::Schema => print(out, &schema::schema(build, registry)),
        Command::Featuregate(id) => print(out, &gates::describe(id.as_deref())?),
        Command::Complete(words) => print(out, &complete::complete(&words)),
        Command::Completion(shell) => print(out, &complete::script(build.name, &shell).unwrap_or_default()),
        Command::PrintConfig(sources, how) => {
            with_config(build, &sources)?;
            print(out, &print_config::print(asked(build, registry, &sources, &[]), &how)?)
        }
        Command::Graph(sources, format) => {
            with_config(build, &sources)?;
            let config = lifecycle::validate(asked(build, registry, &sources, &[]))?;
            print(out, &draw::draw(&config, format.as_deref())?)
        }
        Command::Healthcheck(sources, endpoint) => {
            let well = healthcheck::check(build, registry, sources, endpoint)?;
            print(out, &format!("{well}\n"))
        }
        Command::Validate(sources) => {
            with_config(build, &sources)?;
            lifecycle::validate(asked(build, registry, &sources, &[])).map(drop)
        }
        Command::Run(sources) => {
            with_config(build, &sources)?;
            lifecycle::run(asked(build, registry, &sources, &gates::without_effect(&sources.gates)))
        }
    }
}

fn asked<'a>(
    build: &'a Build,
    registry: Registry,
    sources: &'a Sources,
    idle_gates: &'a [&'static str],
) -> Asked<'a> {
    let Sources { configs, sets, shutdown_timeout, gates, .. } = sources;
    gates::turn(gates);
    Asked { build, registry, configs, sets, idle_gates, shutdown_timeout: *shutdown_timeout }
}

fn with_config(build: &Build, sources: &Sources) -> Result<(), String> {
    if sources.configs.is_empty() && sources.sets.is_empty() && build.config.is_none() {
        Err("at least one config flag must be provided".into())
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests;
