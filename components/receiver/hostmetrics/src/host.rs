//! What all scrapers know.

use std::time::SystemTime;

use slimcol_scraper::{Recorder, Scraped, Switches};
use slimcol_service::{BoxError, Context, Log, wire::nanos};

use crate::{boot, reader::Reader, root::Root};

/// Where the Go collector's scrapers are; their names go before `scraper`.
const SCOPE: &str = "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/hostmetricsreceiver/internal/scraper/";
/// The conventions that all of them follow.
const SCHEMA: &str = "https://opentelemetry.io/schemas/1.9.0";

/// The host, and what is told of the collector with every metric.
#[derive(Debug)]
pub(crate) struct Host {
    pub(crate) root: Root,
    pub(crate) log: Log,
    version: &'static str,
    /// When the host started, in seconds of 1970.
    pub(crate) boot: u64,
}

impl Host {
    /// # Errors
    /// It cannot be told when the host started.
    pub(crate) fn new(root: Root, cx: &Context) -> Result<Self, BoxError> {
        let boot = boot::time(&root, &mut Reader::default())?;
        Ok(Self { boot, root, log: cx.log().clone(), version: cx.build().version })
    }

    /// A recorder for the scraper of this name.
    pub(crate) fn recorder(&self, scraper: &str, switches: Switches) -> Recorder {
        let scope = format!("{SCOPE}{scraper}scraper");
        let mut recorder = Recorder::new(switches, (&scope, self.version)).with_schema(SCHEMA);
        recorder.set_times(self.begun(), now());
        recorder
    }

    /// When the host's counters began to count, in nanoseconds of 1970.
    pub(crate) fn begun(&self) -> u64 {
        self.boot.saturating_mul(1_000_000_000)
    }
}

/// Hands on what was recorded.
pub(crate) fn emitted(recorder: &mut Recorder, to: &mut Vec<u8>) -> Scraped {
    let points = recorder.points();
    recorder.emit(to, &[]);
    Scraped { points, ..Scraped::default() }
}

/// The same beside what could not be measured, each with how many metrics are missing for it.
pub(crate) fn emitted_but(
    recorder: &mut Recorder,
    to: &mut Vec<u8>,
    outcomes: impl IntoIterator<Item = (Result<(), String>, usize)>,
) -> Scraped {
    let mut scraped = emitted(recorder, to);
    for (outcome, metrics) in outcomes {
        if let Err(error) = outcome {
            scraped.failed += metrics;
            scraped.errors.push(error);
        }
    }
    scraped
}

/// Nanoseconds of 1970.
pub(crate) fn now() -> u64 {
    nanos(SystemTime::now())
}
