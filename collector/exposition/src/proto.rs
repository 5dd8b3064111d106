//! Delimited protobuf: `io.prometheus.client.MetricFamily` messages, each with its length before it.

use slimcol_pdata::wire;

mod metric;

use self::metric::{Metric, Part};
use crate::{Entry, Exemplar, Histograms, Kind, Native, ParseError, Sample, series};

/// How deep unknown groups may be within each other.
const DEPTH: u32 = 16;

/// A page of messages.
#[derive(Debug)]
pub(crate) struct Proto<'a> {
    rest: &'a [u8],
    histograms: Histograms,
    family: Family<'a>,
    /// What was said of the family so far.
    told: Told,
    /// What of the family was not looked at for metrics yet.
    metrics: &'a [u8],
    metric: Metric<'a>,
    /// How many of the metric's parts were given.
    given: usize,
    /// The series that was given last.
    key: Vec<u8>,
    histogram: Native,
    exemplars: Vec<Exemplar<'a>>,
}

#[derive(Debug, Default)]
struct Family<'a> {
    name: &'a str,
    help: &'a str,
    unit: &'a str,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Told {
    Nothing,
    Help,
    Unit,
    All,
}

impl<'a> Proto<'a> {
    pub(crate) fn new(page: &'a [u8], histograms: Histograms) -> Self {
        Self {
            rest: page,
            histograms,
            family: Family::default(),
            told: Told::All,
            metrics: &[],
            metric: Metric::default(),
            given: 0,
            key: Vec::new(),
            histogram: Native::default(),
            exemplars: Vec::new(),
        }
    }

    /// The next entry, if there is one.
    pub(crate) fn next(&mut self, expected: &[u8]) -> Result<Option<Entry<'_>>, ParseError> {
        loop {
            let family = &self.family;
            match self.told {
                Told::Nothing => {
                    self.told = Told::Help;
                    if !family.help.is_empty() {
                        return Ok(Some(Entry::Help { name: family.name, text: family.help.into() }));
                    }
                }
                Told::Help => {
                    self.told = Told::Unit;
                    if !family.unit.is_empty() {
                        return Ok(Some(Entry::Unit { name: family.name, unit: family.unit }));
                    }
                }
                Told::Unit => {
                    self.told = Told::All;
                    return Ok(Some(Entry::Type { name: family.name, kind: family.kind }));
                }
                Told::All if self.given < self.metric.parts.len() => return self.part(expected).map(Some),
                Told::All => {
                    if !self.next_metric()? && !self.next_family()? {
                        return Ok(None);
                    }
                }
            }
        }
    }

    fn next_family(&mut self) -> Result<bool, ParseError> {
        if self.rest.is_empty() {
            return Ok(false);
        }
        let (body, rest) = wire::body(self.rest).ok_or_else(cut)?;
        self.rest = rest;
        let (mut name, mut help, mut unit, mut kind): (&[u8], &[u8], &[u8], _) = (b"", b"", b"", 0);
        let mut any = false;
        fields(body, |number, value, bytes| {
            match number {
                1 => name = bytes,
                2 => help = bytes,
                3 => kind = value,
                4 => any = true,
                5 => unit = bytes,
                _ => {}
            }
            Some(())
        })
        .ok_or_else(cut)?;
        // Families without metrics are none.
        if !any {
            return Ok(true);
        }
        let Some(name) = text(name).filter(|name| !name.is_empty()) else {
            return Err(ParseError::new(format!("invalid metric name: {}", String::from_utf8_lossy(name))));
        };
        let Some(help) = text(help) else {
            let help = String::from_utf8_lossy(help);
            return Err(ParseError::new(format!("invalid help for metric {name:?}: {help}")));
        };
        let kind = match kind {
            0 => Kind::Counter,
            1 => Kind::Gauge,
            2 => Kind::Summary,
            3 => Kind::Unknown,
            4 => Kind::Histogram,
            5 => Kind::GaugeHistogram,
            other => {
                return Err(ParseError::new(format!("unknown metric type for metric {name:?}: {other}")));
            }
        };
        self.family = Family { name, help, unit: text(unit).unwrap_or_default(), kind };
        self.told = Told::Nothing;
        self.metrics = body;
        Ok(true)
    }

    fn next_metric(&mut self) -> Result<bool, ParseError> {
        while !self.metrics.is_empty() {
            let (number, _, bytes, rest) = field(self.metrics).ok_or_else(cut)?;
            self.metrics = rest;
            if number == 4 {
                self.metric.read(bytes, self.family.kind, self.histograms).ok_or_else(cut)??;
                self.given = 0;
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn part(&mut self, expected: &[u8]) -> Result<Entry<'_>, ParseError> {
        let part = &self.metric.parts[self.given];
        self.given += 1;
        let name = self.family.name;
        series::begin(&mut self.key, name.as_bytes(), part.suffix());
        for (name, value) in &self.metric.labels {
            series::push(&mut self.key, name.as_bytes(), &[value.as_bytes()]);
        }
        if let Some((name, value)) = part.label() {
            series::push(&mut self.key, name.as_bytes(), &[value.as_bytes()]);
        }
        let timestamp = self.metric.timestamp;
        match part {
            Part::Number { value, exemplar, .. } => {
                let exemplar = exemplar.map(|bytes| metric::exemplar(bytes).ok_or_else(cut)).transpose()?;
                let value = if value.is_nan() { f64::from_bits(0x7ff8_0000_0000_0001) } else { *value };
                let expected = self.key == expected;
                Ok(Entry::Sample(Sample { series: &self.key, expected, value, timestamp, exemplar }))
            }
            Part::Native => {
                let within = |why| ParseError::new(format!("histogram {name:?}: {why}"));
                self.histogram = self.metric.native().map_err(within)?;
                self.histogram.is_gauge = self.family.kind == Kind::GaugeHistogram;
                self.exemplars.clear();
                for bytes in &self.metric.exemplars {
                    let exemplar = metric::exemplar(bytes).ok_or_else(cut)?;
                    if exemplar.timestamp.is_some() {
                        self.exemplars.push(exemplar);
                    }
                }
                let (native, exemplars) = (&self.histogram, &self.exemplars[..]);
                Ok(Entry::Histogram { series: &self.key, timestamp, native, exemplars })
            }
        }
    }
}

#[cold]
fn cut() -> ParseError {
    ParseError::new("unexpected EOF")
}

pub(crate) fn text(bytes: &[u8]) -> Option<&str> {
    std::str::from_utf8(bytes).ok()
}

pub(crate) fn double(bytes: &[u8]) -> f64 {
    f64::from_bits(bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes)))
}

/// The first field of a message: its number, its value, its bytes, and what is behind.
fn field(message: &[u8]) -> Option<(u32, u64, &[u8], &[u8])> {
    let (key, rest) = wire::key(message)?;
    if key >> 3 == 0 {
        return None;
    }
    let nothing: &[u8] = &[];
    Some(match key & 7 {
        0 => {
            let (value, rest) = wire::varint(rest)?;
            (key >> 3, value, nothing, rest)
        }
        1 => {
            let (value, rest) = rest.split_first_chunk()?;
            (key >> 3, u64::from_le_bytes(*value), nothing, rest)
        }
        2 => {
            let (bytes, rest) = wire::body(rest)?;
            (key >> 3, 0, bytes, rest)
        }
        // What the schema does not have: stepped over, as a field that nobody asks for.
        _ => (u32::MAX, 0, nothing, wire::unknown(key, rest, DEPTH)?),
    })
}

/// Calls `each` with the number, the value and the bytes of every field.
pub(crate) fn fields<'a>(
    mut message: &'a [u8],
    mut each: impl FnMut(u32, u64, &'a [u8]) -> Option<()>,
) -> Option<()> {
    while !message.is_empty() {
        let (number, value, bytes, rest) = field(message)?;
        each(number, value, bytes)?;
        message = rest;
    }
    Some(())
}
