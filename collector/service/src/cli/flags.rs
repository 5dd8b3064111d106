//! Arguments to a command, by cobra's and pflag's rules.
//!
//! cobra looks for the subcommand first, taking every flag without `=` to be followed by its value, and then lets the
//! subcommand parse all flags, wherever they stand. Hence `--config x validate` works, and so does `-v anything`.

use super::{gates, help::Topic};

/// What the user asks for.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Command {
    Run(Sources),
    Validate(Sources),
    /// Of the collector so configured, or at an endpoint.
    Healthcheck(Sources, Option<String>),
    Components,
    Version,
    Help(Topic),
    UnknownTopic(Vec<String>),
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
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Sub {
    Root,
    Validate,
    Healthcheck,
    Components,
    Help,
}

/// What was parsed, before it is known what it means.
#[derive(Default)]
struct Parsed {
    configs: Vec<String>,
    sets: Vec<String>,
    gates: Vec<(&'static str, bool)>,
    endpoint: Option<String>,
    help: bool,
    version: bool,
    words: Vec<String>,
}

/// Parses the arguments of the program `name`.
pub(super) fn parse(name: &str, args: &[String]) -> Result<Command, String> {
    let unknown = |word: &str| {
        Err(format!("unknown command \"{word}\" for \"{name}\"\nRun '{name} --help' for usage."))
    };
    let at = find_word(args);
    let sub = match at.map(|i| args[i].as_str()) {
        None => Sub::Root,
        Some("validate") => Sub::Validate,
        Some("healthcheck") => Sub::Healthcheck,
        Some("components") => Sub::Components,
        Some("help") => Sub::Help,
        Some(word) => return unknown(word),
    };
    let rest: Vec<&String> =
        args.iter().enumerate().filter(|(i, _)| Some(*i) != at).map(|(_, arg)| arg).collect();
    let Parsed { configs, sets, gates, endpoint, help, version, words } = parse_flags(sub, &rest)?;
    if help {
        return Ok(Command::Help(Topic::of(sub_name(sub)).unwrap_or(Topic::Root)));
    }
    if version {
        return Ok(Command::Version);
    }
    if sub == Sub::Help {
        let topic = words.first().map_or(Some(Topic::Root), |word| Topic::of(word));
        return Ok(topic.map_or(Command::UnknownTopic(words), Command::Help));
    }
    match (sub, words.as_slice()) {
        (Sub::Root, [word, ..]) => return unknown(word),
        (_, []) => {}
        (_, words) => return Err(format!("accepts 0 arg(s), received {}", words.len())),
    }
    let sources = Sources { configs, sets, gates };
    Ok(match sub {
        Sub::Components => Command::Components,
        Sub::Validate => Command::Validate(sources),
        Sub::Healthcheck => Command::Healthcheck(sources, endpoint),
        Sub::Root | Sub::Help => Command::Run(sources),
    })
}

fn sub_name(sub: Sub) -> &'static str {
    match sub {
        Sub::Root => "",
        Sub::Validate => "validate",
        Sub::Healthcheck => "healthcheck",
        Sub::Components => "components",
        Sub::Help => "help",
    }
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

fn parse_flags(sub: Sub, args: &[&String]) -> Result<Parsed, String> {
    let mut parsed = Parsed::default();
    let mut args = args.iter().map(|arg| arg.as_str());
    while let Some(arg) = args.next() {
        if arg == "--" {
            parsed.words.extend(args.by_ref().map(str::to_owned));
        } else if let Some(long) = arg.strip_prefix("--") {
            parse_long(sub, long, &mut args, &mut parsed)?;
        } else if arg.len() > 1 && arg.starts_with('-') {
            parse_short(sub, &arg[1..], &mut parsed)?;
        } else {
            parsed.words.push(arg.to_owned());
        }
    }
    Ok(parsed)
}

fn parse_long<'a>(
    sub: Sub,
    flag: &'a str,
    args: &mut impl Iterator<Item = &'a str>,
    parsed: &mut Parsed,
) -> Result<(), String> {
    let (name, value) = flag.split_once('=').map_or((flag, None), |(name, value)| (name, Some(value)));
    if name.is_empty() || name.starts_with('-') {
        return Err(format!("bad flag syntax: --{flag}"));
    }
    match name {
        "help" => parsed.help = switch("-h, --help", value)?,
        "version" if sub == Sub::Root => parsed.version = switch("-v, --version", value)?,
        "config" | "set" | "feature-gates" | "endpoint"
            if matches!(sub, Sub::Root | Sub::Validate | Sub::Healthcheck)
                && (name != "endpoint" || sub == Sub::Healthcheck) =>
        {
            let value =
                value.or_else(|| args.next()).ok_or_else(|| format!("flag needs an argument: --{name}"))?;
            let refused = |why: String| format!("invalid argument {value:?} for \"--{name}\" flag: {why}");
            match name {
                "config" => parsed.configs.push(value.to_owned()),
                "endpoint" => parsed.endpoint = Some(value.to_owned()),
                "set" if !value.contains('=') => return Err(refused("missing equal sign".into())),
                "set" => parsed.sets.push(value.to_owned()),
                _ => parsed.gates.extend(gates::parse(value).map_err(refused)?),
            }
        }
        _ => return Err(format!("unknown flag: --{name}")),
    }
    Ok(())
}

fn parse_short(sub: Sub, letters: &str, parsed: &mut Parsed) -> Result<(), String> {
    let mut rest = letters;
    while let Some(letter) = rest.chars().next() {
        let tail = &rest[letter.len_utf8()..];
        let value = tail.strip_prefix('=');
        match letter {
            'h' => parsed.help = switch("-h, --help", value)?,
            'v' if sub == Sub::Root => parsed.version = switch("-v, --version", value)?,
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
