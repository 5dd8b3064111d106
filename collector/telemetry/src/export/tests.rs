use http::StatusCode;

use super::*;
use crate::tests::sink::{PATIENCE, report, sink};

fn batch(more: &str, at: &str) -> String {
    format!("logs: {{processors: [{{batch: {{{more}exporter: {{otlp: {{endpoint: 'http://{at}'}}}}}}}}]}}")
}

#[tokio::test]
async fn lines_are_sent_by_component_until_the_end() {
    let (at, got) = sink(Signal::Logs, StatusCode::OK).await;
    report(&batch("", &at), async |cx| {
        cx.log().info("one", &[("n", 1_i64.into())]);
        let log = cx.log().with(&[("otelcol.component.id", "otlp/a".into())]);
        log.error("two", &[("error", "broken".into())]);
        cx.log().warn("three", &[]);
    })
    .await;
    let all: Vec<String> = got.try_iter().collect();
    let [request] = &all[..] else { panic!("{all:?}") };
    assert!(request.starts_with("/v1/logs {"), "{request}");
    for (part, times) in [
        (r#""resource":{"attributes":[{"key":"service.name","value":{"stringValue":"x"}}]}"#, 1),
        (r#""scope":{"name":"go.opentelemetry.io/collector/service"}"#, 1),
        (
            r#""scope":{"name":"go.opentelemetry.io/collector/service","attributes":[{"key":"otelcol.component.id","value":{"stringValue":"otlp/a"}}]}"#,
            1,
        ),
        (r#""severityNumber":9,"severityText":"info","body":{"stringValue":"one"}"#, 1),
        (r#""severityNumber":17,"severityText":"error","body":{"stringValue":"two"}"#, 1),
        (r#"{"key":"exception.message","value":{"stringValue":"broken"}}"#, 1),
        (r#"{"key":"n","value":{"intValue":"1"}}"#, 1),
        (r#""stringValue":"three""#, 1),
        ("\"timeUnixNano\"", 3),
        ("\"observedTimeUnixNano\"", 3),
    ] {
        assert_eq!(request.matches(part).count(), times, "{part} in\n{request}");
    }
}

#[tokio::test]
async fn full_batches_and_simple_ones_do_not_wait() {
    let (at, got) = sink(Signal::Logs, StatusCode::OK).await;
    let otlp = format!("exporter: {{otlp: {{endpoint: 'http://{at}/here'}}}}");
    let both = format!(
        "logs: {{processors: [{{batch: {{max_export_batch_size: 3, schedule_delay: 3600000, {otlp}}}}}, {{simple: {{{otlp}}}}}]}}"
    );
    report(&both, async |cx| {
        for message in ["one", "two", "three"] {
            cx.log().info(message, &[]);
        }
        let all = tokio::task::spawn_blocking(move || {
            (0..4).map(|_| got.recv_timeout(PATIENCE).unwrap()).collect::<Vec<_>>()
        });
        let mut counts: Vec<usize> = Vec::new();
        for request in all.await.unwrap() {
            assert!(request.starts_with("/here {"), "{request}");
            counts.push(request.matches("\"body\"").count());
        }
        counts.sort_unstable();
        assert_eq!(counts, [1, 1, 1, 3]);
    })
    .await;
}

#[tokio::test]
async fn what_exporting_says_itself_is_not_exported() {
    let (at, got) = sink(Signal::Logs, StatusCode::SERVICE_UNAVAILABLE).await;
    let log = report(
        &batch("max_queue_size: 2, schedule_delay: 3600000, max_export_batch_size: 1, ", &at),
        async |cx| {
            // No task runs in between, so nothing is sent yet.
            for message in ["a", "b", "c", "d", "e"] {
                cx.log().debug(message, &[]);
            }
        },
    )
    .await;
    let sent: Vec<String> = got.try_iter().collect();
    assert_eq!(sent.len(), 2, "{sent:?}");
    assert!(
        sent[0].contains("\"stringValue\":\"d\"") && sent[1].contains("\"stringValue\":\"e\""),
        "{sent:?}"
    );
    let [failed, again, dropped] = &log[5..] else { panic!("{log:?}") };
    assert!(failed.contains("failed to export logs") && failed.contains("503"), "{failed}");
    assert_eq!(failed, again);
    assert!(dropped.contains("Own logs are dropped") && dropped.contains("{\"dropped\": 3}"), "{dropped}");
}

#[tokio::test]
async fn what_others_say_of_their_end_is_exported() {
    let (at, got) = sink(Signal::Logs, StatusCode::OK).await;
    let (nowhere, refused) = sink(Signal::Traces, StatusCode::BAD_REQUEST).await;
    let traces = format!("{{simple: {{exporter: {{otlp: {{endpoint: 'http://{nowhere}'}}}}}}}}");
    let telemetry = format!("{}, traces: {{processors: [{traces}]}}", batch("", &at));
    report(&telemetry, async |cx| {
        let _ = cx.tracing().span("go/pkg", &|| "x".to_owned(), Box::pin(async { Ok(()) })).await;
    })
    .await;
    assert_eq!(refused.try_iter().count(), 1);
    let all: Vec<String> = got.try_iter().collect();
    let [request] = &all[..] else { panic!("{all:?}") };
    assert!(request.contains("\"stringValue\":\"failed to export spans\""), "{request}");
}

#[tokio::test]
async fn lines_of_a_start_that_fails_are_sent() {
    let (at, got) = sink(Signal::Logs, StatusCode::OK).await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let yaml = format!(
        "{{metrics: {{readers: [{{pull: {{exporter: {{prometheus: {{host: 127.0.0.1, port: {port}}}}}}}}}]}}, {}}}",
        batch("", &at)
    );
    let slimcol_config::Telemetry { metrics, traces, logs, .. } = slimcol_config::from_yaml(&yaml).unwrap();
    let lines = vec![Waiting::new(10, 10)];
    let log = Log::capture().0.exported_to(&lines);
    log.info("early", &[]);
    let context = Context::standalone("telemetry", slimcol_service::Signals::NONE, log);
    let report = slimcol_service::Report {
        metrics,
        traces,
        logs,
        lines,
        resource: std::collections::BTreeMap::new(),
        context,
    };
    let error = crate::open(report, Stop::new().1).await.err().unwrap().to_string();
    assert!(error.starts_with("failed to create meter provider: binding address"), "{error}");
    assert!(got.try_iter().any(|request| request.contains("\"stringValue\":\"early\"")));
}
