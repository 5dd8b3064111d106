//! The processor's keys.

use slimcol_config::{Problems, Section, Settings};
use slimcol_ottl::Levels;
use slimcol_ottleval::{ErrorMode, Group, Kind};
use slimcol_ottlfuncs::of_statements;
use slimcol_pdata::Signal;

/// What is done to the telemetry of each signal.
#[derive(Clone, Debug)]
pub struct Config {
    /// What happens when a statement fails on a record.
    pub error_mode: ErrorMode,
    /// What is done to traces.
    pub trace_statements: Statements,
    /// What is done to metrics.
    pub metric_statements: Statements,
    /// What is done to logs.
    pub log_statements: Statements,
    /// What would be done to profiles.
    pub profile_statements: Statements,
    /// Whether each log record has a resource and a scope of its own meanwhile.
    pub flatten_data: bool,
}

/// Groups of statements, in order.
#[derive(Clone, Debug, Default)]
pub struct Statements(Vec<GroupConfig>);

/// A group of statements.
#[derive(Clone, Debug)]
struct GroupConfig {
    context: Option<Kind>,
    conditions: Vec<String>,
    statements: Vec<String>,
    error_mode: Option<ErrorMode>,
}

impl Settings for GroupConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            context: from.find("context"),
            conditions: from.get("conditions", Vec::new()),
            statements: from.get("statements", Vec::new()),
            error_mode: from.find("error_mode"),
        }
    }
}

impl Statements {
    /// Statements alone are one group, of which nobody says what it is about.
    fn read(from: &mut Section<'_>, key: &'static str) -> Self {
        let empty = format!("invalid {key} item: empty statement list items are not supported");
        Self(match from.texts_or_list(key, &empty) {
            Ok(statements) => {
                vec![GroupConfig { context: None, conditions: Vec::new(), statements, error_mode: None }]
            }
            Err(groups) => groups,
        })
    }

    /// Compiles all groups. The error has all that is wrong.
    pub(crate) fn compile(&self, levels: Levels, on_error: ErrorMode) -> Result<Vec<Group>, String> {
        let (mut groups, mut wrong) = (Vec::new(), Vec::new());
        for GroupConfig { context, conditions, statements, error_mode } in &self.0 {
            match levels.group(*context, statements, conditions, error_mode.unwrap_or(on_error)) {
                Ok(group) => groups.push(group),
                Err(error) => wrong.push(error),
            }
        }
        if wrong.is_empty() { Ok(groups) } else { Err(wrong.join("; ")) }
    }

    /// The statements of groups of which it is written what they are about.
    pub(crate) fn given(&self) -> impl Iterator<Item = (Kind, &[String])> {
        self.0.iter().filter_map(|group| Some((group.context?, &*group.statements)))
    }
}

impl Config {
    /// What is done to telemetry of that signal.
    pub(crate) fn of(&self, signal: Signal) -> &Statements {
        match signal {
            Signal::Traces => &self.trace_statements,
            Signal::Metrics => &self.metric_statements,
            Signal::Logs => &self.log_statements,
        }
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            error_mode: from.get("error_mode", ErrorMode::Ignore),
            trace_statements: Statements::read(from, "trace_statements"),
            metric_statements: Statements::read(from, "metric_statements"),
            log_statements: Statements::read(from, "log_statements"),
            profile_statements: Statements::read(from, "profile_statements"),
            flatten_data: from.get("flatten_data", false),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        for (key, signal) in [
            ("trace_statements", Signal::Traces),
            ("metric_statements", Signal::Metrics),
            ("log_statements", Signal::Logs),
        ] {
            if let Err(error) = self.of(signal).compile(of_statements(signal), self.error_mode) {
                problems.add(key, error);
            }
        }
        if !self.profile_statements.0.is_empty() {
            problems.add("profile_statements", "profiles are not supported");
        }
        if self.flatten_data {
            problems.add(
                "flatten_data",
                "'flatten_data' requires the 'transform.flatten.logs' feature gate to be enabled",
            );
        }
    }
}
