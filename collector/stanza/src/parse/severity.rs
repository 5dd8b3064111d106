//! `severity_parser`, and `severity` in other parsers.

use std::{borrow::Cow, collections::HashMap, ops::RangeInclusive};

use slimcol_config::{Node, Section, Settings};

use super::missing;
use crate::{
    Entry, Field, Severity, Text, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// The keys of it.
#[derive(Debug)]
pub(crate) struct SeverityConfig {
    parse_from: Option<Field>,
    preset: String,
    mapping: Result<Mapping, String>,
    overwrite_text: bool,
}

/// Reads severities.
#[derive(Debug)]
pub(crate) struct SeverityOf {
    from: Field,
    /// What was configured, which comes before what is known anyway.
    own: Mapping,
    preset: Mapping,
    overwrite_text: bool,
}

/// What values mean.
#[derive(Clone, Debug, Default)]
struct Mapping {
    /// Of texts in lower case.
    texts: HashMap<Box<str>, Severity>,
    /// Of whole numbers.
    ranges: Vec<(RangeInclusive<i64>, Severity)>,
}

impl Settings for SeverityConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.warn_of_unknown_keys();
        Self {
            parse_from: from.find("parse_from"),
            preset: from.get("preset", String::new()),
            mapping: from.node("mapping").map_or(Ok(Mapping::default()), Mapping::read),
            overwrite_text: from.get("overwrite_text", false),
        }
    }
}

impl SeverityConfig {
    pub(crate) fn build(&self) -> Result<SeverityOf, String> {
        let (own, preset) = (self.mapping.clone()?, Mapping::preset(&self.preset));
        let from = self.parse_from.clone().ok_or("missing required field 'parse_from'")?;
        Ok(SeverityOf { from, own, preset, overwrite_text: self.overwrite_text })
    }
}

impl Mapping {
    /// What is known without a mapping. An unknown word is the default, as in Go.
    fn preset(name: &str) -> Self {
        let mut mapping = Self::default();
        if name == "none" {
            return mapping;
        }
        for severity in Severity::all() {
            let name = severity.name().to_ascii_lowercase();
            mapping.texts.insert(severity.number().to_string().into(), severity);
            mapping.texts.insert(name.into(), severity);
        }
        if !matches!(name, "otel" | "aliases") {
            for (name, other) in [("warning", "warn"), ("err", "error")] {
                for digit in ["", "2", "3", "4"] {
                    let severity =
                        mapping.texts.get(&*format!("{other}{digit}")).copied().unwrap_or_default();
                    mapping.texts.insert(format!("{name}{digit}").into(), severity);
                }
            }
        }
        mapping
    }

    fn read(from: &Node) -> Result<Self, String> {
        let names = Self::preset("aliases");
        let mut mapping = Self::default();
        for entry in from.entries() {
            // Go does not mind a name that is none.
            let severity = names.texts.get(&*entry.key().to_lowercase()).copied().unwrap_or_default();
            for value in entry.value().items().unwrap_or(std::slice::from_ref(entry.value())) {
                mapping.add(severity, value)?;
            }
        }
        Ok(mapping)
    }

    fn add(&mut self, severity: Severity, value: &Node) -> Result<(), String> {
        let bound = |key| value.get(key).and_then(Node::as_i64);
        if let Some(number) = value.as_i64() {
            self.texts.insert(number.to_string().into(), severity);
        } else if let Some(text) = value.as_str() {
            match text {
                "2xx" | "3xx" | "4xx" | "5xx" => {
                    let first = i64::from(text.as_bytes()[0] - b'0') * 100;
                    self.ranges.push((first..=first + 99, severity));
                }
                text => {
                    self.texts.insert(text.to_lowercase().into(), severity);
                }
            }
        } else if let (Some(min), Some(max)) = (bound("min"), bound("max")) {
            self.ranges.push((min.min(max)..=min.max(max), severity));
        } else {
            return Err(format!("type {} cannot be parsed as a severity", value.go_type()));
        }
        Ok(())
    }

    /// What a text in lower case means.
    fn find(&self, text: &str) -> Option<Severity> {
        if let Some(severity) = self.texts.get(text) {
            return Some(*severity);
        }
        let number = text.parse::<i64>().ok().filter(|_| !self.ranges.is_empty())?;
        // Ranges stand for numbers as they are usually written.
        let plain = !text.starts_with(['+', '0']) || text == "0";
        let within = |(range, _): &&(RangeInclusive<i64>, Severity)| plain && range.contains(&number);
        self.ranges.iter().rev().find(within).map(|(_, severity)| *severity)
    }
}

impl SeverityOf {
    /// Gives the entry its severity.
    pub(crate) fn apply(&self, entry: &mut Entry) -> Result<(), String> {
        let value = self.from.get(entry).ok_or_else(|| missing(&self.from))?;
        let text = text_of(value).map_err(|error| format!("parse: {error}"))?;
        let lower = if text.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
            Cow::Borrowed(&*text)
        } else {
            text.to_lowercase().into()
        };
        let severity = self.own.find(&lower).or_else(|| self.preset.find(&lower)).unwrap_or_default();
        entry.severity_text = if self.overwrite_text && severity != Severity::default() {
            Text::from_static(severity.name())
        } else {
            text
        };
        entry.severity = severity;
        Ok(())
    }
}

/// The text that is looked for.
#[expect(clippy::cast_possible_truncation, reason = "it is whole and not too large")]
fn text_of(value: &Value) -> Result<Text, String> {
    match value {
        Value::Text(text) => Ok(text.clone()),
        Value::Bytes(bytes) => Ok(String::from_utf8_lossy(bytes).into_owned().into()),
        Value::Int(number) => Ok(number.to_string().into()),
        Value::Float(number) if number.fract() == 0.0 && number.abs() < 9e18 => {
            Ok((*number as i64).to_string().into())
        }
        Value::Float(_) => Err("type float64 cannot be a severity unless it is a whole number".into()),
        other => Err(format!("type {} cannot be a severity", other.go_type())),
    }
}

/// `severity_parser`
#[derive(Debug)]
pub(crate) struct SeverityParser {
    common: Common,
    severity: SeverityConfig,
}

impl Settings for SeverityParser {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), severity: SeverityConfig::read(from) }
    }
}

impl Build for SeverityParser {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Each(self.common.build(with)?, Box::new(self.severity.build()?)))
    }
}

impl Change for SeverityOf {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        self.apply(entry).map_err(Fault::Entry)
    }
}
