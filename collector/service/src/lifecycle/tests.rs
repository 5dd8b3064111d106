//! Whole lives of collectors made of fakes.

use super::*;
use crate::fakes::{BUILD, Bed, COMPONENTS};

/// Runs the configuration of `bed`, giving it `orders` as soon as it is ready for each.
async fn live(bed: &Bed, orders: &[Order]) -> Result<(), String> {
    let configs = [bed.config()];
    let registry = Registry::new(COMPONENTS);
    let asked = Asked { build: &BUILD, registry, configs: &configs, sets: &[], idle_gates: &[] };
    let (tx, rx) = mpsc::channel(8);
    for order in orders {
        tx.send(*order).await.unwrap();
    }
    let outcome = serve(asked, || Ok(rx)).await;
    drop(tx);
    outcome
}

/// The lines of the log from the start of the service on, without those that only say what was made.
fn story(bed: &Bed) -> Vec<String> {
    let log = bed.log();
    let start = log.iter().position(|line| line.starts_with("Starting otelcol-fake")).unwrap();
    log[start..].to_vec()
}

const PLAIN: &str = "
receivers: {fake: {send: true}}
processors: {fake/a: , fake/b: }
exporters: {fake: , fake/x: }
extensions: {fake/one: , fake/two: }
service:
  extensions: [fake/two, fake/one]
  pipelines:
    traces: {receivers: [fake], processors: [fake/b, fake/a], exporters: [fake]}
    logs: {receivers: [fake], processors: [fake/a], exporters: [fake, fake/x]}
";

#[tokio::test]
async fn from_start_to_stop_in_order() {
    let bed = Bed::new(PLAIN);
    live(&bed, &[Order::Terminate, Order::Interrupt]).await.unwrap();
    assert_eq!(
        story(&bed),
        [
            "Starting otelcol-fake...",
            "Starting extensions...",
            "extension fake/two: Extension is starting...",
            "extension fake/two: Extension started.",
            "extension fake/one: Extension is starting...",
            "extension fake/one: Extension started.",
            "exporter fake: start",
            "exporter fake/x: start",
            "processor fake/a in logs: start",
            "processor fake/a in traces: start",
            "processor fake/b in traces: start",
            "receiver fake: start",
            "processor fake/b in traces: data",
            "processor fake/a in traces: data",
            "exporter fake: data traces",
            "receiver fake: sent traces: taken",
            "processor fake/a in logs: data",
            "exporter fake: data logs",
            "exporter fake/x: data logs",
            "receiver fake: sent logs: taken",
            "Everything is ready. Begin running and processing data.",
            "Received signal from OS",
            "Starting shutdown...",
            "receiver fake: stop",
            "processor fake/b in traces: stop",
            "processor fake/a in traces: stop",
            "processor fake/a in logs: stop",
            "exporter fake/x: stop",
            "exporter fake: stop",
            "Stopping extensions...",
            "extension fake/one: stop",
            "extension fake/two: stop",
            "Shutdown complete.",
        ]
    );
    let raw = bed.raw_log();
    assert!(raw.contains("\"signal\": \"terminated\""), "{raw}");
    assert!(raw.contains("\"Version\": \"1.2.3\", \"NumCPU\": "), "{raw}");
    let shared =
        raw.lines().filter(|line| line.contains("\tnew\t") && line.contains("receiver")).collect::<Vec<_>>();
    assert_eq!(shared.len(), 1, "one instance for both signals");
    assert!(shared[0].contains("\"signals\": [\"traces\",\"logs\"]"), "{}", shared[0]);
}

#[tokio::test]
async fn a_connector_lies_between_pipelines_in_life_and_in_data() {
    let bed = Bed::new(
        "
receivers: {fake: {send: true}}
processors: {fake/p: }
connectors: {fake/c: }
exporters: {fake: }
service:
  pipelines:
    logs/out: {receivers: [fake/c], processors: [fake/p], exporters: [fake]}
    traces/in: {receivers: [fake], processors: [fake/p], exporters: [fake/c]}
    traces/out: {receivers: [fake/c], exporters: [fake]}
",
    );
    live(&bed, &[Order::Interrupt]).await.unwrap();
    let story: Vec<String> = story(&bed)
        .into_iter()
        .filter(|line| ["processor", "connector", "exporter", "receiver"].iter().any(|k| line.starts_with(k)))
        .collect();
    assert_eq!(
        story,
        [
            "exporter fake: start",
            "processor fake/p in logs/out: start",
            "connector fake/c: start",
            "processor fake/p in traces/in: start",
            "receiver fake: start",
            "processor fake/p in traces/in: data",
            "connector fake/c: data",
            "exporter fake: data traces",
            "processor fake/p in logs/out: data",
            "exporter fake: data traces",
            "receiver fake: sent traces: taken",
            "receiver fake: stop",
            "processor fake/p in traces/in: stop",
            "connector fake/c: stop",
            "processor fake/p in logs/out: stop",
            "exporter fake: stop",
        ]
    );
    assert!(bed.raw_log().contains("\"reaches\": [\"traces\",\"logs\"]"));
}

#[tokio::test]
async fn refusals_of_a_fan_out_are_joined() {
    let bed = Bed::new(
        "
receivers: {fake: {send: true}}
exporters: {fake/a: {fail: first, at: data}, fake/b: , fake/c: {fail: third, at: data}}
service:
  pipelines: {traces: {receivers: [fake], exporters: [fake/a, fake/b, fake/c]}}
",
    );
    live(&bed, &[Order::Terminate]).await.unwrap();
    let log = bed.log();
    assert!(log.contains(&"exporter fake/b: data traces".to_owned()), "{log:?}");
    assert!(log.contains(&"receiver fake: sent traces: first; third".to_owned()), "{log:?}");
}

#[tokio::test]
async fn what_does_not_start_ends_the_start_and_stops_the_rest() {
    let bed = Bed::new(
        "
receivers: {fake: , fake/busy: {fail: 'listen tcp 127.0.0.1:1: bind: address already in use'}, fake/never: }
exporters: {fake: }
extensions: {fake: }
service:
  extensions: [fake]
  pipelines: {logs: {receivers: [fake, fake/busy, fake/never], exporters: [fake]}}
",
    );
    assert_eq!(
        live(&bed, &[]).await.unwrap_err(),
        "cannot start pipelines: failed to start \"fake/busy\" receiver: \
         listen tcp 127.0.0.1:1: bind: address already in use"
    );
    assert_eq!(
        story(&bed)[4..],
        [
            "exporter fake: start",
            "receiver fake: start",
            "receiver fake/busy: start",
            "Failed to start component",
            "Starting shutdown...",
            "receiver fake: stop",
            "exporter fake: stop",
            "Stopping extensions...",
            "extension fake: stop",
            "Shutdown complete.",
        ]
    );
    let field = "\"error\": \"listen tcp 127.0.0.1:1: bind: address already in use\", \"type\": \"Receiver\", \"id\": \"fake/busy\"";
    assert!(bed.raw_log().contains(field), "{}", bed.raw_log());
}

#[tokio::test]
async fn failures_of_starts_by_kind() {
    for (section, text) in [
        ("extensions: {fake: {fail: bad}}", "failed to start extensions: bad"),
        ("exporters: {fake: {fail: bad}}", "cannot start pipelines: failed to start \"fake\" exporter: bad"),
        (
            "exporters: {fake: {fail: bad, at: new}}",
            "failed to create \"fake\" exporter for data type \"logs\": bad",
        ),
        (
            "processors: {fake: {fail: bad, at: new}}",
            "failed to create \"fake\" processor, in pipeline \"logs\": bad",
        ),
        (
            "extensions: {fake: {fail: bad, at: new}}",
            "failed to build extensions: failed to create extension \"fake\": bad",
        ),
        (
            "processors: {fake: {fail: bad, panic: true}}",
            "cannot start pipelines: failed to start \"fake\" processor: internal error: bad",
        ),
        (
            "receivers: {fake: {fail: bad, panic: true}}",
            "cannot start pipelines: failed to start \"fake\" receiver: internal error: bad",
        ),
    ] {
        let mut yaml = format!("{section}\n");
        for other in ["receivers", "processors", "exporters", "extensions"] {
            if !section.starts_with(other) {
                yaml += other;
                yaml += ": {fake: }\n";
            }
        }
        yaml.push_str(
            "service:\n  extensions: [fake]\n  \
             pipelines: {logs: {receivers: [fake], processors: [fake], exporters: [fake]}}\n",
        );
        let error = live(&Bed::new(&yaml), &[]).await.unwrap_err();
        assert!(error.contains(text), "{section}: {error}");
    }
}

#[tokio::test]
async fn work_that_fails_or_panics_ends_the_collector_in_order() {
    for (section, error) in [
        ("receivers: {fake: {fail: listener died, at: run}}\nextensions: {fake: }", "listener died"),
        (
            "receivers: {fake: {fail: oops, at: run, panic: true}}\nextensions: {fake: }",
            "internal error: oops",
        ),
        ("receivers: {fake: }\nextensions: {fake: {fail: gone, at: run}}", "gone"),
    ] {
        let bed = Bed::new(&format!(
            "{section}\nexporters: {{fake: }}\nservice:\n  extensions: [fake]\n  \
             pipelines: {{logs: {{receivers: [fake], exporters: [fake]}}}}\n"
        ));
        live(&bed, &[]).await.unwrap();
        let log = bed.log();
        assert!(
            log.iter().any(|line| line.ends_with(": Asynchronous error received, terminating process")),
            "{log:?}"
        );
        assert_eq!(log.last().map(String::as_str), Some("Shutdown complete."));
        assert!(bed.raw_log().contains(&format!("\"error\": \"{error}\"")), "{}", bed.raw_log());
    }
}

#[tokio::test]
async fn a_panic_on_data_is_an_answer_and_an_orderly_end() {
    let bed = Bed::new(
        "
receivers: {fake: {send: true}}
processors: {fake: {fail: cannot happen, at: data, panic: true}}
exporters: {fake: }
service:
  pipelines: {traces: {receivers: [fake], processors: [fake], exporters: [fake]}}
",
    );
    live(&bed, &[]).await.unwrap();
    let log = bed.log();
    assert!(log.contains(&"receiver fake: sent traces: internal error: cannot happen".to_owned()), "{log:?}");
    assert!(
        log.contains(&"receiver fake: Asynchronous error received, terminating process".to_owned()),
        "{log:?}"
    );
    assert_eq!(log.last().map(String::as_str), Some("Shutdown complete."));
}

#[tokio::test]
async fn a_receiver_with_nothing_left_to_do_does_not_end_the_collector() {
    let bed = Bed::new(
        "
receivers: {fake: {at: run}}
exporters: {fake: }
service:
  pipelines: {traces: {receivers: [fake], exporters: [fake]}}
",
    );
    live(&bed, &[Order::Terminate]).await.unwrap();
    assert!(bed.log().contains(&"Received signal from OS".to_owned()));
}

#[tokio::test]
async fn a_hangup_restarts_from_the_configuration_as_it_is_then() {
    let bed = Bed::new(PLAIN).and_then(&PLAIN.replace("fake/x", "fake/y"));
    live(&bed, &[Order::Hangup, Order::Terminate]).await.unwrap();
    let log = bed.log();
    let at = |line: &str| log.iter().position(|l| l == line).unwrap_or_else(|| panic!("{line} in {log:?}"));
    assert!(at("Config updated, restart service") < at("Starting shutdown..."));
    assert!(at("exporter fake/x: stop") < at("exporter fake/y: start"));
    assert_eq!(log.iter().filter(|line| *line == "Shutdown complete.").count(), 2);
}

#[tokio::test]
async fn a_hangup_to_a_bad_configuration_is_the_end() {
    let bed = Bed::new(PLAIN).and_then("receivers: {fake: {nope: 1}}\nservice:\n  pipelines: {}\n");
    let error = live(&bed, &[Order::Hangup, Order::Terminate]).await.unwrap_err();
    let start = "failed to setup configuration components: failed to get config: cannot unmarshal the configuration: ";
    assert!(error.starts_with(start), "{error}");
    assert!(error.contains("has invalid keys: nope"), "{error}");
    assert_eq!(bed.log().last().map(String::as_str), Some("Shutdown complete."));
}

#[tokio::test]
async fn what_is_old_or_young_is_said() {
    let bed = Bed::new(
        "
receivers: {old_fake: {old_key: x}}
exporters: {fake: }
service:
  pipelines: {traces: {receivers: [old_fake], exporters: [fake]}}
",
    );
    live(&bed, &[Order::Terminate]).await.unwrap();
    let log = bed.log();
    for line in [
        "'old_key' is deprecated",
        "Internal metrics telemetry disabled",
        "receiver old_fake: \"old_fake\" alias is deprecated; use \"fake\" instead",
        "receiver old_fake: Development component. May change in the future.",
    ] {
        assert!(log.iter().any(|l| l == line), "{line} in {log:?}");
    }
}
