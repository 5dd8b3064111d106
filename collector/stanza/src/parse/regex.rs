//! `regex_parser`

use slimcol_config::{NoSettings, Section, Settings};
use slimcol_pattern::{Regex, Size, compile};

use super::{Parse, ParserConfig};
use crate::{
    Map, Text, Value,
    operator::{Build, With, Work},
};

/// Its keys. `cache` is read and not needed: matching is about as quick as finding a match again.
#[derive(Debug)]
pub(crate) struct RegexParser {
    parser: ParserConfig,
    regex: String,
}

/// A pattern and the names of its groups.
#[derive(Debug)]
struct Groups {
    regex: Regex,
    /// Group and name.
    names: Vec<(usize, Text)>,
}

impl Settings for RegexParser {
    fn read(from: &mut Section<'_>) -> Self {
        from.section_with("cache", |cache| {
            cache.get("size", 0_u16);
            NoSettings
        });
        Self { parser: ParserConfig::read(from), regex: from.get("regex", String::new()) }
    }
}

impl Build for RegexParser {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        if self.regex.is_empty() {
            return Err("missing required field 'regex'".into());
        }
        let regex =
            compile(&self.regex, Size::Config).map_err(|error| format!("compiling regex: {error}"))?;
        let group = |(at, name): (usize, Option<&str>)| Some((at, name?.into()));
        let names: Vec<_> = regex.capture_names().enumerate().filter_map(group).collect();
        if names.is_empty() {
            return Err("no named capture groups in regex pattern".into());
        }
        self.parser.build(Box::new(Groups { regex, names }), with)
    }
}

impl Parse for Groups {
    fn parse(&self, value: &Value) -> Result<Value, String> {
        let Value::Text(text) = value else {
            return Err(format!("type '{}' cannot be parsed as regex", value.go_type()));
        };
        let mut groups = self.regex.capture_locations();
        self.regex.captures_read(&mut groups, text.as_bytes()).ok_or("regex pattern does not match")?;
        let found = |group| groups.get(group).and_then(|(start, end)| text.get(start..end));
        let parts = self.names.iter().map(|(group, name)| (name, found(*group).unwrap_or_default()));
        Ok(Value::Map(Map::of_parts(text, parts)))
    }
}
