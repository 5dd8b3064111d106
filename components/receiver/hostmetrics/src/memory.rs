//! What the memory is used for.

mod table;

use std::sync::Arc;

use slimcol_scraper::{MetricInfo, Number, Recorder, Scraped, Scraper};

use self::table::{
    AVAILABLE, DIRTY, HUGE_LIMIT, HUGE_PAGE_SIZE, HUGE_RESERVED, HUGE_SURPLUS, HUGE_USAGE, HUGE_UTILIZATION,
    LIMIT, PAGE_SIZE, SHARED, TABLE, USAGE, UTILIZATION,
};
use crate::{
    host::{Host, emitted, now},
    meminfo::{self, Memory as Info},
    number::ratio,
    parts::{Plain, Switched},
    reader::Reader,
};

/// What Go counts as missing when nothing could be read.
const METRICS: usize = 2;

/// The keys of `memory`.
pub(crate) type Config = Switched<Memory>;

/// Measures it.
#[derive(Debug)]
pub(crate) struct Memory {
    host: Arc<Host>,
    recorder: Recorder,
    reader: Reader,
}

impl Plain for Memory {
    const NAME: &'static str = "memory";
    const TABLE: &'static [MetricInfo] = &TABLE;

    fn new(host: Arc<Host>, recorder: Recorder) -> Self {
        Self { host, recorder, reader: Reader::default() }
    }
}

impl Scraper for Memory {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        match meminfo::read(&self.host.root, &mut self.reader) {
            Ok(info) => self.record(&info),
            Err(error) => return Scraped { failed: METRICS, errors: vec![error], ..Scraped::default() },
        }
        emitted(&mut self.recorder, to)
    }
}

impl Memory {
    fn record(&mut self, info: &Info) {
        let recorder = &mut self.recorder;
        let states = [
            ("used", info.total.wrapping_sub(info.available)),
            ("free", info.free),
            ("buffered", info.buffers),
            ("cached", info.cached),
            ("slab_reclaimable", info.slab_reclaimable),
            ("slab_unreclaimable", info.slab_unreclaimable),
        ];
        for (state, bytes) in states {
            // More than all can be available where the kernel lies; it is a negative use then, as in Go.
            recorder.record(USAGE, Number::Int(bytes.cast_signed()), &[state]);
            recorder.record(UTILIZATION, ratio(bytes, info.total), &[state]);
        }
        for (metric, value) in [
            (LIMIT, info.total),
            (AVAILABLE, info.available),
            (DIRTY, info.dirty),
            (SHARED, info.shared),
            (HUGE_PAGE_SIZE, info.huge_page_size),
            (HUGE_LIMIT, info.huge_total),
            (HUGE_RESERVED, info.huge_reserved),
            (HUGE_SURPLUS, info.huge_surplus),
            (PAGE_SIZE, rustix::param::page_size() as u64),
        ] {
            recorder.record(metric, value, &[]);
        }
        let used = info.huge_total.saturating_sub(info.huge_free);
        for (state, pages) in [("free", info.huge_free), ("used", used)] {
            recorder.record(HUGE_USAGE, pages, &[state]);
            if info.huge_total > 0 {
                recorder.record(HUGE_UTILIZATION, ratio(pages, info.huge_total), &[state]);
            }
        }
    }
}
