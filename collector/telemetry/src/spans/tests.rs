use std::time::SystemTime;

use http::StatusCode;
use slimcol_service::{Place, Refused, Tracing};

use super::*;
use crate::tests::sink::{PATIENCE, report, sink};

/// Runs the processors of `traces` while `made` goes on, and then until they end; what they logged.
async fn export(traces: &str, made: impl AsyncFnOnce(Arc<Tracing>)) -> Vec<String> {
    let mut watched = None;
    let lines = report(&format!("traces: {{processors: [{traces}]}}"), async |cx| {
        let tracing = watched.insert(cx.tracing().clone()).clone();
        assert!(tracing.is_on());
        made(tracing).await;
    })
    .await;
    assert!(!watched.unwrap().is_on());
    lines
}

async fn span(tracing: &Tracing, name: &str, outcome: Result<(), Refused>) {
    let _ = tracing.span("go/pkg", &|| name.to_owned(), Box::pin(async { outcome })).await;
}

#[tokio::test]
async fn what_waits_is_sent_together_at_the_end() {
    let (at, got) = sink(Signal::Traces, StatusCode::OK).await;
    let batch = format!("{{batch: {{exporter: {{otlp: {{endpoint: 'http://{at}'}}}}}}}}");
    let log = export(&batch, async |tracing| {
        span(&tracing, "receiver/a/TraceDataReceived", Ok(())).await;
        span(&tracing, "exporter/b/traces", Err(Refused::permanent("no"))).await;
    })
    .await;
    assert!(log.is_empty(), "{log:?}");
    let all: Vec<String> = got.try_iter().collect();
    let [request] = &all[..] else { panic!("{all:?}") };
    for part in [
        "/v1/traces {",
        r#""resource":{"attributes":[{"key":"service.name","value":{"stringValue":"x"}}]}"#,
        r#""scope":{"name":"go/pkg"}"#,
        r#""name":"receiver/a/TraceDataReceived","kind":1,"#,
        r#""name":"exporter/b/traces","kind":1,"#,
        r#""status":{"message":"#,
        r#""code":2}"#,
        r#""flags":1"#,
    ] {
        assert!(request.contains(part), "{part} is not in\n{request}");
    }
    assert_eq!(request.matches("\"code\"").count(), 1, "{request}");
}

#[tokio::test]
async fn full_batches_and_simple_ones_do_not_wait() {
    let (at, got) = sink(Signal::Traces, StatusCode::OK).await;
    let otlp = format!("exporter: {{otlp: {{endpoint: 'http://{at}/here'}}}}");
    let both = format!("{{batch: {{max_export_batch_size: 3, {otlp}}}}}, {{simple: {{{otlp}}}}}");
    export(&both, async |tracing| {
        for name in ["one", "two", "three"] {
            span(&tracing, name, Ok(())).await;
        }
        let mut counts: Vec<usize> = Vec::new();
        let all = tokio::task::spawn_blocking(move || {
            (0..4).map(|_| got.recv_timeout(PATIENCE).unwrap()).collect::<Vec<_>>()
        });
        for request in all.await.unwrap() {
            assert!(request.starts_with("/here {"), "{request}");
            counts.push(request.matches("\"spanId\"").count());
        }
        counts.sort_unstable();
        assert_eq!(counts, [1, 1, 1, 3]);
    })
    .await;
}

#[tokio::test]
async fn what_is_too_much_or_not_taken_is_said() {
    let (at, got) = sink(Signal::Traces, StatusCode::SERVICE_UNAVAILABLE).await;
    let batch = format!(
        "{{batch: {{max_queue_size: 2, schedule_delay: 3600000, max_export_batch_size: 9, exporter: {{otlp: {{endpoint: 'http://{at}'}}}}}}}}"
    );
    let log = export(&batch, async |tracing| {
        // No task runs in between, so nothing is sent yet.
        for _ in 0..7 {
            span(&tracing, "much", Ok(())).await;
        }
    })
    .await;
    let sent: usize = got.try_iter().map(|request| request.matches("\"spanId\"").count()).sum();
    assert_eq!(sent, 2);
    let [failed, dropped] = &log[..] else { panic!("{log:?}") };
    assert!(failed.contains("failed to export spans") && failed.contains("503"), "{failed}");
    assert!(dropped.contains("Own spans are dropped") && dropped.contains("{\"dropped\": 5}"), "{dropped}");
}

#[test]
fn who_is_not_sampled_is_not_sent() {
    let spans = Spans(Waiting::new(9, 9));
    let mut span = Span {
        name: "x".to_owned(),
        scope: "go/pkg",
        server: false,
        place: Place { trace: 1, id: 2, sampled: false },
        parent: None,
        began: SystemTime::now(),
        took: std::time::Duration::ZERO,
        error: None,
    };
    spans.ended(&span);
    assert_eq!(spans.0.take().len(), 0);
    span.place.sampled = true;
    spans.ended(&span);
    assert_eq!(spans.0.take().len(), 1);
}
