//! Where lines go.

use std::{
    fs::File,
    io::{self, Write},
    sync::{Arc, Mutex, PoisonError},
};

use super::Level;

/// One place that lines go to.
pub(crate) enum Output {
    Stderr,
    Stdout,
    File(File),
    /// A test's list of lines.
    Kept(Arc<Mutex<Vec<String>>>),
}

impl Output {
    /// Opens what one entry of `output_paths` names: `stderr`, `stdout` or a file, which is appended to.
    pub(crate) fn open(path: &str) -> io::Result<Self> {
        Ok(match path {
            "stderr" => Self::Stderr,
            "stdout" => Self::Stdout,
            path => Self::File(File::options().append(true).create(true).open(path)?),
        })
    }

    /// Writes a whole line. A line that cannot be written is lost: there is no better place to say so.
    pub(super) fn write(&mut self, level: Level, message: &str, line: &str) {
        let _ = match self {
            Self::Stderr => io::stderr().lock().write_all(line.as_bytes()),
            Self::Stdout => {
                let mut stdout = io::stdout().lock();
                stdout.write_all(line.as_bytes()).and_then(|()| stdout.flush())
            }
            Self::File(file) => file.write_all(line.as_bytes()),
            Self::Kept(lines) => {
                // The time would make the line different each time.
                let fields = line.trim_end_matches('\n').rsplit_once("\t{").map_or("", |(_, fields)| fields);
                let open = if fields.is_empty() { "{}" } else { "{" };
                let kept = format!("{}\t{message}\t{open}{fields}", level.as_str());
                lines.lock().unwrap_or_else(PoisonError::into_inner).push(kept);
                Ok(())
            }
        };
    }
}
