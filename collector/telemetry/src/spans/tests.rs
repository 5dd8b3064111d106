use std::{collections::BTreeMap, sync::mpsc};

use bytes::Bytes;
use http::StatusCode;
use slimcol_config::Telemetry;
use slimcol_net::http::server::{HttpHandler, HttpRequest, HttpResponse, HttpServer, HttpServerConfig};
use slimcol_pdata::Data;
use slimcol_service::{Refused, Report, Signals};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);

/// Hands on what is posted to it, as JSON behind its path.
struct Sink(Mutex<mpsc::Sender<String>>, StatusCode);

impl HttpHandler for Sink {
    async fn handle(&self, mut request: HttpRequest) -> HttpResponse {
        let body = request.body().await.unwrap();
        let mut line = format!("{} ", request.path()).into_bytes();
        Data::from_bytes(Signal::Traces, body).unwrap().write_json(&mut line);
        self.0.lock().unwrap().send(String::from_utf8(line).unwrap()).unwrap();
        let mut response = HttpResponse::new(Bytes::new());
        *response.status_mut() = self.1;
        response
    }
}

/// A server that answers with `status`, its address, and what it gets.
async fn sink(status: StatusCode) -> (String, mpsc::Receiver<String>) {
    let cx = Context::standalone("sink", Signals::NONE, Log::none());
    let mut config = HttpServerConfig::default();
    "127.0.0.1:0".clone_into(&mut config.endpoint);
    let server = HttpServer::bind(&config, &cx).await.unwrap();
    let endpoint = server.endpoint().to_owned();
    let (send, got) = mpsc::channel();
    tokio::spawn(async move {
        let (_stopping, stop) = Stop::new();
        server.serve(Sink(Mutex::new(send), status), stop).await;
    });
    (endpoint, got)
}

/// Runs the processors of `traces` while `made` goes on, and then until they end; what they logged.
async fn export(traces: &str, made: impl AsyncFnOnce(Arc<Tracing>)) -> Vec<String> {
    let (log, lines) = Log::capture();
    let context = Context::standalone("telemetry", Signals::NONE, log);
    let yaml = format!("{{metrics: {{level: none}}, traces: {{processors: [{traces}]}}}}");
    let Telemetry { metrics, traces, .. } = slimcol_config::from_yaml(&yaml).unwrap();
    let resource = BTreeMap::from([("service.name".to_owned(), "x".to_owned())]);
    let tracing = context.tracing().clone();
    let (stopping, stop) = Stop::new();
    let running = crate::open(Report { metrics, traces, resource, context }, stop).await.unwrap();
    let running = tokio::spawn(running.ended());
    assert!(tracing.is_on());
    made(tracing.clone()).await;
    stopping.stop();
    tokio::time::timeout(PATIENCE, running).await.unwrap().unwrap().unwrap();
    assert!(!tracing.is_on());
    let lines = lines.lock().unwrap();
    lines.clone()
}

async fn span(tracing: &Tracing, name: &str, outcome: Result<(), Refused>) {
    let _ = tracing.span("go/pkg", &|| name.to_owned(), Box::pin(async { outcome })).await;
}

#[tokio::test]
async fn what_waits_is_sent_together_at_the_end() {
    let (at, got) = sink(StatusCode::OK).await;
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
    let (at, got) = sink(StatusCode::OK).await;
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
    let (at, got) = sink(StatusCode::SERVICE_UNAVAILABLE).await;
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
    assert!(
        dropped.contains("Own spans are dropped") && dropped.contains("{\"dropped_spans\": 5}"),
        "{dropped}"
    );
}

#[tokio::test]
async fn who_is_not_sampled_is_not_sent() {
    let (at, got) = sink(StatusCode::OK).await;
    let simple = format!("{{simple: {{exporter: {{otlp: {{endpoint: 'http://{at}'}}}}}}}}");
    export(&simple, async |tracing| {
        let waiting = Waiting {
            spans: Mutex::default(),
            most: 9,
            batch: 9,
            full: Notify::new(),
            dropped: AtomicUsize::new(0),
        };
        let waiting = Arc::new(waiting);
        tracing.add(waiting.clone());
        span(&tracing, "sampled", Ok(())).await;
        let mut unsampled = waiting.spans()[0].clone();
        unsampled.place.sampled = false;
        waiting.ended(&unsampled);
        assert_eq!(waiting.spans().len(), 1);
        tracing.remove(&waiting);
    })
    .await;
    assert_eq!(got.try_iter().count(), 1);
}
