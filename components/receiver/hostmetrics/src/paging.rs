//! What goes between memory and disks, and how much of the room for it is used.

mod swaps;
mod table;
mod vmstat;

use std::sync::Arc;

use slimcol_scraper::{MetricInfo, Number, Recorder, Scraped, Scraper};

use self::table::{FAULTS, OPERATIONS, TABLE, USAGE, UTILIZATION};
use crate::{
    host::{Host, emitted_but, now},
    number::of,
    parts::{Plain, Switched},
    reader::Reader,
};

/// What Go counts as missing when one of the two files could not be read.
const METRICS: usize = 2;

/// The keys of `paging`.
pub(crate) type Config = Switched<Paging>;

/// Measures it.
#[derive(Debug)]
pub(crate) struct Paging {
    host: Arc<Host>,
    recorder: Recorder,
    reader: Reader,
}

impl Plain for Paging {
    const NAME: &'static str = "paging";
    const TABLE: &'static [MetricInfo] = &TABLE;

    fn new(host: Arc<Host>, recorder: Recorder) -> Self {
        Self { host, recorder, reader: Reader::default() }
    }
}

impl Scraper for Paging {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        let usage = self.usage().map_err(|error| format!("failed to read page file stats: {error}"));
        let moves = self.moves().map_err(|error| format!("failed to read swap info: {error}"));
        emitted_but(&mut self.recorder, to, [(usage, METRICS), (moves, METRICS)])
    }
}

impl Paging {
    fn usage(&mut self) -> Result<(), String> {
        let path = self.host.root.proc("swaps");
        let text = self.reader.read(&path)?;
        for swap in swaps::swaps(&text)? {
            for (state, bytes) in [("used", swap.used), ("free", swap.size.saturating_sub(swap.used))] {
                let attributes = &[swap.name, state];
                self.recorder.record(USAGE, bytes, attributes);
                self.recorder.record(UTILIZATION, of(bytes, swap.size), attributes);
            }
        }
        Ok(())
    }

    fn moves(&mut self) -> Result<(), String> {
        let path = self.host.root.proc("vmstat");
        let text =
            self.reader.read(&path).map_err(|error| format!("couldn't read {}: {error}", path.display()))?;
        let moves = vmstat::moves(&text);
        for (direction, kind, bytes) in [
            ("page_in", "major", moves.swapped_in),
            ("page_out", "major", moves.swapped_out),
            ("page_in", "minor", moves.paged_in),
            ("page_out", "minor", moves.paged_out),
        ] {
            self.recorder.record(OPERATIONS, bytes, &[direction, kind]);
        }
        self.recorder.record(FAULTS, moves.major_faults, &["major"]);
        let minor = moves.faults.wrapping_sub(moves.major_faults);
        self.recorder.record(FAULTS, Number::Int(minor.cast_signed()), &["minor"]);
        Ok(())
    }
}
