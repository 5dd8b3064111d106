//! Arguments to a command, by cobra's and pflag's rules.
//!
//! cobra looks for the subcommand first, taking every flag without `=` to be followed by its value, and then lets the
//! subcommand parse all flags, wherever they stand. Hence `--config x validate` works, and so does `-v anything`.

use std::{fmt::Write, time::Duration};

use super::{
    commands::{COMMANDS, Entry, ROOT, Sub},
    gates,
};

/// What the user asks for.
#[derive(Debug)]
pub(super) enum Command {
    Run(Sources),
    Validate(Sources),
    /// Of the collector so configured, or at an endpoint.
    Healthcheck(Sources, Option<String>),
    PrintConfig(Sources, Print),
    /// In which format.
    Graph(Sources, Option<String>),
    /// Of one gate, or all.
    Featuregate(Option<String>),
    /// For a shell.
    Completion(String),
    /// What could stand at the end of these words.
    Complete(Vec<String>),
    Components,
    Schema,
    Version,
    Help(&'static Entry),
    UnknownTopic(Vec<String>),
}

/// How `print-config` prints.
#[derive(Debug)]
pub(super) struct Print {
    pub(super) mode: Option<String>,
    pub(super) format: Option<String>,
    pub(super) validate: bool,
}

/// Where the configuration comes from and how it is to be taken.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Sources {
    /// All `--config` in order.
    pub(super) configs: Vec<String>,
    /// All `--set` in order, each with its equal sign.
    pub(super) sets: Vec<String>,
    /// Feature gates and whether they shall be on.
    pub(super) gates: Vec<(&'static str, bool)>,
    /// How long a shutdown may take.
    pub(super) shutdown_timeout: Option<Duration>,
}

/// What was parsed, before it is known what it means.
#[derive(Default)]
struct Parsed {
    sources: Sources,
    endpoint: Option<String>,
    mode: Option<String>,
    format: Option<String>,
    no_validation: bool,
    help: bool,
    version: bool,
    words: Vec<String>,
}

/// Parses the arguments of the program `name`.
pub(super) fn parse(name: &str, args: &[String]) -> Result<Command, String> {
    if let Some(("__complete", rest)) = args.split_first().map(|(first, rest)| (first.as_str(), rest)) {
        return Ok(Command::Complete(rest.to_vec()));
    }
    let at = find_word(args);
    let command = match at.map(|i| args[i].as_str()) {
        None => &ROOT,
        Some(word) => Entry::named(word).ok_or_else(|| unknown(name, word))?,
    };
    let rest: Vec<&String> =
        args.iter().enumerate().filter(|(i, _)| Some(*i) != at).map(|(_, arg)| arg).collect();
    let Parsed { sources, endpoint, mode, format, no_validation, help, version, words } =
        parse_flags(command, &rest)?;
    if help {
        return Ok(Command::Help(command));
    }
    if version {
        return Ok(Command::Version);
    }
    if command.sub == Sub::Help {
        let topic = words.first().map_or(Some(&ROOT), |word| Entry::named(word));
        return Ok(topic.map_or(Command::UnknownTopic(words), Command::Help));
    }
    match (command.sub, words.as_slice()) {
        (Sub::Root, [word, ..]) => return Err(unknown(name, word)),
        (Sub::Completion, [shell, word, ..]) => {
            return Err(format!("unknown command \"{word}\" for \"{name} completion {shell}\""));
        }
        (_, words) if words.len() > command.most => {
            let least = if command.most == 0 { "" } else { "at most " };
            return Err(format!("accepts {least}{} arg(s), received {}", command.most, words.len()));
        }
        _ => {}
    }
    let word = words.into_iter().next();
    Ok(match command.sub {
        Sub::Components => Command::Components,
        Sub::Schema => Command::Schema,
        Sub::Featuregate => Command::Featuregate(word),
        // As cobra does it for whatever shell it has no script for.
        Sub::Completion => match word.filter(|shell| super::complete::script(name, shell).is_some()) {
            Some(shell) => Command::Completion(shell),
            None => Command::Help(command),
        },
        Sub::Validate => Command::Validate(sources),
        Sub::Healthcheck => Command::Healthcheck(sources, endpoint),
        Sub::PrintConfig => Command::PrintConfig(sources, Print { mode, format, validate: !no_validation }),
        Sub::Graph => Command::Graph(sources, format),
        Sub::Root | Sub::Help => Command::Run(sources),
    })
}

/// cobra's text for a word that is no command, with the ones that it may have been meant to be.
fn unknown(name: &str, word: &str) -> String {
    let near = |command: &&Entry| {
        command.name.starts_with(word) || slimcol_config::nearest(word, [command.name]).is_some()
    };
    let mut text = format!("unknown command \"{word}\" for \"{name}\"\n");
    let meant: Vec<&str> = COMMANDS.iter().filter(near).map(|command| command.name).collect();
    if !meant.is_empty() {
        let _ = write!(text, "\nDid you mean this?\n\t{}\n\n", meant.join("\n\t"));
    }
    text + &format!("Run '{name} --help' for usage.")
}

/// The place of the first argument that is neither a flag nor looks like the value of one.
fn find_word(args: &[String]) -> Option<usize> {
    let mut i = 0;
    while let Some(arg) = args.get(i) {
        if arg == "--" {
            return None;
        }
        let takes_next =
            !arg.contains('=') && (arg.starts_with("--") || (arg.starts_with('-') && arg.len() == 2));
        if takes_next {
            i += 2;
        } else if arg.starts_with('-') && arg != "-" || arg.is_empty() {
            i += 1;
        } else {
            return Some(i);
        }
    }
    None
}

fn parse_flags(command: &Entry, args: &[&String]) -> Result<Parsed, String> {
    let mut parsed = Parsed::default();
    let mut args = args.iter().map(|arg| arg.as_str());
    while let Some(arg) = args.next() {
        if arg == "--" {
            parsed.words.extend(args.by_ref().map(str::to_owned));
        } else if let Some(long) = arg.strip_prefix("--") {
            parse_long(command, long, &mut args, &mut parsed)?;
        } else if arg.len() > 1 && arg.starts_with('-') {
            parse_short(command, &arg[1..], &mut parsed)?;
        } else {
            parsed.words.push(arg.to_owned());
        }
    }
    Ok(parsed)
}

fn parse_long<'a>(
    command: &Entry,
    flag: &'a str,
    args: &mut dyn Iterator<Item = &'a str>,
    parsed: &mut Parsed,
) -> Result<(), String> {
    let (name, value) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
    if name.is_empty() || name.starts_with('-') {
        return Err(format!("bad flag syntax: --{flag}"));
    }
    let known = match name {
        "help" => {
            parsed.help = switch("-h, --help", value)?;
            return Ok(());
        }
        "version" if command.sub == Sub::Root => {
            parsed.version = switch("-v, --version", value)?;
            return Ok(());
        }
        _ => command.flag(name).ok_or_else(|| format!("unknown flag: --{name}"))?,
    };
    if known.1.is_empty() {
        let on = switch(&format!("--{name}"), value)?;
        if name == "validate" {
            parsed.no_validation = !on;
        }
        return Ok(());
    }
    let value = value.or_else(|| args.next()).ok_or_else(|| format!("flag needs an argument: --{name}"))?;
    let refused = |why: String| format!("invalid argument {value:?} for \"--{name}\" flag: {why}");
    match name {
        "config" => parsed.sources.configs.push(value.to_owned()),
        "endpoint" => parsed.endpoint = Some(value.to_owned()),
        "format" => parsed.format = Some(value.to_owned()),
        "mode" => parsed.mode = Some(value.to_owned()),
        "set" if !value.contains('=') => return Err(refused("missing equal sign".into())),
        "set" => parsed.sources.sets.push(value.to_owned()),
        "shutdown-timeout" => {
            let given =
                slimcol_config::Duration::parse(value).map_err(|why| refused(why.reason().to_owned()))?;
            if given.is_negative() {
                return Err(refused("must not be negative".into()));
            }
            // As elsewhere nothing means no limit.
            parsed.sources.shutdown_timeout = Some(given.std()).filter(|given| !given.is_zero());
        }
        _ => parsed.sources.gates.extend(gates::parse(value).map_err(refused)?),
    }
    Ok(())
}

fn parse_short(command: &Entry, letters: &str, parsed: &mut Parsed) -> Result<(), String> {
    let mut rest = letters;
    while let Some(letter) = rest.chars().next() {
        let tail = &rest[letter.len_utf8()..];
        let value = tail.strip_prefix('=');
        match letter {
            'h' => parsed.help = switch("-h, --help", value)?,
            'v' if command.sub == Sub::Root => parsed.version = switch("-v, --version", value)?,
            _ => return Err(format!("unknown shorthand flag: '{letter}' in -{rest}")),
        }
        if value.is_some() {
            break;
        }
        rest = tail;
    }
    Ok(())
}

/// The value of a flag that is on or off, by Go's `strconv.ParseBool`.
fn switch(flag: &str, value: Option<&str>) -> Result<bool, String> {
    match value {
        None | Some("1" | "t" | "T" | "true" | "TRUE" | "True") => Ok(true),
        Some("0" | "f" | "F" | "false" | "FALSE" | "False") => Ok(false),
        Some(other) => Err(format!(
            "invalid argument {other:?} for \"{flag}\" flag: strconv.ParseBool: parsing {other:?}: invalid syntax"
        )),
    }
}
