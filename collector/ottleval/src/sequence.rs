//! Statements and conditions one after the other, and what happens when one fails.

use std::fmt;

use crate::{
    context::Context,
    fault::Fault,
    program::{Condition, Statement},
};

/// What happens when a statement or a condition fails on a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ErrorMode {
    /// It is logged, and the next one's turn comes.
    Ignore,
    /// The next one's turn comes.
    Silent,
    /// The payload is refused.
    Propagate,
}

impl ErrorMode {
    /// The mode of that name in whatever case.
    pub fn parse(name: &str) -> Result<Self, String> {
        match name.to_lowercase().as_str() {
            "ignore" => Ok(Self::Ignore),
            "silent" => Ok(Self::Silent),
            "propagate" => Ok(Self::Propagate),
            name => Err(format!("unknown error mode {name}")),
        }
    }
}

/// A statement or a condition that failed on a record.
#[derive(Clone, Copy, Debug)]
pub struct Failure<'a> {
    what: &'static str,
    /// The statement or the condition as it was written.
    pub source: &'a str,
    /// What went wrong.
    pub fault: &'a Fault,
}

impl Failure<'_> {
    /// What is logged of it, in the Go collector's words.
    pub fn message(&self) -> &'static str {
        self.what
    }
}

impl fmt::Display for Failure<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { what, source, fault } = self;
        write!(f, "{what}: {source}, {fault}")
    }
}

/// Statements that run one after the other.
#[derive(Debug)]
pub struct Statements {
    /// The statements.
    pub statements: Vec<Statement>,
    /// What happens when one fails.
    pub on_error: ErrorMode,
}

impl Statements {
    /// Runs all on a record. `log` is told of failures that are ignored but not silent.
    pub fn run(&self, on: &mut dyn Context, mut log: impl FnMut(Failure<'_>)) -> Result<(), Fault> {
        for statement in &self.statements {
            let Err(fault) = statement.run(on) else { continue };
            let failure =
                Failure { what: "failed to execute statement", source: &statement.source, fault: &fault };
            match self.on_error {
                ErrorMode::Propagate => return Err(Fault::new(failure.to_string())),
                ErrorMode::Ignore => log(failure),
                ErrorMode::Silent => {}
            }
        }
        Ok(())
    }
}

/// Conditions of which one is enough, or which all have to hold.
#[derive(Debug)]
pub struct Conditions {
    /// The conditions.
    pub conditions: Vec<Condition>,
    /// What happens when one fails.
    pub on_error: ErrorMode,
    /// Whether all have to hold.
    pub all: bool,
}

impl Conditions {
    /// Whether the conditions hold of a record. One that failed says nothing, and where all did, nothing holds.
    pub fn hold(&self, of: &dyn Context, mut log: impl FnMut(Failure<'_>)) -> Result<bool, Fault> {
        let mut held = false;
        for condition in &self.conditions {
            match condition.holds(of) {
                Ok(true) if !self.all => return Ok(true),
                Ok(false) if self.all => return Ok(false),
                Ok(holds) => held |= holds,
                Err(fault) => {
                    let failure = Failure {
                        what: "failed to eval condition",
                        source: &condition.source,
                        fault: &fault,
                    };
                    match self.on_error {
                        ErrorMode::Propagate => return Err(Fault::new(failure.to_string())),
                        ErrorMode::Ignore => log(failure),
                        ErrorMode::Silent => {}
                    }
                }
            }
        }
        Ok(held)
    }
}
