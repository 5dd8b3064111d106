//! What the disks do.

mod stats;
mod table;

use std::sync::Arc;

use slimcol_config::{Section, Settings};
use slimcol_scraper::{Filters, Recorder, Scraped, Scraper, Switches};
use slimcol_service::BoxError;

use self::table::{IO, IO_TIME, MERGED, OPERATION_TIME, OPERATIONS, PENDING, TABLE, WEIGHTED_IO_TIME};
use crate::{
    host::{Host, emitted, now},
    number::of,
    parts::Part,
    reader::Reader,
};

/// What Go counts as missing when nothing could be read.
const METRICS: usize = 7;
const SECTOR: u64 = 512;

/// The keys of `disk`.
#[derive(Debug)]
pub(crate) struct Config {
    devices: Filters,
    switches: Switches,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            devices: Filters::read(from, "include", "exclude", "devices"),
            switches: Switches::read(from, &TABLE),
        }
    }
}

impl Part for Config {
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError> {
        let recorder = host.recorder("disk", self.switches);
        Ok(Box::new(Disk { host: host.clone(), devices: self.devices, recorder, reader: Reader::default() }))
    }
}

#[derive(Debug)]
struct Disk {
    host: Arc<Host>,
    devices: Filters,
    recorder: Recorder,
    reader: Reader,
}

impl Scraper for Disk {
    fn name(&self) -> &'static str {
        "disk"
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        let text = self.reader.read(&self.host.root.proc("diskstats"));
        match text.as_deref().map_err(String::clone).and_then(stats::disks) {
            Ok(disks) => {
                for disk in disks.iter().filter(|disk| self.devices.admit(disk.name)) {
                    record(&mut self.recorder, disk);
                }
                emitted(&mut self.recorder, to)
            }
            Err(error) => Scraped { failed: METRICS, errors: vec![error], ..Scraped::default() },
        }
    }
}

fn record(recorder: &mut Recorder, disk: &stats::Disk<'_>) {
    let name = disk.name;
    for (direction, done) in [("read", &disk.read), ("write", &disk.written)] {
        let attributes = &[name, direction];
        recorder.record(IO, done.sectors.saturating_mul(SECTOR), attributes);
        recorder.record(OPERATIONS, done.operations, attributes);
        recorder.record(OPERATION_TIME, of(done.millis, 1000), attributes);
        recorder.record(MERGED, done.merged, attributes);
    }
    recorder.record(IO_TIME, of(disk.busy, 1000), &[name]);
    recorder.record(WEIGHTED_IO_TIME, of(disk.weighted, 1000), &[name]);
    recorder.record(PENDING, disk.pending, &[name]);
}
