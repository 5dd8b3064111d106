//! Measuring at intervals (Go's `scraperhelper`).

use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    BoxError, Context, Log, Outputs, Payload, Stop,
    meter::{Counters, Family, MetricsLevel, Received, Shape},
};
use tokio::{
    task::spawn_blocking,
    time::{Instant, MissedTickBehavior, interval_at},
};

use crate::Schedule;

/// Measures something when it is asked to. It may block: it is called where that keeps nobody else waiting.
pub trait Scraper: Send + 'static {
    /// What it is called in the configuration (`cpu`).
    fn name(&self) -> &'static str;

    /// Measures once, and appends what it found to an `ExportMetricsServiceRequest`.
    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped;
}

/// What came of measuring once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Scraped {
    /// How many points there are.
    pub points: usize,
    /// How many there are not, for the errors.
    pub failed: usize,
    /// What went wrong.
    pub errors: Vec<String>,
}

const fn family(name: &'static str, help: &'static str) -> Family {
    let scope = "go.opentelemetry.io/collector/scraper/scraperhelper";
    Family { name, unit: "{datapoints}", help, scope, shape: Shape::Counter, level: MetricsLevel::Basic }
}

static SCRAPED: Family =
    family("otelcol_scraper_scraped_metric_points", "Number of metric points successfully scraped. [Alpha]");
static ERRORED: Family = family(
    "otelcol_scraper_errored_metric_points",
    "Number of metric points that were unable to be scraped. [Alpha]",
);

/// A scraper and its counters.
struct Counted {
    scraper: Box<dyn Scraper>,
    counters: Counters,
}

/// All that is called at the same time.
struct Round {
    scrapers: Vec<Counted>,
    log: Log,
}

/// Calls `scrapers` at their time, one after the other, and hands on what they found, until told to stop.
///
/// # Errors
/// A scraper panicked.
pub async fn run(
    schedule: Schedule,
    scrapers: Vec<Box<dyn Scraper>>,
    to: Outputs,
    cx: Context,
    mut stop: Stop,
) -> Result<(), BoxError> {
    let Some(next) = to.get(Signal::Metrics) else { return Ok(()) };
    let received = Received::new(&cx, "");
    let counted = |scraper: Box<dyn Scraper>| {
        let labels = [("scraper", scraper.name().to_owned())];
        Counted { counters: cx.meter().counters(&[&SCRAPED, &ERRORED], &labels), scraper }
    };
    let scrapers = scrapers.into_iter().map(counted).collect();
    let mut round = Round { scrapers, log: cx.log().clone() };
    let mut clock =
        interval_at(Instant::now() + schedule.initial_delay.std(), schedule.collection_interval.std());
    // Who took longer than the interval is not made to catch up.
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.wait() => return Ok(()),
            _ = clock.tick() => {}
        }
        let request;
        (round, request) = spawn_blocking(move || round.scrape()).await?;
        let data = Data::from_bytes(Signal::Metrics, request.into())?;
        if data.is_empty() {
            continue;
        }
        let items = data.items();
        let outcome = next.consume(Payload::from(data)).await;
        received.count(Signal::Metrics, items, outcome.is_ok());
    }
}

impl Round {
    fn scrape(mut self) -> (Self, Vec<u8>) {
        let mut request = Vec::new();
        for Counted { scraper, counters } in &mut self.scrapers {
            let Scraped { points, failed, errors } = scraper.scrape(&mut request);
            counters.add(0, points);
            counters.add(1, failed);
            if !errors.is_empty() {
                let fields = [("scraper", scraper.name().into()), ("error", errors.join("; ").into())];
                self.log.error("Error scraping metrics", &fields);
            }
        }
        (self, request)
    }
}

#[cfg(test)]
mod tests;
