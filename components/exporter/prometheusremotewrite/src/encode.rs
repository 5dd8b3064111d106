//! Series as requests.

use std::collections::HashMap;

use slimcol_pdata::put::{bytes, fixed64, varint, varint_field};
use slimcol_prometheus::zigzag;

use crate::{
    config::Message,
    series::{Exemplar, Meta, Native, Sample, Series, Table},
};

/// The requests for all series, each of about so many bytes at most.
pub(crate) fn requests(table: &Table, message: Message, metadata: bool, max: usize) -> Vec<Vec<u8>> {
    let mut requests = Vec::new();
    let mut request = Request::new(message);
    for series in &table.series {
        let size = request.put(series, &table.metas);
        if request.size > 0 && request.size + size >= max {
            requests.extend(request.end());
            request = Request::new(message);
            request.put(series, &table.metas);
        }
        request.keep();
    }
    requests.extend(request.end());
    if metadata && message == Message::V1 {
        let mut request = Vec::new();
        for meta in table.metas.iter().filter(|meta| meta.sent) {
            let body = told(meta);
            if !request.is_empty() && request.len() + body.len() >= max {
                requests.push(std::mem::take(&mut request));
            }
            bytes(&mut request, 3, &body);
        }
        requests.extend(Some(request).filter(|request| !request.is_empty()));
    }
    requests
}

/// A request that is being made.
struct Request {
    message: Message,
    /// The fields of the series that are in it.
    body: Vec<u8>,
    /// The series that may come into it.
    next: Vec<u8>,
    /// How large the series in it are together.
    size: usize,
    symbols: Symbols,
}

/// The table of texts of version 2.
#[derive(Default)]
struct Symbols {
    places: HashMap<String, u64>,
    texts: Vec<String>,
}

impl Symbols {
    fn place(&mut self, text: &str) -> u64 {
        if let Some(place) = self.places.get(text) {
            return *place;
        }
        let place = self.texts.len() as u64;
        self.places.insert(text.to_owned(), place);
        self.texts.push(text.to_owned());
        place
    }
}

impl Request {
    fn new(message: Message) -> Self {
        let mut symbols = Symbols::default();
        // The first is always nothing.
        symbols.place("");
        Self { message, body: Vec::new(), next: Vec::new(), size: 0, symbols }
    }

    /// Writes a series: how large it is.
    fn put(&mut self, series: &Series, metas: &[Meta]) -> usize {
        let Self { message, next, symbols, .. } = self;
        next.clear();
        match message {
            Message::V1 => {
                for label in series.labels() {
                    bytes(next, 1, &pair(label));
                }
                for sample in &series.samples {
                    bytes(next, 2, &value(*sample));
                }
                for exemplar in &series.exemplars {
                    let mut body = Vec::new();
                    for (name, value) in &exemplar.labels {
                        bytes(&mut body, 1, &pair((name, value)));
                    }
                    end(&mut body, exemplar);
                    bytes(next, 3, &body);
                }
                for histogram in &series.histograms {
                    bytes(next, 4, &native(histogram));
                }
            }
            Message::V2 => {
                bytes(next, 1, &places(series.labels(), symbols));
                for sample in &series.samples {
                    bytes(next, 2, &value(*sample));
                }
                for histogram in &series.histograms {
                    bytes(next, 3, &native(histogram));
                }
                for exemplar in &series.exemplars {
                    let mut labels: Vec<(&str, &str)> =
                        exemplar.labels.iter().map(|(name, value)| (&**name, &**value)).collect();
                    labels.sort_unstable();
                    let mut body = Vec::new();
                    bytes(&mut body, 1, &places(labels.into_iter(), symbols));
                    end(&mut body, exemplar);
                    bytes(next, 4, &body);
                }
                let meta = &metas[series.meta];
                let mut body = Vec::new();
                varint_field(&mut body, 1, meta.kind as u64);
                varint_field(&mut body, 3, symbols.place(&meta.help));
                varint_field(&mut body, 4, symbols.place(&meta.unit));
                bytes(next, 5, &body);
            }
        }
        self.next.len()
    }

    /// Keeps the series that was written last.
    fn keep(&mut self) {
        let number = if self.message == Message::V1 { 1 } else { 5 };
        bytes(&mut self.body, number, &self.next);
        self.size += self.next.len();
    }

    fn end(self) -> Option<Vec<u8>> {
        let mut request = Vec::new();
        if self.message == Message::V2 {
            for text in &self.symbols.texts {
                bytes(&mut request, 4, text.as_bytes());
            }
        }
        request.extend_from_slice(&self.body);
        (self.size > 0).then_some(request)
    }
}

fn pair((name, value): (&str, &str)) -> Vec<u8> {
    let mut label = Vec::with_capacity(name.len() + value.len() + 6);
    bytes(&mut label, 1, name.as_bytes());
    bytes(&mut label, 2, value.as_bytes());
    label
}

fn places<'l>(labels: impl Iterator<Item = (&'l str, &'l str)>, symbols: &mut Symbols) -> Vec<u8> {
    let mut places = Vec::new();
    for text in labels.flat_map(|(name, value)| [name, value]) {
        varint(&mut places, symbols.place(text));
    }
    places
}

fn value(sample: Sample) -> Vec<u8> {
    let mut body = Vec::with_capacity(17);
    fixed64(&mut body, 1, sample.value.to_bits());
    varint_field(&mut body, 2, sample.time.cast_unsigned());
    body
}

/// An exemplar's fields behind its labels.
fn end(body: &mut Vec<u8>, exemplar: &Exemplar) {
    fixed64(body, 2, exemplar.value.to_bits());
    varint_field(body, 3, exemplar.time.cast_unsigned());
}

/// A histogram, which is the same in both versions.
fn native(histogram: &Native) -> Vec<u8> {
    let mut body = Vec::new();
    varint_field(&mut body, 1, histogram.count);
    fixed64(&mut body, 3, histogram.sum.to_bits());
    varint_field(&mut body, 4, zigzag(histogram.schema.into()));
    fixed64(&mut body, 5, histogram.zero_threshold.to_bits());
    varint_field(&mut body, 6, histogram.zero_count);
    histogram.negative.write(&mut body, 8, 9);
    histogram.positive.write(&mut body, 11, 12);
    varint_field(&mut body, 15, histogram.time.cast_unsigned());
    if !histogram.bounds.is_empty() {
        let packed: Vec<u8> = histogram.bounds.iter().flat_map(|bound| bound.to_le_bytes()).collect();
        bytes(&mut body, 16, &packed);
    }
    body
}

/// A metric's description, for version 1.
fn told(meta: &Meta) -> Vec<u8> {
    let mut body = Vec::new();
    varint_field(&mut body, 1, meta.kind as u64);
    bytes(&mut body, 2, meta.name.as_bytes());
    bytes(&mut body, 4, meta.help.as_bytes());
    bytes(&mut body, 5, meta.unit.as_bytes());
    body
}
