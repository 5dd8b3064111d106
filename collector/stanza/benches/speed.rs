//! How long a line takes: `cargo bench -p slimcol-stanza`.
//!
//! Medians of processor time on one thread, batches of 100 lines as files give them, from the line's bytes to the encoded
//! request; compare lines of one run, not runs.
#![expect(clippy::print_stdout, reason = "what it measures is for who runs it")]

use std::{fs, hint::black_box};

use slimcol_config::{Section, Settings, parse};
use slimcol_service::Log;
use slimcol_stanza::{Encoder, Entry, Input, Map, OperatorConfig, Pipeline, Shared, Text, Value};

const PLAIN: &str =
    "2024-02-29T23:59:58.123Z INFO  the request was answered after 12 ms with 200 by worker 7 of pool main";
const JSON: &str = "{\"time\":\"2024-02-29T23:59:58.123456Z\",\"level\":\"info\",\"msg\":\"the request was answered\",\
    \"method\":\"GET\",\"path\":\"/api/v1/items\",\"status\":200,\"took\":12.5,\"user\":{\"id\":\"u-123\",\"admin\":false}}";
const PAIRS: &str =
    "time=2024-02-29T23:59:58Z level=info msg=\"the request was answered\" method=GET status=200 took=12ms";

struct Operators(Vec<OperatorConfig>);

impl Settings for Operators {
    fn read(from: &mut Section<'_>) -> Self {
        Self(from.list("operators"))
    }
}

fn main() {
    let time = "timestamp: {parse_from: attributes.time, layout: '%Y-%m-%dT%H:%M:%S.%fZ'}";
    let severity = "severity: {parse_from: attributes.level}";
    run("plain", PLAIN, "");
    run("json_parser", JSON, "{type: json_parser}");
    run("json_parser, time, severity", JSON, &format!("{{type: json_parser, {time}, {severity}}}"));
    run(
        "regex_parser",
        PLAIN,
        "{type: regex_parser, regex: '^(?P<time>\\S+) (?P<level>[A-Z]+) +(?P<msg>.*) after (?P<took>\\d+) ms'}",
    );
    run("key_value_parser", PAIRS, "{type: key_value_parser}");
    run("filter", PLAIN, "{type: filter, expr: 'body contains \"error\"'}");
}

fn run(what: &str, line: &str, operators: &str) {
    let node = parse("bench.yaml", &format!("operators: [{operators}]")).expect("it is YAML");
    let mut section = Section::new(Some(&node), "");
    let operators = Operators::read(&mut section);
    let pipeline = Pipeline::new(Input { id: "file_input", outputs: &[] }, &operators.0, &Log::none())
        .expect("the operators are right");
    // What a reader has: one piece of memory with many lines.
    let text = Text::from([line; 100].join("\n"));
    let name = Text::from_static("log.file.name");
    let file = Shared::new(Map::from_pairs(vec![(name, Value::Text("app.log".into()))]));
    let mut rounds = Vec::new();
    for _ in 0..15 {
        let start = processor_time();
        for _ in 0..100 {
            let entries = text.split('\n').map(|line| Entry {
                observed: 1_709_251_198_000_000_000,
                body: Value::Text(text.slice_ref(line)),
                attributes: file.clone(),
                ..Entry::default()
            });
            let done = pipeline.process(entries.collect());
            assert!(done.errors.is_empty(), "{:?}", done.errors);
            let mut request = Encoder::default();
            done.entries.iter().for_each(|entry| request.add(entry));
            black_box(request.finish().expect("entries make a request"));
        }
        rounds.push((processor_time() - start) / 10_000);
    }
    rounds.sort_unstable();
    println!("{what:<28} {:>5} ns a line", rounds[7]);
}

/// Nanoseconds that this thread ran: others that want the processor too do not count.
fn processor_time() -> u64 {
    let text = fs::read_to_string("/proc/thread-self/schedstat").expect("Linux tells how long a thread ran");
    text.split(' ').next().and_then(|nanos| nanos.parse().ok()).expect("the first number is that")
}
