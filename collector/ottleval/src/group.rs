//! Groups of statements and of conditions, run on whole requests.

use slimcol_pdata::Data;
use slimcol_service::{Client, Log};

use crate::{
    context::{Context, Kind},
    fault::Fault,
    functions::tell_of_nil,
    sequence::{Conditions, Failure, Statements},
    walk,
};

/// Statements about one thing, and the conditions of which one has to hold for them.
#[derive(Debug)]
pub struct Group {
    /// What they are about.
    pub kind: Kind,
    /// The conditions, if there are some.
    pub conditions: Option<Conditions>,
    /// The statements.
    pub statements: Statements,
}

/// Logs what failed on a record and was ignored.
fn ignored(log: &Log, failure: Failure<'_>) {
    let what = if failure.message().ends_with("statement") { "statement" } else { "condition" };
    log.warn(
        failure.message(),
        &[("error", failure.fault.to_string().into()), (what, failure.source.into())],
    );
}

impl Group {
    /// Runs the statements on every record that they are about in a request that `sender` sent.
    pub fn run(&self, data: &mut Data, sender: &Client, log: &Log) -> Result<(), Fault> {
        let result = walk::each_from(sender, data, self.kind, &mut |record| self.run_on(record, log));
        tell_of_nil(log);
        result
    }

    fn run_on(&self, record: &mut dyn Context, log: &Log) -> Result<(), Fault> {
        if let Some(conditions) = &self.conditions
            && !conditions.hold(record, |failure| ignored(log, failure))?
        {
            return Ok(());
        }
        self.statements.run(record, |failure| ignored(log, failure))
    }
}

impl Conditions {
    /// Whether the conditions hold of a record; failures that are ignored but not silent are logged.
    pub fn hold_logged(&self, of: &dyn Context, log: &Log) -> Result<bool, Fault> {
        self.hold(of, |failure| ignored(log, failure))
    }
}
