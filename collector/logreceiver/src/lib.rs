//! What receivers have in common whose entries pass through operators (Go's `stanza/adapter`): the keys, the way from an
//! entry to the pipelines, and what happens when nobody takes it.

mod config;
mod intake;
mod retry;
mod storage;

pub use self::{
    config::Common,
    intake::Intake,
    retry::RetryOnFailure,
    storage::{read_storage, store},
};
