//! Operators that parse: a value is read from a field, and what it says goes to another.

mod csv;
mod json;
mod json_array;
mod key_value;
mod regex;
mod scope_name;
mod severity;
mod syslog;
mod time;
mod trace;
mod uri;

use std::fmt::{self, Debug};

use slimcol_config::{Section, Settings};

pub use self::syslog::SyslogConfig;
pub(crate) use self::{
    csv::Csv, json::Json, json_array::JsonArray, key_value::KeyValue, regex::RegexParser,
    scope_name::ScopeNameParser, severity::SeverityParser, syslog::Syslog, time::TimeParser,
    trace::TraceParser, uri::Uri,
};
use self::{
    scope_name::ScopeNameConfig,
    severity::{SeverityConfig, SeverityOf},
    time::{TimeConfig, TimeOf},
    trace::TraceConfig,
};
use crate::{
    Entry, Field, Rootable, Value,
    guard::Common,
    operator::{Change, Fault, With, Work, detailed},
};

/// The keys that parsers have in common.
#[derive(Debug)]
pub(crate) struct ParserConfig {
    common: Common,
    parse_from: Field,
    parse_to: Field,
    body: Option<Field>,
    timestamp: Option<TimeConfig>,
    severity: Option<SeverityConfig>,
    trace: Option<TraceConfig>,
    scope_name: Option<ScopeNameConfig>,
}

/// Makes something of a value.
pub(crate) trait Parse: Send + Sync {
    /// What the value says.
    fn parse(&self, value: &Value) -> Result<Value, String>;
}

// As a supertrait it would be compiled for each parser, though nobody prints them.
impl Debug for dyn Parse {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Parse")
    }
}

/// What stands around any parsing: where the value is from, where what it says goes, and what else is taken from that. One
/// type for all parsers, so that it is compiled once.
#[derive(Debug)]
pub(crate) struct Parser {
    from: Field,
    to: Field,
    body: Option<Field>,
    time: Option<TimeOf>,
    severity: Option<SeverityOf>,
    trace: Option<TraceConfig>,
    scope_name: Option<ScopeNameConfig>,
}

/// A parser that does nothing else.
#[derive(Debug)]
struct Only(Parser, Box<dyn Parse>);

impl Settings for ParserConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            common: Common::read(from),
            parse_from: from.get("parse_from", Field::BODY),
            parse_to: from.get("parse_to", Rootable(Field::ATTRIBUTES)).0,
            body: from.find("body"),
            timestamp: from.when_written("timestamp"),
            severity: from.when_written("severity"),
            trace: from.when_written("trace"),
            scope_name: from.when_written("scope_name"),
        }
    }
}

impl ParserConfig {
    /// What is read of an operator that has no keys but maybe `on_error`.
    pub(crate) fn usual(on_error: Option<&str>) -> Self {
        Self {
            common: on_error.map_or_else(Common::default, Common::with),
            parse_from: Field::BODY,
            parse_to: Field::ATTRIBUTES,
            body: None,
            timestamp: None,
            severity: None,
            trace: None,
            scope_name: None,
        }
    }

    pub(crate) fn from(&self) -> &Field {
        &self.parse_from
    }

    pub(crate) fn build(&self, parse: Box<dyn Parse>, with: &With<'_>) -> Result<Work, String> {
        let (guard, parser) = (self.common.build(with)?, self.parser()?);
        Ok(Work::Each(guard, Box::new(Only(parser, parse))))
    }

    /// What stands around a parsing.
    pub(crate) fn parser(&self) -> Result<Parser, String> {
        self.parser_with_time(None)
    }

    /// The same around one that leaves a time in a field, which becomes the entry's unless the configuration takes it from
    /// elsewhere.
    pub(crate) fn parser_with_time(&self, time: Option<Field>) -> Result<Parser, String> {
        if self.body.is_some() && self.parse_to == Field::BODY {
            return Err("`parse_to: body` not allowed when `body` is configured".into());
        }
        Ok(Parser {
            from: self.parse_from.clone(),
            to: self.parse_to.clone(),
            body: self.body.clone(),
            time: match &self.timestamp {
                Some(config) => Some(config.build()?),
                None => time.map(TimeOf::nanos),
            },
            severity: self.severity.as_ref().map(SeverityConfig::build).transpose()?,
            trace: self.trace.clone(),
            scope_name: self.scope_name.clone(),
        })
    }

    pub(crate) fn guard(&self, with: &With<'_>) -> Result<crate::guard::Guard, String> {
        self.common.build(with)
    }
}

impl Change for Only {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        self.0.parse_with(&*self.1, entry).map_err(Fault::Entry)
    }
}

impl Parser {
    /// What is parsed of an entry.
    pub(crate) fn from<'e>(&self, entry: &'e Entry) -> Option<&'e Value> {
        self.from.get(entry)
    }

    /// Parses, and does what is to be done with what was parsed.
    pub(crate) fn parse_with(&self, parse: &dyn Parse, entry: &mut Entry) -> Result<(), String> {
        let Some(value) = self.from.get(entry) else {
            return Err(detailed(
                "Entry is missing the expected parse_from field.",
                &[("parse_from", &self.from.to_string())],
            ));
        };
        let parsed = parse.parse(value)?;
        self.to.set(entry, parsed).map_err(|error| format!("set parse_to: {error}"))?;
        if let Some(body) = self.body.as_ref().and_then(|field| field.get(entry)) {
            entry.body = body.clone();
        }
        // All are tried: a bad time does not cost the severity.
        let time = self.time.as_ref().map_or(Ok(()), |time| time.apply(entry));
        let severity = self.severity.as_ref().map_or(Ok(()), |severity| severity.apply(entry));
        let trace = self.trace.as_ref().map_or(Ok(()), |trace| trace.apply(entry));
        let scope_name = self.scope_name.as_ref().map_or(Ok(()), |scope| scope.apply(entry));
        let named = |of: &'static str| move |error: String| format!("{of} parser: {error}");
        time.map_err(named("time"))
            .and(severity.map_err(named("severity")))
            .and(trace.map_err(named("trace")))
            .and(scope_name.map_err(named("scope_name")))
    }
}

/// The message for a `parse_from` that is not there.
fn missing(field: &Field) -> String {
    detailed("log entry does not have the expected parse_from field", &[("parse_from", &field.to_string())])
}
