//! `remove`

use slimcol_config::{Section, Settings};

use crate::{
    Entry, Field, Rootable,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// Its keys.
#[derive(Debug)]
pub(crate) struct Remove {
    common: Common,
    field: Option<Rootable>,
}

/// Takes a field out.
#[derive(Debug)]
struct Remover(Field);

impl Settings for Remove {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), field: from.find("field") }
    }
}

impl Build for Remove {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let field = self.field.clone().ok_or("remove: field is empty")?;
        Ok(Work::Each(self.common.build(with)?, Box::new(Remover(field.0))))
    }
}

impl Change for Remover {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        match self.0.delete(entry) {
            Some(_) => Ok(()),
            None => Err(Fault::Entry(format!("remove: field does not exist: {}", self.0))),
        }
    }
}
