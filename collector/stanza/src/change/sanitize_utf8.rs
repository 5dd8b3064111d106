//! `sanitize_utf8`

use slimcol_config::{Section, Settings};

use crate::{
    Entry, Field, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct SanitizeUtf8 {
    common: Common,
    field: Field,
}

/// Makes text of what is none. Our texts are valid, so that only bytes can be meant.
#[derive(Debug)]
struct Sanitizer(Field);

impl Settings for SanitizeUtf8 {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), field: from.get("field", Field::BODY) }
    }
}

impl Build for SanitizeUtf8 {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Each(self.common.build(with)?, Box::new(Sanitizer(self.field.clone()))))
    }
}

impl Change for Sanitizer {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        match self.0.get(entry) {
            None | Some(Value::Text(_)) => Ok(()),
            Some(other) => {
                Err(Fault::Entry(format!("field '{}' is not a string, got {}", self.0, other.go_type())))
            }
        }
    }
}
