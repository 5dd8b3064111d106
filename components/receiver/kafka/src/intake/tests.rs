//! What becomes of records that are taken, refused, or none.

use std::sync::{Arc, Mutex};

use slimcol_kafka::Consumed;
use slimcol_service::{Context, Signals, meter::Value};
use slimcol_testing::{Sink, generate};

use super::*;

/// What was logged.
struct Lines(Arc<Mutex<Vec<String>>>);

impl Lines {
    fn count(&self, text: &str) -> usize {
        self.0.lock().unwrap().iter().filter(|line| line.contains(text)).count()
    }
}

fn intake(yaml: &str, sink: &Sink) -> (Intake, Lines) {
    let (intake, lines, _) = intake_with(yaml, sink);
    (intake, lines)
}

fn intake_with(yaml: &str, sink: &Sink) -> (Intake, Lines, Context) {
    let (log, lines) = Log::capture();
    let cx = Context::standalone("kafka", Signals::LOGS, log.clone());
    let intake = Intake {
        signal: Signal::Logs,
        encoding: Encoding::OtlpProto,
        config: slimcol_config::from_yaml(yaml).unwrap(),
        to: sink.next(),
        received: Received::new(&cx, "kafka"),
        counts: Counts::new(&cx, true),
        log,
        version: "1.2.3",
    };
    (intake, Lines(lines), cx)
}

fn consumed(value: impl Into<Bytes>) -> Consumed {
    let headers = vec![("Tenant".to_owned(), "acme".into()), ("other".to_owned(), "x".into())];
    Consumed { offset: 7, timestamp: 0, key: None, value: value.into(), headers }
}

async fn offer(intake: &Intake, record: &Consumed, attempts: u32, elapsed: Duration) -> Taken {
    intake.take(Record { topic: "t", partition: 3, record, attempts, elapsed }).await
}

#[tokio::test]
async fn records_are_handed_on_with_what_is_known_of_them() {
    let sink = Sink::new();
    let yaml = "header_extraction: {extract_headers: true, headers: [Tenant, none]}";
    let (intake, _) = intake(yaml, &sink);
    let record = consumed(generate::logs(1, 2));
    assert_eq!(offer(&intake, &record, 0, Duration::ZERO).await, Taken::Done);
    let payload = &sink.payloads()[0];
    assert_eq!(payload.data.items(), 2);
    for resource in payload.data.resources() {
        assert_eq!(resource.attributes().get("kafka.header.Tenant").unwrap().to_text(), "acme");
        assert!(resource.attributes().get("kafka.header.none").is_none());
    }
    for (key, value) in
        [("kafka.topic", "t"), ("kafka.partition", "3"), ("kafka.offset", "7"), ("tenant", "acme")]
    {
        assert_eq!(payload.client.metadata(key), [value.to_owned()], "{key}");
    }
}

#[tokio::test]
async fn what_is_refused_is_judged_by_the_configuration() {
    let hour = Duration::from_hours(1);
    for (yaml, permanent, elapsed, outcome) in [
        ("{}", true, hour, "done"),
        ("{}", false, hour, "later"),
        ("message_marking: {on_error: true}", false, Duration::ZERO, "done"),
        (
            "{message_marking: {on_error: true}, error_backoff: {enabled: true}}",
            false,
            Duration::ZERO,
            "later",
        ),
        ("{message_marking: {on_error: true}, error_backoff: {enabled: true}}", false, hour, "done"),
        ("message_marking: {after: true}", true, Duration::ZERO, "stuck"),
        ("message_marking: {after: true}", false, hour, "later"),
        ("message_marking: {after: true, on_error: true}", true, Duration::ZERO, "done"),
        ("message_marking: {after: true, on_error: true, on_permanent_error: false}", true, hour, "stuck"),
    ] {
        let sink = Sink::new();
        sink.refuse_with(if permanent {
            || Refused::permanent("no")
        } else {
            || Refused::retryable("later")
        });
        let (intake, lines) = intake(yaml, &sink);
        let taken = offer(&intake, &consumed(generate::logs(1, 2)), 0, elapsed).await;
        let found = match taken {
            Taken::Done => "done",
            Taken::Later(_) => "later",
            Taken::Stuck => "stuck",
        };
        assert_eq!(found, outcome, "{yaml} {permanent}");
        let text = match taken {
            Taken::Done => "failed to consume message, skipping due to message_marking config",
            Taken::Later(_) => "Backing off due to error from the next consumer.",
            Taken::Stuck => "pausing partition due to permanent processing error",
        };
        assert_eq!(lines.count(text), 1, "{yaml}");
    }
}

#[tokio::test]
async fn what_is_none_is_permanent() {
    let sink = Sink::new();
    let (intake, lines, cx) = intake_with("{}", &sink);
    assert_eq!(offer(&intake, &consumed(Bytes::from_static(b"\xff")), 0, Duration::ZERO).await, Taken::Done);
    assert_eq!((lines.count("failed to unmarshal message"), sink.items()), (1, 0));
    let metrics = cx.meters().snapshot();
    let name = "otelcol_kafka_receiver_unmarshal_failed_log_records";
    let failed = metrics.iter().find(|metric| metric.name == name).unwrap();
    let [point] = &failed.points[..] else { panic!("{failed:?}") };
    assert_eq!(point.value, Value::Number(1.0));
    for (label, value) in [("topic", "t"), ("partition", "3")] {
        assert!(point.labels.contains(&(label, value.to_owned())), "{label}");
    }
}

#[tokio::test]
async fn what_is_read_shows() {
    let (intake, _, cx) = intake_with("{}", &Sink::new());
    let shown = || -> Vec<String> {
        let metrics = cx.meters().snapshot().into_iter();
        let kafka = metrics.filter(|metric| metric.name.starts_with("otelcol_kafka_receiver_"));
        let points =
            kafka.flat_map(|metric| metric.points.into_iter().map(move |point| (metric.name.clone(), point)));
        let mut shown: Vec<String> = points
            .map(|(name, point)| {
                let value = match &point.value {
                    Value::Number(value) => value.to_string(),
                    Value::Buckets(counts, _) => format!("{counts:?}"),
                };
                let own = point.labels.iter().filter(|(label, _)| *label != "component");
                let labels: Vec<String> = own.map(|(label, value)| format!("{label}={value}")).collect();
                format!("{}{{{}}} {value}", &name["otelcol_kafka_receiver_".len()..], labels.join(","))
            })
            .collect();
        shown.sort_by_key(|line| line.replace('{', " "));
        shown
    };
    assert_eq!(shown(), [""; 0]);
    intake.begun();
    // From 1970, and from a clock that is ahead.
    for timestamp in [0, i64::MAX] {
        let record = Consumed { timestamp, ..consumed(Bytes::new()) };
        // What is offered again has come before.
        for attempts in 0..2 {
            offer(&intake, &record, attempts, Duration::ZERO).await;
        }
    }
    intake.came_to("t", 3, 0);
    let (offset, lag) = ("current_offset{partition=3,topic=t} 7", "offset_lag{partition=3,topic=t} 0");
    let counts = |closed: &str| format!("partition_close{{}} {closed}");
    let mut buckets = [0; 28];
    (buckets[0], buckets[27]) = (1, 1);
    let delays = format!("records_delay{{partition=3,topic=t}} {buckets:?}");
    let expected = [offset, lag, &counts("0"), "partition_start{} 1", &delays];
    assert_eq!(shown(), expected);
    // Whose the partition is now shows how far it is read; what was counted stays.
    intake.ended("t", 3);
    let expected = [&*counts("1"), "partition_start{} 1", &delays];
    assert_eq!(shown(), expected);
    intake.begun();
    intake.came_to("t", 3, 9);
    assert!(shown().contains(&"offset_lag{partition=3,topic=t} 9".to_owned()));
    assert_eq!(shown().iter().filter(|line| line.starts_with("offset_lag")).count(), 1);
}

#[tokio::test]
async fn waits_grow() {
    let (intake, _) = intake("{}", &Sink::new());
    assert!(intake.wait(0) < Duration::from_millis(751));
    let late = intake.wait(u32::MAX);
    assert!((Duration::from_secs(15)..=Duration::from_secs(45)).contains(&late), "{late:?}");
}
