//! Conditions, compiled: what one of them holds of is dropped.

use slimcol_ottl::Levels;
use slimcol_ottleval::{ErrorMode, Kind, walk};
use slimcol_pdata::Data;
use slimcol_service::{Client, Log};

use crate::config::Conditions;

/// Conditions that are asked in one pass, by what they are about.
#[derive(Debug)]
pub(crate) struct Stage {
    kinds: Vec<Kind>,
    conditions: Vec<slimcol_ottleval::Conditions>,
}

impl Stage {
    fn new(sorted: Vec<(Kind, slimcol_ottleval::Conditions)>) -> Self {
        let (kinds, conditions) = sorted.into_iter().unzip();
        Self { kinds, conditions }
    }

    /// A group of conditions.
    pub(crate) fn of(levels: Levels, group: &Conditions, on_error: ErrorMode) -> Result<Self, String> {
        let on_error = group.error_mode.unwrap_or(on_error);
        Ok(Self::new(match group.context {
            Some(kind) => vec![(kind, levels.conditions(kind, &group.conditions, on_error)?)],
            None => levels.sorted(&group.conditions, on_error)?,
        }))
    }

    /// Conditions of which it is written what they are about; `None` if there are none.
    pub(crate) fn given(
        levels: Levels,
        given: &[(Kind, Option<Vec<String>>)],
        on_error: ErrorMode,
    ) -> Result<Option<Self>, String> {
        let (mut found, mut wrong) = (Vec::new(), Vec::new());
        for (kind, texts) in given {
            match texts.as_ref().map(|texts| levels.conditions(*kind, texts, on_error)) {
                Some(Ok(conditions)) => found.push((*kind, conditions)),
                Some(Err(error)) => wrong.push(error),
                None => {}
            }
        }
        if !wrong.is_empty() {
            return Err(wrong.join("; "));
        }
        Ok((!found.is_empty()).then(|| Self::new(found)))
    }

    /// Drops what a condition holds of. What fails is collected, if it is not ignored.
    pub(crate) fn run(&self, data: &mut Data, sender: &Client, log: &Log) -> Result<(), String> {
        let mut failed = Vec::new();
        walk::retain(sender, data, &self.kinds, &mut |kind, record| {
            let at = self.kinds.iter().position(|own| *own == kind);
            let Some(conditions) = at.and_then(|at| self.conditions.get(at)) else { return false };
            conditions.hold_logged(record, log).unwrap_or_else(|fault| {
                if failed.len() < MOST {
                    failed.push(fault.to_string());
                }
                false
            })
        });
        if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) }
    }
}

/// So many failures are told at most.
const MOST: usize = 100;
