//! How long the host has been running.

mod table;

use std::sync::Arc;

use slimcol_scraper::{MetricInfo, Recorder, Scraped, Scraper};

use self::table::{TABLE, UPTIME};
use crate::{
    host::{Host, emitted, now},
    parts::{Plain, Switched},
};

/// The keys of `system`.
pub(crate) type Config = Switched<System>;

/// Measures it.
#[derive(Debug)]
pub(crate) struct System {
    host: Arc<Host>,
    recorder: Recorder,
}

impl Plain for System {
    const NAME: &'static str = "system";
    const TABLE: &'static [MetricInfo] = &TABLE;

    fn new(host: Arc<Host>, recorder: Recorder) -> Self {
        Self { host, recorder }
    }
}

impl Scraper for System {
    fn name(&self) -> &'static str {
        Self::NAME
    }

    #[allow(clippy::cast_precision_loss, reason = "no host runs for that long")]
    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        self.recorder.record(UPTIME, rustix::system::sysinfo().uptime as f64, &[]);
        emitted(&mut self.recorder, to)
    }
}
