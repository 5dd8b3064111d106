//! What each process does.

mod config;
mod files;
mod measure;
mod owner;
mod table;

use std::{collections::HashMap, fs, path::Path, sync::Arc};

use slimcol_scraper::{Recorder, Scraped, Scraper};
use slimcol_service::{BoxError, Field, go_error};

pub(crate) use self::config::Config;
use self::{
    files::{Status, base},
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
/// The kernel cuts longer names.
const LONGEST_NAME: usize = 15;

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
        pids.sort_unstable();
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
        let (mute, wants) = (self.config.mute, |attribute| self.config.resources.wants(attribute));
        let mut fail = |is_muted: bool, metrics: usize, error: String| {
            if !is_muted {
                scraped.failed += metrics;
                scraped.errors.push(error);
            }
        };
        let mut path = String::new();
        if wants(PATH) {
            match link(&folder.join("exe")) {
                Ok(target) => path = target,
                Err(error) => {
                    fail(mute.exe, 1, format!("error reading process executable for pid {pid}: {error}"));
                }
            }
        }
        let text = self.reader.records(&folder.join("stat"), 0).map(std::borrow::Cow::into_owned);
        let stat = match text.as_deref().map_err(String::clone).and_then(stat) {
            Ok(stat) => stat,
            Err(error) => {
                return fail(mute.name, 1, format!("error reading process name for pid {pid}: {error}"));
            }
        };
        let mut name = stat.name.to_owned();
        let is_cut = name.len() >= LONGEST_NAME;
        let mut command = None;
        if is_cut || (self.config.names.admit(&name) && (wants(COMMAND) || wants(COMMAND_LINE))) {
            match self.reader.read(&folder.join("cmdline")) {
                Ok(text) => command = Some(files::command(&text)),
                Err(error) => {
                    fail(
                        false,
                        0,
                        format!("error reading command for process {name:?} (pid {pid}): {error}"),
                    );
                }
            }
        }
        if let Some((first, _)) = command.as_ref().filter(|_| is_cut) {
            let whole = base(first);
            if whole.starts_with(&name) {
                whole.clone_into(&mut name);
            }
        }
        if !self.config.names.admit(&name) {
            return;
        }
        let mut group = None;
        if wants(GROUP) {
            match self.reader.read(&folder.join("cgroup")) {
                Ok(text) => group = Some(text.strip_suffix('\n').unwrap_or(&text).to_owned()),
                Err(error) => {
                    let error = format!("error reading process cgroup for pid {pid}: {error}");
                    fail(mute.cgroup, 0, error);
                    group = Some(String::new());
                }
            }
        }
        let of = format!("for process {name:?} (pid {pid})");
        let mut status = Ok(Status::default());
        if wants(OWNER) || self.recorder.switches().wants(&[CONTEXT_SWITCHES, SIGNALS_PENDING]) {
            status = self.reader.records(&folder.join("status"), 0).map(|text| files::status(&text));
        }
        let mut owner = None;
        if wants(OWNER) {
            match status.as_ref().map_err(String::clone).and_then(|status| self.owners.name(status.user)) {
                Ok(name) => owner = name,
                Err(error) => fail(mute.user, 0, format!("error reading username {of}: {error}")),
            }
        }
        let begun = self.host.boot * 1000 + stat.begun.saturating_mul(1000) / self.second;
        let at = now();
        if self.config.delay > (at / 1_000_000).saturating_sub(begun) {
            return;
        }
        let command = command.as_ref();
        let resource = self.config.resources.choose([
            Some(Field::Int(pid.into())),
            Some(Field::Int(stat.parent.cast_signed())),
            Some(name.as_str().into()),
            Some(path.as_str().into()),
            group.as_deref().map(Field::from),
            command.map(|(first, _)| first.as_str().into()),
            command.map(|(_, all)| all.as_str().into()),
            owner.map(|owner| owner.to_owned().into()),
        ]);
        let Some(resource) = resource else { return };
        self.recorder.set_times(begun.saturating_mul(1_000_000), at);
        let errors = measure::all(
            &measure::Of { folder: &folder, pid, stat: &stat, status: &status, begun, at },
            self,
        );
        for (what, metrics, is_muted, error) in errors {
            fail(is_muted, metrics, format!("error reading {what} {of}: {error}"));
        }
        scraped.points += self.recorder.points();
        self.recorder.emit(to, &resource);
    }
}

/// Where a link leads.
fn link(path: &Path) -> Result<String, String> {
    match fs::read_link(path) {
        Ok(target) => Ok(target.to_string_lossy().into_owned()),
        Err(error) => Err(format!("readlink {}: {}", path.display(), go_error(&error))),
    }
}
