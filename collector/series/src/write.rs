//! What a scrape brought, as an `ExportMetricsServiceRequest`.

use std::{cell::RefCell, collections::HashMap};

use slimcol_exposition::Buckets;
use slimcol_pdata::put;

use crate::{
    cache::{Cache, Many, NONE, Parts, Point, Resource, Shape},
    exemplar::nanos,
    memory::{NOW, Reading, is_absent, is_stale},
    resolve::attribute,
};

/// Cumulative.
const CUMULATIVE: u64 = 2;

/// An `ExportMetricsServiceRequest`.
#[derive(Debug)]
pub struct Request {
    /// What it is in.
    pub bytes: Vec<u8>,
    /// Where it begins there.
    pub start: usize,
    /// How many points it has.
    pub points: usize,
}

/// What is sent with the series of a resource's own scope: metrics that are encoded already.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Beside<'a> {
    pub(crate) scope: u32,
    pub(crate) metrics: &'a [u8],
    pub(crate) points: usize,
}

/// Appends all that has a value in `reading` to a request; `now`: the time of the scrape in milliseconds. The number of points.
pub(crate) fn write(
    to: &mut Vec<u8>,
    cache: &Cache,
    reading: &Reading,
    now: i64,
    beside: Option<Beside<'_>>,
) -> usize {
    let mut writer = Writer { cache, reading, now, count: 0 };
    let mut metrics = ROOM.take();
    let mut sections: Vec<Section> = Vec::new();
    for (resource, all) in cache.resources.iter().enumerate() {
        for scope in &all.scopes {
            let start = metrics.len();
            for family in &cache.scopes[*scope as usize].families {
                writer.family(&mut metrics, *family);
            }
            if let Some(beside) = beside.filter(|beside| beside.scope == *scope) {
                metrics.extend_from_slice(beside.metrics);
                writer.count += beside.points;
            }
            let length = metrics.len() - start;
            if length > 0 {
                sections.push(Section { resource, scope: *scope, length });
            }
        }
    }
    let mut rest = &metrics[..];
    for sections in sections.chunk_by(|a, b| a.resource == b.resource) {
        let resource = encoded(&cache.resources[sections[0].resource], reading);
        let lengths = sections.iter().map(|section| put::bytes_len(2, section.body_len(cache)));
        let length = put::bytes_len(1, resource.len()) + lengths.sum::<usize>();
        // All that follows, so that there is one allocation where there is one resource.
        to.reserve(put::bytes_len(1, length));
        put::head(to, 1, length);
        put::bytes(to, 1, &resource);
        for section in sections {
            let scope = &cache.scopes[section.scope as usize];
            put::head(to, 2, section.body_len(cache));
            put::bytes(to, 1, &scope.encoded);
            let (own, behind) = rest.split_at(section.length);
            to.extend_from_slice(own);
            rest = behind;
            if !scope.schema_url.is_empty() {
                put::bytes(to, 3, scope.schema_url.as_bytes());
            }
        }
    }
    if metrics.capacity() <= MOST_ROOM {
        metrics.clear();
        ROOM.set(metrics);
    }
    writer.count
}

/// The same as a request of its own where one scope has it all, `beside` too, as nearly always: written once, where it stays. `expected`:
/// how long it will probably be.
pub(crate) fn write_whole(
    cache: &Cache,
    reading: &Reading,
    now: i64,
    beside: Beside<'_>,
    expected: usize,
) -> Option<Request> {
    let ([resource], [scope]) = (&cache.resources[..], &cache.scopes[..]) else { return None };
    let resource = encoded(resource, reading);
    // Before the metrics are two lengths that are known behind them.
    let room = resource.len() + scope.encoded.len() + 32;
    let mut bytes = Vec::with_capacity(expected.max(room));
    bytes.resize(room, 0);
    let mut writer = Writer { cache, reading, now, count: beside.points };
    for family in &scope.families {
        writer.family(&mut bytes, *family);
    }
    bytes.extend_from_slice(beside.metrics);
    let section = Section { resource: 0, scope: 0, length: bytes.len() - room };
    if !scope.schema_url.is_empty() {
        put::bytes(&mut bytes, 3, scope.schema_url.as_bytes());
    }
    let body = section.body_len(cache);
    let mut head = Vec::with_capacity(room);
    put::head(&mut head, 1, put::bytes_len(1, resource.len()) + put::bytes_len(2, body));
    put::bytes(&mut head, 1, &resource);
    put::head(&mut head, 2, body);
    put::bytes(&mut head, 1, &scope.encoded);
    let start = room - head.len();
    bytes[start..room].copy_from_slice(&head);
    Some(Request { bytes, start, points: writer.count })
}

thread_local! {
    /// Where the metrics of a request are written before their lengths are known. Another request will need as much.
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// What a thread keeps of that between requests, at most.
const MOST_ROOM: usize = 1 << 20;

/// The metrics of a scope, so many bytes of those that were written.
struct Section {
    resource: usize,
    scope: u32,
    length: usize,
}

impl Section {
    /// How long it is as a `ScopeMetrics`.
    fn body_len(&self, cache: &Cache) -> usize {
        let scope = &cache.scopes[self.scope as usize];
        let schema = scope.schema_url.len();
        let schema = if schema == 0 { 0 } else { put::bytes_len(3, schema) };
        put::bytes_len(1, scope.encoded.len()) + self.length + schema
    }
}

/// Appends a gauge of one point.
pub(crate) fn gauge(to: &mut Vec<u8>, head: &[u8], attributes: &[u8], now: i64, value: f64) {
    let mut point = Vec::with_capacity(attributes.len() + 24);
    number(&mut point, attributes, (0, nanos(now)), value, &[]);
    let gauge = put::bytes_len(1, point.len());
    put::head(to, 2, head.len() + put::bytes_len(5, gauge));
    to.extend_from_slice(head);
    put::head(to, 5, gauge);
    put::bytes(to, 1, &point);
}

/// A resource with what `target_info` says of it now.
fn encoded(resource: &Resource, reading: &Reading) -> Vec<u8> {
    let mut all: Vec<(&str, &str)> =
        resource.attributes.iter().map(|(name, value)| (&**name, &**value)).collect();
    let is_there = |series: u32| {
        reading.values.get(series as usize).is_some_and(|value| !is_absent(*value) && !is_stale(*value))
    };
    let infos = || resource.infos.iter().filter(|(series, _)| is_there(*series)).flat_map(|(_, all)| all);
    if infos().next().is_some() {
        let mut places: HashMap<&str, usize> =
            all.iter().enumerate().map(|(at, (name, _))| (*name, at)).collect();
        for (name, value) in infos() {
            if let Some(at) = places.get(&**name) {
                all[*at].1 = value;
            } else {
                places.insert(name, all.len());
                all.push((name, value));
            }
        }
    }
    let mut to = Vec::new();
    for (name, value) in all {
        attribute(&mut to, 1, name, value);
    }
    to
}

struct Writer<'a> {
    cache: &'a Cache,
    reading: &'a Reading,
    now: i64,
    /// How many points were written.
    count: usize,
}

/// How many bytes most lengths of metrics take, for which room is left before they are known.
const ROOM_OF_LENGTH: usize = 2;

/// Leaves room for a length; where what it is of begins.
fn open(to: &mut Vec<u8>) -> usize {
    to.extend_from_slice(&[0; ROOM_OF_LENGTH]);
    to.len()
}

/// Puts the length of all behind `start` before it.
fn close(to: &mut Vec<u8>, start: usize) {
    let length = to.len() - start;
    let room = start - ROOM_OF_LENGTH..start;
    if (1 << 7..1 << 14).contains(&length) {
        to[room].copy_from_slice(&[length.to_le_bytes()[0] | 0x80, (length >> 7).to_le_bytes()[0]]);
    } else {
        let mut written = Vec::new();
        put::varint(&mut written, length as u64);
        to.splice(room, written);
    }
}

impl Writer<'_> {
    /// Appends a family, if it has a point.
    #[inline(never)]
    fn family(&mut self, to: &mut Vec<u8>, family: u32) {
        let family = &self.cache.families[family as usize];
        let before = to.len();
        put::key(to, 2, 2);
        let metric = open(to);
        to.extend_from_slice(&family.head);
        let field = match family.shape {
            Shape::Gauge | Shape::Other => 5,
            Shape::Sum { .. } => 7,
            Shape::Histogram => 9,
            Shape::Exponential => 10,
            Shape::Summary => 11,
        };
        put::key(to, field, 2);
        let data = open(to);
        for point in &family.points {
            self.count += usize::from(self.point(to, &self.cache.points[*point as usize], family.shape));
        }
        if to.len() == data {
            to.truncate(before);
            return;
        }
        match family.shape {
            Shape::Gauge | Shape::Other | Shape::Summary => {}
            _ => put::varint_field(to, 2, CUMULATIVE),
        }
        if family.shape == (Shape::Sum { monotonic: true }) {
            put::varint_field(to, 3, 1);
        }
        close(to, data);
        close(to, metric);
    }

    /// The value of a series, if it has one.
    #[inline]
    fn value(&self, series: u32) -> Option<f64> {
        self.reading.values.get(series as usize).copied().filter(|value| !is_absent(*value))
    }

    fn time(&self, series: u32) -> i64 {
        self.reading.times.get(series as usize).copied().unwrap_or(NOW)
    }

    fn nanos(&self, series: u32) -> u64 {
        let time = self.time(series);
        nanos(if time == NOW { self.now } else { time })
    }

    /// When it all began, or zero.
    #[allow(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "Go's own arithmetic, saturating"
    )]
    fn start(&self, created: u32) -> u64 {
        let Some(seconds) = self.value(created).filter(|value| value.is_finite()) else { return 0 };
        let whole = seconds.trunc();
        (whole as u64).saturating_mul(1_000_000_000).saturating_add(((seconds - whole) * 1e9) as u64)
    }

    fn exemplars(&self, series: u32) -> &[Vec<u8>] {
        if self.reading.exemplars.is_empty() {
            return &[];
        }
        self.reading.exemplars.get(&series).map_or(&[], |all| all)
    }

    /// Appends a point, and tells whether there is one.
    #[inline]
    fn point(&self, to: &mut Vec<u8>, point: &Point, shape: Shape) -> bool {
        let attributes = self.cache.attributes(point);
        match &point.parts {
            Parts::Number { value: series, created } => {
                let Some(value) = self.value(*series) else { return false };
                let start = if *created == NONE { 0 } else { self.start(*created) };
                let times = (start, self.nanos(*series));
                let exemplars = self.exemplars(*series);
                let length = number_len(attributes, start, value, exemplars);
                put::head(to, 1, length);
                number(to, attributes, times, value, exemplars);
            }
            Parts::Native { value, created } => {
                if self.value(*value).is_none() {
                    return false;
                }
                let mut body = attributes.to_vec();
                self.native(&mut body, *value, *created);
                put::bytes(to, 1, &body);
            }
            Parts::Many(many) => {
                let Some(count) = self.value(many.count) else { return false };
                let mut body = Vec::with_capacity(attributes.len() + 64 + many.bounds.len() * 20);
                body.extend_from_slice(attributes);
                if shape == Shape::Histogram {
                    self.histogram(&mut body, many, count);
                } else {
                    self.summary(&mut body, many, count);
                }
                put::bytes(to, 1, &body);
            }
        }
        true
    }

    /// Bounds with their values that are of the same time as the count, and of a series that has not ended.
    fn bounds(&self, many: &Many, stale: bool) -> impl Iterator<Item = (f64, f64)> {
        let time = self.time(many.count);
        many.bounds.iter().filter_map(move |(bound, series)| {
            let value = self.value(*series)?;
            (self.time(*series) == time && (stale || !is_stale(value))).then_some((*bound, value))
        })
    }

    fn times(&self, to: &mut Vec<u8>, many: &Many) {
        let start = self.start(many.created);
        if start != 0 {
            put::fixed64(to, 2, start);
        }
        put::fixed64(to, 3, self.nanos(many.count));
    }

    fn histogram(&self, to: &mut Vec<u8>, many: &Many, count: f64) {
        let sum = self.value(many.sum);
        let stale = is_stale(count) || sum.is_some_and(is_stale);
        self.times(to, many);
        if stale {
            put::varint_field(to, 10, 1);
        } else {
            put::fixed64(to, 4, whole(count));
            if let Some(sum) = sum {
                put::fixed64(to, 5, sum.to_bits());
            }
        }
        let finite = || self.bounds(many, stale).filter(|(bound, _)| *bound != f64::INFINITY);
        let length = finite().count();
        put::head(to, 6, (length + 1) * 8);
        let mut before = 0.0;
        for (_, value) in finite() {
            let own = if stale { 0 } else { whole(value - before) };
            to.extend_from_slice(&own.to_le_bytes());
            before = value;
        }
        let own = if stale { 0 } else { whole(count - before) };
        to.extend_from_slice(&own.to_le_bytes());
        if length > 0 {
            put::head(to, 7, length * 8);
            for (bound, _) in finite() {
                to.extend_from_slice(&bound.to_le_bytes());
            }
        }
        if !self.reading.exemplars.is_empty() {
            for (_, series) in &many.bounds {
                self.exemplars(*series).iter().for_each(|exemplar| put::bytes(to, 8, exemplar));
            }
        }
    }

    fn summary(&self, to: &mut Vec<u8>, many: &Many, count: f64) {
        let sum = self.value(many.sum);
        let stale = is_stale(count) || sum.is_some_and(is_stale);
        self.times(to, many);
        if stale {
            put::varint_field(to, 8, 1);
        } else {
            put::fixed64(to, 4, whole(count));
            if let Some(sum) = sum {
                put::fixed64(to, 5, sum.to_bits());
            }
        }
        for (quantile, value) in self.bounds(many, stale) {
            let value = if stale { 0.0 } else { value };
            put::head(to, 6, 18);
            put::fixed64(to, 1, quantile.to_bits());
            put::fixed64(to, 2, value.to_bits());
        }
    }

    fn native(&self, to: &mut Vec<u8>, series: u32, created: u32) {
        let start = self.start(created);
        if start != 0 {
            put::fixed64(to, 2, start);
        }
        put::fixed64(to, 3, self.nanos(series));
        let Some(native) = self.reading.natives.get(&series) else {
            put::varint_field(to, 10, 1);
            return;
        };
        put::fixed64(to, 4, whole(native.count));
        put::fixed64(to, 5, native.sum.to_bits());
        put::varint_field(to, 6, zigzag(native.schema));
        put::fixed64(to, 7, whole(native.zero_count));
        buckets(to, 8, &native.positive);
        buckets(to, 9, &native.negative);
        self.exemplars(series).iter().for_each(|exemplar| put::bytes(to, 11, exemplar));
        put::fixed64(to, 14, native.zero_threshold.to_bits());
    }
}

fn buckets(to: &mut Vec<u8>, field: u32, buckets: &Buckets) {
    if buckets.counts.is_empty() {
        return;
    }
    let mut counts = Vec::new();
    for count in &buckets.counts {
        put::varint(&mut counts, whole(*count));
    }
    let mut body = Vec::new();
    // OTLP's offsets are those of lower bounds.
    put::varint_field(&mut body, 1, zigzag(buckets.first.saturating_sub(1)));
    put::bytes(&mut body, 2, &counts);
    put::bytes(to, field, &body);
}

fn zigzag(value: i32) -> u64 {
    u64::from(((value << 1) ^ (value >> 31)).cast_unsigned())
}

#[allow(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "counts are whole, and not negative"
)]
fn whole(value: f64) -> u64 {
    value as u64
}

/// How long a point is that [`number`] writes.
#[inline]
fn number_len(attributes: &[u8], start: u64, value: f64, exemplars: &[Vec<u8>]) -> usize {
    let start = if start == 0 { 0 } else { 9 };
    let value = if is_stale(value) { 2 } else { 9 };
    let exemplars: usize = exemplars.iter().map(|exemplar| put::bytes_len(5, exemplar.len())).sum();
    attributes.len() + start + 9 + value + exemplars
}

/// Appends a number's point: attributes, times, value.
#[inline]
fn number(to: &mut Vec<u8>, attributes: &[u8], (start, time): (u64, u64), value: f64, exemplars: &[Vec<u8>]) {
    to.extend_from_slice(attributes);
    if start != 0 {
        put::fixed64(to, 2, start);
    }
    if is_stale(value) {
        put::fixed64(to, 3, time);
        put::varint_field(to, 8, 1);
    } else {
        // Fields 3 and 4 at once: nearly all points have these.
        let mut both = [0x19; 18];
        both[1..9].copy_from_slice(&time.to_le_bytes());
        both[9] = 0x21;
        both[10..].copy_from_slice(&value.to_bits().to_le_bytes());
        to.extend_from_slice(&both);
    }
    for exemplar in exemplars {
        put::bytes(to, 5, exemplar);
    }
}
