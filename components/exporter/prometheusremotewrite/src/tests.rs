mod requests;
mod sending;

use std::fmt::Write;

use slimcol_pdata::{Metrics, wire};
use slimcol_testing::assert_metadata;

use crate::FACTORY;

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

/// A field of a message.
#[derive(Clone, Copy, Debug)]
enum Field<'a> {
    Number(u64),
    Bytes(&'a [u8]),
}

impl<'a> Field<'a> {
    fn number(self) -> u64 {
        let Self::Number(number) = self else { panic!("{self:?} is no number") };
        number
    }

    fn bytes(self) -> &'a [u8] {
        let Self::Bytes(bytes) = self else { panic!("{self:?} is no bytes") };
        bytes
    }

    fn text(self) -> &'a str {
        std::str::from_utf8(self.bytes()).unwrap()
    }
}

/// The fields of a message, in order.
fn fields(mut message: &[u8]) -> Vec<(u32, Field<'_>)> {
    let mut fields = Vec::new();
    while !message.is_empty() {
        let (key, rest) = wire::varint(message).unwrap();
        let (field, rest) = match key & 7 {
            0 => wire::varint(rest).map(|(number, rest)| (Field::Number(number), rest)).unwrap(),
            1 => {
                let (number, rest) = rest.split_first_chunk().unwrap();
                (Field::Number(u64::from_le_bytes(*number)), rest)
            }
            2 => wire::body(rest).map(|(bytes, rest)| (Field::Bytes(bytes), rest)).unwrap(),
            wire => panic!("wire type {wire}"),
        };
        fields.push((u32::try_from(key >> 3).unwrap(), field));
        message = rest;
    }
    fields
}

/// The fields of that number.
fn all(message: &[u8], number: u32) -> Vec<Field<'_>> {
    fields(message).into_iter().filter(|(found, _)| *found == number).map(|(_, field)| field).collect()
}

/// The last field of that number, or zero.
fn one(message: &[u8], number: u32) -> u64 {
    all(message, number).last().map_or(0, |field| field.number())
}

fn text(message: &[u8], number: u32) -> &str {
    all(message, number).last().map_or("", |field| field.text())
}

fn varints(mut packed: &[u8]) -> Vec<u64> {
    let mut numbers = Vec::new();
    while !packed.is_empty() {
        let (number, rest) = wire::varint(packed).unwrap();
        numbers.push(number);
        packed = rest;
    }
    numbers
}

fn unzigzag(number: u64) -> i64 {
    (number >> 1).cast_signed() ^ -(number & 1).cast_signed()
}

/// `name{a="b"}` of labels.
fn shown(labels: &[(&str, &str)]) -> String {
    let name = labels.iter().find(|(name, _)| *name == "__name__").map_or("", |(_, value)| *value);
    let rest = labels.iter().filter(|(name, _)| *name != "__name__");
    let rest: Vec<String> = rest.map(|(name, value)| format!("{name}={value:?}")).collect();
    assert!(labels.is_sorted(), "{labels:?}");
    format!("{name}{{{}}}", rest.join(","))
}

/// What is in a request of either version, a line for each series.
fn lines(request: &[u8], v2: bool) -> Vec<String> {
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

fn line(series: &[u8], symbols: Option<&[&str]>) -> String {
    let labels = |message: &[u8]| -> String {
        match symbols {
            None => {
                let labels =
                    all(message, 1).into_iter().map(|label| (text(label.bytes(), 1), text(label.bytes(), 2)));
                shown(&labels.collect::<Vec<_>>())
            }
            Some(symbols) => {
                let places = varints(all(message, 1)[0].bytes());
                let texts: Vec<&str> =
                    places.iter().map(|place| symbols[usize::try_from(*place).unwrap()]).collect();
                shown(&texts.chunks(2).map(|pair| (pair[0], pair[1])).collect::<Vec<_>>())
            }
        }
    };
    let mut line = labels(series);
    for sample in all(series, 2) {
        let sample = sample.bytes();
        write!(line, " {}@{}", f64::from_bits(one(sample, 1)), one(sample, 2)).unwrap();
    }
    let (exemplars, histograms) = if symbols.is_some() { (4, 3) } else { (3, 4) };
    for histogram in all(series, histograms) {
        let histogram = histogram.bytes();
        let spans = all(histogram, 11).into_iter().map(Field::bytes);
        let spans: Vec<(i64, u64)> = spans.map(|span| (unzigzag(one(span, 1)), one(span, 2))).collect();
        let deltas: Vec<i64> =
            all(histogram, 12).into_iter().flat_map(|packed| varints(packed.bytes())).map(unzigzag).collect();
        write!(
            line,
            " [count {} sum {} schema {} zero {} below {:e} spans {spans:?} deltas {deltas:?}]@{}",
            one(histogram, 1),
            f64::from_bits(one(histogram, 3)),
            unzigzag(one(histogram, 4)),
            one(histogram, 6),
            f64::from_bits(one(histogram, 5)),
            one(histogram, 15)
        )
        .unwrap();
    }
    for exemplar in all(series, exemplars) {
        let exemplar = exemplar.bytes();
        write!(line, " # {} {}@{}", labels(exemplar), f64::from_bits(one(exemplar, 2)), one(exemplar, 3))
            .unwrap();
    }
    if let Some(symbols) = symbols {
        let meta = all(series, 5)[0].bytes();
        let symbol = |number| symbols[usize::try_from(one(meta, number)).unwrap()];
        write!(line, " ({} {:?} {})", one(meta, 1), symbol(3), symbol(4)).unwrap();
    }
    line
}

const RESOURCE: &str = r#"{"key":"service.name","value":{"stringValue":"shop"}},
    {"key":"service.namespace","value":{"stringValue":"eu"}},
    {"key":"service.instance.id","value":{"stringValue":"i-1"}},
    {"key":"host.name","value":{"stringValue":"h"}}"#;

/// Metrics of one resource.
fn metrics(resource: &str, metrics: &str) -> Metrics {
    let json = format!(
        r#"{{"resourceMetrics":[{{"resource":{{"attributes":[{resource}]}},"scopeMetrics":[{{"scope":{{"name":"lib","attributes":[
        {{"key":"k","value":{{"stringValue":"v"}}}},{{"key":"name","value":{{"stringValue":"not me"}}}}]}},"metrics":[{metrics}]}}]}}]}}"#
    );
    Metrics::from_json(json.as_bytes()).unwrap()
}
