//! The processor's keys.

use slimcol_actions::MatchConfig;
use slimcol_config::{Problems, Section, Settings};

/// What is done, and to which spans.
#[derive(Clone, Debug)]
pub struct Config {
    /// Only spans of these properties are changed.
    pub include: Option<MatchConfig>,
    /// Spans of these properties are not changed.
    pub exclude: Option<MatchConfig>,
    /// What becomes of names.
    pub name: NameConfig,
    /// The status that spans get.
    pub status: Option<StatusConfig>,
}

/// What becomes of names.
#[derive(Clone, Debug)]
pub struct NameConfig {
    /// Attributes whose values become the name.
    pub from_attributes: Vec<String>,
    /// What stands between them.
    pub separator: String,
    /// What of the name becomes attributes.
    pub to_attributes: Option<ToAttributesConfig>,
}

/// What of names becomes attributes.
#[derive(Clone, Debug)]
pub struct ToAttributesConfig {
    /// Patterns with named groups.
    pub rules: Vec<String>,
    /// Whether the first that matches is the last that is tried.
    pub break_after_match: bool,
    /// Whether names stay as they are.
    pub keep_original_name: bool,
}

/// A status.
#[derive(Clone, Debug)]
pub struct StatusConfig {
    /// `Unset`, `Error` or `Ok`
    pub code: String,
    /// Its text.
    pub description: String,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            include: from.when_written("include"),
            exclude: from.when_written("exclude"),
            name: from.section("name"),
            status: from.when_written("status"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let rules = self.name.to_attributes.as_ref().map_or(&[][..], |to| &to.rules);
        if self.name.from_attributes.is_empty() && rules.is_empty() && self.status.is_none() {
            problems.add(
                "",
                "error creating \"span\" processor: either \"from_attributes\" or \"to_attributes\" must be specified in \
                 \"name:\" or \"setStatus\" must be specified",
            );
        }
        for (index, rule) in rules.iter().enumerate() {
            if let Err(message) = crate::rule::Rule::new(rule) {
                problems.add(&format!("name.to_attributes.rules[{index}]"), message);
            }
        }
        let Some(status) = &self.status else { return };
        match status.code.as_str() {
            "Unset" | "Ok" if !status.description.is_empty() => problems.add(
                "status.description",
                "error creating \"span\" processor: \"description\" can be specified only for \"code\" \"Error\"",
            ),
            "Unset" | "Ok" | "Error" => {}
            _ => problems.add(
                "status.code",
                "error creating \"span\" processor: \"status\" must have specified \"code\" as \"Ok\" or \"Error\" or \"Unset\"",
            ),
        }
    }
}

impl Settings for NameConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            from_attributes: from.get("from_attributes", Vec::new()),
            separator: from.get("separator", String::new()),
            to_attributes: from.when_written("to_attributes"),
        }
    }
}

impl Settings for ToAttributesConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            rules: from.get("rules", Vec::new()),
            break_after_match: from.get("break_after_match", false),
            keep_original_name: from.get("keep_original_name", false),
        }
    }
}

impl Settings for StatusConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self { code: from.get("code", String::new()), description: from.get("description", String::new()) }
    }
}
