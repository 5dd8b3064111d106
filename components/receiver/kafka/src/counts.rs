//! What the receiver counts of itself, by the Go receiver's names.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicI64, Ordering::Relaxed},
    },
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use slimcol_kafka::{Families, Way};
use slimcol_pdata::Signal;
use slimcol_service::{
    Context,
    meter::{Counters, Family, Histogram, Meter, MetricsLevel, Shape},
};

const SCOPE: &str = "github.com/open-telemetry/opentelemetry-collector-contrib/receiver/kafkareceiver";

const fn family(name: &'static str, help: &'static str) -> Family {
    Family { name, unit: "1", help, scope: SCOPE, shape: Shape::Counter, level: MetricsLevel::Basic }
}

const fn gauge(name: &'static str, help: &'static str) -> Family {
    Family { shape: Shape::Gauge, ..family(name, help) }
}

static DELAY: Family = Family {
    unit: "s",
    shape: Shape::Histogram(DELAYS),
    ..family(
        "otelcol_kafka_receiver_records_delay",
        "The time in seconds between producing and receiving a batch of records. [Development]",
    )
};
const DELAYS: &[f64] = &[
    0.0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 25.0, 50.0, 75.0,
    100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0, 10_000.0,
];
static STARTED: Family =
    family("otelcol_kafka_receiver_partition_start", "Number of started partitions [Development]");
static CLOSED: Family =
    family("otelcol_kafka_receiver_partition_close", "Number of finished partitions [Development]");
static OFFSET: Family =
    gauge("otelcol_kafka_receiver_current_offset", "Current message offset [Development]");
static LAG: Family = gauge("otelcol_kafka_receiver_offset_lag", "Current offset lag [Development]");

/// What a client of Kafka counts.
pub(crate) static FAMILIES: Families = Families::new(
    Way::In,
    SCOPE,
    [
        ("otelcol_kafka_receiver_records", "The number of received records. [Development]"),
        ("otelcol_kafka_receiver_messages", "The number of received messages. [Deprecated]"),
        (
            "otelcol_kafka_receiver_bytes",
            "The size in bytes of received records seen by the broker. [Development]",
        ),
        (
            "otelcol_kafka_receiver_bytes_uncompressed",
            "The uncompressed size in bytes of received records seen by the client. [Development]",
        ),
    ],
    [
        (
            "otelcol_kafka_receiver_latency",
            "The time it took in ms to receive a batch of messages. [Deprecated]",
        ),
        (
            "otelcol_kafka_receiver_read_latency",
            "The time it took in seconds to receive a batch of records. [Development]",
        ),
    ],
    [
        "The throttling duration in ms imposed by the broker when receiving messages. [Deprecated]",
        "The throttling latency in seconds imposed by the broker when receiving records. [Development]",
    ],
);

/// By signal.
static UNMARSHAL_FAILED: [Family; 3] = [
    family(
        "otelcol_kafka_receiver_unmarshal_failed_spans",
        "Number of spans failed to be unmarshaled [Development]",
    ),
    family(
        "otelcol_kafka_receiver_unmarshal_failed_metric_points",
        "Number of metric points failed to be unmarshaled [Development]",
    ),
    family(
        "otelcol_kafka_receiver_unmarshal_failed_log_records",
        "Number of log records failed to be unmarshaled [Development]",
    ),
];

/// What is counted.
#[derive(Debug)]
pub(crate) struct Counts {
    meter: Meter,
    /// [`STARTED`] and [`CLOSED`].
    partitions: Counters,
    /// By topic and partition.
    shown: Mutex<HashMap<String, HashMap<i32, Shown>>>,
    /// [`DELAY`] likewise; `None` unless it is asked for.
    delays: Option<Mutex<HashMap<String, HashMap<i32, Histogram>>>>,
}

/// How far a partition is read: [`OFFSET`] and [`LAG`], each from the first time that there is one.
#[derive(Debug, Default)]
struct Shown([Option<Arc<AtomicI64>>; 2]);

impl Counts {
    /// With `delays`, also how old records are.
    pub(crate) fn new(cx: &Context, delays: bool) -> Arc<Self> {
        let meter = cx.meter();
        let partitions = meter.counters(&[&STARTED, &CLOSED], &[]);
        let delays = delays.then(Mutex::default);
        Arc::new(Self { meter, partitions, shown: Mutex::default(), delays })
    }

    pub(crate) fn begun(&self) {
        self.partitions.add(0, 1);
    }

    pub(crate) fn ended(&self, topic: &str, partition: i32) {
        self.partitions.add(1, 1);
        if let Some(of_topic) = self.shown().get_mut(topic) {
            of_topic.remove(&partition);
        }
    }

    /// A record has come that was produced so many milliseconds after 1970.
    pub(crate) fn came(&self, topic: &str, partition: i32, produced: i64) {
        let Some(delays) = &self.delays else { return };
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        // Who produced it may have a clock that is ahead.
        let delay = now.saturating_sub(Duration::from_millis(u64::try_from(produced).unwrap_or(0)));
        let mut all = delays.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = all.get(topic).and_then(|of_topic| of_topic.get(&partition)) {
            return known.record_time(delay);
        }
        let made = self.meter.histogram(&DELAY, &labels(topic, partition));
        made.record_time(delay);
        all.entry(topic.to_owned()).or_default().insert(partition, made);
    }

    /// The record at `offset` is being handed on.
    pub(crate) fn offered(&self, topic: &str, partition: i32, offset: i64) {
        self.show(topic, partition, 0, offset);
    }

    pub(crate) fn came_to(&self, topic: &str, partition: i32, lag: i64) {
        self.show(topic, partition, 1, lag);
    }

    /// A record was no telemetry. As in Go it counts once, whatever it was to hold.
    pub(crate) fn unmarshal_failed(&self, signal: Signal, topic: &str, partition: i32) {
        self.meter.counters(&[&UNMARSHAL_FAILED[signal as usize]], &labels(topic, partition)).add(0, 1);
    }

    fn show(&self, topic: &str, partition: i32, which: usize, value: i64) {
        if !self.meter.measures(MetricsLevel::Basic) {
            return;
        }
        let mut all = self.shown();
        let known = all.get(topic).and_then(|of_topic| of_topic.get(&partition)?.0[which].as_ref());
        if let Some(known) = known {
            return known.store(value, Relaxed);
        }
        let shown = Arc::new(AtomicI64::new(value));
        let there = Arc::downgrade(&shown);
        let family = [&OFFSET, &LAG][which];
        self.meter
            .observe(family, &labels(topic, partition), move || there.upgrade().map(|shown| number(&shown)));
        all.entry(topic.to_owned()).or_default().entry(partition).or_default().0[which] = Some(shown);
    }

    fn shown(&self) -> MutexGuard<'_, HashMap<String, HashMap<i32, Shown>>> {
        self.shown.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::cast_precision_loss, reason = "gauges are such numbers")]
fn number(of: &AtomicI64) -> f64 {
    of.load(Relaxed) as f64
}

fn labels(topic: &str, partition: i32) -> [(&'static str, String); 2] {
    [("topic", topic.to_owned()), ("partition", partition.to_string())]
}
