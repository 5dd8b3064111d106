//! How long an item takes, beside prost: `cargo bench -p slimcol-pdata`.
//!
//! Medians of wall-clock time on one thread; compare lines of one run, not runs.
#![expect(clippy::print_stdout, reason = "what it measures is for who runs it")]

#[path = "../../testing/src/generate.rs"]
#[allow(unreachable_pub, unused_imports, reason = "it is a module of another crate, taken whole")]
mod generate;

use std::{hint::black_box, num::NonZeroUsize, time::Instant};

use bytes::Bytes;
use opentelemetry_proto::tonic::{
    collector::{
        logs::v1::ExportLogsServiceRequest, metrics::v1::ExportMetricsServiceRequest,
        trace::v1::ExportTraceServiceRequest,
    },
    common::v1::{AnyValue, KeyValue, any_value::Value},
};
use prost::Message;
use slimcol_pdata::{Data, Signal, Traces};

fn main() {
    let samples = [
        (Signal::Traces, generate::traces(7, 100)),
        (Signal::Logs, generate::logs(7, 1000)),
        (Signal::Metrics, generate::metrics(7, 500)),
    ];
    for (signal, bytes) in samples {
        let data = Data::from_bytes(signal, bytes.clone()).expect("generated requests are valid");
        let items = data.items();
        println!("{signal}: {items} items, {} bytes", bytes.len());
        time("check", items, || Data::from_bytes(signal, bytes.clone()).is_ok());
        time("prost decode", items, || prost_decode(signal, &bytes));
        let mut json = Vec::new();
        time("to JSON", items, || {
            json.clear();
            data.write_json(&mut json);
        });
        time("from JSON", items, || Data::from_json(signal, &json).is_ok());
        let half = NonZeroUsize::new(items / 2 + 1).expect("it is at least one");
        time("split in two", items, || data.clone().split_items(half).len());
    }
    let bytes = generate::traces(7, 100);
    println!("an attribute of every span changed, from bytes to bytes");
    time("check, edit", 100, || change(bytes.clone()));
    time("prost", 100, || prost_change(&bytes));
}

fn time<T>(what: &str, items: usize, mut run: impl FnMut() -> T) {
    let mut rounds = Vec::new();
    for _ in 0..15 {
        let start = Instant::now();
        for _ in 0..200 {
            black_box(run());
        }
        rounds.push(start.elapsed().as_nanos() / 200);
    }
    rounds.sort_unstable();
    println!("  {what:<14} {:>6} ns an item", rounds[7] / items as u128);
}

fn change(bytes: Bytes) -> Bytes {
    let mut traces = Traces::from_bytes(bytes).expect("generated requests are valid");
    traces.edit(|tree| {
        for mut entry in tree.entries_mut() {
            for mut scope in entry.scopes_mut() {
                for mut span in scope.spans_mut() {
                    span.attributes_mut().insert("url.path", "/somewhere/else");
                }
            }
        }
    });
    traces.bytes()
}

fn prost_change(bytes: &[u8]) -> Vec<u8> {
    let mut request = ExportTraceServiceRequest::decode(bytes).expect("generated requests are valid");
    let scopes = request.resource_spans.iter_mut().flat_map(|resource| &mut resource.scope_spans);
    for span in scopes.flat_map(|scope| &mut scope.spans) {
        let value = Some(AnyValue { value: Some(Value::StringValue("/somewhere/else".to_owned())) });
        let new = KeyValue { key: "url.path".to_owned(), value, ..KeyValue::default() };
        match span.attributes.iter_mut().find(|attribute| attribute.key == "url.path") {
            Some(attribute) => *attribute = new,
            None => span.attributes.push(new),
        }
    }
    request.encode_to_vec()
}

fn prost_decode(signal: Signal, bytes: &[u8]) -> bool {
    match signal {
        Signal::Traces => ExportTraceServiceRequest::decode(bytes).is_ok(),
        Signal::Logs => ExportLogsServiceRequest::decode(bytes).is_ok(),
        Signal::Metrics => ExportMetricsServiceRequest::decode(bytes).is_ok(),
    }
}
