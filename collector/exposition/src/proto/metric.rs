//! One metric of a family, as the series that it is in text.

use slimcol_prometheus::Canonical;

use super::{fields, text};
use crate::{
    Exemplar, Histograms, Kind, Native, ParseError,
    native::{Written, whole, zigzag32},
};

/// A metric that was read, and the series that it is made of.
#[derive(Debug, Default)]
pub(super) struct Metric<'a> {
    pub(super) labels: Vec<(&'a str, &'a str)>,
    pub(super) timestamp: Option<i64>,
    pub(super) parts: Vec<Part<'a>>,
    /// A native histogram's.
    pub(super) exemplars: Vec<&'a [u8]>,
    histogram: Histogram<'a>,
}

/// One series of a metric.
#[derive(Debug)]
pub(super) enum Part<'a> {
    Number {
        suffix: &'static str,
        label: Option<(&'static str, f64)>,
        value: f64,
        exemplar: Option<&'a [u8]>,
    },
    Native,
}

#[derive(Debug, Default)]
struct Histogram<'a> {
    count: f64,
    count_float: f64,
    sum: f64,
    buckets: Vec<Bucket<'a>>,
    schema: i32,
    zero_threshold: f64,
    zero_count: f64,
    zero_count_float: f64,
    negative: Written,
    positive: Written,
    exemplars: Vec<&'a [u8]>,
}

/// The widest buckets that there are: each goes to the 65536th power of two of the one before.
const LEAST_SCHEMA: i32 = -4;

#[derive(Debug, Default)]
struct Bucket<'a> {
    count: f64,
    count_float: f64,
    bound: f64,
    exemplar: Option<&'a [u8]>,
}

impl Part<'_> {
    fn number(suffix: &'static str, value: f64) -> Self {
        Self::Number { suffix, label: None, value, exemplar: None }
    }

    pub(super) fn suffix(&self) -> &'static str {
        match self {
            Self::Number { suffix, .. } => suffix,
            Self::Native => "",
        }
    }

    pub(super) fn label(&self) -> Option<(&'static str, String)> {
        match self {
            Self::Number { label: Some((name, value)), .. } => Some((name, Canonical(*value).to_string())),
            _ => None,
        }
    }
}

impl<'a> Metric<'a> {
    /// Reads a metric of a family of `kind`; `None` if it is cut off.
    pub(super) fn read(
        &mut self,
        message: &'a [u8],
        kind: Kind,
        histograms: Histograms,
    ) -> Option<Result<(), ParseError>> {
        let (mut labels, mut timestamp): (Vec<&'a [u8]>, _) = (Vec::new(), 0);
        let mut data: &'a [u8] = &[];
        let wanted = match kind {
            Kind::Gauge => 2,
            Kind::Counter => 3,
            Kind::Summary => 4,
            Kind::Histogram | Kind::GaugeHistogram => 7,
            _ => 5,
        };
        fields(message, |number, value, bytes| {
            match number {
                1 => labels.push(bytes),
                6 => timestamp = value.cast_signed(),
                number if number == wanted => data = bytes,
                _ => {}
            }
            Some(())
        })?;
        self.labels.clear();
        self.parts.clear();
        // Nothing tells a time of zero from none.
        self.timestamp = (timestamp != 0).then_some(timestamp);
        for label in labels {
            let (name, value) = pair(label)?;
            let (Some(name), Some(value)) = (text(name), text(value)) else {
                let shown = String::from_utf8_lossy(if text(name).is_none() { name } else { value });
                return Some(Err(ParseError::new(format!("invalid UTF-8 label value: {shown:?}"))));
            };
            self.labels.push((name, value));
        }
        match kind {
            Kind::Summary => self.summary(data)?,
            Kind::Histogram | Kind::GaugeHistogram => self.histogram(data, histograms)?,
            _ => self.plain(data)?,
        }
        Some(Ok(()))
    }

    fn plain(&mut self, data: &'a [u8]) -> Option<()> {
        let (mut value, mut exemplar) = (0.0, None);
        fields(data, |number, bits, bytes| {
            match number {
                1 => value = f64::from_bits(bits),
                2 => exemplar = Some(bytes),
                _ => {}
            }
            Some(())
        })?;
        self.parts.push(Part::Number { suffix: "", label: None, value, exemplar });
        Some(())
    }

    fn summary(&mut self, data: &'a [u8]) -> Option<()> {
        let (mut count, mut sum) = (0, 0.0);
        let mut quantiles = Vec::new();
        fields(data, |number, value, bytes| {
            match number {
                1 => count = value,
                2 => sum = f64::from_bits(value),
                3 => {
                    let (mut quantile, mut value) = (0.0, 0.0);
                    fields(bytes, |number, bits, _| {
                        match number {
                            1 => quantile = f64::from_bits(bits),
                            2 => value = f64::from_bits(bits),
                            _ => {}
                        }
                        Some(())
                    })?;
                    let label = Some(("quantile", quantile));
                    quantiles.push(Part::Number { suffix: "", label, value, exemplar: None });
                }
                _ => {}
            }
            Some(())
        })?;
        self.parts.extend([Part::number("_count", unsigned(count)), Part::number("_sum", sum)]);
        self.parts.append(&mut quantiles);
        Some(())
    }

    fn histogram(&mut self, data: &'a [u8], histograms: Histograms) -> Option<()> {
        let mut it = Histogram::default();
        fields(data, |number, value, bytes| {
            let wire_type = if bytes.is_empty() { 0 } else { 2 };
            match number {
                1 => it.count = unsigned(value),
                2 => it.sum = f64::from_bits(value),
                3 => it.buckets.push(bucket(bytes)?),
                4 => it.count_float = f64::from_bits(value),
                5 => it.schema = zigzag32(value),
                6 => it.zero_threshold = f64::from_bits(value),
                7 => it.zero_count = unsigned(value),
                8 => it.zero_count_float = f64::from_bits(value),
                // An empty span is one, whatever its length.
                9 => it.negative.field(0, 2, value, bytes)?,
                10 | 11 => it.negative.field(number - 9, wire_type, value, bytes)?,
                12 => it.positive.field(0, 2, value, bytes)?,
                13 | 14 => it.positive.field(number - 12, wire_type, value, bytes)?,
                16 => it.exemplars.push(bytes),
                _ => {}
            }
            Some(())
        })?;
        let native = histograms != Histograms::Classic && it.is_native();
        if native {
            self.parts.push(Part::Native);
            let of_buckets = it.buckets.iter().filter_map(|bucket| bucket.exemplar);
            self.exemplars =
                if it.exemplars.is_empty() { of_buckets.collect() } else { it.exemplars.clone() };
        }
        if !native || histograms == Histograms::Both && !it.buckets.is_empty() {
            self.classic(&it);
        }
        self.histogram = it;
        Some(())
    }

    fn classic(&mut self, it: &Histogram<'a>) {
        let count = if it.count_float == 0.0 { it.count } else { it.count_float };
        self.parts.extend([Part::number("_count", count), Part::number("_sum", it.sum)]);
        let mut whole = false;
        for bucket in &it.buckets {
            let value = if bucket.count_float == 0.0 { bucket.count } else { bucket.count_float };
            let label = Some(("le", bucket.bound));
            self.parts.push(Part::Number { suffix: "_bucket", label, value, exemplar: bucket.exemplar });
            whole = bucket.bound == f64::INFINITY;
        }
        if !whole {
            let label = Some(("le", f64::INFINITY));
            self.parts.push(Part::Number { suffix: "_bucket", label, value: count, exemplar: None });
        }
    }

    /// The native histogram; the error says which buckets are wrong.
    pub(super) fn native(&self) -> Result<Native, String> {
        let it = &self.histogram;
        let float = it.count_float > 0.0 || it.zero_count_float > 0.0;
        Ok(Native {
            schema: it.schema,
            zero_threshold: it.zero_threshold,
            zero_count: if float { it.zero_count_float } else { it.zero_count },
            count: if float { it.count_float } else { it.count },
            sum: it.sum,
            positive: it.positive.buckets(float, "positive")?,
            negative: it.negative.buckets(float, "negative")?,
            is_gauge: false,
        })
    }
}

impl Histogram<'_> {
    /// Whether it has native buckets that the format has a meaning for: those with bounds of their own (schema -53) come without
    /// the bounds.
    fn is_native(&self) -> bool {
        if self.schema < LEAST_SCHEMA {
            return false;
        }
        let spans = !self.positive.spans.is_empty() || !self.negative.spans.is_empty();
        spans || self.zero_threshold > 0.0 || self.zero_count > 0.0
    }
}

fn bucket(message: &[u8]) -> Option<Bucket<'_>> {
    let mut bucket = Bucket::default();
    fields(message, |number, value, bytes| {
        match number {
            1 => bucket.count = unsigned(value),
            2 => bucket.bound = f64::from_bits(value),
            3 => bucket.exemplar = Some(bytes),
            4 => bucket.count_float = f64::from_bits(value),
            _ => {}
        }
        Some(())
    })?;
    Some(bucket)
}

fn pair(message: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut pair: (&[u8], &[u8]) = (&[], &[]);
    fields(message, |number, _, bytes| {
        match number {
            1 => pair.0 = bytes,
            2 => pair.1 = bytes,
            _ => {}
        }
        Some(())
    })?;
    Some(pair)
}

/// Reads an exemplar; `None` if it is cut off.
pub(super) fn exemplar(message: &[u8]) -> Option<Exemplar<'_>> {
    let mut exemplar = Exemplar::default();
    fields(message, |number, value, bytes| {
        match number {
            1 => {
                let (name, value) = pair(bytes)?;
                exemplar.labels.push((String::from_utf8_lossy(name), String::from_utf8_lossy(value)));
            }
            2 => exemplar.value = f64::from_bits(value),
            3 => {
                let (mut seconds, mut nanos) = (0i64, 0i64);
                fields(bytes, |number, value, _| {
                    match number {
                        1 => seconds = value.cast_signed(),
                        2 => nanos = value.cast_signed(),
                        _ => {}
                    }
                    Some(())
                })?;
                exemplar.timestamp = Some(seconds.saturating_mul(1000).saturating_add(nanos / 1_000_000));
            }
            _ => {}
        }
        Some(())
    })?;
    Some(exemplar)
}

fn unsigned(value: u64) -> f64 {
    whole(value.min(i64::MAX.cast_unsigned()).cast_signed())
}
