use std::{fmt, sync::Arc};

use slimcol_expreval::Fault;

/// Why an expression cannot be compiled, or why it has no value for some data.
///
/// Shown as the Go library shows it: the message, the place, the line of the expression, and a pointer below it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error {
    message: String,
    at: usize,
    source: Arc<str>,
}

impl Error {
    pub(crate) fn new(fault: Fault, source: &Arc<str>) -> Self {
        Self { message: fault.message, at: fault.at as usize, source: Arc::clone(source) }
    }

    /// What is wrong, without the place.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// Line and column in the expression, both from 1 on; columns count characters.
    pub fn place(&self) -> (usize, usize) {
        let (line, column, _) = self.locate();
        (line, column + 1)
    }

    fn locate(&self) -> (usize, usize, &str) {
        let (mut number, mut left) = (1, self.at);
        let mut lines = self.source.split('\n');
        let mut line = lines.next().unwrap_or_default();
        for next in lines {
            let length = line.chars().count();
            if left <= length {
                break;
            }
            left -= length + 1;
            number += 1;
            line = next;
        }
        (number, left.min(line.chars().count()), line)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (number, column, line) = self.locate();
        if line.is_empty() {
            return f.write_str(&self.message);
        }
        let shown = line.replace('\t', " ");
        write!(f, "{} ({number}:{})\n | {shown}\n | {:.<column$}^", self.message, column + 1, "")
    }
}

impl std::error::Error for Error {}
