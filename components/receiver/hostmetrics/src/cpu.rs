//! What the processors do.

mod stat;
mod table;

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use slimcol_scraper::{MetricInfo, Recorder, Scraped, Scraper};

use self::{
    stat::{STATES, Ticks},
    table::{FREQUENCY, LOGICAL, PHYSICAL, TABLE, TIME, UTILIZATION},
};
use crate::{
    cpuinfo,
    host::{Host, emitted, now},
    number::of,
    parts::{Plain, Switched},
    reader::Reader,
};

/// What Go counts as missing when nothing could be read.
const METRICS: usize = 2;

/// The keys of `cpu`.
pub(crate) type Config = Switched<Cpu>;

/// Measures it.
#[derive(Debug)]
pub(crate) struct Cpu {
    host: Arc<Host>,
    recorder: Recorder,
    reader: Reader,
    /// In ticks.
    second: u64,
    /// What was read the last time, by processor.
    before: HashMap<String, Ticks>,
}

impl Plain for Cpu {
    const NAME: &'static str = "cpu";
    const TABLE: &'static [MetricInfo] = &TABLE;

    fn new(host: Arc<Host>, recorder: Recorder) -> Self {
        let second = rustix::param::clock_ticks_per_second();
        Self { host, recorder, reader: Reader::default(), second, before: HashMap::new() }
    }
}

impl Scraper for Cpu {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        if let Err(error) = self.measure() {
            self.recorder.clear();
            return Scraped { failed: METRICS, errors: vec![error], ..Scraped::default() };
        }
        emitted(&mut self.recorder, to)
    }
}

impl Cpu {
    fn measure(&mut self) -> Result<(), String> {
        let wants = |metric| self.recorder.switches().wants(&[metric]);
        let (wants_use, wants_logical, wants_physical, wants_frequency) =
            (wants(UTILIZATION), wants(LOGICAL), wants(PHYSICAL), wants(FREQUENCY));
        let stat = self.reader.read(&self.host.root.proc("stat"))?;
        for (cpu, ticks) in stat::processors(&stat) {
            for (state, ticks) in STATES.iter().zip(ticks) {
                self.recorder.record(TIME, of(ticks, self.second), &[cpu, state]);
            }
            if wants_use {
                if let Some(before) = self.before.get(cpu) {
                    for (state, part) in STATES.iter().zip(stat::parts(before, &ticks)) {
                        self.recorder.record(UTILIZATION, part, &[cpu, state]);
                    }
                }
                self.before.insert(cpu.to_owned(), ticks);
            }
        }
        if !(wants_physical || wants_logical || wants_frequency) {
            return Ok(());
        }
        let counted = stat::processors(&stat).count();
        let info = self.reader.read(&self.host.root.proc("cpuinfo"))?;
        if wants_physical {
            let system = self.host.root.folder("HOST_SYS", "sys");
            let cores = cores(&system.join("devices/system/cpu"));
            let cores = cores.unwrap_or_else(|| cpuinfo::cores(&info));
            self.recorder.record(PHYSICAL, cores as u64, &[]);
        }
        if wants_logical {
            let logical = cpuinfo::logical(&info).unwrap_or(counted);
            self.recorder.record(LOGICAL, logical as u64, &[]);
        }
        if wants_frequency {
            for (cpu, hertz) in cpuinfo::frequencies(&info) {
                self.recorder.record(FREQUENCY, hertz, &[&cpu]);
            }
        }
        Ok(())
    }
}

/// How many cores there are, as their threads know each other.
fn cores(folder: &Path) -> Option<usize> {
    for name in ["core_cpus_list", "thread_siblings_list"] {
        let entries = fs::read_dir(folder).ok()?.flatten();
        let cpu = |entry: &fs::DirEntry| {
            let name = entry.file_name();
            let number = name.to_str().and_then(|name| name.strip_prefix("cpu"));
            number.is_some_and(|number| number.starts_with(|c: char| c.is_ascii_digit()))
        };
        let siblings =
            |entry: fs::DirEntry| fs::read_to_string(entry.path().join("topology").join(name)).ok();
        let mut all: Vec<String> = entries.filter(cpu).filter_map(siblings).collect();
        slimcol_order::sort(&mut all);
        all.dedup();
        if !all.is_empty() {
            return Some(all.len());
        }
    }
    None
}
