//! What the kernel's NFS client and server do.

mod names;
mod rpc;
mod table;

use std::sync::Arc;

use slimcol_scraper::{MetricInfo, Recorder, Scraped, Scraper};

use self::{
    rpc::{Count, Of, client, server},
    table::TABLE,
};
use crate::{
    host::{Host, emitted_but, now},
    parts::{Plain, Switched},
    reader::Reader,
};

/// What Go counts as missing when what the client or the server counts could not be read.
const METRICS: [usize; 2] = [97, 115];

/// The keys of `nfs`.
pub(crate) type Config = Switched<Nfs>;

/// Measures it.
#[derive(Debug)]
pub(crate) struct Nfs {
    host: Arc<Host>,
    recorder: Recorder,
    reader: Reader,
    /// Modules can come and go: what they count is counted from the collector's start.
    begun: u64,
}

impl Plain for Nfs {
    const NAME: &'static str = "nfs";
    const TABLE: &'static [MetricInfo] = &TABLE;

    fn new(host: Arc<Host>, recorder: Recorder) -> Self {
        Self { host, recorder, reader: Reader::default(), begun: now() }
    }
}

impl Scraper for Nfs {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.begun, now());
        let sides = [("net/rpc/nfs", client as fn(&str) -> _), ("net/rpc/nfsd", server)];
        let outcomes = sides.map(|(file, parse)| self.measure(file, parse));
        emitted_but(&mut self.recorder, to, outcomes.into_iter().zip(METRICS))
    }
}

impl Nfs {
    fn measure(&mut self, file: &str, parse: fn(&str) -> Result<Vec<Count>, String>) -> Result<(), String> {
        // Who has no such module has no such file, and nothing to tell.
        let Ok(text) = self.reader.read(&self.host.root.proc(file)) else { return Ok(()) };
        for Count { metric, value, of } in parse(&text)? {
            match of {
                Of::All => self.recorder.record(metric, value, &[]),
                Of::Kind(kind) => self.recorder.record(metric, value, &[kind]),
                Of::Call(version, name) => {
                    self.recorder.record_with(metric, value, &[version.into(), name.into()]);
                }
            }
        }
        Ok(())
    }
}
