//! What a process writes, line by line, while it runs.

use std::{
    io::{BufRead, BufReader, Read},
    sync::{Arc, Condvar, Mutex},
    time::{Duration, Instant},
};

/// Far longer than a healthy collector takes for anything, on a machine busy with compiling.
const DEADLINE: Duration = Duration::from_secs(30);

/// The lines so far; a clone is the same log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Log(Arc<Shared>);

#[derive(Debug, Default)]
struct Shared {
    lines: Mutex<Lines>,
    grown: Condvar,
}

#[derive(Debug, Default)]
struct Lines {
    lines: Vec<String>,
    closed: bool,
}

impl Log {
    /// Reads `from` to its end on a thread of its own.
    pub(crate) fn read(from: impl Read + Send + 'static) -> Self {
        let log = Self::default();
        let writer = log.clone();
        std::thread::spawn(move || {
            for line in BufReader::new(from).lines().map_while(Result::ok) {
                writer.0.lines.lock().unwrap().lines.push(line);
                writer.0.grown.notify_all();
            }
            writer.0.lines.lock().unwrap().closed = true;
            writer.0.grown.notify_all();
        });
        log
    }

    /// The first line that contains `text`, waiting for it; panics if it does not come.
    pub(crate) fn line(&self, text: &str) -> String {
        self.wait(&format!("a line with {text:?}"), |lines| {
            lines.lines.iter().find(|line| line.contains(text)).cloned()
        })
    }

    /// How many lines so far are such lines.
    pub(crate) fn count(&self, such: impl Fn(&str) -> bool) -> usize {
        self.0.lines.lock().unwrap().lines.iter().filter(|line| such(line)).count()
    }

    /// Waits until there are so many of them; panics if there are not.
    pub(crate) fn until(&self, count: usize, such: impl Fn(&str) -> bool) {
        self.wait(&format!("{count} lines of a kind"), |lines| {
            (lines.lines.iter().filter(|line| such(line)).count() >= count).then_some(())
        });
    }

    /// All lines, after the last of them; panics if there is no end.
    pub(crate) fn end(&self) -> Vec<String> {
        self.wait("the end", |lines| lines.closed.then(|| lines.lines.clone()))
    }

    fn wait<T>(&self, what: &str, found: impl Fn(&Lines) -> Option<T>) -> T {
        let end = Instant::now() + DEADLINE;
        let mut lines = self.0.lines.lock().unwrap();
        loop {
            if let Some(found) = found(&lines) {
                return found;
            }
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() || lines.closed {
                let text = lines.lines.join("\n");
                // Whoever else waits for this log shall not fail for a poisoned lock.
                drop(lines);
                panic!("waited in vain for {what}; the log is:\n{text}");
            }
            lines = self.0.grown.wait_timeout(lines, left).unwrap().0;
        }
    }
}
