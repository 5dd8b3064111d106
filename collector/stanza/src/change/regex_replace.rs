//! `regex_replace`

use std::borrow::Cow;

use slimcol_config::{Section, Settings};
use slimcol_pattern::{Regex, Size, compile};

use super::required;
use crate::{
    Entry, Field, Text, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Escape sequences of terminals: `ESC [`, parameters, intermediates, and what ends them.
const ANSI: &str = r"\x1B\[[\x30-\x3F]*[\x20-\x2F]*[\x40-\x7E]";

/// Its keys.
#[derive(Debug)]
pub(crate) struct RegexReplace {
    common: Common,
    field: Field,
    regex: String,
    regex_name: String,
    replace_with: String,
}

/// Replaces what matches.
#[derive(Debug)]
struct Replacer {
    field: Field,
    regex: Regex,
    with: Vec<u8>,
}

impl Settings for RegexReplace {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            common: Common::read(from),
            field: required(from, "field"),
            regex: from.get("regex", String::new()),
            regex_name: from.get("regex_name", String::new()),
            replace_with: from.get("replace_with", String::new()),
        }
    }
}

impl Build for RegexReplace {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        if self.regex.is_empty() == self.regex_name.is_empty() {
            return Err("either regex or regex_name must be set".into());
        }
        let regex = match &*self.regex_name {
            "" => compile(&self.regex, Size::Config)?,
            "ansi_control_sequences" => compile(ANSI, Size::Config)?,
            other => return Err(format!("regex_name {other} is unknown")),
        };
        let replacer =
            Replacer { field: self.field.clone(), regex, with: self.replace_with.as_bytes().into() };
        Ok(Work::Each(self.common.build(with)?, Box::new(replacer)))
    }
}

impl Change for Replacer {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let text = match self.field.get(entry) {
            Some(Value::Text(text)) => text,
            Some(other) => return Err(Fault::Entry(format!("type {} cannot be handled", other.go_type()))),
            None => return Ok(()),
        };
        let replaced = match self.regex.replace_all(text.as_bytes(), &self.with[..]) {
            Cow::Borrowed(_) => return Ok(()),
            Cow::Owned(replaced) => replaced,
        };
        let replaced = String::from_utf8(replaced)
            .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
        Ok(self.field.set(entry, Value::Text(Text::from(replaced)))?)
    }
}
