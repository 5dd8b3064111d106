//! Operators as they are configured.

use std::{
    fmt::{self, Debug},
    time::Duration,
};

use slimcol_config::{Section, Settings};
use slimcol_service::Log;

use crate::{
    Entry, SyslogConfig, change,
    container::ContainerConfig,
    filter::{Filter, FilterConfig},
    guard::Guard,
    output::{FileOutput, Output, Stdout},
    parse,
    recombine::RecombineConfig,
    router::{Router, RouterConfig},
};

/// One of a list `operators`. Keys that an operator does not know are ignored, as in Go: configurations rely on it.
#[derive(Debug)]
pub struct OperatorConfig {
    /// The name that outputs use; empty is the type's.
    pub(crate) id: String,
    pub(crate) kind: String,
    pub(crate) outputs: Vec<String>,
    /// It has those outputs and no other, even if there are none.
    pub(crate) routes: bool,
    /// Where it stands in the configuration (`operators[0]`), if it does.
    pub(crate) path: String,
    build: Option<Box<dyn Build>>,
}

/// The settings of one type of operators.
pub(crate) trait Build: Send + Sync {
    /// The operators that it hands entries to, if that is a matter of its own rather than of the key `output`.
    fn outputs(&self) -> Option<Vec<String>> {
        None
    }

    /// Makes what works; the error is Go's.
    fn build(&self, with: &With<'_>) -> Result<Work, String>;
}

/// What operators are made with.
pub(crate) struct With<'a> {
    /// The operator's name.
    pub(crate) id: &'a str,
    /// The log, with the operator's name.
    pub(crate) log: Log,
}

/// What an operator does with entries.
#[derive(Debug)]
pub(crate) enum Work {
    /// Nothing.
    Pass,
    /// Each is changed on its own.
    Each(Guard, Box<dyn Change>),
    /// Some are dropped.
    Filter(Filter),
    /// Some are held back, until they are whole.
    Hold(Box<dyn Hold>),
    /// Each goes its own way.
    Router(Router),
    /// They end here.
    Out(Output),
}

/// Changes an entry.
pub(crate) trait Change: Send + Sync {
    /// Changes it as far as that goes.
    fn change(&self, entry: &mut Entry) -> Result<(), Fault>;
}

/// Makes one entry of several.
pub(crate) trait Hold: Send + Sync {
    /// How often to look for what is [`due`](Self::due).
    fn period(&self) -> Duration;

    /// Takes entries, and gives those that are whole. What went wrong loudly is appended to `errors`.
    fn process(&self, entries: Vec<Entry>, errors: &mut Vec<String>) -> Vec<Entry>;

    /// What was held back for long enough before `now`, nanoseconds since 1970.
    fn due(&self, now: i64) -> Vec<Entry>;
}

// As a supertrait it would be compiled for each type of operators, though nobody prints them.
impl Debug for dyn Build {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Build")
    }
}

impl Debug for dyn Change {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Change")
    }
}

impl Debug for dyn Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Hold")
    }
}

/// Why an entry could not be worked on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// What becomes of the entry is for `on_error` to say.
    Entry(String),
    /// It is dropped whatever that says.
    Dropped(String),
}

impl From<String> for Fault {
    fn from(message: String) -> Self {
        Self::Entry(message)
    }
}

impl From<&str> for Fault {
    fn from(message: &str) -> Self {
        Self::Entry(message.into())
    }
}

/// An error with details, as the Go engine prints them: JSON in the order of the names.
pub(crate) fn detailed(message: impl fmt::Display, details: &[(&str, &str)]) -> String {
    let quoted = |text: &str| {
        let mut to = String::new();
        slimcol_service::json_string(&mut to, text);
        to
    };
    let details: Vec<_> =
        details.iter().map(|(name, text)| format!("{}:{}", quoted(name), quoted(text))).collect();
    format!("{message}: {{{}}}", details.join(","))
}

type Read = fn(&mut Section<'_>) -> Box<dyn Build>;

fn read<T: Settings + Build>(from: &mut Section<'_>) -> Box<dyn Build> {
    Box::new(T::read(from))
}

/// The types there are.
const TYPES: &[(&str, Read)] = &[
    ("add", read::<change::Add>),
    ("assign_keys", read::<change::AssignKeys>),
    ("container", read::<ContainerConfig>),
    ("copy", read::<change::Copy>),
    ("csv_parser", read::<parse::Csv>),
    ("file_output", read::<FileOutput>),
    ("filter", read::<FilterConfig>),
    ("flatten", read::<change::Flatten>),
    ("json_array_parser", read::<parse::JsonArray>),
    ("json_parser", read::<parse::Json>),
    ("key_value_parser", read::<parse::KeyValue>),
    ("move", read::<change::Move>),
    ("noop", read::<Noop>),
    ("recombine", read::<RecombineConfig>),
    ("regex_parser", read::<parse::RegexParser>),
    ("regex_replace", read::<change::RegexReplace>),
    ("remove", read::<change::Remove>),
    ("retain", read::<change::Retain>),
    ("router", read::<RouterConfig>),
    ("sanitize_utf8", read::<change::SanitizeUtf8>),
    ("scope_name_parser", read::<parse::ScopeNameParser>),
    ("severity_parser", read::<parse::SeverityParser>),
    ("stdout", read::<Stdout>),
    ("syslog_parser", read::<parse::Syslog>),
    ("time_parser", read::<parse::TimeParser>),
    ("trace_parser", read::<parse::TraceParser>),
    ("unquote", read::<change::Unquote>),
    ("uri_parser", read::<parse::Uri>),
];

impl Settings for OperatorConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.warn_of_unknown_keys();
        let kind = from.get("type", String::new());
        let id = from.get("id", String::new());
        let build = TYPES.iter().find(|(name, _)| *name == kind).map(|(_, read)| read(from));
        let own = build.as_ref().and_then(|build| build.outputs());
        let routes = own.is_some();
        let outputs = own.unwrap_or_else(|| from.get("output", Vec::new()));
        if build.is_none() {
            // What keys there are nobody knows then.
            from.allow_any_key();
        }
        if build.is_none() && !kind.is_empty() {
            let types = TYPES.iter().map(|(name, _)| *name);
            from.unknown("type", &kind, types, format_args!("unsupported type '{kind}'"));
        } else if build.is_none() && from.is_sound() {
            from.error("", "missing required field 'type'");
        }
        Self { id, kind, outputs, routes, path: from.path().to_owned(), build }
    }
}

impl OperatorConfig {
    /// The `syslog_parser` of a receiver, called `id`, which hands entries to `outputs`, or to the operator after it.
    pub fn syslog(id: String, config: SyslogConfig, on_error: Option<&str>, outputs: Vec<String>) -> Self {
        let build: Box<dyn Build> = Box::new(parse::Syslog::of(config, on_error));
        let (kind, path) = ("syslog_parser".to_owned(), String::new());
        Self { id, kind, outputs, routes: false, path, build: Some(build) }
    }

    pub(crate) fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let build = self.build.as_ref().ok_or_else(|| format!("unsupported type '{}'", self.kind))?;
        build.build(with)
    }
}

/// `noop`: does not even look at `if`.
#[derive(Debug)]
struct Noop;

impl Settings for Noop {
    fn read(_: &mut Section<'_>) -> Self {
        Self
    }
}

impl Build for Noop {
    fn build(&self, _: &With<'_>) -> Result<Work, String> {
        Ok(Work::Pass)
    }
}
