//! What is wrong with a JSON text, and where.

use std::fmt::Write;

use crate::Invalid;

/// A fault with its place. The words are those of the json-iterator library; it then quotes the text around the place,
/// ours names the path to it, which does not copy the client's data into logs.
#[derive(Debug)]
pub struct Fault(Box<Inner>);

#[derive(Debug)]
struct Inner {
    what: String,
    at: usize,
    /// From the place outwards.
    path: Vec<Step>,
}

#[derive(Debug)]
enum Step {
    Field(&'static str),
    Item(usize),
}

impl Fault {
    /// `what` is wrong at byte `at`.
    #[cold]
    pub(super) fn new(operation: &str, what: &str, at: usize) -> Self {
        Self(Box::new(Inner { what: format!("{operation}: {what}"), at, path: Vec::new() }))
    }

    /// The place was in the field `name`.
    #[cold]
    #[must_use]
    pub fn in_field(mut self, name: &'static str) -> Self {
        self.0.path.push(Step::Field(name));
        self
    }

    /// The place was in the item `index` of a list.
    #[cold]
    #[must_use]
    pub fn in_item(mut self, index: usize) -> Self {
        self.0.path.push(Step::Item(index));
        self
    }
}

impl From<Fault> for Invalid {
    fn from(fault: Fault) -> Self {
        let Inner { what, at, path } = *fault.0;
        let mut text = format!("{what}, error found in #{at} byte");
        let mut place = String::new();
        for step in path.iter().rev() {
            let dot = if place.is_empty() { "" } else { "." };
            let written = match step {
                Step::Field(name) => write!(place, "{dot}{name}"),
                Step::Item(index) => write!(place, "[{index}]"),
            };
            written.expect("writing to memory does not fail");
        }
        if !place.is_empty() {
            text.push_str(" at `");
            text.push_str(&place);
            text.push('`');
        }
        Self::new(text)
    }
}
