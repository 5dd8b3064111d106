//! `retain`

use slimcol_config::{Section, Settings};
use slimcol_entry::Root;

use crate::{
    Entry, Field,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Retain {
    common: Common,
    fields: Vec<Field>,
}

/// Keeps fields, of those parts of the entry that any of them is in.
#[derive(Debug)]
struct Keeper(Vec<Field>);

impl Settings for Retain {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), fields: from.get("fields", Vec::new()) }
    }
}

impl Build for Retain {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        if self.fields.is_empty() {
            return Err("retain: 'fields' is empty".into());
        }
        Ok(Work::Each(self.common.build(with)?, Box::new(Keeper(self.fields.clone()))))
    }
}

impl Change for Keeper {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let mut kept = Entry::default();
        let touches = |root| self.0.iter().any(|field| field.root() == root);
        for field in &self.0 {
            if let Some(value) = field.get(entry) {
                field.set(&mut kept, value.clone())?;
            }
        }
        // A body of which nothing is there is gone.
        if touches(Root::Body) {
            entry.body = kept.body;
        }
        if touches(Root::Attributes) {
            entry.attributes = kept.attributes;
        }
        if touches(Root::Resource) {
            entry.resource = kept.resource;
        }
        Ok(())
    }
}
