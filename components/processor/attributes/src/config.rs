//! The processor's keys.

use slimcol_actions::{ActionConfig, Actions, MatchConfig};
use slimcol_config::{Problems, Section, Settings};

/// What is done, and to what.
#[derive(Clone, Debug)]
pub struct Config {
    /// What is done to the attributes of each item, in order.
    pub actions: Vec<ActionConfig>,
    /// Only items of these properties are changed.
    pub include: Option<MatchConfig>,
    /// Items of these properties are not changed.
    pub exclude: Option<MatchConfig>,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            actions: from.list("actions"),
            include: from.when_written("include"),
            exclude: from.when_written("exclude"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.actions.is_empty() {
            problems.add("", "missing required field \"actions\"");
        }
        Actions::validate(&self.actions, "actions", problems);
    }
}
