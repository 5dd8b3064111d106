//! `copy` and `move`

use slimcol_config::{Section, Settings};

use crate::{
    Entry, Field,
    guard::Common,
    operator::{Build, Change, Fault, With, Work},
};

/// The keys of both.
#[derive(Debug)]
struct Way {
    common: Common,
    from: Option<Field>,
    to: Option<Field>,
}

impl Settings for Way {
    fn read(from: &mut Section<'_>) -> Self {
        Self { common: Common::read(from), from: from.find("from"), to: from.find("to") }
    }
}

impl Way {
    /// From where to where. The messages name `copy` whichever of the two it is, as in Go.
    fn ends(&self) -> Result<(Field, Field), String> {
        match (&self.from, &self.to) {
            (Some(from), Some(to)) => Ok((from.clone(), to.clone())),
            (from, to) => {
                let missing = |field: &Option<Field>, name| {
                    field.is_none().then(|| format!("copy: missing {name} field"))
                };
                let errors: Vec<_> =
                    [missing(from, "from"), missing(to, "to")].into_iter().flatten().collect();
                Err(errors.join("\n"))
            }
        }
    }
}

/// `copy`
#[derive(Debug)]
pub(crate) struct Copy(Way);

#[derive(Debug)]
struct Copier(Field, Field);

impl Settings for Copy {
    fn read(from: &mut Section<'_>) -> Self {
        Self(Way::read(from))
    }
}

impl Build for Copy {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let (from, to) = self.0.ends()?;
        Ok(Work::Each(self.0.common.build(with)?, Box::new(Copier(from, to))))
    }
}

impl Change for Copier {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let value = self.0.get(entry).cloned();
        let value =
            value.ok_or_else(|| format!("copy: from field does not exist in this entry: {}", self.0))?;
        Ok(self.1.set(entry, value)?)
    }
}

/// `move`
#[derive(Debug)]
pub(crate) struct Move(Way);

#[derive(Debug)]
struct Mover(Field, Field);

impl Settings for Move {
    fn read(from: &mut Section<'_>) -> Self {
        Self(Way::read(from))
    }
}

impl Build for Move {
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        let (from, to) = self.0.ends()?;
        Ok(Work::Each(self.0.common.build(with)?, Box::new(Mover(from, to))))
    }
}

impl Change for Mover {
    fn change(&self, entry: &mut Entry) -> Result<(), Fault> {
        let value = self.0.delete(entry).ok_or_else(|| format!("move: field does not exist: {}", self.0))?;
        Ok(self.1.set(entry, value)?)
    }
}
