//! What a client counts of its brokers, and of the batches that go to and fro, by the names of whom it works for.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use slimcol_service::meter::{Counters, Family, Histogram, Meter, MetricsLevel, Shape};
use tokio::time::Instant;

use crate::{
    message::{Request as _, produce::Produce},
    records::Size,
};

/// How many kinds of batches are told apart, as many as Go's library does: names of topics can come from senders.
const MOST: usize = 2000;

/// The bounds of times in milliseconds, those that Go's library has for whatever says nothing of its own.
const MILLISECONDS: &[f64] =
    &[0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0, 10_000.0];

/// The bounds of times in seconds.
const SECONDS: &[f64] = &[
    0.0, 0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0, 25.0, 50.0, 75.0,
    100.0,
];

/// Which way records go.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// From brokers: how long each answer took counts.
    In,
    /// To brokers: how long each batch took counts, and brokers are also told apart by their hosts.
    Out,
}

/// The metrics of a receiver or an exporter, which are alike but for names and texts.
#[derive(Debug)]
pub struct Families {
    way: Way,
    /// Records, the same by its older name, bytes, and bytes without compression.
    batches: [Family; 4],
    /// In milliseconds and in seconds.
    latency: [Family; 2],
    throttling: [Family; 2],
    connects: Family,
    closed: Family,
}

impl Families {
    /// The metrics of the Go package `scope`: names and texts of those of batches (records, messages, bytes, bytes without
    /// compression), of the time that they take (in milliseconds, in seconds), and the texts of how brokers slow this client down
    /// (likewise).
    pub const fn new(
        way: Way,
        scope: &'static str,
        batches: [(&'static str, &'static str); 4],
        latency: [(&'static str, &'static str); 2],
        throttling: [&'static str; 2],
    ) -> Self {
        let [records, messages, bytes, uncompressed] = batches;
        let counter = Counting { scope, unit: "1", shape: Shape::Counter };
        let size = Counting { scope, unit: "By", shape: Shape::Counter };
        let milliseconds = Counting { scope, unit: "ms", shape: Shape::Histogram(MILLISECONDS) };
        let seconds = Counting { scope, unit: "s", shape: Shape::Histogram(SECONDS) };
        let closed = "The total number of connections closed. [Development]";
        let connects = "The total number of connections opened. [Development]";
        Self {
            way,
            batches: [
                counter.family(records),
                counter.family(messages),
                size.family(bytes),
                size.family(uncompressed),
            ],
            latency: [milliseconds.family(latency[0]), seconds.family(latency[1])],
            throttling: [
                milliseconds.family(("otelcol_kafka_broker_throttling_duration", throttling[0])),
                seconds.family(("otelcol_kafka_broker_throttling_latency", throttling[1])),
            ],
            connects: counter.family(("otelcol_kafka_broker_connects", connects)),
            closed: counter.family(("otelcol_kafka_broker_closed", closed)),
        }
    }
}

/// What metrics have in common that are alike.
#[derive(Clone, Copy)]
struct Counting {
    scope: &'static str,
    unit: &'static str,
    shape: Shape,
}

impl Counting {
    const fn family(self, (name, help): (&'static str, &'static str)) -> Family {
        let Self { scope, unit, shape } = self;
        Family { name, unit, help, scope, shape, level: MetricsLevel::Basic }
    }
}

/// What a client counts.
#[derive(Debug)]
pub(crate) struct Counts {
    meter: Meter,
    families: &'static Families,
    batches: Mutex<Batches>,
    /// Of the batches that are not told apart.
    others: Counters,
}

/// The counters of batches.
#[derive(Debug, Default)]
struct Batches {
    count: usize,
    by_topic: HashMap<String, HashMap<Kind, Counters>>,
}

/// What batches of a topic are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Kind {
    /// `None` for records that no broker took.
    broker: Option<i32>,
    partition: i32,
    codec: &'static str,
}

impl Counts {
    /// Nothing counted yet of what shows as `families` with `meter`.
    pub(crate) fn new(families: &'static Families, meter: Meter) -> Arc<Self> {
        let overflow = [("otel.metric.overflow", "true".to_owned())];
        let others = meter.counters(&families.batches.each_ref(), &overflow);
        Arc::new(Self { meter, families, batches: Mutex::default(), others })
    }

    /// A batch has come from a broker, or has got to it.
    pub(crate) fn batch(&self, (broker, host): (i32, &str), topic: &str, partition: i32, size: Size) {
        let kind = Kind { broker: Some(broker), partition, codec: size.codec };
        let counters = self.counters(topic, kind, host);
        let counts = [size.records, size.records, size.bytes, size.uncompressed];
        for (at, count) in counts.into_iter().enumerate() {
            counters.add(at, count);
        }
    }

    /// Records are given up.
    pub(crate) fn unsent(&self, topic: &str, partition: i32, records: usize) {
        let counters = self.counters(topic, Kind { broker: None, partition, codec: "" }, "");
        counters.add(0, records);
        counters.add(1, records);
    }

    fn counters(&self, topic: &str, kind: Kind, host: &str) -> Counters {
        if !self.meter.measures(MetricsLevel::Basic) {
            return Counters::default();
        }
        let mut batches = self.batches.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = batches.by_topic.get(topic).and_then(|of_topic| of_topic.get(&kind)) {
            return known.clone();
        }
        if batches.count >= MOST {
            return self.others.clone();
        }
        batches.count += 1;
        let families = self.families.batches.each_ref();
        let mut labels = vec![("topic", topic.to_owned()), ("partition", kind.partition.to_string())];
        let made = if let Some(broker) = kind.broker {
            labels.extend(self.node(&broker.to_string(), host));
            labels.push(("compression_codec", kind.codec.to_owned()));
            labels.push(outcome(true));
            self.meter.counters(&families, &labels)
        } else {
            labels.push(outcome(false));
            self.meter.counters(&families[..2], &labels)
        };
        batches.by_topic.entry(topic.to_owned()).or_default().insert(kind, made.clone());
        made
    }

    /// What is counted of a broker.
    pub(crate) fn tally(&self, node: &str, host: &str) -> Arc<Tally> {
        let Families { way, latency, throttling, connects, closed, .. } = self.families;
        let labels = self.node(node, host);
        let with = |ok| -> Vec<_> { labels.iter().cloned().chain([outcome(ok)]).collect() };
        let times = |families: &'static [Family; 2], labels: &[(&'static str, String)]| {
            families.each_ref().map(|family| self.meter.histogram(family, labels))
        };
        Arc::new(Tally {
            way: *way,
            connects: [true, false].map(|ok| self.meter.counters(&[connects], &with(ok))),
            closed: self.meter.counters(&[closed], &labels),
            throttling: times(throttling, &labels),
            latency: [true, false].map(|ok| times(latency, &with(ok))),
        })
    }

    fn node(&self, node: &str, host: &str) -> Vec<(&'static str, String)> {
        let mut labels = vec![("node_id", node.to_owned())];
        if self.families.way == Way::Out {
            labels.push(("server.address", host.to_owned()));
        }
        labels
    }
}

fn outcome(ok: bool) -> (&'static str, String) {
    ("outcome", if ok { "success" } else { "failure" }.to_owned())
}

/// What is counted of a broker; of pairs by outcome that of success is the first.
#[derive(Debug)]
pub(crate) struct Tally {
    way: Way,
    connects: [Counters; 2],
    closed: Counters,
    throttling: [Histogram; 2],
    latency: [[Histogram; 2]; 2],
}

impl Tally {
    /// A connection that is being made: it counts as failed unless it is said to be made, and then as closed when it is dropped.
    pub(crate) fn link(self: &Arc<Self>) -> Link {
        Link { tally: self.clone(), is_made: false }
    }

    /// A request that was begun at `began` and is written now; `None` if nobody counts those of this key.
    pub(crate) fn request(&self, key: i16, began: Instant) -> Option<Asking<'_>> {
        match self.way {
            Way::In => Some(Asking { tally: self, began: Instant::now(), is_done: false }),
            Way::Out if key == Produce::KEY => Some(Asking { tally: self, began, is_done: false }),
            Way::Out => None,
        }
    }

    /// The broker wants to be left alone for so long.
    pub(crate) fn throttled(&self, milliseconds: i32) {
        if let Some(time) = u64::try_from(milliseconds).ok().filter(|time| *time > 0) {
            record(&self.throttling, Duration::from_millis(time));
        }
    }
}

fn record(into: &[Histogram; 2], time: Duration) {
    into[0].record(usize::try_from(time.as_millis()).unwrap_or(usize::MAX));
    into[1].record_time(time);
}

/// A connection, or what is to become one.
#[derive(Debug)]
pub(crate) struct Link {
    tally: Arc<Tally>,
    is_made: bool,
}

impl Link {
    pub(crate) fn made(&mut self) {
        self.is_made = true;
        self.tally.connects[0].add(0, 1);
    }
}

impl Drop for Link {
    fn drop(&mut self) {
        if self.is_made { &self.tally.closed } else { &self.tally.connects[1] }.add(0, 1);
    }
}

/// A request that is under way: it counts as failed if it is dropped before it is done.
#[derive(Debug)]
pub(crate) struct Asking<'a> {
    tally: &'a Tally,
    began: Instant,
    is_done: bool,
}

impl Asking<'_> {
    pub(crate) fn done(mut self) {
        self.is_done = true;
    }
}

impl Drop for Asking<'_> {
    fn drop(&mut self) {
        record(&self.tally.latency[usize::from(!self.is_done)], self.began.elapsed());
    }
}

#[cfg(test)]
pub(crate) mod tests;
