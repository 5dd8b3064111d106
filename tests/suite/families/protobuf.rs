//! A page in Prometheus' protobuf format, which nobody can read: families of each type, with native histograms.

use slimcol_pdata::put::{bytes, fixed64, message, varint, varint_field};

/// `MetricType`
#[derive(Clone, Copy)]
enum Type {
    Counter,
    Gauge,
    Summary,
    Untyped,
    Histogram,
    GaugeHistogram,
}

/// 2018-03-07, when all began.
const CREATED: u64 = 1_520_430_000;
/// 2018-03-12, the time of exemplars.
const THEN: u64 = 1_520_879_607;

/// The page.
pub(crate) fn page() -> Vec<u8> {
    let mut page = Vec::new();
    family(&mut page, "p_jobs_total", Type::Counter, "", &[("queue", "a")], |counter| {
        fixed64(counter, 1, 12f64.to_bits());
        message(counter, 2, |to| exemplar(to, 3.0, true));
        message(counter, 3, |to| varint_field(to, 1, CREATED));
    });
    family(&mut page, "p_depth", Type::Gauge, "", &[], |gauge| fixed64(gauge, 1, (-2.5f64).to_bits()));
    family(&mut page, "p_any", Type::Untyped, "", &[], |any| fixed64(any, 1, 7f64.to_bits()));
    family(&mut page, "p_pause_seconds", Type::Summary, "seconds", &[], |summary| {
        varint_field(summary, 1, 3);
        fixed64(summary, 2, 1.5f64.to_bits());
        message(summary, 3, |quantile| {
            fixed64(quantile, 1, 0.5f64.to_bits());
            fixed64(quantile, 2, 0.25f64.to_bits());
        });
        message(summary, 4, |to| varint_field(to, 1, CREATED));
    });
    family(&mut page, "p_classic_seconds", Type::Histogram, "seconds", &[("r", "é")], classic);
    family(&mut page, "p_native_seconds", Type::Histogram, "seconds", &[("r", "/")], |histogram| {
        varint_field(histogram, 1, 17);
        fixed64(histogram, 2, 30.5f64.to_bits());
        native(histogram);
        message(histogram, 16, |to| exemplar(to, 0.75, true));
        message(histogram, 16, |to| exemplar(to, 1.25, false));
        message(histogram, 15, |to| varint_field(to, 1, CREATED));
    });
    // Counts that are no whole numbers, which come of rules and federation.
    family(&mut page, "p_float_seconds", Type::Histogram, "seconds", &[], |histogram| {
        fixed64(histogram, 4, 7.5f64.to_bits());
        fixed64(histogram, 2, 9.0f64.to_bits());
        varint_field(histogram, 5, zigzag(0));
        fixed64(histogram, 6, 0.001f64.to_bits());
        fixed64(histogram, 8, 1.5f64.to_bits());
        span(histogram, 12, 0, 2);
        for count in [2.75f64, 3.25] {
            fixed64(histogram, 14, count.to_bits());
        }
    });
    // Classic buckets beside the native ones: the native ones are taken.
    family(&mut page, "p_both_seconds", Type::Histogram, "seconds", &[], |histogram| {
        classic(histogram);
        varint_field(histogram, 5, zigzag(0));
        fixed64(histogram, 6, 0.001f64.to_bits());
        span(histogram, 12, 1, 2);
        packed(histogram, 13, &[1, 2]);
    });
    family(&mut page, "p_waiting", Type::GaugeHistogram, "", &[], classic);
    family(&mut page, "p.utf8", Type::Gauge, "", &[("l.a", "v")], |gauge| {
        fixed64(gauge, 1, 2f64.to_bits());
    });
    page
}

/// A page on which nearly all is gone.
pub(super) fn rest() -> Vec<u8> {
    let mut page = Vec::new();
    family(&mut page, "p_left", Type::Gauge, "", &[], |gauge| fixed64(gauge, 1, 1f64.to_bits()));
    page
}

/// Appends a family of one metric, its length before it.
fn family(
    page: &mut Vec<u8>,
    name: &str,
    kind: Type,
    unit: &str,
    labels: &[(&str, &str)],
    data: impl FnOnce(&mut Vec<u8>),
) {
    let mut family = Vec::new();
    bytes(&mut family, 1, name.as_bytes());
    bytes(&mut family, 2, format!("What {name} says.").as_bytes());
    varint_field(&mut family, 3, kind as u64);
    message(&mut family, 4, |metric| {
        for (name, value) in labels {
            message(metric, 1, |label| {
                bytes(label, 1, name.as_bytes());
                bytes(label, 2, value.as_bytes());
            });
        }
        let number = match kind {
            Type::Gauge => 2,
            Type::Counter => 3,
            Type::Summary => 4,
            Type::Untyped => 5,
            Type::Histogram | Type::GaugeHistogram => 7,
        };
        message(metric, number, data);
    });
    bytes(&mut family, 5, unit.as_bytes());
    varint(page, family.len() as u64);
    page.extend_from_slice(&family);
}

/// Buckets up to 1 and 10, and what is above.
fn classic(histogram: &mut Vec<u8>) {
    varint_field(histogram, 1, 4);
    fixed64(histogram, 2, 20.5f64.to_bits());
    for (count, bound) in [(1, 1.0), (3, 10.0), (4, f64::INFINITY)] {
        message(histogram, 3, |bucket| {
            varint_field(bucket, 1, count);
            fixed64(bucket, 2, f64::to_bits(bound));
            if count == 3 {
                message(bucket, 3, |to| exemplar(to, 5.0, true));
            }
        });
    }
}

/// Buckets on both sides, with a gap, and a bucket around zero.
fn native(histogram: &mut Vec<u8>) {
    varint_field(histogram, 5, zigzag(3));
    fixed64(histogram, 6, 0.125f64.to_bits());
    varint_field(histogram, 7, 2);
    span(histogram, 9, -1, 1);
    packed(histogram, 10, &[3]);
    span(histogram, 12, 0, 2);
    span(histogram, 12, 2, 2);
    // 4, 2 and behind the gap 1, 5.
    packed(histogram, 13, &[4, -2, -1, 4]);
}

fn span(histogram: &mut Vec<u8>, number: u32, offset: i64, length: u64) {
    message(histogram, number, |span| {
        varint_field(span, 1, zigzag(offset));
        varint_field(span, 2, length);
    });
}

fn packed(histogram: &mut Vec<u8>, number: u32, deltas: &[i64]) {
    message(histogram, number, |to| deltas.iter().for_each(|delta| varint(to, zigzag(*delta))));
}

fn exemplar(to: &mut Vec<u8>, value: f64, timed: bool) {
    message(to, 1, |label| {
        bytes(label, 1, b"trace_id");
        bytes(label, 2, b"0102030405060708090a0b0c0d0e0f10");
    });
    fixed64(to, 2, value.to_bits());
    if timed {
        message(to, 3, |time| {
            varint_field(time, 1, THEN);
            varint_field(time, 2, 250_000_000);
        });
    }
}

fn zigzag(value: i64) -> u64 {
    (value << 1 ^ value >> 63).cast_unsigned()
}
