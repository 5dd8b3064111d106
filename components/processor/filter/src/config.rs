//! The processor's keys.

mod old;

use slimcol_config::{Problems, Section, Settings};
use slimcol_ottleval::{ErrorMode, Kind};
use slimcol_ottlfuncs::of_conditions;
use slimcol_pdata::Signal;

pub use self::old::{LogMatch, MetricMatch, SeverityMatch};
use crate::conditions::Stage;

/// What is dropped.
#[derive(Clone, Debug)]
pub struct Config {
    /// What happens when a condition fails on a record.
    pub error_mode: ErrorMode,
    /// Properties of spans, as older configurations have them.
    pub spans: Spans,
    /// Conditions by what they are about.
    pub traces: Given,
    /// Conditions by what they are about, or properties of metrics.
    pub metrics: Given<MetricMatch>,
    /// Conditions by what they are about, or properties of log records.
    pub logs: Given<LogMatch>,
    /// What would be dropped of profiles.
    pub profiles: Vec<String>,
    /// Conditions whose paths tell what they are about.
    pub trace_conditions: Option<Vec<Conditions>>,
    /// Conditions whose paths tell what they are about.
    pub metric_conditions: Option<Vec<Conditions>>,
    /// Conditions whose paths tell what they are about.
    pub log_conditions: Option<Vec<Conditions>>,
}

/// Properties of what is let through, and of what is not.
#[derive(Clone, Debug, Default)]
pub struct Spans {
    /// Only these spans are let through.
    pub include: Option<slimcol_actions::MatchConfig>,
    /// These are not.
    pub exclude: Option<slimcol_actions::MatchConfig>,
}

/// Conditions with what they are about, and the properties that older configurations have instead.
#[derive(Clone, Debug)]
pub struct Given<M = Never> {
    /// The conditions; `None` where none are written.
    pub conditions: Vec<(Kind, Option<Vec<String>>)>,
    /// Only these are let through.
    pub include: Option<M>,
    /// These are not.
    pub exclude: Option<M>,
}

/// Where there are no properties.
#[derive(Clone, Copy, Debug)]
pub enum Never {}

impl<M> Given<M> {
    /// Whether conditions are written, if only an empty list.
    pub(crate) fn is_written(&self) -> bool {
        self.conditions.iter().any(|(_, texts)| texts.is_some())
    }

    fn has_properties(&self) -> bool {
        self.include.is_some() || self.exclude.is_some()
    }
}

/// A group of conditions.
#[derive(Clone, Debug)]
pub struct Conditions {
    /// What all of them are about.
    pub context: Option<Kind>,
    /// The conditions.
    pub conditions: Vec<String>,
    /// What happens when one fails.
    pub error_mode: Option<ErrorMode>,
}

impl Settings for Conditions {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            context: from.find("context"),
            conditions: from.get("conditions", Vec::new()),
            error_mode: from.find("error_mode"),
        }
    }
}

/// Conditions alone are one group, of which nobody says what it is about.
fn groups(from: &mut Section<'_>, key: &'static str) -> Option<Vec<Conditions>> {
    let written = from.has(key);
    let groups = match from.texts_or_list(key, "condition cannot be empty") {
        Ok(conditions) => vec![Conditions { context: None, conditions, error_mode: None }],
        Err(groups) => groups,
    };
    written.then_some(groups)
}

impl Settings for Spans {
    fn read(from: &mut Section<'_>) -> Self {
        Self { include: from.when_written("include"), exclude: from.when_written("exclude") }
    }
}

impl Settings for Given {
    fn read(from: &mut Section<'_>) -> Self {
        let conditions = vec![
            (Kind::Resource, from.find("resource")),
            (Kind::Span, from.find("span")),
            (Kind::SpanEvent, from.find("spanevent")),
        ];
        Self { conditions, include: None, exclude: None }
    }
}

impl Settings for Given<MetricMatch> {
    fn read(from: &mut Section<'_>) -> Self {
        let conditions = vec![
            (Kind::Resource, from.find("resource")),
            (Kind::Metric, from.find("metric")),
            (Kind::DataPoint, from.find("datapoint")),
        ];
        from.when_written::<slimcol_actions::CacheConfig>("regexp");
        Self { conditions, include: from.when_written("include"), exclude: from.when_written("exclude") }
    }
}

impl Settings for Given<LogMatch> {
    fn read(from: &mut Section<'_>) -> Self {
        let conditions = vec![(Kind::Resource, from.find("resource")), (Kind::Log, from.find("log_record"))];
        Self { conditions, include: from.when_written("include"), exclude: from.when_written("exclude") }
    }
}

/// Conditions for profiles, of which there are none.
struct Profiles(Vec<String>);

impl Settings for Profiles {
    fn read(from: &mut Section<'_>) -> Self {
        let mut all = from.get("resource", Vec::new());
        all.append(&mut from.get("profile", Vec::new()));
        Self(all)
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let mut profiles = from.section::<Profiles>("profiles").0;
        let groups_of_profiles = groups(from, "profile_conditions").unwrap_or_default();
        profiles.extend(groups_of_profiles.into_iter().flat_map(|group| group.conditions));
        Self {
            error_mode: from.get("error_mode", ErrorMode::Ignore),
            spans: from.section("spans"),
            traces: from.section("traces"),
            metrics: from.section("metrics"),
            logs: from.section("logs"),
            profiles,
            trace_conditions: groups(from, "trace_conditions"),
            metric_conditions: groups(from, "metric_conditions"),
            log_conditions: groups(from, "log_conditions"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if !self.profiles.is_empty() {
            problems.add("profile_conditions", "profiles are not supported");
        }
        let both = self.both_forms();
        for message in &both {
            problems.add("", message);
        }
        if !both.is_empty() {
            return;
        }
        for signal in [Signal::Traces, Signal::Metrics, Signal::Logs] {
            if let Err(error) = self.stages(signal) {
                problems.add("", error);
            }
        }
        for found in [&self.logs.include, &self.logs.exclude].into_iter().flatten() {
            if let Err(error) = found.severity() {
                problems.add("logs", error);
            }
        }
    }
}

impl Config {
    /// What is written in two forms of which only one can be.
    fn both_forms(&self) -> Vec<&'static str> {
        let mut found = Vec::new();
        if self.trace_conditions.is_some() && self.traces.is_written() {
            found.push(
                "cannot use context inferred trace conditions \"trace_conditions\" and the settings \"traces.resource\", \
                 \"traces.span\", \"traces.spanevent\" at the same time",
            );
        }
        if self.metric_conditions.is_some() && (self.metrics.is_written() || self.metrics.has_properties()) {
            found.push(
                "cannot use context inferred metric conditions \"metric_conditions\" and the settings \"metrics.resource\", \
                 \"metrics.metric\", \"metrics.datapoint\", \"metrics.include\", \"metrics.exclude\" at the same time",
            );
        }
        if self.log_conditions.is_some() && (self.logs.is_written() || self.logs.has_properties()) {
            found.push(
                "cannot use context inferred log conditions \"log_conditions\" and the settings \"logs.resource\", \"logs.log\", \
                 \"logs.include\", \"logs.exclude\" at the same time",
            );
        }
        if self.traces.is_written() && (self.spans.include.is_some() || self.spans.exclude.is_some()) {
            found.push(
                "cannot use \"traces.resource\", \"traces.span\", \"traces.spanevent\" and the span settings \"spans.include\", \
                 \"spans.exclude\" at the same time",
            );
        }
        if self.metrics.is_written() && self.metrics.has_properties() {
            found.push(
                "cannot use \"metrics.resource\", \"metrics.metric\", \"metrics.datapoint\" and the settings \"metrics.include\", \
                 \"metrics.exclude\" at the same time",
            );
        }
        if self.logs.is_written() && self.logs.has_properties() {
            found.push(
                "cannot use \"logs.resource\", \"logs.log\" and the settings \"logs.include\", \"logs.exclude\" at the same time",
            );
        }
        found
    }

    /// The conditions of a signal, one stage behind the other. The error has all that is wrong.
    pub(crate) fn stages(&self, signal: Signal) -> Result<Vec<Stage>, String> {
        let levels = of_conditions(signal);
        let (groups, given) = match signal {
            Signal::Traces => (&self.trace_conditions, &self.traces.conditions),
            Signal::Metrics => (&self.metric_conditions, &self.metrics.conditions),
            Signal::Logs => (&self.log_conditions, &self.logs.conditions),
        };
        let groups = groups.as_deref().unwrap_or_default();
        if groups.is_empty() {
            return Ok(Stage::given(levels, given, self.error_mode)?.into_iter().collect());
        }
        let (mut stages, mut wrong) = (Vec::new(), Vec::new());
        for group in groups {
            match Stage::of(levels, group, self.error_mode) {
                Ok(stage) => stages.push(stage),
                Err(error) => wrong.push(error),
            }
        }
        if wrong.is_empty() { Ok(stages) } else { Err(wrong.join("; ")) }
    }

    /// The conditions of a signal of which it is written what they are about.
    pub(crate) fn advised(&self, signal: Signal) -> impl Iterator<Item = (Kind, &[String])> {
        let groups = match signal {
            Signal::Traces => &self.trace_conditions,
            Signal::Metrics => &self.metric_conditions,
            Signal::Logs => &self.log_conditions,
        };
        groups.iter().flatten().filter_map(|group| Some((group.context?, &*group.conditions)))
    }
}
