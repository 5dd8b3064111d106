//! `assign_keys`

use slimcol_config::{Section, Settings};

use super::required;
use crate::{
    Entry, Field, Map, Text, Value,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct AssignKeys {
    common: Common,
    names: Names,
}

/// Names the items of a list.
#[derive(Clone, Debug)]
struct Names {
    field: Field,
    keys: Vec<Text>,
}

impl Settings for AssignKeys {
    fn read(from: &mut Section<'_>) -> Self {
        let keys: Vec<String> = from.get("keys", Vec::new());
        let keys = keys.into_iter().map(Text::from).collect();
        Self { common: Common::read(from), names: Names { field: required(from, "field"), keys } }
    }
}

impl Build for AssignKeys {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        if self.names.keys.is_empty() {
            return Err("assign_keys missing required field keys".into());
        }
        Ok(Work::Each(self.common.build(with)?, Box::new(self.names.clone())))
    }
}

impl Change for Names {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let (field, keys) = (&self.field, &self.keys);
        let items = match field.get(entry) {
            Some(Value::List(items)) if items.len() == keys.len() => items.clone(),
            Some(Value::List(items)) => {
                let (found, expected) = (items.len(), keys.len());
                let keys: Vec<&str> = keys.iter().map(|key| &**key).collect();
                return Err(Fault::Entry(format!(
                    "apply assign_keys: field {field} contains {found} values while expected keys are [{}] contain \
                     {expected} keys",
                    keys.join(" ")
                )));
            }
            Some(_) => {
                return Err(Fault::Entry(format!(
                    "apply assign_keys: couldn't convert field {field} to []any"
                )));
            }
            None => {
                let message = format!("apply assign_keys: field {field} does not exist on entry");
                return Err(Fault::Entry(message));
            }
        };
        let map = Map::from_pairs(keys.iter().cloned().zip(items).collect());
        // The list makes way for the map, as what is no map does.
        Ok(field.set(entry, Value::Map(map))?)
    }
}
