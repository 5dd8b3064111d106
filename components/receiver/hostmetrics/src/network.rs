//! What the network interfaces do, and which connections there are.

mod connections;
mod interfaces;
mod table;

use std::sync::Arc;

use slimcol_config::{Section, Settings};
use slimcol_scraper::{Filters, Recorder, Scraped, Scraper, Switches};
use slimcol_service::BoxError;

use self::{
    connections::Connections,
    table::{CONNECTIONS, CONNTRACK_COUNT, CONNTRACK_MAX, DROPPED, ERRORS, IO, PACKETS, TABLE},
};
use crate::{
    host::{Host, emitted_but, now},
    number::whole,
    parts::Part,
    reader::Reader,
};

/// What Go counts as missing when interfaces, connections or the tracked ones could not be read.
const METRICS: [usize; 3] = [4, 1, 2];

/// More bytes than a connection has.
const CONNECTION: usize = 512;

/// The keys of `network`.
#[derive(Debug)]
pub(crate) struct Config {
    interfaces: Filters,
    switches: Switches,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            interfaces: Filters::read(from, "include", "exclude", "interfaces"),
            switches: Switches::read(from, &TABLE),
        }
    }
}

impl Part for Config {
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError> {
        let recorder = host.recorder("network", self.switches);
        let (host, interfaces, reader) = (host.clone(), self.interfaces, Reader::default());
        Ok(Box::new(Network { host, interfaces, recorder, reader }))
    }
}

#[derive(Debug)]
struct Network {
    host: Arc<Host>,
    interfaces: Filters,
    recorder: Recorder,
    reader: Reader,
}

impl Scraper for Network {
    fn name(&self) -> &'static str {
        "network"
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        let failed = |what: &'static str| move |error| format!("failed to read {what}: {error}");
        let outcomes = [
            self.interfaces().map_err(failed("network IO stats")),
            self.connections().map_err(failed("TCP connections")),
            self.tracked().map_err(failed("conntrack info")),
        ];
        emitted_but(&mut self.recorder, to, outcomes.into_iter().zip(METRICS))
    }
}

impl Network {
    fn interfaces(&mut self) -> Result<(), String> {
        let path = self.host.root.proc("net/dev");
        let text = self.reader.read(&path)?;
        let all = interfaces::interfaces(&text)?;
        for one in all.iter().filter(|one| self.interfaces.admit(one.name)) {
            for (direction, moved) in [("transmit", &one.sent), ("receive", &one.received)] {
                let attributes = &[one.name, direction];
                self.recorder.record(PACKETS, moved.packets, attributes);
                self.recorder.record(DROPPED, moved.dropped, attributes);
                self.recorder.record(ERRORS, moved.errors, attributes);
                self.recorder.record(IO, moved.bytes, attributes);
            }
        }
        Ok(())
    }

    fn connections(&mut self) -> Result<(), String> {
        if !self.recorder.switches().wants(&[CONNECTIONS]) {
            return Ok(());
        }
        let mut all = Connections::default();
        all.count(&self.reader.records(&self.host.root.proc("net/tcp"), CONNECTION)?);
        let six = self.host.root.proc("net/tcp6");
        // A host without IPv6 has no such file.
        if six.exists() {
            all.count(&self.reader.records(&six, CONNECTION)?);
        }
        for (state, count) in all.by_state() {
            self.recorder.record(CONNECTIONS, count, &["tcp", state]);
        }
        Ok(())
    }

    fn tracked(&mut self) -> Result<(), String> {
        if !self.recorder.switches().wants(&[CONNTRACK_COUNT, CONNTRACK_MAX]) {
            return Ok(());
        }
        for (metric, name) in [(CONNTRACK_COUNT, "nf_conntrack_count"), (CONNTRACK_MAX, "nf_conntrack_max")] {
            let path = self.host.root.proc("sys/net/netfilter").join(name);
            let value = whole(self.reader.read(&path)?.trim())?;
            self.recorder.record(metric, value, &[]);
        }
        Ok(())
    }
}
