//! The functions that all components have.

mod change;
mod clock;
mod define;
mod keys;
mod kinds;
mod lists;
mod maps;
mod network;
mod numbers;
mod pairs;
mod parse;
mod replace;
mod sort;
mod text;
mod time;

pub use self::kinds::SPANS;
use crate::function::Function;

/// The converters and editors that there are in every context.
pub const STANDARD: &[&[Function]] = &[
    change::FUNCTIONS,
    keys::FUNCTIONS,
    maps::FUNCTIONS,
    replace::FUNCTIONS,
    kinds::FUNCTIONS,
    numbers::FUNCTIONS,
    text::FUNCTIONS,
    lists::FUNCTIONS,
    parse::FUNCTIONS,
    pairs::FUNCTIONS,
    time::FUNCTIONS,
    clock::FUNCTIONS,
    sort::FUNCTIONS,
    network::FUNCTIONS,
];

#[cfg(test)]
mod tests;
