use slimcol_config::{Config as Whole, parse};
use slimcol_service::{Context, Log, Outputs, Signals};
use slimcol_testing::{Source, ask, assert_metadata, extension_from_yaml, source_from_yaml};

use super::*;

const RUNS: &str = r#"
receivers: {otlp: , "otlp/'b&": }
processors: {batch: }
exporters: {debug: }
connectors: {forward/x: }
extensions: {zpages: , health_check/1: }
service:
  extensions: [zpages, health_check/1]
  pipelines:
    traces: {receivers: [otlp, "otlp/'b&"], processors: [batch], exporters: [forward/x]}
    traces/2: {receivers: [forward/x], exporters: [debug]}
"#;

/// The extension in a collector that runs [`RUNS`], and where it listens.
async fn start(yaml: &str) -> (Source, String) {
    let (log, lines) = Log::capture();
    let (config, findings) = Whole::read(parse("test.yaml", RUNS).unwrap());
    assert!(findings.issues.is_empty(), "{:?}", findings.issues);
    let cx = Context::standalone("zpages", Signals::NONE, log).with_config(config);
    let source = source_from_yaml(&FACTORY, yaml, &cx, Outputs::default()).await.unwrap();
    let lines = lines.lock().unwrap();
    let line = lines.iter().find(|line| line.contains("Starting zPages extension")).unwrap();
    (source, line.split("\"endpoint\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned())
}

/// Head and body of the answer to a GET.
async fn get(endpoint: &str, path: &str) -> (String, String) {
    ask(endpoint, &format!("GET {path}"), "", b"").await.text()
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn pages_show_what_runs() {
    let (source, endpoint) = start("endpoint: localhost:0").await;
    for (path, texts) in [
        (
            "/debug/servicez",
            &["<dt>Command</dt><dd>standalone</dd>", "<dt>OS</dt><dd>linux</dd>", ">Ready</span>"][..],
        ),
        (
            "/debug/pipelinez",
            &[
                ">traces/2</div>",
                ">forward/x (connector)</a>",
                "pipelinenamez=traces&amp;componentnamez=batch&amp;componentkindz=processor\">batch</a>",
                ">otlp/&#39;b&amp;</a>",
                "componentnamez=otlp%2F%27b%26&amp;",
            ],
        ),
        (
            "/debug/pipelinez?pipelinenamez=traces&componentnamez=otlp%2F%27b%26&componentkindz=receiver",
            &["<h2>receiver: otlp/&#39;b&amp;</h2>"],
        ),
        (
            "/debug/pipelinez?pipelinenamez=traces&componentnamez=batch&componentkindz=processor",
            &["<h2>processor: traces/batch</h2>"],
        ),
        (
            "/debug/pipelinez?pipelinenamez=traces&componentnamez=%3Cscript%3E&componentkindz=processor",
            &["There is no such component."],
        ),
        ("/debug/extensionz", &["extensionnamez=health_check%2F1\">health_check/1</a>", ">true</div>"]),
        ("/debug/extensionz?extensionnamez=health_check/1", &["<h2>extension: health_check/1</h2>"]),
        ("/debug/featurez", &["service.profilesSupport", "v0.112.0"]),
    ] {
        let (head, body) = get(&endpoint, path).await;
        assert!(
            head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("text/html; charset=utf-8"),
            "{head}"
        );
        assert!(head.contains("content-security-policy: default-src 'none'"), "{head}");
        for text in texts {
            assert!(body.contains(text), "{path}: no {text} in {body}");
        }
        assert!(!body.contains("<script"), "{body}");
        let current = path.split('?').next().unwrap();
        assert!(body.contains(&format!("<a href=\"{current}\" aria-current=\"page\">")), "{body}");
    }
    let empty = get(&endpoint, "/debug/tracez").await.1;
    assert!(empty.contains("Nothing came through the pipelines yet."), "{empty}");
    for path in ["/", "/debug/expvarz", "/debug/servicez/x"] {
        let (head, body) = get(&endpoint, path).await;
        assert!(
            head.starts_with("HTTP/1.1 404 Not Found\r\n") && body == "404 page not found\n",
            "{path}: {head}"
        );
    }
    source.stop().await.unwrap();
}

#[tokio::test]
async fn variables_are_shown_where_they_are_wanted() {
    let (source, endpoint) = start("{endpoint: 'localhost:0', expvar: {enabled: true}}").await;
    let (head, body) = get(&endpoint, "/debug/expvarz").await;
    assert!(head.contains("content-type: application/json"), "{head}");
    assert!(body.starts_with("{\n\"cmdline\": [\"") && body.contains("\"memstats\": {"), "{body}");
    assert!(get(&endpoint, "/debug/servicez").await.1.contains("<a href=\"/debug/expvarz\">Variables</a>"));
    source.stop().await.unwrap();
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("endpoint: ''", "\"endpoint\" is required when using the \"zpages\" extension"),
        ("expvar: {on: true}", "has invalid keys: on"),
        ("endpoitn: x", "has invalid keys: endpoitn"),
    ] {
        let error = extension_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn spans_are_shown_by_name_and_by_how_long_they_took() {
    let (log, lines) = Log::capture();
    let cx = Context::standalone("zpages", Signals::NONE, log);
    let source = source_from_yaml(&FACTORY, "endpoint: localhost:0", &cx, Outputs::default()).await.unwrap();
    let line = lines.lock().unwrap().iter().find(|line| line.contains("Starting zPages")).unwrap().clone();
    let endpoint = line.split("\"endpoint\": \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    let slow = || {
        Box::pin(async {
            tokio::time::sleep(std::time::Duration::from_millis(12)).await;
            Ok(())
        })
    };
    cx.tracing().span("", &|| "exporter/a b/traces".to_owned(), slow()).await.unwrap();
    let fails = Box::pin(async { Err(slimcol_service::Refused::permanent("<no>")) });
    cx.tracing().span("", &|| "exporter/a b/traces".to_owned(), fails).await.unwrap_err();
    let (_, page) = get(&endpoint, "/debug/tracez").await;
    let address =
        "/debug/tracez?zspanname=exporter%2Fa%20b%2Ftraces&amp;ztype=1&amp;zlatencybucket=4\">1</a>";
    assert!(page.contains(address) && page.contains("ztype=2&amp;zlatencybucket=0\">1</a>"), "{page}");
    let of_it = "/debug/tracez?zspanname=exporter%2Fa%20b%2Ftraces&ztype=";
    let (_, page) = get(&endpoint, &format!("{of_it}1&zlatencybucket=4")).await;
    assert!(page.contains("<h2>exporter/a b/traces: &gt;10ms</h2>"), "{page}");
    let (_, page) = get(&endpoint, &format!("{of_it}2&zlatencybucket=0")).await;
    assert!(page.contains("<h2>exporter/a b/traces: errors</h2>") && page.contains("&lt;no&gt;"), "{page}");
    let (_, page) = get(&endpoint, &format!("{of_it}1&zlatencybucket=99")).await;
    assert!(page.contains("zlatencybucket=4") && !page.contains("<h2>"), "{page}");
    source.stop().await.unwrap();
    // Nobody listens any more.
    cx.tracing().span("", &|| unreachable!("nobody wants a name"), slow()).await.unwrap();
}
