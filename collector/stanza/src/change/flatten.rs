//! `flatten`

use slimcol_config::{Section, Settings};

use super::required;
use crate::{
    Entry, Field, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Flatten {
    common: Common,
    field: Field,
}

/// Moves what is in a map beside it.
#[derive(Debug)]
struct Flattener(Field);

impl Settings for Flatten {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), field: required(from, "field") }
    }
}

impl Build for Flatten {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        Ok(Work::Each(self.common.build(with)?, Box::new(Flattener(self.field.clone()))))
    }
}

impl Change for Flattener {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let field = &self.0;
        let value = field
            .delete(entry)
            .ok_or_else(|| format!("apply flatten: field {field} does not exist on entry"))?;
        match value {
            Value::Map(map) => {
                field.parent().map_mut(entry).merge(map);
                Ok(())
            }
            other => {
                field.set(entry, other).map_err(|error| format!("reset non-map field: {error}"))?;
                Err(Fault::Entry(format!("apply flatten: field {field} is not a map")))
            }
        }
    }
}
