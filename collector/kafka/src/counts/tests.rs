//! What shows of what is counted.

use slimcol_service::{
    Context, Log, Signals,
    meter::{Point, Value},
};

use super::*;

const BATCHES: [(&str, &str); 4] = [("records", ""), ("messages", ""), ("bytes", ""), ("uncompressed", "")];
const LATENCY: [(&str, &str); 2] = [("latency", ""), ("latency_seconds", "")];
static IN: Families = Families::new(Way::In, "in", BATCHES, LATENCY, [""; 2]);
static OUT: Families = Families::new(Way::Out, "out", BATCHES, LATENCY, [""; 2]);

/// For whom a client works.
pub(crate) fn whose(way: Way) -> (&'static Families, Context) {
    let families = if way == Way::In { &IN } else { &OUT };
    (families, Context::standalone("kafka", Signals::LOGS, Log::capture().0))
}

/// Counts, and what shows of them.
pub(crate) fn counts(way: Way) -> (Arc<Counts>, impl Fn() -> Vec<String>) {
    let (families, cx) = whose(way);
    (Counts::new(families, cx.meter()), move || shown(&cx))
}

/// What shows: name, labels and value, or how many values, a line each.
pub(crate) fn shown(cx: &Context) -> Vec<String> {
    let line = |name: &str, point: &Point| {
        let own = point.labels.iter().filter(|(label, _)| *label != "component");
        let labels: Vec<String> = own.map(|(label, value)| format!("{label}={value}")).collect();
        let value = match &point.value {
            Value::Number(value) => value.to_string(),
            Value::Buckets(counts, sum) => format!("{} of {sum}", counts.iter().sum::<u64>()),
        };
        format!("{}{{{}}} {value}", name.trim_start_matches("otelcol_kafka_"), labels.join(","))
    };
    let all = cx.meters().snapshot();
    let lines = all.iter().flat_map(|metric| metric.points.iter().map(|one| line(&metric.name, one)));
    let mut lines: Vec<String> = lines.collect();
    lines.sort_by_key(|line| line.replace('{', " "));
    lines
}

#[test]
fn batches_are_told_apart_by_where_they_go() {
    let size = Size { codec: "gzip", records: 5, bytes: 70, uncompressed: 300 };
    for (way, host) in [(Way::In, ""), (Way::Out, ",server.address=a")] {
        let (counts, shown) = counts(way);
        assert_eq!(shown(), [""; 0]);
        counts.batch((2, "a"), "t", 3, size);
        counts.batch((2, "a"), "t", 3, size);
        counts.unsent("t", 3, 4);
        let (gone, labels) = (
            "outcome=failure,partition=3,topic=t",
            format!("compression_codec=gzip,node_id=2,outcome=success,partition=3{host},topic=t"),
        );
        let expected = [
            format!("bytes{{{labels}}} 140"),
            format!("messages{{{labels}}} 10"),
            format!("messages{{{gone}}} 4"),
            format!("records{{{labels}}} 10"),
            format!("records{{{gone}}} 4"),
            format!("uncompressed{{{labels}}} 600"),
        ];
        assert_eq!(shown(), expected);
    }
}

#[test]
fn topics_have_no_end_but_what_shows_has() {
    let (counts, shown) = counts(Way::Out);
    for topic in 0..MOST + 9 {
        counts.unsent(&topic.to_string(), 0, 1);
    }
    let records: Vec<String> = shown().into_iter().filter(|line| line.starts_with("records{")).collect();
    assert_eq!(records.len(), MOST + 1);
    assert!(records.contains(&"records{otel.metric.overflow=true} 9".to_owned()));
    counts.unsent("0", 0, 1);
    assert!(shown().contains(&"records{outcome=failure,partition=0,topic=0} 2".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn connections_and_requests_come_to_an_end() {
    for (way, host, answers) in
        [(Way::In, "", ["2 of 1500", "2 of 1.5"]), (Way::Out, ",server.address=a", ["1 of 1500", "1 of 1.5"])]
    {
        let (counts, shown) = counts(way);
        let tally = counts.tally("seed_0", "a");
        drop(tally.link());
        let mut link = tally.link();
        link.made();
        let began = Instant::now();
        let requests = [Produce::KEY, 18].map(|key| tally.request(key, began));
        tokio::time::advance(Duration::from_millis(750)).await;
        // What is written later was begun later, or only written later.
        let late = tally.request(Produce::KEY, began);
        tokio::time::advance(Duration::from_millis(750)).await;
        drop(late);
        for request in requests.into_iter().flatten() {
            request.done();
        }
        tally.throttled(0);
        tally.throttled(40);
        let expected = |closed: bool| {
            let (ok, failed) = (
                format!("node_id=seed_0,outcome=success{host}"),
                format!("node_id=seed_0,outcome=failure{host}"),
            );
            let late = if way == Way::In { ["1 of 750", "1 of 0.75"] } else { ["1 of 1500", "1 of 1.5"] };
            let sum = |text: &str| {
                if way == Way::In {
                    text.replace("1500", "3000").replace("1.5", "3")
                } else {
                    text.to_owned()
                }
            };
            let mut lines = vec![
                format!("broker_connects{{{failed}}} 1"),
                format!("broker_connects{{{ok}}} 1"),
                format!("broker_throttling_duration{{node_id=seed_0{host}}} 1 of 40"),
                format!("broker_throttling_latency{{node_id=seed_0{host}}} 1 of 0.04"),
                format!("latency{{{failed}}} {}", late[0]),
                format!("latency{{{ok}}} {}", sum(answers[0])),
                format!("latency_seconds{{{failed}}} {}", late[1]),
                format!("latency_seconds{{{ok}}} {}", sum(answers[1])),
            ];
            if closed {
                lines.insert(0, format!("broker_closed{{node_id=seed_0{host}}} 1"));
            }
            lines
        };
        assert_eq!(shown(), expected(false));
        drop(link);
        assert_eq!(shown(), expected(true));
    }
}
