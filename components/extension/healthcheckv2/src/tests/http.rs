//! What is answered over HTTP.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};

use super::*;

/// Code and body of the answer to a GET, which is the connection's last.
async fn get(endpoint: &str, path: &str) -> (u16, String) {
    let mut stream = TcpStream::connect(endpoint).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: test\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(head.contains("content-type: application/json"), body.starts_with('{'), "{answer}");
    (head.split(' ').nth(1).unwrap().parse().unwrap(), body.to_owned())
}

/// The same with the body's times taken out.
async fn timeless(endpoint: &str, path: &str) -> (u16, serde_json::Value) {
    fn strip(value: &mut serde_json::Value) {
        let map = value.as_object_mut().unwrap();
        let time = map.remove("status_time").unwrap();
        assert!(time.as_str().unwrap().starts_with("20") && time.as_str().unwrap().ends_with('Z'), "{time}");
        assert_eq!(map.remove("attributes").unwrap(), serde_json::json!({}));
        for (_, part) in
            map.get_mut("components").and_then(|parts| parts.as_object_mut()).into_iter().flatten()
        {
            strip(part);
        }
    }
    let (code, body) = get(endpoint, path).await;
    let mut body: serde_json::Value = serde_json::from_str(&body).unwrap();
    strip(&mut body);
    assert!(body.as_object_mut().unwrap().remove("start_time").unwrap().as_str().unwrap().ends_with('Z'));
    (code, body)
}

const HTTP: &str = "use_v2: true, http: {endpoint: 'localhost:0', config: {enabled: true}}";

#[tokio::test]
async fn the_collector_its_pipelines_and_their_components() {
    let rig = Rig::start(&format!("{{{HTTP}}}")).await;
    let endpoint = rig.endpoint("http");
    let fine = serde_json::json!({"healthy": true, "status": "StatusOK"});
    for path in ["/status", "/status?pipeline=", "/status?verbose=false", "/status?pipeline=logs"] {
        assert_eq!(timeless(&endpoint, path).await, (200, fine.clone()), "{path}");
    }
    rig.complain();
    let bad = serde_json::json!({"healthy": true, "status": "StatusRecoverableError", "error": "no route"});
    assert_eq!(timeless(&endpoint, "/status").await, (200, bad.clone()));
    assert_eq!(timeless(&endpoint, "/status?pipeline=traces").await, (200, fine.clone()));
    let with = |mut this: serde_json::Value, parts: serde_json::Value| {
        this["components"] = parts;
        this
    };
    let pipeline = with(bad.clone(), serde_json::json!({"processor:it": bad}));
    assert_eq!(timeless(&endpoint, "/status?pipeline=logs&verbose").await, (200, pipeline.clone()));
    let other = with(fine.clone(), serde_json::json!({"processor:it": fine}));
    let all = serde_json::json!({"pipeline:logs": pipeline, "pipeline:traces": other});
    assert_eq!(timeless(&endpoint, "/status?verbose=true").await, (200, with(bad, all)));
    for (path, answer) in [
        ("/status?pipeline=metrics", (404, "")),
        ("/status?pipeline=extensions", (404, "")),
        ("/status/", (404, "404 page not found\n")),
        // Nothing keeps a configuration outside a collector.
        ("/config", (503, "")),
    ] {
        assert_eq!(get(&endpoint, path).await, (answer.0, answer.1.to_owned()), "{path}");
    }
    rig.source.stop().await.unwrap();
    assert!(TcpStream::connect(endpoint).await.is_err());
}

#[tokio::test]
async fn what_counts_as_unhealthy() {
    let cases = [
        ("", 200, 200),
        ("component_health: {}", 200, 200),
        ("component_health: {include_permanent_errors: true}", 200, 500),
        ("component_health: {include_recoverable_errors: true}", 500, 200),
        ("component_health: {include_recoverable_errors: true, recovery_duration: 1h}", 200, 200),
    ];
    for (health, recoverable, permanent) in cases {
        let rig = Rig::start(&format!("{{{HTTP}, {health}}}")).await;
        let endpoint = rig.endpoint("http");
        rig.complain();
        let (code, body) = timeless(&endpoint, "/status").await;
        assert_eq!((code, &body["healthy"]), (recoverable, &(recoverable == 200).into()), "{health}");
        rig.cx.status().ok();
        assert_eq!(timeless(&endpoint, "/status").await.0, 200, "{health}");
        rig.cx.status().of(Signal::Traces).permanent(&"broken");
        let (code, body) = timeless(&endpoint, "/status").await;
        assert_eq!((code, &body["healthy"]), (permanent, &(permanent == 200).into()), "{health}");
        rig.source.stop().await.unwrap();
    }
}

#[tokio::test]
async fn other_paths_and_details_for_everyone() {
    let yaml = "{use_v2: true, http: {endpoint: 'localhost:0', status: {path: /health/, verbose: true}, \
                config: {enabled: true, path: /health/config}}}";
    let rig = Rig::start(yaml).await;
    let endpoint = rig.endpoint("http");
    assert!(get(&endpoint, "/health/any").await.1.contains("\"components\":{\"pipeline:logs\":"));
    assert_eq!(get(&endpoint, "/health/config").await.0, 503);
    assert_eq!(get(&endpoint, "/status").await.0, 404);
    rig.source.stop().await.unwrap();
}

#[tokio::test]
async fn without_v2_it_is_the_old_extension() {
    let rig = Rig::start(
        "{endpoint: 'localhost:0', http: {endpoint: 'localhost:1'}, grpc: {endpoint: 'localhost:1'}}",
    )
    .await;
    let endpoint = rig.endpoint("http");
    rig.complain();
    let (code, body) = get(&endpoint, "/").await;
    assert_eq!(code, 200);
    assert!(body.starts_with(r#"{"status":"Server available","upSince":"20"#), "{body}");
    assert!(body.contains(r#"Z","uptime":""#) && body.ends_with("s\"}"), "{body}");
    assert_eq!(get(&endpoint, "/any").await.0, 200);
    assert_eq!(get(&endpoint, "/?pipeline=nope").await.0, 404);
    rig.source.stop().await.unwrap();

    let bodies = "{endpoint: 'localhost:0', path: /up, response_body: {healthy: fine, unhealthy: ill}}";
    let rig = Rig::start(bodies).await;
    assert_eq!(get(&rig.endpoint("http"), "/up").await, (200, "fine".to_owned()));
    assert_eq!(get(&rig.endpoint("http"), "/").await.0, 404);
    rig.source.stop().await.unwrap();
}
