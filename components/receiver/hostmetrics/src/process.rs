//! What each process does.

mod config;
mod files;
mod identity;
mod measure;
mod owner;
mod table;

use std::{borrow::Cow, collections::HashMap, sync::Arc};

use slimcol_scraper::{Recorder, Scraped, Scraper};
use slimcol_service::{BoxError, Field};

pub(crate) use self::config::Config;
use self::{
    files::Status,
    identity::Identity,
    owner::Owners,
    table::{CONTEXT_SWITCHES, HANDLES, MEMORY_UTILIZATION, SIGNALS_PENDING},
};
use crate::{
    cpuinfo,
    host::{Host, now},
    meminfo,
    parts::Part,
    reader::Reader,
    stat::{processes, stat},
};

/// The attributes of a process's resource, and whether it has them by default.
static RESOURCE: [(&str, bool); 8] = [
    ("process.pid", true),
    ("process.parent_pid", true),
    ("process.executable.name", true),
    ("process.executable.path", true),
    ("process.cgroup", false),
    ("process.command", true),
    ("process.command_line", true),
    ("process.owner", true),
];
const PATH: usize = 3;
const GROUP: usize = 4;
const COMMAND: usize = 5;
const COMMAND_LINE: usize = 6;
const OWNER: usize = 7;

impl Part for Config {
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError> {
        if self.switches.wants(&[HANDLES]) {
            let message = "process.handles is only supported on Windows; disabling metric on this platform";
            host.log.warn(message, &[("scraper", "process".into())]);
        }
        let mut reader = Reader::default();
        let info = reader.read(&host.root.proc("cpuinfo")).unwrap_or_default();
        let processors = cpuinfo::logical(&info).unwrap_or(1) as u64;
        Ok(Box::new(Process {
            host: host.clone(),
            second: rustix::param::clock_ticks_per_second(),
            page: rustix::param::page_size() as u64,
            processors,
            memory: 0,
            owners: Owners::default(),
            before: HashMap::new(),
            recorder: host.recorder("process", self.switches.clone()),
            config: *self,
            reader: Reader::default(),
        }))
    }
}

#[derive(Debug)]
struct Process {
    host: Arc<Host>,
    config: Config,
    recorder: Recorder,
    reader: Reader,
    /// In ticks.
    second: u64,
    /// In bytes.
    page: u64,
    processors: u64,
    /// All there is, in bytes, if anybody asks.
    memory: u64,
    owners: Owners,
    /// What was measured the last time, by process.
    before: HashMap<i32, Used>,
}

/// The time that a process had used.
#[derive(Clone, Copy, Debug)]
struct Used {
    /// When the process began, by which processes with the same number differ.
    begun: u64,
    /// In nanoseconds of 1970.
    at: u64,
    /// In ticks: user, system, waiting.
    ticks: [u64; 3],
}

impl Scraper for Process {
    fn name(&self) -> &'static str {
        "process"
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        let mut scraped = Scraped::default();
        let mut pids = match processes(&self.host.root.proc("")) {
            Ok(pids) => pids,
            Err(error) => return Scraped { errors: vec![error], ..scraped },
        };
        if self.config.resources.wants(OWNER) {
            self.owners.refresh(&mut self.reader);
        }
        if self.recorder.switches().wants(&[MEMORY_UTILIZATION]) {
            self.memory = meminfo::read(&self.host.root, &mut self.reader).map_or(0, |memory| memory.total);
        }
        for pid in &pids {
            self.one(*pid, &mut scraped, to);
        }
        slimcol_order::sort(&mut pids);
        self.before.retain(|pid, _| pids.binary_search(pid).is_ok());
        if self.config.mute.all {
            (scraped.failed, scraped.errors) = (0, Vec::new());
        }
        scraped
    }
}

impl Process {
    /// Measures a process. What cannot be read of it is told and left out; without a name it is left out whole.
    fn one(&mut self, pid: i32, scraped: &mut Scraped, to: &mut Vec<u8>) {
        let folder = self.host.root.proc(&pid.to_string());
        let mute = self.config.mute;
        let path = identity::path(pid, &folder, &self.config, scraped);
        let text = self.reader.records(&folder.join("stat"), 0).map(Cow::into_owned);
        let stat = match text.as_deref().map_err(String::clone).and_then(stat) {
            Ok(stat) => stat,
            Err(error) => {
                let error = format!("error reading process name for pid {pid}: {error}");
                return missing(scraped, mute.name, 1, error);
            }
        };
        let Some(identity) =
            identity::identity(pid, &folder, stat.name, (&self.config, &mut self.reader), scraped)
        else {
            return;
        };
        let of = format!("for process {:?} (pid {pid})", identity.name);
        let wants_owner = self.config.resources.wants(OWNER);
        let mut status = Ok(Status::default());
        if wants_owner || self.recorder.switches().wants(&[CONTEXT_SWITCHES, SIGNALS_PENDING]) {
            status = self.reader.records(&folder.join("status"), 0).map(|text| files::status(&text));
        }
        let mut owner = None;
        if wants_owner {
            match status.as_ref().map_err(String::clone).and_then(|status| self.owners.name(status.user)) {
                Ok(name) => owner = name.map(str::to_owned),
                Err(error) => missing(scraped, mute.user, 0, format!("error reading username {of}: {error}")),
            }
        }
        let begun = self.host.boot * 1000 + stat.begun.saturating_mul(1000) / self.second;
        let at = now();
        if self.config.delay > (at / 1_000_000).saturating_sub(begun) {
            return;
        }
        let Identity { name, group, command } = &identity;
        let resource = self.config.resources.choose([
            Some(Field::Int(pid.into())),
            Some(Field::Int(stat.parent.cast_signed())),
            Some(name.into()),
            Some((&path).into()),
            group.as_ref().map(Field::from),
            command.as_ref().map(|(first, _)| first.into()),
            command.as_ref().map(|(_, all)| all.into()),
            owner.map(Field::from),
        ]);
        let Some(resource) = resource else { return };
        self.recorder.set_times(begun.saturating_mul(1_000_000), at);
        let process = measure::Of { folder: &folder, pid, stat: &stat, status: &status, begun, at };
        for (what, metrics, is_muted, error) in measure::all(&process, self) {
            missing(scraped, is_muted, metrics, format!("error reading {what} {of}: {error}"));
        }
        scraped.points += self.recorder.points();
        self.recorder.emit(to, &resource);
    }
}

/// Tells that so many metrics cannot be had, unless nobody wants to know.
fn missing(scraped: &mut Scraped, is_muted: bool, metrics: usize, error: String) {
    if !is_muted {
        scraped.failed += metrics;
        scraped.errors.push(error);
    }
}
