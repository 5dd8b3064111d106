//! Requests of Prometheus' remote write, read back.

use std::fmt::Write;

use crate::message::{Field, all, buckets, one, shown, text, unzigzag, varints};

/// The value of a series that has ended: a NaN that Prometheus keeps for it.
const STALE: u64 = 0x7ff0_0000_0000_0002;

/// A value's bits as a number, or as the end of a series.
fn value(bits: u64) -> String {
    if bits == STALE { "stale".to_owned() } else { f64::from_bits(bits).to_string() }
}

/// What is in a request, `v2` or not: a line for each series, `name{labels} value@milliseconds # {exemplar}`, with version 2 the
/// metadata in parentheses; then with version 1 a line for each metric's metadata, which begins with `#`.
///
/// # Panics
/// The bytes are no such request, or a series' labels are not sorted.
pub fn remote_written(request: &[u8], v2: bool) -> Vec<String> {
    let symbols: Vec<&str> = all(request, 4).into_iter().filter(|_| v2).map(Field::text).collect();
    let series = all(request, if v2 { 5 } else { 1 });
    let mut lines: Vec<String> =
        series.into_iter().map(|series| line(series.bytes(), v2.then_some(&symbols[..]))).collect();
    for meta in all(request, 3) {
        let meta = meta.bytes();
        lines.push(format!("# {} {} {:?} {}", text(meta, 2), one(meta, 1), text(meta, 4), text(meta, 5)));
    }
    lines
}

/// The pairs of a series or an exemplar.
fn labels<'m>(message: &'m [u8], symbols: Option<&[&'m str]>) -> Vec<(&'m str, &'m str)> {
    let Some(symbols) = symbols else {
        let labels = all(message, 1).into_iter();
        return labels.map(|label| (text(label.bytes(), 1), text(label.bytes(), 2))).collect();
    };
    let places = all(message, 1).first().map_or(Vec::new(), |field| varints(field.bytes()));
    let texts: Vec<&str> = places.iter().map(|place| symbol(symbols, *place)).collect();
    texts.chunks(2).map(|pair| (pair[0], pair[1])).collect()
}

fn symbol<'m>(symbols: &[&'m str], place: u64) -> &'m str {
    symbols[usize::try_from(place).expect("a place in the table")]
}

fn line(series: &[u8], symbols: Option<&[&str]>) -> String {
    let own = labels(series, symbols);
    assert!(own.is_sorted(), "{own:?}");
    let mut line = shown(&own);
    let mut put = |text: std::fmt::Arguments<'_>| line.write_fmt(text).expect("texts take all");
    for sample in all(series, 2) {
        let sample = sample.bytes();
        put(format_args!(" {}@{}", value(one(sample, 1)), one(sample, 2)));
    }
    let (exemplars, histograms) = if symbols.is_some() { (4, 3) } else { (3, 4) };
    for histogram in all(series, histograms) {
        put(format_args!(" {}", native(histogram.bytes())));
    }
    for exemplar in all(series, exemplars) {
        let exemplar = exemplar.bytes();
        let labels = shown(&labels(exemplar, symbols));
        put(format_args!(" # {labels} {}@{}", value(one(exemplar, 2)), one(exemplar, 3)));
    }
    if let Some(symbols) = symbols {
        let meta = all(series, 5)[0].bytes();
        let symbol = |number| symbol(symbols, one(meta, number));
        put(format_args!(" ({} {:?} {})", one(meta, 1), symbol(3), symbol(4)));
    }
    line
}

/// `[count … deltas …]@milliseconds`
fn native(histogram: &[u8]) -> String {
    let buckets = buckets(histogram, (8, 9), (11, 12));
    let bounds = all(histogram, 16).into_iter().flat_map(|packed| packed.bytes().chunks(8));
    let bounds: Vec<f64> = bounds
        .map(|bytes| f64::from_le_bytes(bytes.try_into().expect("eight bytes of each bound")))
        .collect();
    let bounds = if bounds.is_empty() { String::new() } else { format!(" bounds {bounds:?}") };
    format!(
        "[count {} sum {} schema {} zero {} below {:e} {buckets}{bounds}]@{}",
        one(histogram, 1),
        value(one(histogram, 3)),
        unzigzag(one(histogram, 4)),
        one(histogram, 6),
        f64::from_bits(one(histogram, 5)),
        one(histogram, 15)
    )
}
