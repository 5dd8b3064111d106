//! What a scrape tells of itself.

use slimcol_exposition::Kind;
use slimcol_relabel::Labels;

use crate::{
    cache::Shape,
    memory::{Memory, Reading},
    metas::Meta,
    names,
    resolve::{attributes, head},
    subject::Subject,
    write::{Beside, Request, gauge, write, write_whole},
};

/// What is told where more is asked for.
const EXTRA: [&str; 3] = ["scrape_timeout_seconds", "scrape_sample_limit", "scrape_body_size_bytes"];

/// The metrics that tell of a subject's scrapes, prepared.
#[derive(Debug)]
pub struct Report {
    heads: Vec<Vec<u8>>,
    attributes: Vec<u8>,
    labels: Labels,
}

impl Report {
    /// A report of five values, or with `extra` of eight.
    pub fn new(subject: &Subject, extra: bool) -> Self {
        let trim = subject.terms.trim_metric_suffixes;
        let mut heads = Vec::new();
        for (name, unit, help) in names::REPORT {
            let meta = Meta { kind: Kind::Gauge, help: help.into(), unit: unit.into(), seen: 0 };
            heads.push(head(name, &meta, Shape::Gauge, trim));
        }
        for name in EXTRA.iter().filter(|_| extra) {
            heads.push(head(name, &Meta::default(), Shape::Gauge, trim));
        }
        let mut labels = subject.own_labels();
        let attributes = attributes(&labels, Shape::Gauge);
        labels.set("__name__", "up");
        Self { heads, attributes, labels }
    }

    /// The labels of its first metric.
    pub fn labels(&self) -> &Labels {
        &self.labels
    }

    /// What a scrape brought, and the values that it tells of itself; `now`: its time in milliseconds.
    pub fn request(
        &self,
        subject: &Subject,
        memory: &mut Memory,
        reading: &Reading,
        now: i64,
        values: &[f64],
    ) -> Request {
        let cache = &mut memory.cache;
        let (job, instance) = (self.labels.get("job"), self.labels.get("instance"));
        let resource = cache.resource(job, instance, subject);
        let scope = cache.scope(resource, &self.labels, subject);
        let mut metrics = Vec::new();
        for (head, value) in self.heads.iter().zip(values) {
            gauge(&mut metrics, head, &self.attributes, now, *value);
        }
        let points = self.heads.len().min(values.len());
        let beside = Beside { scope, metrics: &metrics, points };
        if reading.before.is_none()
            && let Some(request) = write_whole(cache, reading, now, beside, memory.written)
        {
            memory.written = request.bytes.len();
            return request;
        }
        let mut bytes = Vec::new();
        let mut points = write(&mut bytes, cache, reading, now, Some(beside));
        if let Some((cache, ends)) = reading.before.as_deref() {
            points += write(&mut bytes, cache, ends, now, None);
        }
        Request { bytes, start: 0, points }
    }
}
