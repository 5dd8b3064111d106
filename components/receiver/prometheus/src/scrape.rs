//! The scraping of one target.

use std::{
    sync::Arc,
    time::{Instant, SystemTime, UNIX_EPOCH},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use slimcol_compression::{Compression, DecompressError};
use slimcol_exposition::Format;
use slimcol_pdata::{Data, Signal};
use slimcol_series::{Counts, Memory, Reading, Report, STALE};
use slimcol_service::{Log, Next, Payload, Stop, meter::Received};
use tokio::time::{MissedTickBehavior, interval_at, sleep, timeout};

use crate::{target::Target, web::WebClient};

/// The largest page that is read where none is configured.
const LARGEST: usize = 256 << 20;
/// The longest answer to an error that is read to keep the connection.
const REMAINS: usize = 64 << 10;

/// A target and what its scraping takes.
#[derive(Debug)]
pub(crate) struct Scraper {
    pub(crate) target: Target,
    pub(crate) client: Arc<WebClient>,
    pub(crate) next: Next,
    pub(crate) received: Received,
    pub(crate) log: Log,
    /// Why nothing is fetched, if so.
    pub(crate) refused: Option<String>,
}

/// Scrapes until the target is gone or the receiver stops.
pub(crate) async fn run(scraper: Scraper, mut gone: Stop, mut stop: Stop) {
    let job = Arc::clone(&scraper.target.job);
    let mut state = State::new(scraper);
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let first = tokio::time::Instant::now() + state.scraper.target.offset(now) + job.initial_offset;
    let interval = state.scraper.target.interval;
    let mut clock = interval_at(first, interval);
    clock.set_missed_tick_behavior(MissedTickBehavior::Skip);
    loop {
        tokio::select! {
            () = stop.wait() => {
                if job.scrape_on_shutdown {
                    state.scrape().await;
                }
                return;
            }
            () = gone.wait() => break,
            _ = clock.tick() => {}
        }
        state.scrape().await;
    }
    // The target may come back under the same name: its end is told only when it had the time to.
    tokio::select! {
        () = stop.wait() => {}
        () = sleep(interval * 2 + interval / 10) => state.end(millis() - i64::try_from(interval.as_millis()).unwrap_or(0)).await,
    }
}

/// A target with what is remembered of it.
struct State {
    scraper: Scraper,
    memory: Memory,
    headers: HeaderMap,
    report: Report,
    scraped: bool,
}

fn millis() -> i64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    i64::try_from(now.as_millis()).unwrap_or(i64::MAX)
}

impl State {
    fn new(scraper: Scraper) -> Self {
        let Target { job, subject, .. } = &scraper.target;
        let mut headers = HeaderMap::new();
        let text = |text: &str| HeaderValue::from_str(text).unwrap_or(HeaderValue::from_static("*/*"));
        headers.insert(header::ACCEPT, text(&job.accept));
        let encoding = if job.compressed { "gzip" } else { "identity" };
        headers.insert(header::ACCEPT_ENCODING, HeaderValue::from_static(encoding));
        let seconds = scraper.target.timeout.as_secs_f64().to_string();
        headers.insert("x-prometheus-scrape-timeout-seconds", text(&seconds));
        let report = Report::new(subject, job.extra_metrics);
        Self { scraper, memory: Memory::default(), headers, report, scraped: false }
    }

    async fn scrape(&mut self) {
        let (now, begun) = (millis(), Instant::now());
        let fetched = self.fetch().await;
        let size = fetched.as_ref().map_or(0, |(page, _)| page.len());
        let subject = Arc::clone(&self.scraper.target.subject);
        let page = fetched.as_ref().ok().map(|(page, format)| (&page[..], *format));
        let (reading, read) = self.memory.take(&subject, page, now);
        let error = fetched.err().or(read.err());
        let size = if error.as_deref() == Some(TOO_LARGE) { -1.0 } else { float(size) };
        let up = if error.is_none() { 1.0 } else { 0.0 };
        let Counts { scraped, kept, added } = reading.counts;
        let values = [
            up,
            begun.elapsed().as_secs_f64(),
            float(scraped),
            float(kept),
            float(added),
            self.scraper.target.timeout.as_secs_f64(),
            float(subject.terms.limits.samples),
            size,
        ];
        if let Some(error) = error {
            let fields = [
                ("error", error.into()),
                ("scrape_timestamp", now.into()),
                ("target_labels", self.report.labels().to_string().into()),
            ];
            self.scraper.log.warn("Failed to scrape Prometheus endpoint", &fields);
        }
        self.scraped = true;
        self.send(&reading, now, &values).await;
    }

    /// Tells the end of all series.
    async fn end(&mut self, now: i64) {
        if self.scraped {
            let reading = self.memory.end();
            self.send(&reading, now, &[STALE; 8]).await;
        }
    }

    async fn send(&mut self, reading: &Reading, now: i64, values: &[f64]) {
        let Self { scraper, memory, report, .. } = self;
        let request = report.request(&scraper.target.subject, memory, reading, now, values);
        let data = match Data::written(
            Signal::Metrics,
            Bytes::from(request.bytes).slice(request.start..),
            request.points,
        ) {
            Ok(data) => data,
            Err(error) => {
                let fields = [("err", error.to_string().into())];
                self.scraper.log.error("Scrape commit failed", &fields);
                return;
            }
        };
        let items = data.items();
        let outcome = self.scraper.next.consume(Payload::from(data)).await;
        self.scraper.received.count(Signal::Metrics, items, outcome.is_ok());
        if let Err(refused) = outcome {
            self.scraper.log.error("Scrape commit failed", &[("err", refused.to_string().into())]);
        }
    }

    /// The page, and how it is written.
    async fn fetch(&self) -> Result<(Bytes, Format), String> {
        if let Some(why) = &self.scraper.refused {
            return Err(why.clone());
        }
        let Target { uri, timeout: limit, .. } = &self.scraper.target;
        let late = |_| Err(format!("Get \"{uri}\": context deadline exceeded"));
        timeout(*limit, self.page()).await.unwrap_or_else(late)
    }

    async fn page(&self) -> Result<(Bytes, Format), String> {
        let job = &self.scraper.target.job;
        let answer = self.scraper.client.get(&self.scraper.target.uri, &self.headers).await?;
        if answer.status != StatusCode::OK {
            let error = format!("server returned HTTP status {}", answer.status);
            // Read, so that the connection can stay.
            let _ = answer.start_of_body(REMAINS).await;
            return Err(error);
        }
        let header = |name| answer.headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok());
        let kind = header(header::CONTENT_TYPE).unwrap_or_default();
        let media = kind.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        let format = Format::of(&media).unwrap_or(job.fallback);
        let packed = header(header::CONTENT_ENCODING) == Some("gzip");
        let limit = if job.body_limit == 0 { LARGEST } else { job.body_limit - 1 };
        let body = answer.start_of_body(limit + 1).await.map_err(|error| error.to_string())?;
        if body.len() > limit {
            return Err(TOO_LARGE.into());
        }
        if !packed {
            return Ok((body, format));
        }
        match Compression::Gzip.decompress(&body, limit) {
            Ok(page) => Ok((page.into(), format)),
            Err(DecompressError::TooLarge) => Err(TOO_LARGE.into()),
            Err(error) => Err(format!("gzip: {error}")),
        }
    }
}

const TOO_LARGE: &str = "body size limit exceeded";

#[allow(clippy::cast_precision_loss, reason = "no page has 2^53 samples")]
fn float(count: usize) -> f64 {
    count as f64
}
