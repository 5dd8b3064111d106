//! How long the host has been running.

mod table;

use std::sync::Arc;

use slimcol_config::{Section, Settings};
use slimcol_scraper::{Recorder, Scraped, Scraper, Switches};
use slimcol_service::BoxError;

use self::table::{TABLE, UPTIME};
use crate::{
    host::{Host, emitted, now},
    parts::Part,
};

/// The keys of `system`.
#[derive(Debug)]
pub(crate) struct Config {
    switches: Switches,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self { switches: Switches::read(from, &TABLE) }
    }
}

impl Part for Config {
    fn start(self: Box<Self>, host: &Arc<Host>) -> Result<Box<dyn Scraper>, BoxError> {
        let recorder = host.recorder("system", self.switches);
        Ok(Box::new(System { host: host.clone(), recorder }))
    }
}

#[derive(Debug)]
struct System {
    host: Arc<Host>,
    recorder: Recorder,
}

impl Scraper for System {
    fn name(&self) -> &'static str {
        "system"
    }

    #[allow(clippy::cast_precision_loss, reason = "no host runs for that long")]
    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.recorder.set_times(self.host.begun(), now());
        self.recorder.record(UPTIME, rustix::system::sysinfo().uptime as f64, &[]);
        emitted(&mut self.recorder, to)
    }
}
