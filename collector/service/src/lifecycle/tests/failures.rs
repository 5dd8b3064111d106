//! What fails or panics while it runs, and how the collector ends.

use super::*;

#[tokio::test]
async fn work_that_fails_or_panics_ends_the_collector_in_order() {
    for (section, error) in [
        ("receivers: {fake: {fail: listener died, at: run}}\nextensions: {fake: }", "listener died"),
        (
            "receivers: {fake: {fail: oops, at: run, panic: true}}\nextensions: {fake: }",
            "internal error: oops",
        ),
        ("receivers: {fake: }\nextensions: {fake: {fail: gone, at: run}}", "gone"),
        (
            "receivers: {fake: }\nextensions: {fake: {fail: ouch, at: run, panic: true}}",
            "internal error: ouch",
        ),
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
async fn a_panic_in_a_task_of_a_component_ends_the_collector_in_order() {
    let bed = Bed::new(
        "
receivers: {fake: }
exporters: {fake: {at: task}}
service:
  pipelines: {traces: {receivers: [fake], exporters: [fake]}}
",
    );
    live(&bed, &[]).await.unwrap();
    let log = bed.log();
    let message = "exporter fake: Asynchronous error received, terminating process";
    assert!(log.contains(&message.to_owned()), "{log:?}");
    assert!(bed.raw_log().contains("\"error\": \"internal error: lost my way\""), "{}", bed.raw_log());
    assert_eq!(log.last().map(String::as_str), Some("Shutdown complete."));
}

#[tokio::test]
async fn what_panics_while_it_stops_does_not_keep_the_rest_from_stopping() {
    let bed = Bed::new(
        "
receivers: {fake: {fail: late, at: stop}}
processors: {fake: {at: stop, panic: true}}
connectors: {fake/c: {at: stop, panic: true}}
exporters: {fake: {at: stop, panic: true}}
extensions: {fake: {fail: later, at: stop, panic: true}}
service:
  extensions: [fake]
  pipelines:
    traces: {receivers: [fake], processors: [fake], exporters: [fake/c]}
    traces/out: {receivers: [fake/c], exporters: [fake]}
",
    );
    live(&bed, &[Order::Terminate]).await.unwrap();
    let log = story(&bed);
    let stop = log.iter().position(|line| line == "Starting shutdown...").unwrap();
    assert_eq!(
        log[stop + 1..],
        [
            "receiver fake: stop",
            "receiver fake: Asynchronous error while the process is ending",
            "processor fake in traces: stop",
            "processor fake in traces: Failed to stop component",
            "connector fake/c: stop",
            "connector fake/c: Failed to stop component",
            "exporter fake: stop",
            "exporter fake: Failed to stop component",
            "Stopping extensions...",
            "extension fake: stop",
            "extension fake: Asynchronous error while the process is ending",
            "Shutdown complete.",
        ]
    );
    let raw = bed.raw_log();
    for error in ["late", "internal error: later", "internal error: cannot stop"] {
        assert!(raw.contains(&format!("\"error\": \"{error}\"")), "{error}: {raw}");
    }
}
