//! `scope_name_parser`, and `scope_name` in other parsers.

use slimcol_config::{Section, Settings};

use super::missing;
use crate::{
    Entry, Field, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work, detailed},
};

/// The keys of it, which are all that there is to do.
#[derive(Clone, Debug)]
pub(crate) struct ScopeNameConfig {
    parse_from: Option<Field>,
}

impl Settings for ScopeNameConfig {
    fn read(from: &mut Section<'_>) -> Self {
        from.warn_of_unknown_keys();
        let parse_from = from.find("parse_from");
        if parse_from.is_none() {
            // Go takes it, and ends with a nil pointer at the first entry.
            from.error("", "missing required field 'parse_from'");
        }
        Self { parse_from }
    }
}

impl ScopeNameConfig {
    /// Gives the entry the name of its scope.
    pub(crate) fn apply(&self, entry: &mut Entry) -> Result<(), String> {
        let Some(from) = &self.parse_from else { return Ok(()) };
        let Value::Text(name) = from.get(entry).ok_or_else(|| missing(from))? else {
            let field = from.to_string();
            return Err(detailed("parse_from field does not contain a string", &[("parse_from", &field)]));
        };
        entry.scope_name = name.clone();
        Ok(())
    }
}

/// `scope_name_parser`
#[derive(Debug)]
pub(crate) struct ScopeNameParser {
    common: Common,
    scope_name: ScopeNameConfig,
}

impl Settings for ScopeNameParser {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), scope_name: ScopeNameConfig::read(from) }
    }
}

impl Build for ScopeNameParser {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Each(self.common.build(with)?, Box::new(self.scope_name.clone())))
    }
}

impl Change for ScopeNameConfig {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        self.apply(entry).map_err(Fault::Entry)
    }
}
