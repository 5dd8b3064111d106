//! How many processes there are.

mod table;

use std::{collections::BTreeMap, sync::Arc};

use slimcol_scraper::{MetricInfo, Recorder, Scraped, Scraper};

use self::table::{COUNT, CREATED, TABLE};
use crate::{
    host::{Host, emitted, now},
    number::whole,
    parts::{Plain, Switched},
    reader::Reader,
    stat::{processes, stat},
};

/// What Go counts as missing when nothing could be read.
const METRICS: usize = 2;

/// The keys of `processes`.
pub(crate) type Config = Switched<Processes>;

/// Measures it.
#[derive(Debug)]
pub(crate) struct Processes {
    host: Arc<Host>,
    recorder: Recorder,
    reader: Reader,
}

impl Plain for Processes {
    const NAME: &'static str = "processes";
    const TABLE: &'static [MetricInfo] = &TABLE;

    fn new(host: Arc<Host>, recorder: Recorder) -> Self {
        Self { host, recorder, reader: Reader::default() }
    }
}

impl Scraper for Processes {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        match self.measure() {
            Ok(()) => emitted(&mut self.recorder, to),
            Err(error) => Scraped { failed: METRICS, errors: vec![error], ..Scraped::default() },
        }
    }
}

impl Processes {
    fn measure(&mut self) -> Result<(), String> {
        let proc = self.host.root.proc("");
        let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
        let mut total = 0;
        if self.recorder.switches().wants(&[COUNT]) {
            let pids = processes(&proc)?;
            total = pids.len() as u64;
            for pid in pids {
                // Who is gone by now is none.
                let Ok(text) = self.reader.records(&proc.join(pid.to_string()).join("stat"), 0) else {
                    continue;
                };
                let Ok(stat) = stat(&text) else { continue };
                *counts.entry(status(stat.state)).or_default() += 1;
            }
        }
        let sums = sums(&self.reader.read(&self.host.root.proc("stat"))?);
        counts.insert("blocked", sums.blocked);
        counts.insert("running", sums.running);
        let known: u64 = counts.values().sum();
        if total > known {
            counts.insert("unknown", total - known);
        }
        for (status, count) in counts {
            self.recorder.record(COUNT, count, &[status]);
        }
        self.recorder.record(CREATED, sums.created, &[]);
        Ok(())
    }
}

/// What `ps` calls by this letter.
fn status(letter: &str) -> &'static str {
    match letter.as_bytes().first() {
        Some(b'A') => "daemon",
        Some(b'D' | b'U') => "blocked",
        Some(b'E') => "detached",
        Some(b'I') => "idle",
        Some(b'L') => "locked",
        Some(b'O') => "orphan",
        Some(b'R') => "running",
        Some(b'S') => "sleeping",
        Some(b'T' | b't') => "stopped",
        Some(b'W') => "paging",
        Some(b'Y') => "system",
        Some(b'Z') => "zombies",
        _ => "unknown",
    }
}

/// What `/proc/stat` says of all processes.
#[derive(Debug, Default, PartialEq, Eq)]
struct Sums {
    created: u64,
    running: u64,
    blocked: u64,
}

fn sums(text: &str) -> Sums {
    let mut sums = Sums::default();
    for line in text.lines() {
        let Some((key, value)) = line.split_once(' ') else { continue };
        let to = match key {
            "processes" => &mut sums.created,
            "procs_running" => &mut sums.running,
            "procs_blocked" => &mut sums.blocked,
            _ => continue,
        };
        *to = whole(value.trim()).unwrap_or(0);
    }
    sums
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn sums_are_read() {
        let text = "cpu 1 2\nprocesses 1312345\nprocs_running 3\nprocs_blocked 1\nsoftirq 5\n";
        assert_eq!(sums(text), Sums { created: 1_312_345, running: 3, blocked: 1 });
    }

    #[test]
    fn letters_are_statuses() {
        let all: Vec<_> = ["S", "R", "t", "Z", "X", ""].into_iter().map(status).collect();
        assert_eq!(all, ["sleeping", "running", "stopped", "zombies", "unknown", "unknown"]);
    }

    proptest! {
        #[test]
        fn garbage_is_left_out(text in "(processes|procs_running| |\n|[0-9]{1,22}|x){0,30}") {
            sums(&text);
        }
    }
}
