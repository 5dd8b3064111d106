//! The newest point of every series.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use slimcol_pdata::{
    Metrics,
    view::{Attributes, MetricData, MetricRef, ResourceMetricsRef, ScopeMetricsRef, Temporality},
};
use slimcol_prometheus::{Kind, Namer, Sorted, sort};
use slimcol_service::Log;
use tokio::time::Instant;

use crate::{
    Config,
    labels::{Labels, Origins, Target},
    merge,
    point::Point,
};

/// A metric's name and what else its series have in common.
#[derive(Debug)]
pub(crate) struct Head {
    /// As it came.
    pub(crate) raw: String,
    unit: String,
    pub(crate) help: String,
    pub(crate) kind: Kind,
    /// Prometheus' name; the error says why there is none.
    pub(crate) name: Result<String, String>,
}

/// A series and its newest point.
#[derive(Clone, Debug)]
pub(crate) struct Series {
    pub(crate) head: Arc<Head>,
    /// The error says why it has none.
    pub(crate) labels: Result<Arc<Labels>, String>,
    pub(crate) target: Arc<Target>,
    pub(crate) point: Point,
    updated: Instant,
    /// How many series were there before it came.
    pub(crate) order: u64,
}

/// All series.
#[derive(Debug)]
pub(crate) struct Store {
    known: Mutex<Known>,
    pub(crate) namer: Namer,
    config: Config,
    expiration: Duration,
    log: Log,
}

#[derive(Debug, Default)]
struct Known {
    series: HashMap<Box<[u8]>, Arc<Series>>,
    came: u64,
}

/// What the points of a metric have in common.
struct Within<'a> {
    target: &'a Arc<Target>,
    /// The resource's attributes that are labels.
    over: &'a [(&'a str, std::borrow::Cow<'a, str>)],
    scope: (&'a str, &'a str, &'a str, &'a Sorted<'a>),
    metric: MetricRef<'a>,
    /// What series of different types of data differ in.
    shape: u8,
    kind: Kind,
    temporality: Temporality,
    now: Instant,
}

impl Store {
    pub(crate) fn new(config: &Config, log: Log) -> Self {
        Self {
            known: Mutex::default(),
            namer: config.namer(),
            expiration: config.metric_expiration.std(),
            config: config.clone(),
            log,
        }
    }

    fn known(&self) -> MutexGuard<'_, Known> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Forgets the series that got no points for long.
    pub(crate) fn expire(&self, now: Instant) {
        let expiration = self.expiration;
        self.known().series.retain(|_, series| now.saturating_duration_since(series.updated) <= expiration);
    }

    /// All series, in the order in which they came.
    pub(crate) fn all(&self) -> Vec<Arc<Series>> {
        let mut all: Vec<_> = self.known().series.values().cloned().collect();
        slimcol_order::sort_by_key(&mut all, |series| series.order);
        all
    }

    /// Takes all points.
    pub(crate) fn take(&self, metrics: &Metrics, now: Instant) {
        for entry in metrics.resource_metrics() {
            self.take_resource(entry, now);
        }
    }

    fn take_resource(&self, entry: ResourceMetricsRef<'_>, now: Instant) {
        let target = Arc::new(Target::new(entry.resource(), &self.namer));
        let over = self.config.resource_to_telemetry.attributes(entry.resource().attributes());
        for scope in entry.scope_metrics() {
            self.take_scope(scope, &target, &over, now);
        }
    }

    fn take_scope<'a>(
        &self,
        entry: ScopeMetricsRef<'a>,
        target: &'a Arc<Target>,
        over: &'a [(&'a str, std::borrow::Cow<'a, str>)],
        now: Instant,
    ) {
        let mut attributes = Sorted::new();
        sort(&mut attributes, entry.scope().attributes(), &[]);
        let scope = (entry.scope().name(), entry.scope().version(), entry.schema_url(), &attributes);
        let (kind, temporality) = (Kind::Gauge, Temporality::Cumulative);
        // For all points of the scope: pages are made of copies.
        let mut known = self.known();
        for metric in entry.metrics() {
            let within = Within { target, over, scope, metric, shape: 0, kind, temporality, now };
            self.take_metric(&mut known, within);
        }
    }

    fn take_metric(&self, known: &mut Known, mut within: Within<'_>) {
        let mut batch = Batch { store: self, known, head: None, key: Vec::new() };
        match within.metric.data() {
            MetricData::Empty => {
                let fields = [("data_type", "Empty".into()), ("metric_name", within.metric.name().into())];
                self.log.error("failed to translate metric", &fields);
            }
            MetricData::Gauge(data) => {
                for point in data.data_points() {
                    batch.put(&within, point.attributes(), point.flags(), || Point::gauge(point));
                }
            }
            MetricData::Summary(data) => {
                (within.shape, within.kind) = (1, Kind::Summary);
                for point in data.data_points() {
                    batch.put(&within, point.attributes(), point.flags(), || Point::summary(point));
                }
            }
            MetricData::Sum(data) => {
                within.shape = 2;
                within.kind = if data.is_monotonic() { Kind::Counter } else { Kind::UpDown };
                within.temporality = data.aggregation_temporality();
                if within.temporality == Temporality::Delta && within.kind == Kind::UpDown {
                    let reason = "non-monotonic sum with delta aggregation temporality is not supported";
                    let fields = [
                        ("metric_name", within.metric.name().into()),
                        ("data_points_refused", data.data_points().count().into()),
                        ("reason", reason.into()),
                    ];
                    self.log.debug("refusing non-monotonic delta sum metric", &fields);
                    return;
                }
                for point in data.data_points() {
                    let new = || Point::sum(point, within.kind == Kind::Counter);
                    batch.put(&within, point.attributes(), point.flags(), new);
                }
            }
            MetricData::Histogram(data) => {
                (within.shape, within.kind) = (3, Kind::Histogram);
                within.temporality = data.aggregation_temporality();
                for point in data.data_points() {
                    let new = || Point::histogram(point);
                    batch.put(&within, point.attributes(), point.flags(), new);
                }
            }
            MetricData::ExponentialHistogram(data) => {
                (within.shape, within.kind) = (4, Kind::Histogram);
                within.temporality = data.aggregation_temporality();
                for point in data.data_points() {
                    let new = || Point::exponential(point);
                    batch.put(&within, point.attributes(), point.flags(), new);
                }
            }
        }
    }
}

/// The points of one metric on their way in.
struct Batch<'s> {
    store: &'s Store,
    known: &'s mut Known,
    head: Option<Arc<Head>>,
    key: Vec<u8>,
}

impl Batch<'_> {
    fn put(
        &mut self,
        within: &Within<'_>,
        attributes: Attributes<'_>,
        flags: u32,
        new: impl FnOnce() -> Point,
    ) {
        if within.temporality == Temporality::Unspecified {
            return;
        }
        let mut sorted = Sorted::new();
        sort(&mut sorted, attributes, within.over);
        self.identify(within, &sorted);
        if flags & 1 != 0 {
            self.known.series.remove(self.key.as_slice());
            return;
        }
        if let Some(series) = self.known.series.get_mut(self.key.as_slice()) {
            // A copy only while a page is made.
            let series = Arc::make_mut(series);
            let name = within.metric.name();
            merge::replace(&mut series.point, new(), within.temporality, name, &self.store.log);
            series.target = within.target.clone();
            series.updated = within.now;
            let Head { unit, help, kind, .. } = &*series.head;
            if unit != within.metric.unit() || help != within.metric.description() || *kind != within.kind {
                series.head = head(&mut self.head, within, &self.store.namer);
            }
            return;
        }
        let head = head(&mut self.head, within, &self.store.namer);
        let origins = Origins {
            attributes: &sorted,
            scope: (!self.store.config.without_scope_info).then_some(within.scope),
            target: within.target,
            constant: &self.store.config.const_labels,
            reserved: match within.kind {
                Kind::Histogram => "le",
                Kind::Summary => "quantile",
                _ => "",
            },
            metric: head.name.as_deref().unwrap_or_default(),
        };
        let labels = origins.labels(&self.store.namer).map(Arc::new);
        let (target, updated, order) = (within.target.clone(), within.now, self.known.came);
        self.known.came += 1;
        let series = Series { head, labels, target, point: new(), updated, order };
        self.known.series.insert(self.key.as_slice().into(), Arc::new(series));
    }

    /// Makes the key of the series that the attributes belong to.
    fn identify(&mut self, within: &Within<'_>, attributes: &Sorted<'_>) {
        let key = &mut self.key;
        key.clear();
        key.push(within.shape);
        // No text has this byte.
        let mut part = |text: &str| {
            key.extend_from_slice(text.as_bytes());
            key.push(0xff);
        };
        let (name, version, schema, scope) = within.scope;
        part(within.metric.name());
        part(name);
        part(version);
        part(schema);
        for attributes in [scope, attributes] {
            part(&attributes.len().to_string());
            for (name, value) in attributes {
                part(name);
                part(value);
            }
        }
        part(within.target.job.as_deref().unwrap_or_default());
        part(within.target.instance.as_deref().unwrap_or_default());
    }
}

fn head(known: &mut Option<Arc<Head>>, within: &Within<'_>, namer: &Namer) -> Arc<Head> {
    let new = || {
        let (name, unit) = (within.metric.name(), within.metric.unit());
        Arc::new(Head {
            raw: name.to_owned(),
            unit: unit.to_owned(),
            help: within.metric.description().to_owned(),
            kind: within.kind,
            name: namer.metric(name, unit, within.kind),
        })
    };
    known.get_or_insert_with(new).clone()
}
