//! What the processors that change attributes have in common: the actions (`insert`, `update`, `upsert`, `delete`, `hash`,
//! `extract`, `convert`), and `include` and `exclude`, which choose what they are done to.
//!
//! Items are looked at as they are encoded first; only those that an action changes are opened.

mod apply;
mod config;
mod constant;
mod convert;
mod matching;
mod properties;
mod select;

#[cfg(test)]
mod tests;

pub use self::{
    apply::Actions,
    config::ActionConfig,
    constant::Constant,
    matching::{AttributeConfig, CacheConfig, LibraryConfig, MatchConfig, SeverityConfig},
    select::{Chosen, Logs, Metrics, Selection, Spans},
};
