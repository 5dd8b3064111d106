//! The collector's own log: the Go collector's console and JSON lines, levels and sampling.
//!
//! A line is written in the caller's task, as zap does it: one lock, one `write`. A line that cannot be written (a closed
//! pipe, a full disk) is lost, and nothing else happens.

mod encode;
mod exported;
mod open;
mod output;
mod sample;
mod timestamp;

use std::{
    borrow::Cow,
    fmt,
    panic::Location,
    sync::{Arc, Mutex, PoisonError},
    time::{Instant, SystemTime},
};

pub use self::sample::Sampler;
use self::{encode::Encoding, exported::Exported, output::Output};

pub use self::encode::string as json_string;

/// The collector's log. Cloning is cheap; a clone made by [`Log::with`] adds fields to each of its lines.
#[derive(Clone)]
pub struct Log {
    core: Arc<Core>,
    /// The fields of every line, encoded already: no braces, no comma at either end.
    fields: Arc<str>,
    /// The same for who exports the lines, if anybody does.
    exported: Option<Arc<Exported>>,
    caller: bool,
}

/// What all clones of a log share.
struct Core {
    /// The least level that is written; nothing is if there is none.
    level: Option<Level>,
    encoding: Encoding,
    caller: bool,
    sink: Mutex<Sink>,
}

struct Sink {
    sampler: Option<Sampler>,
    outputs: Vec<Output>,
    /// The line being made, kept so that logging does not allocate each time.
    line: String,
}

/// How much a line matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// For who looks for a fault.
    Debug,
    /// For who operates the collector.
    Info,
    /// Something that may need doing.
    Warn,
    /// Something that went wrong.
    Error,
}

impl Level {
    /// The level as lines show it (`info`).
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Debug => "debug",
            Self::Info => "info",
            Self::Warn => "warn",
            Self::Error => "error",
        }
    }
}

/// A value of a log line.
#[derive(Clone, Debug, PartialEq)]
pub enum Field<'a> {
    /// Text.
    Str(Cow<'a, str>),
    /// A whole number.
    Int(i64),
    /// A number; what JSON has no number for is written as text (`NaN`).
    Float(f64),
    /// True or false.
    Bool(bool),
    /// Texts.
    List(Vec<String>),
}

impl<'a> From<&'a str> for Field<'a> {
    fn from(text: &'a str) -> Self {
        Self::Str(text.into())
    }
}

impl<'a> From<&'a String> for Field<'a> {
    fn from(text: &'a String) -> Self {
        Self::Str(text.as_str().into())
    }
}

impl From<String> for Field<'_> {
    fn from(text: String) -> Self {
        Self::Str(text.into())
    }
}

impl From<i64> for Field<'_> {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<usize> for Field<'_> {
    fn from(number: usize) -> Self {
        Self::Int(i64::try_from(number).unwrap_or(i64::MAX))
    }
}

impl From<f64> for Field<'_> {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl From<bool> for Field<'_> {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl Log {
    /// A log that goes nowhere.
    pub fn none() -> Self {
        Self::from_core(Core {
            level: None,
            encoding: Encoding::Console,
            caller: false,
            sink: Sink::new(Vec::new()),
        })
    }

    /// A log that keeps its lines, all levels, as `level\tmessage\t{fields}` for a test to read.
    pub fn capture() -> (Self, Arc<Mutex<Vec<String>>>) {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let outputs = vec![Output::Kept(Arc::clone(&lines))];
        let core = Core {
            level: Some(Level::Debug),
            encoding: Encoding::Console,
            caller: false,
            sink: Sink::new(outputs),
        };
        (Self::from_core(core), lines)
    }

    /// A log on stderr for what happens before the configured one exists or when it cannot be made.
    pub(crate) fn fallback() -> Self {
        let core = Core {
            level: Some(Level::Info),
            encoding: Encoding::Console,
            caller: true,
            sink: Sink::new(vec![Output::Stderr]),
        };
        Self::from_core(core)
    }

    fn from_core(core: Core) -> Self {
        Self { caller: core.caller, core: Arc::new(core), fields: "".into(), exported: None }
    }

    /// Writes a line for who looks for a fault.
    #[track_caller]
    pub fn debug(&self, message: &str, fields: &[(&str, Field<'_>)]) {
        self.write(Level::Debug, Location::caller(), message, fields);
    }

    /// Writes a line for who operates the collector.
    #[track_caller]
    pub fn info(&self, message: &str, fields: &[(&str, Field<'_>)]) {
        self.write(Level::Info, Location::caller(), message, fields);
    }

    /// Writes a line on something that may need doing.
    #[track_caller]
    pub fn warn(&self, message: &str, fields: &[(&str, Field<'_>)]) {
        self.write(Level::Warn, Location::caller(), message, fields);
    }

    /// Writes a line on something that went wrong.
    #[track_caller]
    pub fn error(&self, message: &str, fields: &[(&str, Field<'_>)]) {
        self.write(Level::Error, Location::caller(), message, fields);
    }

    /// Whether lines of `level` are written at all: to ask before making a costly line.
    pub fn enabled(&self, level: Level) -> bool {
        self.core.level.is_some_and(|least| level >= least)
    }

    /// The same log with `fields` on each of its lines, behind those it already has.
    #[must_use]
    pub fn with(&self, fields: &[(&str, Field<'_>)]) -> Self {
        let mut all = self.fields.to_string();
        encode::append(&mut all, 0, self.core.encoding, fields);
        let exported = self.exported.as_ref().map(|exported| Arc::new(exported.with(fields)));
        Self { core: Arc::clone(&self.core), fields: all.into(), exported, caller: self.caller }
    }

    /// The same log without the place in the source that its lines show: for what is output rather than report, such as the
    /// debug exporter's.
    #[must_use]
    pub fn without_caller(&self) -> Self {
        Self { caller: false, ..self.clone() }
    }

    fn write(&self, level: Level, caller: &Location<'_>, message: &str, fields: &[(&str, Field<'_>)]) {
        if !self.enabled(level) {
            return;
        }
        let mut guard = self.sink();
        let Sink { sampler, outputs, line } = &mut *guard;
        if sampler.as_mut().is_some_and(|s| !s.admits(level, message, Instant::now())) {
            return;
        }
        line.clear();
        let head =
            encode::Head { time: SystemTime::now(), level, caller: self.caller.then_some(caller), message };
        encode::line(line, self.core.encoding, &head, &self.fields, fields);
        for output in outputs {
            output.write(level, message, line);
        }
        if let Some(exported) = &self.exported {
            exported.push(&head, fields);
        }
        // One huge line (a detailed debug export) must not stay as memory for ever.
        line.shrink_to(64 << 10);
    }

    fn sink(&self) -> std::sync::MutexGuard<'_, Sink> {
        self.core.sink.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink {
    fn new(outputs: Vec<Output>) -> Mutex<Self> {
        Mutex::new(Self { sampler: None, outputs, line: String::new() })
    }
}

impl fmt::Debug for Log {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Log")
            .field("level", &self.core.level)
            .field("fields", &self.fields)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
