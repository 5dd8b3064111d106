use slimcol_testing::{Source, assert_metadata, extension_from_yaml};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;

/// Head and body of the answer to a GET, which is the connection's last.
async fn get(endpoint: &str, path: &str) -> (String, String) {
    let mut stream = TcpStream::connect(endpoint).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    (head.to_owned(), body.to_owned())
}

fn endpoint(source: &Source) -> String {
    source.log().endpoint("Starting health_check extension")
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn a_ready_collector_is_available() {
    let source = extension_from_yaml(&FACTORY, "endpoint: localhost:0").await.unwrap();
    let endpoint = endpoint(&source);
    let (head, body) = get(&endpoint, "/").await;
    assert!(
        head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("content-type: application/json"),
        "{head}"
    );
    assert!(body.starts_with(r#"{"status":"Server available","upSince":"20"#), "{body}");
    assert!(body.contains(r#"Z","uptime":""#) && body.ends_with("s\"}"), "{body}");
    // Go's mux takes `/` for everything.
    assert!(get(&endpoint, "/any").await.0.starts_with("HTTP/1.1 200 "));
    assert_eq!(source.log().count("Health Check state change\t{\"status\": \"ready\"}"), 1);
    source.stop().await.unwrap();
    assert!(TcpStream::connect(endpoint).await.is_err());
}

#[tokio::test]
async fn bodies_and_path_of_the_user() {
    let yaml = "{endpoint: 'localhost:0', path: /health, response_body: {healthy: fine, unhealthy: ill}}";
    let source = extension_from_yaml(&FACTORY, yaml).await.unwrap();
    let endpoint = endpoint(&source);
    let (head, body) = get(&endpoint, "/health").await;
    assert!(head.starts_with("HTTP/1.1 200 OK\r\n") && head.contains("text/plain"), "{head}");
    assert_eq!(body, "fine");
    let (head, body) = get(&endpoint, "/").await;
    assert!(head.starts_with("HTTP/1.1 404 Not Found\r\n"), "{head}");
    assert_eq!(body, "404 page not found\n");
    source.stop().await.unwrap();
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("endpoint: ''", "bad config: endpoint must be specified"),
        ("path: health", "bad config: path must start with /"),
        (
            "check_collector_pipeline: {exporter_failure_threshold: 0}",
            "bad config: exporter_failure_threshold expects a positive number",
        ),
        ("check_collector_pipeline: {interval: 5x}", "unknown unit"),
        ("endpoitn: x", "has invalid keys: endpoitn"),
        (
            "auth: {authenticator: basicauth}",
            "failed to resolve authenticator \"basicauth\": authenticator not found",
        ),
    ] {
        let error = extension_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn the_pipeline_check_is_said_to_do_nothing() {
    let yaml = "{endpoint: 'localhost:0', check_collector_pipeline: {enabled: true, interval: 1m}}";
    let source = extension_from_yaml(&FACTORY, yaml).await.unwrap();
    assert_eq!(source.log().count("check_collector_pipeline has no effect"), 1);
    source.stop().await.unwrap();
}

#[tokio::test]
async fn health_follows_the_phase() {
    let (phases, phase) = watch::channel(Phase::Starting);
    let (health, mut seen) = watch::channel(Health::Unavailable);
    let (log, lines) = Log::capture();
    let following = tokio::spawn(async move { follow(phase, &health, &log).await });
    phases.send_replace(Phase::Ready);
    seen.wait_for(|health| health.name() == "ready").await.unwrap();
    phases.send_replace(Phase::Stopping);
    seen.wait_for(|health| health.name() == "unavailable").await.unwrap();
    following.abort();
    let lines = lines.lock().unwrap();
    let change = |line: &String| line.contains("Health Check state change");
    assert_eq!(lines.iter().filter(|line| change(line)).count(), 2, "{lines:?}");
}
