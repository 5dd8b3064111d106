//! `filter`: drops the entries of which something holds.

use std::hash::{BuildHasher, Hasher, RandomState};

use slimcol_config::{Section, Settings};
use slimcol_expr::Condition;
use slimcol_service::Log;

use crate::{
    Entry, expression,
    guard::Common,
    operator::{Build, With, Work},
};

/// Its keys. `if` and `on_error` are read, and of no use.
#[derive(Debug)]
pub(crate) struct FilterConfig {
    common: Common,
    expr: String,
    drop_ratio: f64,
}

/// Drops entries.
#[derive(Debug)]
pub(crate) struct Filter {
    condition: Condition,
    /// Of a thousand how many are dropped.
    cutoff: u64,
    log: Log,
}

impl Settings for FilterConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            common: Common::read(from),
            expr: from.get("expr", String::new()),
            drop_ratio: from.get("drop_ratio", 1.0),
        }
    }
}

impl Build for FilterConfig {
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is between 0 and 1000")]
    fn build(&self, with: &With<'_>) -> Result<Work, String> {
        self.common.build(with)?;
        let condition = expression::condition(&self.expr)?;
        if !(0.0..=1.0).contains(&self.drop_ratio) {
            return Err("drop_ratio must be a number between 0 and 1".into());
        }
        let cutoff = (self.drop_ratio * 1000.0) as u64;
        Ok(Work::Filter(Filter { condition, cutoff, log: with.log.clone() }))
    }
}

impl Filter {
    /// Whether the entry stays. It does not if that cannot be told.
    pub(crate) fn keeps(&self, entry: &Entry) -> bool {
        match self.condition.holds(entry) {
            Ok(holds) => !holds || !self.drops(),
            Err(error) => {
                // Go's spelling.
                let error = error.to_string();
                self.log.error("Running expressing returned an error", &[("error", error.into())]);
                false
            }
        }
    }

    fn drops(&self) -> bool {
        match self.cutoff {
            0 => false,
            1000 => true,
            // Each state is keyed anew.
            cutoff => RandomState::new().build_hasher().finish() % 1000 < cutoff,
        }
    }
}
