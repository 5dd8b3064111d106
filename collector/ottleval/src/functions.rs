//! The functions that most statements have, which run for every record: what a library of functions begins with.

mod case;
mod keys;
mod kinds;
mod replace;
mod set;
mod text;
mod truncate;

pub(crate) use self::set::tell_of_nil;
pub use self::{
    case::{FUNCTIONS as CASES, camel},
    keys::FUNCTIONS as KEYS,
    kinds::FUNCTIONS as KINDS,
    replace::FUNCTIONS as REPLACE,
    set::FUNCTIONS as SET,
    text::FUNCTIONS as TEXT,
    truncate::FUNCTIONS as TRUNCATE,
};
