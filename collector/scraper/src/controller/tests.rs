use slimcol_service::Signals;
use slimcol_testing::Sink;

use super::*;
use crate::{MetricInfo, Number, Recorder, Switches};

static TABLE: [MetricInfo; 1] = [MetricInfo::gauge("n", "1", "", &[])];

/// Counts how often it was called; each third time it fails.
struct Counter {
    calls: u64,
    recorder: Recorder,
}

impl Scraper for Counter {
    fn name(&self) -> &'static str {
        "counter"
    }

    fn scrape(&mut self, to: &mut Vec<u8>) -> Scraped {
        self.calls += 1;
        if self.calls.is_multiple_of(3) {
            return Scraped { failed: 1, errors: vec!["no".into(), "never".into()], ..Scraped::default() };
        }
        self.recorder.record(0, Number::from(self.calls), &[]);
        let points = self.recorder.points();
        self.recorder.emit(to, &[]);
        Scraped { points, ..Scraped::default() }
    }
}

struct Config(Switches);

impl slimcol_config::Settings for Config {
    fn read(from: &mut slimcol_config::Section<'_>) -> Self {
        Self(Switches::read(from, &TABLE))
    }
}

#[tokio::test]
async fn what_is_found_is_sent_and_what_is_not_is_told() {
    let Config(switches) = slimcol_config::from_yaml("").unwrap();
    let sink = Sink::new();
    let (log, lines) = Log::capture();
    let cx = Context::standalone("host", Signals::ALL, log);
    let (handle, stop) = Stop::new();
    let scrapers: Vec<Box<dyn Scraper>> =
        vec![Box::new(Counter { calls: 0, recorder: Recorder::new(switches, ("s", "")) })];
    let schedule = Schedule {
        collection_interval: slimcol_config::Duration::millis(1),
        initial_delay: slimcol_config::Duration::default(),
        timeout: slimcol_config::Duration::default(),
    };
    let running = tokio::spawn(run(schedule, scrapers, sink.outputs(), cx.clone(), stop));
    sink.wait_items(4).await;
    handle.stop();
    running.await.unwrap().unwrap();
    let payloads = sink.payloads();
    assert!(payloads.iter().all(|payload| payload.data.items() == 1));
    let value = |name: &str| -> String {
        let all = cx.meters().snapshot();
        let metric = all.iter().find(|metric| metric.name == name).unwrap();
        let slimcol_service::meter::Value::Number(value) = metric.points[0].value else {
            panic!("{metric:?}")
        };
        value.to_string()
    };
    let sent = payloads.len().to_string();
    assert_eq!(value("otelcol_scraper_scraped_metric_points"), sent);
    assert_eq!(value("otelcol_receiver_accepted_metric_points"), sent);
    assert_ne!(value("otelcol_scraper_errored_metric_points"), "0");
    let lines = lines.lock().unwrap();
    assert_eq!(
        lines[0],
        "error\tError scraping metrics\t{\"scraper\": \"counter\", \"error\": \"no; never\"}"
    );
}
