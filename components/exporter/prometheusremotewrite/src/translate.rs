//! OTLP as series.

use slimcol_pdata::{
    Metrics,
    view::{
        Attributes, Each, ExemplarRef, ExponentialHistogramDataPointRef, HistogramDataPointRef, MetricData,
        MetricRef, NumberDataPointRef, ResourceMetricsRef, ScopeRef, SummaryDataPointRef, Temporality,
        ValueRef,
    },
};
use slimcol_prometheus::{
    Kind, Labels as Underscores, Namer, Short, Sorted, float, hex, identity, is_service, sort,
};

use crate::{
    Config,
    config::Message,
    labels::{Around, Labels},
    native::{STALE, custom, native},
    series::{Exemplar, Meta, Native, Sample, Series, Table, Type},
};

/// How series are made.
#[derive(Debug)]
pub(crate) struct Translator {
    namer: Namer,
    external: Vec<(String, String)>,
    config: Config,
}

/// What is made.
#[derive(Debug, Default)]
pub(crate) struct Made {
    pub(crate) table: Table,
    /// What could not be made.
    pub(crate) errors: Vec<String>,
}

/// What the points of a resource have in common.
#[derive(Clone, Copy)]
struct Within<'t> {
    translator: &'t Translator,
    /// The resource's attributes that are labels.
    over: &'t Sorted<'t>,
    job: &'t str,
    instance: &'t str,
}

/// What the points of a metric have in common.
#[derive(Clone, Copy)]
struct Of<'t> {
    within: Within<'t>,
    scope: ScopeRef<'t>,
    name: &'t str,
    meta: usize,
}

/// Milliseconds.
fn millis(nanos: u64) -> i64 {
    (nanos / 1_000_000).cast_signed()
}

fn value(value: f64, flags: u32) -> f64 {
    if flags & 1 == 0 { value } else { f64::from_bits(STALE) }
}

#[expect(clippy::cast_precision_loss, reason = "Prometheus has floats only")]
fn count(count: u64, flags: u32) -> f64 {
    value(count as f64, flags)
}

impl Translator {
    pub(crate) fn new(config: &Config) -> Result<Self, String> {
        Ok(Self { namer: config.namer(), external: config.sanitized()?, config: config.clone() })
    }

    /// The series of all metrics.
    pub(crate) fn translate(&self, metrics: &Metrics) -> Made {
        let mut made = Made::default();
        for resource in metrics.resource_metrics() {
            self.resource(resource, &mut made);
        }
        for series in &mut made.table.series {
            slimcol_order::sort_by_key(&mut series.samples, |sample| sample.time);
        }
        made
    }

    fn resource(&self, entry: ResourceMetricsRef<'_>, made: &mut Made) {
        let attributes = entry.resource().attributes();
        let (job, instance) = identity(attributes);
        // Without a name there is no namespace either.
        let named = attributes.get("service.name").is_some_and(|name| !name.to_text().is_empty());
        let job = job.filter(|_| named).unwrap_or_default();
        let instance = instance.unwrap_or_default();
        let over = self.config.resource_to_telemetry.attributes(attributes);
        let within = Within { translator: self, over: &over, job: &job, instance: &instance };
        let mut newest = 0;
        for scope in entry.scope_metrics() {
            for metric in scope.metrics() {
                newest = newest.max(latest(metric.data()));
                if let Err(why) = made.metric(within, scope.scope(), metric) {
                    made.errors.push(why);
                }
            }
        }
        if self.config.target_info
            && newest > 0
            && let Err(why) = made.target(within, attributes, newest)
        {
            made.errors.push(why);
        }
    }
}

impl<'t> Within<'t> {
    fn labels(self, scope: ScopeRef<'t>, attributes: Attributes<'t>) -> Result<Labels<'t>, String> {
        let mut sorted = Sorted::new();
        sort(&mut sorted, attributes, self.over);
        let Translator { namer, external, config } = self.translator;
        let scope = (!config.disable_scope_info).then_some(scope);
        Labels::new(&sorted, &Around { job: self.job, instance: self.instance, external, scope }, namer)
    }
}

impl Made {
    /// `target_info`: what else is known of a resource.
    fn target(&mut self, within: Within<'_>, attributes: Attributes<'_>, time: u64) -> Result<(), String> {
        let Within { translator: Translator { namer, external, config }, job, instance, .. } = within;
        let mut others = Sorted::new();
        sort(&mut others, attributes, &[]);
        others.retain(|(key, _)| !is_service(key));
        if others.is_empty() {
            return Ok(());
        }
        let mut namer = namer.clone();
        if config.message == Message::V1 {
            namer.labels = Underscores::Preserving;
        }
        let labels = Labels::new(&others, &Around { job, instance, external, scope: None }, &namer)?;
        if !labels.has("job") && !labels.has("instance") {
            return Ok(());
        }
        let name = match config.namespace.as_str() {
            "" => "target_info".to_owned(),
            namespace => format!("{namespace}_target_info"),
        };
        let (help, unit) = ("Target metadata".to_owned(), String::new());
        self.table.metas.push(Meta { name: name.clone(), kind: Type::Gauge, help, unit, sent: false });
        let meta = self.table.metas.len() - 1;
        let series = self.table.series(&labels.with(&[("__name__", &name)]), meta);
        let sample = Sample { time: millis(time), value: 1.0 };
        // A payload may have the resource twice.
        if series.samples.last() != Some(&sample) {
            series.samples.push(sample);
        }
        Ok(())
    }

    fn metric(
        &mut self,
        within: Within<'_>,
        scope: ScopeRef<'_>,
        metric: MetricRef<'_>,
    ) -> Result<(), String> {
        let data = metric.data();
        let (kind, temporality) = match data {
            MetricData::Empty => (Kind::Gauge, Temporality::Unspecified),
            MetricData::Gauge(_) => (Kind::Gauge, Temporality::Cumulative),
            MetricData::Summary(_) => (Kind::Summary, Temporality::Cumulative),
            MetricData::Sum(data) => {
                let kind = if data.is_monotonic() { Kind::Counter } else { Kind::UpDown };
                (kind, data.aggregation_temporality())
            }
            MetricData::Histogram(data) => (Kind::Histogram, data.aggregation_temporality()),
            MetricData::ExponentialHistogram(data) => (Kind::Histogram, data.aggregation_temporality()),
        };
        if temporality != Temporality::Cumulative {
            return Err(format!("invalid temporality and type combination for metric {:?}", metric.name()));
        }
        let namer = &within.translator.namer;
        let name = namer.metric(metric.name(), metric.unit(), kind)?;
        let told = metric.metadata().get("prometheus.type").and_then(ValueRef::as_str);
        self.table.metas.push(Meta {
            name: name.clone(),
            kind: Type::of(kind, told),
            help: metric.description().to_owned(),
            unit: namer.unit(metric.unit()),
            sent: true,
        });
        if data.points() == 0 {
            return Err(format!("empty data points. {} is dropped", metric.name()));
        }
        let of = Of { within, scope, name: &name, meta: self.table.metas.len() - 1 };
        let with_exemplars = kind == Kind::Counter || within.translator.config.message == Message::V2;
        match data {
            MetricData::Empty => {}
            MetricData::Gauge(data) => {
                data.data_points().for_each(|point| self.number(of, point, with_exemplars));
            }
            MetricData::Sum(data) => {
                data.data_points().for_each(|point| self.number(of, point, with_exemplars));
            }
            MetricData::Summary(data) => data.data_points().for_each(|point| self.summary(of, point)),
            MetricData::Histogram(data) => data.data_points().for_each(|point| self.histogram(of, point)),
            MetricData::ExponentialHistogram(data) => {
                data.data_points().for_each(|point| self.exponential(of, point));
            }
        }
        Ok(())
    }

    fn number(&mut self, of: Of<'_>, point: NumberDataPointRef<'_>, with_exemplars: bool) {
        let Some(labels) = self.labels(of, point.attributes()) else { return };
        let sample = Sample {
            time: millis(point.time_unix_nano()),
            value: value(float(point.value()), point.flags()),
        };
        let series = self.table.series(&labels.with(&[("__name__", of.name)]), of.meta);
        series.samples.push(sample);
        if with_exemplars {
            series.exemplars.extend(exemplars(point.exemplars()));
        }
    }

    fn summary(&mut self, of: Of<'_>, point: SummaryDataPointRef<'_>) {
        let Some(labels) = self.labels(of, point.attributes()) else { return };
        let (time, flags) = (millis(point.time_unix_nano()), point.flags());
        self.add(of, &labels, ("_sum", None), time, value(point.sum(), flags));
        self.add(of, &labels, ("_count", None), time, count(point.count(), flags));
        for quantile in point.quantile_values() {
            let label = number(quantile.quantile());
            self.add(of, &labels, ("", Some(("quantile", &label))), time, value(quantile.value(), flags));
        }
    }

    fn histogram(&mut self, of: Of<'_>, point: HistogramDataPointRef<'_>) {
        let Some(labels) = self.labels(of, point.attributes()) else { return };
        let (time, flags) = (millis(point.time_unix_nano()), point.flags());
        let config = &of.within.translator.config;
        if config.custom_buckets {
            self.put_native(of, &labels, custom(point, time), point.exemplars());
            if !config.classic_too {
                return;
            }
        }
        if let Some(sum) = point.sum() {
            self.add(of, &labels, ("_sum", None), time, value(sum, flags));
        }
        self.add(of, &labels, ("_count", None), time, count(point.count(), flags));
        let mut examples: Vec<Exemplar> = exemplars(point.exemplars()).collect();
        let mut total = 0_u64;
        for (bound, more) in point.explicit_bounds().zip(point.bucket_counts()) {
            total = total.wrapping_add(more);
            let bucket = ("_bucket", Some(("le", number(bound))));
            self.bucket(of, &labels, bucket, time, count(total, flags), (bound, &mut examples));
        }
        let last = ("_bucket", Some(("le", "+Inf".to_owned())));
        self.bucket(of, &labels, last, time, count(point.count(), flags), (f64::INFINITY, &mut examples));
    }

    /// A bucket, and those of the examples that are in it.
    fn bucket(
        &mut self,
        of: Of<'_>,
        labels: &Labels<'_>,
        (suffix, more): (&str, Option<(&str, String)>),
        time: i64,
        value: f64,
        (bound, examples): (f64, &mut Vec<Exemplar>),
    ) {
        let more = more.as_ref().map(|(name, value)| (*name, value.as_str()));
        let series = self.add(of, labels, (suffix, more), time, value);
        series.exemplars.extend(examples.extract_if(.., |example| example.value <= bound));
    }

    fn exponential(&mut self, of: Of<'_>, point: ExponentialHistogramDataPointRef<'_>) {
        let Some(labels) = self.labels(of, point.attributes()) else { return };
        self.put_native(of, &labels, native(point, millis(point.time_unix_nano())), point.exemplars());
    }

    fn put_native<'e>(
        &mut self,
        of: Of<'_>,
        labels: &Labels<'_>,
        histogram: Result<Native, String>,
        examples: Each<'e, ExemplarRef<'e>>,
    ) {
        match histogram {
            Ok(histogram) => {
                let series = self.table.series(&labels.with(&[("__name__", of.name)]), of.meta);
                series.histograms.push(histogram);
                series.exemplars.extend(exemplars(examples));
            }
            Err(why) => self.errors.push(why),
        }
    }

    fn labels<'t>(&mut self, of: Of<'t>, attributes: Attributes<'t>) -> Option<Labels<'t>> {
        of.within.labels(of.scope, attributes).map_err(|why| self.errors.push(why)).ok()
    }

    /// Adds a sample to one of a metric's several series.
    fn add(
        &mut self,
        of: Of<'_>,
        labels: &Labels<'_>,
        (suffix, more): (&str, Option<(&str, &str)>),
        time: i64,
        value: f64,
    ) -> &mut Series {
        let name = format!("{}{suffix}", of.name);
        let own = ("__name__", name.as_str());
        let labels = match more {
            Some(more) => labels.with(&[own, more]),
            None => labels.with(&[own]),
        };
        let series = self.table.series(&labels, of.meta);
        series.samples.push(Sample { time, value });
        series
    }
}

/// A number in a label, without an exponent.
fn number(number: f64) -> String {
    if number.is_finite() { number.to_string() } else { Short(number).to_string() }
}

/// When a metric's last point was.
fn latest(data: MetricData<'_>) -> u64 {
    match data {
        MetricData::Empty => None,
        MetricData::Gauge(data) => data.data_points().map(NumberDataPointRef::time_unix_nano).max(),
        MetricData::Sum(data) => data.data_points().map(NumberDataPointRef::time_unix_nano).max(),
        MetricData::Histogram(data) => data.data_points().map(HistogramDataPointRef::time_unix_nano).max(),
        MetricData::ExponentialHistogram(data) => {
            data.data_points().map(ExponentialHistogramDataPointRef::time_unix_nano).max()
        }
        MetricData::Summary(data) => data.data_points().map(SummaryDataPointRef::time_unix_nano).max(),
    }
    .unwrap_or_default()
}

/// How many characters an example's labels have at most, as OpenMetrics says.
const EXAMPLE: usize = 128;

fn exemplars<'e>(exemplars: Each<'e, ExemplarRef<'e>>) -> impl Iterator<Item = Exemplar> + use<'e> {
    exemplars.map(|exemplar| {
        let mut labels = Vec::new();
        let (trace, span) = (exemplar.trace_id(), exemplar.span_id());
        for (name, id) in [("trace_id", &trace[..]), ("span_id", &span[..])] {
            if id.iter().any(|byte| *byte != 0) {
                labels.push((name.to_owned(), hex(id)));
            }
        }
        let own = labels.len();
        let attributes = exemplar.filtered_attributes().iter();
        labels.extend(attributes.map(|(key, value)| (key.to_owned(), value.to_text().into_owned())));
        let len = labels.iter().map(|(name, value)| name.chars().count() + value.chars().count());
        if len.sum::<usize>() > EXAMPLE {
            labels.truncate(own);
        }
        Exemplar { labels, value: float(exemplar.value()), time: millis(exemplar.time_unix_nano()) }
    })
}
