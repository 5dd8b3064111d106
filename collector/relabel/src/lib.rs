//! Labels, and the rules that change them and say what is kept (`relabel_configs`), as Prometheus has both.

mod labels;
mod rule;

pub use self::{
    labels::{Labels, is_name},
    rule::{Action, Rule, Written, process},
};
