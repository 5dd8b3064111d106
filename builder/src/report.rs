//! The one place that prints. What the command was asked for goes to standard output, what it has to say besides to standard
//! error, so that a script can use the first.

use std::io::{self, IsTerminal as _, Write as _};

/// Prints a line to standard output. A closed pipe is the reader's choice, not our failure.
pub(crate) fn line(text: &str) {
    let _ = writeln!(io::stdout().lock(), "{text}");
}

/// Prints a remark to standard error.
pub(crate) fn remark(text: &str) {
    let _ = writeln!(io::stderr().lock(), "{text}");
}

/// Whether somebody watches standard error, and a progress bar makes sense.
pub(crate) fn watched() -> bool {
    io::stderr().is_terminal()
}

/// A number of bytes as people read it (`3.94 MB`).
pub(crate) fn megabytes(bytes: u64) -> String {
    let hundredths = (bytes + 5_000) / 10_000;
    format!("{}.{:02} MB", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn megabytes_are_decimal_and_rounded() {
        for (bytes, text) in [(0, "0.00 MB"), (3_999_999, "4.00 MB"), (27_742_370, "27.74 MB")] {
            assert_eq!(megabytes(bytes), text);
        }
    }
}
