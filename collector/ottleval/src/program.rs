//! What statements become: names resolved, literals read, ready to run on one record after the other.

mod condition;
mod expression;
mod place;

pub(crate) use self::expression::{Step, again, indexed};
pub use self::{
    condition::Test,
    expression::{Expression, Index},
    place::Place,
};

use crate::{context::Context, fault::Fault, function::Call};

/// A statement that can run.
#[derive(Debug)]
pub struct Statement {
    /// The statement as it was written.
    pub source: Box<str>,
    /// What it does.
    pub editor: Call,
    /// When it does it.
    pub condition: Option<Test>,
}

impl Statement {
    /// The statement as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Runs the statement on a record, and says whether its condition held.
    pub fn run(&self, on: &mut dyn Context) -> Result<bool, Fault> {
        if let Some(condition) = &self.condition
            && !condition.holds(on)?
        {
            return Ok(false);
        }
        self.editor.edit(on)?;
        Ok(true)
    }
}

/// A condition that can be asked.
#[derive(Debug)]
pub struct Condition {
    /// The condition as it was written.
    pub source: Box<str>,
    /// What has to hold.
    pub test: Test,
}

impl Condition {
    /// The condition as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it holds of a record.
    pub fn holds(&self, of: &dyn Context) -> Result<bool, Fault> {
        self.test.holds(of)
    }
}
