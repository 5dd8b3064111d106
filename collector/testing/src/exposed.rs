//! Pages of Prometheus' protobuf format, read back.

use std::fmt::Write;

use slimcol_pdata::wire;

use crate::message::{Field, all, buckets, one, shown, text, unzigzag};

/// What is on a page in protobuf: for each family a line `# name type help` and for each metric a line `name{labels} value`.
///
/// # Panics
/// The bytes are no such page, or a metric is not of its family's type.
pub fn exposed(mut page: &[u8]) -> Vec<String> {
    let mut lines = Vec::new();
    while !page.is_empty() {
        let (family, rest) =
            wire::body(page).expect("a length before each family, and so many bytes behind it");
        let (name, kind) = (text(family, 1), one(family, 3));
        let kinds = ["counter", "gauge", "summary", "untyped", "histogram"];
        let word = kinds[usize::try_from(kind).expect("a type")];
        lines.push(format!("# {name} {word} {:?}", text(family, 2)));
        lines.extend(all(family, 4).into_iter().map(|metric| line(name, word, metric.bytes())));
        page = rest;
    }
    lines
}

fn line(name: &str, word: &str, metric: &[u8]) -> String {
    let number = match word {
        "gauge" => 2,
        "counter" => 3,
        "summary" => 4,
        "untyped" => 5,
        _ => 7,
    };
    let data = all(metric, number).first().expect("data of the family's type").bytes();
    let float = |message, number| f64::from_bits(one(message, number));
    let mut labels = labels(metric);
    labels.push(("__name__", name));
    let mut line = shown(&labels);
    let mut put = |text: std::fmt::Arguments<'_>| line.write_fmt(text).expect("texts take all");
    match word {
        "summary" => {
            put(format_args!(" count {} sum {}", one(data, 1), float(data, 2)));
            for quantile in all(data, 3).into_iter().map(Field::bytes) {
                put(format_args!(" {}:{}", float(quantile, 1), float(quantile, 2)));
            }
        }
        "histogram" => {
            put(format_args!(" count {} sum {}", one(data, 1), float(data, 2)));
            for bucket in all(data, 3).into_iter().map(Field::bytes) {
                put(format_args!(" {}:{}", float(bucket, 2), one(bucket, 1)));
                put(format_args!("{}", exemplars(bucket, 3)));
            }
            if !all(data, 5).is_empty() {
                let (schema, zero, below) = (unzigzag(one(data, 5)), one(data, 7), float(data, 6));
                let buckets = buckets(data, (9, 10), (12, 13));
                put(format_args!(" schema {schema} zero {zero} below {below:e} {buckets}"));
            }
            put(format_args!("{}", exemplars(data, 16)));
        }
        _ => {
            put(format_args!(" {}", float(data, 1)));
            put(format_args!("{}", exemplars(data, 2)));
        }
    }
    let created = match word {
        "counter" => 3,
        "histogram" => 15,
        _ => 4,
    };
    for time in all(data, created) {
        put(format_args!(" created {}", seconds(time.bytes())));
    }
    for time in all(metric, 6) {
        put(format_args!(" @{}", time.number()));
    }
    line
}

fn labels(message: &[u8]) -> Vec<(&str, &str)> {
    all(message, 1).into_iter().map(|pair| (text(pair.bytes(), 1), text(pair.bytes(), 2))).collect()
}

/// The exemplars of a field.
fn exemplars(message: &[u8], number: u32) -> String {
    all(message, number).into_iter().map(|exemplar| exemplar_shown(exemplar.bytes())).collect()
}

fn exemplar_shown(exemplar: &[u8]) -> String {
    let mut labels = labels(exemplar);
    // They come in any order.
    labels.sort_unstable();
    let time = all(exemplar, 3).first().map_or(String::new(), |time| format!("@{}", seconds(time.bytes())));
    format!(" # {} {}{time}", shown(&labels), f64::from_bits(one(exemplar, 2)))
}

/// A time in seconds, with all its digits.
fn seconds(time: &[u8]) -> String {
    format!("{}.{:09}", one(time, 1).cast_signed(), one(time, 2))
}
