//! How long a span takes from one form to the other: `cargo bench -p slimcol-zipkin`.
//!
//! Medians of processor time on one thread; compare lines of one run, not runs.
#![expect(clippy::print_stdout, reason = "what it measures is for who runs it")]

use std::{fs, hint::black_box};

use slimcol_pdata::Traces;
use slimcol_testing::generate;
use slimcol_zipkin::v2;

const SPANS: usize = 100;

fn main() {
    let traces = Traces::from_bytes(generate::traces(7, SPANS)).expect("generated requests are valid");
    let json = v2::to_json(&traces).expect("generated spans have ids");
    let proto = v2::to_proto_of(&traces, None).expect("generated spans have ids");
    println!("{SPANS} spans, {} bytes of JSON, {} of protobuf", json.len(), proto.len());
    time("to JSON", || v2::to_json(&traces).is_ok());
    time("from JSON", || v2::from_json(&json, false).is_ok());
    time("to protobuf", || v2::to_proto_of(&traces, None).is_ok());
    time("from protobuf", || v2::from_proto(&proto, false).is_ok());
}

fn time<T>(what: &str, mut run: impl FnMut() -> T) {
    let mut rounds = Vec::new();
    for _ in 0..15 {
        let start = processor_time();
        for _ in 0..50 {
            black_box(run());
        }
        rounds.push((processor_time() - start) / 50);
    }
    rounds.sort_unstable();
    println!("  {what:<14} {:>6} ns a span", rounds[7] / SPANS as u64);
}

/// Nanoseconds that this thread ran: others that want the processor too do not count.
fn processor_time() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells how long a thread ran");
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("the first number is that")
}
