//! The matrix of requests and answers over HTTP.

use slimcol_net::Compression;
use slimcol_service::{Code, Refused, Retry};

use super::*;

const TRACES_JSON: &str = r#"{"resourceSpans":[{"scopeSpans":[{"spans":[
    {"traceId":"5b8efff798038103d269b633813fc60c","spanId":"eee19b7ec3c1b174","name":"one","kind":2},
    {"trace_id":"5B8EFFF798038103D269B633813FC60C","span_id":"EEE19B7EC3C1B175","name":"two","kind":"SPAN_KIND_SERVER",
     "unheardOf":{"a":[1]},"startTimeUnixNano":"1","endTimeUnixNano":2}]}]}]}"#;

#[tokio::test]
async fn every_signal_is_taken_in_both_encodings() {
    let (receiving, sink) = Receiving::default().await;
    for (signal, path) in Signal::ALL.into_iter().zip(["/v1/traces", "/v1/metrics", "/v1/logs"]) {
        let before = sink.items();
        let answer = post(&receiving, path, &[PROTO], &three(signal)).await;
        assert_eq!((answer.status, &*answer.body), (200, &[0x0a, 0][..]), "{signal}");
        assert_eq!(answer.header("content-type"), Some("application/x-protobuf"));
        assert_eq!(sink.items() - before, 3, "{signal}");
        assert_eq!(sink.data().last().unwrap().bytes(), three(signal));

        let mut json = Vec::new();
        sink.data().last().unwrap().write_json(&mut json);
        let answer =
            post(&receiving, path, &[("content-type", "application/json; charset=utf-8")], &json).await;
        assert_eq!((answer.status, answer.text().as_str()), (200, r#"{"partialSuccess":{}}"#), "{signal}");
        assert_eq!(answer.header("content-type"), Some("application/json"));
        assert_eq!(sink.items() - before, 6, "{signal}");
    }
    let answer = post(&receiving, "/v1/traces", &[JSON], TRACES_JSON.as_bytes()).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert!(sink.payloads().iter().all(|payload| payload.client.addr().unwrap().ip().is_loopback()));
    receiving.source.stop().await.unwrap();
}

#[tokio::test]
async fn requests_without_items_do_not_reach_the_pipeline() {
    let (receiving, sink) = Receiving::default().await;
    for (headers, body, text) in [
        (PROTO, &b""[..], &b"\x0a\0"[..]),
        (PROTO, b"\x0a\0", b"\x0a\0"),
        (JSON, b"{}", br#"{"partialSuccess":{}}"#),
        (JSON, br#"{"resourceSpans":null}"#, br#"{"partialSuccess":{}}"#),
    ] {
        let answer = post(&receiving, "/v1/traces", &[headers], body).await;
        assert_eq!((answer.status, &*answer.body), (200, text), "{body:?}");
    }
    assert!(sink.payloads().is_empty());
}

#[tokio::test]
async fn what_is_no_request_is_refused() {
    let (receiving, sink) = Receiving::default().await;
    let traces = three(Signal::Traces);
    for (method, path, headers, status, content_type, text) in [
        ("GET", "/v1/traces", &[][..], 405, "text/plain", "405 method not allowed, supported: [POST]"),
        ("PUT", "/v1/traces", &[PROTO], 405, "text/plain", "405 method not allowed, supported: [POST]"),
        (
            "POST",
            "/v1/traces",
            &[("content-type", "text/plain")],
            415,
            "text/plain",
            "415 unsupported media type, supported: [application/json, application/x-protobuf]",
        ),
        (
            "POST",
            "/v1/traces",
            &[],
            415,
            "text/plain",
            "415 unsupported media type, supported: [application/json, application/x-protobuf]",
        ),
        ("POST", "/v1/traces/", &[PROTO], 404, "text/plain; charset=utf-8", "404 page not found\n"),
        ("POST", "/v1/profiles", &[PROTO], 404, "text/plain; charset=utf-8", "404 page not found\n"),
        (
            "POST",
            "/v1/traces",
            &[JSON, ("content-encoding", "identity")],
            400,
            "application/json",
            r#"{"code":3,"message":"unsupported Content-Encoding: identity"}"#,
        ),
        (
            "POST",
            "/v1/traces",
            &[("content-encoding", "GZIP")],
            400,
            "application/json",
            r#"{"code":3,"message":"unsupported Content-Encoding: GZIP"}"#,
        ),
        (
            "POST",
            "/v1/traces",
            &[("content-encoding", "br"), ("content-type", "text/plain")],
            500,
            "application/json",
            r#"{"code": 13, "message": "failed to marshal error message"}"#,
        ),
        (
            "POST",
            "/v1/traces",
            &[JSON, ("content-encoding", "gzip")],
            400,
            "application/json",
            r#"{"code":3,"message":"gzip: invalid header"}"#,
        ),
    ] {
        let answer = exchange(&receiving.http, &request(method, path, headers, &traces)).await;
        assert_eq!((answer.status, answer.text().as_str()), (status, text), "{method} {path} {headers:?}");
        assert_eq!(answer.header("content-type"), Some(content_type), "{method} {path} {headers:?}");
    }
    assert!(sink.payloads().is_empty());
}

#[tokio::test]
async fn malformed_requests_are_refused_in_their_own_encoding() {
    let (receiving, sink) = Receiving::default().await;
    for (signal, path) in Signal::ALL.into_iter().zip(["/v1/traces", "/v1/metrics", "/v1/logs"]) {
        let whole = three(signal);
        let answer = post(&receiving, path, &[PROTO], &whole[..whole.len() - 1]).await;
        assert_eq!(answer.status, 400);
        assert_eq!(answer.header("content-type"), Some("application/x-protobuf"));
        assert_eq!(&answer.body[..3], &[8, 3, 0x12], "code 3 and a message");
        let answer = post(&receiving, path, &[JSON], b"{\"resource").await;
        assert_eq!(answer.status, 400);
        assert!(answer.text().starts_with(r#"{"code":3,"message":""#), "{}", answer.text());
    }
    let short = br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{"traceId":"5b8e"}]}]}]}"#;
    assert_eq!(post(&receiving, "/v1/traces", &[JSON], short).await.status, 400);
    assert!(sink.payloads().is_empty());
}

#[tokio::test]
async fn every_compression_is_read() {
    let (receiving, sink) = Receiving::default().await;
    let traces = generate::traces(2, 100);
    for name in ["gzip", "zstd", "zlib", "deflate", "snappy", "x-snappy-framed", "lz4"] {
        let body = Compression::from_name(name).unwrap().compress(0, &[&traces]);
        let before = sink.items();
        let answer = post(&receiving, "/v1/traces", &[PROTO, ("content-encoding", name)], &body).await;
        assert_eq!(answer.status, 200, "{name} {}", answer.text());
        assert_eq!(sink.items() - before, 100, "{name}");
        let answer = post(&receiving, "/v1/traces", &[JSON, ("content-encoding", name)], &body[..3]).await;
        assert_eq!(answer.status, 400, "{name}");
    }
}

#[tokio::test]
async fn chosen_compressions_replace_the_list() {
    let sink = Sink::new();
    let receiving = Receiving::start("", "compression_algorithms: [zstd]", sink.outputs()).await;
    let traces = three(Signal::Traces);
    let plain = post(&receiving, "/v1/traces", &[PROTO], &traces).await;
    assert_eq!(plain.status, 400);
    assert!(plain.text().contains("unsupported Content-Encoding: "), "{}", plain.text());
    let body = Compression::Zstd.compress(0, &[&traces]);
    assert_eq!(
        post(&receiving, "/v1/traces", &[PROTO, ("content-encoding", "zstd")], &body).await.status,
        200
    );
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let sink = Sink::new();
    let receiving = Receiving::start("", "max_request_body_size: 100000", sink.outputs()).await;
    let text = r#"{"code":3,"message":"http: request body too large"}"#;
    let large = vec![b' '; 100_001];
    let answer = post(&receiving, "/v1/traces", &[JSON], &large).await;
    assert_eq!((answer.status, answer.text().as_str()), (400, text));
    // Without an announced length it is found out on the way.
    let mut chunked =
        b"POST /v1/traces HTTP/1.1\r\nhost: test\r\nconnection: close\r\ncontent-type: application/json\r\n\
          transfer-encoding: chunked\r\n\r\n186a1\r\n"
            .to_vec();
    chunked.extend(&large);
    chunked.extend(b"\r\n0\r\n\r\n");
    let answer = exchange(&receiving.http, &chunked).await;
    assert_eq!((answer.status, answer.text().as_str()), (400, text));
    // A bomb: 64 MiB of zeros in a few KB.
    let zeros = vec![0; 64 << 20];
    for name in ["gzip", "zstd", "zlib", "x-snappy-framed", "lz4"] {
        let bomb = Compression::from_name(name).unwrap().compress(0, &[&zeros]);
        let bomb = &bomb[..bomb.len().min(100_000)];
        let answer = post(&receiving, "/v1/traces", &[JSON, ("content-encoding", name)], bomb).await;
        assert_eq!((answer.status, answer.text().as_str()), (400, text), "{name}");
    }
    let exact = [b"{}".to_vec(), vec![b' '; 99_998]].concat();
    assert_eq!(post(&receiving, "/v1/traces", &[JSON], &exact).await.status, 200);
}

#[tokio::test]
async fn heads_that_are_too_large_are_refused() {
    let (receiving, sink) = Receiving::default().await;
    let body = three(Signal::Traces);
    for (size, status) in [(60 << 10, 200), (70 << 10, 431), (1 << 20, 431)] {
        let long = "x".repeat(size);
        let head = request("POST", "/v1/traces", &[PROTO, ("x-long", &long)], &body);
        let mut stream = TcpStream::connect(&receiving.http).await.unwrap();
        // The receiver may hang up before it has seen everything.
        let (mut read, mut write) = stream.split();
        let mut answer = Vec::new();
        let (_, _) = tokio::join!(write.write_all(&head), read.read_to_end(&mut answer));
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.starts_with(&format!("HTTP/1.1 {status} ")), "{size}: {answer}");
    }
    assert_eq!(sink.items(), 3);
}

#[tokio::test]
async fn refusals_become_statuses() {
    let cases: [(Refusal, u16, Option<&str>, &str); 9] = [
        (
            || Refused::retryable("data refused due to high memory usage"),
            503,
            None,
            r#"{"code":14,"message":"data refused due to high memory usage"}"#,
        ),
        (|| Refused::permanent("no"), 500, None, r#"{"code":13,"message":"no"}"#),
        (
            || Refused::retryable("full").with_code(Code::ResourceExhausted),
            429,
            None,
            r#"{"code":8,"message":"full"}"#,
        ),
        (
            || Refused::retryable("wait").with_retry(Retry::After(Duration::from_millis(7900))),
            503,
            Some("7"),
            r#"{"code":14,"message":"wait","details":[{"@type":"type.googleapis.com/google.rpc.RetryInfo","retryDelay":"7.900s"}]}"#,
        ),
        (
            || Refused::permanent("x").with_code(Code::InvalidArgument),
            400,
            None,
            r#"{"code":3,"message":"x"}"#,
        ),
        (
            || Refused::permanent("x").with_code(Code::Unauthenticated),
            401,
            None,
            r#"{"code":16,"message":"x"}"#,
        ),
        (
            || Refused::permanent("x").with_code(Code::PermissionDenied),
            403,
            None,
            r#"{"code":7,"message":"x"}"#,
        ),
        (
            || Refused::permanent("x").with_code(Code::Unimplemented),
            404,
            None,
            r#"{"code":12,"message":"x"}"#,
        ),
        (|| Refused::retryable("x").with_code(Code::DataLoss), 503, None, r#"{"code":15,"message":"x"}"#),
    ];
    let (receiving, sink) = Receiving::default().await;
    for (refusal, status, retry_after, text) in cases {
        sink.refuse_with(refusal);
        let answer = post(&receiving, "/v1/traces", &[JSON], TRACES_JSON.as_bytes()).await;
        assert_eq!((answer.status, answer.text().as_str()), (status, text));
        assert_eq!(answer.header("retry-after"), retry_after, "{text}");
    }
    sink.refuse_with(|| Refused::retryable("later"));
    let answer = post(&receiving, "/v1/traces", &[PROTO], &three(Signal::Traces)).await;
    assert_eq!((answer.status, &*answer.body), (503, &b"\x08\x0e\x12\x05later"[..]));
}

#[tokio::test]
async fn signals_without_a_pipeline_have_no_path() {
    let sink = Sink::new();
    let only = Outputs::default().with(Signal::Logs, sink.next());
    let receiving = Receiving::start("", "logs_url_path: in/logs", only).await;
    assert_eq!(post(&receiving, "/v1/traces", &[PROTO], b"").await.status, 404);
    assert_eq!(post(&receiving, "/v1/logs", &[PROTO], b"").await.status, 404);
    assert_eq!(post(&receiving, "/in/logs", &[PROTO], &three(Signal::Logs)).await.status, 200);
    assert_eq!(sink.items(), 3);
}

#[tokio::test]
async fn metadata_goes_along_when_asked_for() {
    for (http, expected) in [("", vec![]), ("include_metadata: true", vec!["a".to_owned(), "b".to_owned()])] {
        let sink = Sink::new();
        let receiving = Receiving::start("", http, sink.outputs()).await;
        let headers = [PROTO, ("X-Tenant", "a"), ("x-tenant", "b")];
        assert_eq!(post(&receiving, "/v1/traces", &headers, &three(Signal::Traces)).await.status, 200);
        let client = &sink.payloads()[0].client;
        assert_eq!(client.metadata("X-Tenant"), expected);
        assert_eq!(client.metadata("host").is_empty(), expected.is_empty());
        assert!(client.addr().is_some());
    }
}

#[tokio::test]
async fn cross_origin_requests() {
    let sink = Sink::new();
    let http = "response_headers: {x-served-by: edge}, \
                cors: {allowed_origins: ['https://*.example.com'], allowed_headers: [x-key], max_age: 7200}";
    let receiving = Receiving::start("", http, sink.outputs()).await;
    let preflight = |origin| {
        let asks = [
            ("origin", origin),
            ("access-control-request-method", "POST"),
            ("access-control-request-headers", "x-key"),
        ];
        request("OPTIONS", "/v1/traces", &asks, b"")
    };
    let answer = exchange(&receiving.http, &preflight("https://shop.example.com")).await;
    assert_eq!(answer.status, 204);
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example.com"));
    assert_eq!(answer.header("access-control-allow-headers"), Some("x-key"));
    assert_eq!(answer.header("access-control-allow-credentials"), Some("true"));
    assert_eq!(answer.header("access-control-max-age"), Some("7200"));
    assert_eq!(answer.header("x-served-by"), Some("edge"));
    let answer = exchange(&receiving.http, &preflight("https://example.org")).await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (204, None));
    let headers = [PROTO, ("origin", "https://shop.example.com")];
    let answer = post(&receiving, "/v1/traces", &headers, &three(Signal::Traces)).await;
    assert_eq!((answer.status, answer.header("vary")), (200, Some("Origin")));
    assert_eq!(answer.header("access-control-allow-origin"), Some("https://shop.example.com"));
    assert_eq!(post(&receiving, "/v1/traces", &[PROTO], b"").await.header("vary"), Some("Origin"));
}

#[tokio::test]
async fn http2_without_tls_is_not_served() {
    let (receiving, _) = Receiving::default().await;
    let mut stream = TcpStream::connect(&receiving.http).await.unwrap();
    stream.write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0").await.unwrap();
    let mut all = Vec::new();
    // The connection is closed, after an error page or without.
    let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all)).await.unwrap();
    assert!(!String::from_utf8_lossy(&all).contains("200"));
}

#[tokio::test]
async fn several_requests_share_a_connection_and_halves_are_put_together() {
    let (receiving, sink) = Receiving::default().await;
    let mut stream = TcpStream::connect(&receiving.http).await.unwrap();
    let body = three(Signal::Traces);
    let head = format!(
        "POST /v1/traces HTTP/1.1\r\nhost: test\r\ncontent-type: application/x-protobuf\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    for _ in 0..2 {
        stream.write_all(head.as_bytes()).await.unwrap();
        stream.write_all(&body[..100]).await.unwrap();
        stream.flush().await.unwrap();
        tokio::task::yield_now().await;
        stream.write_all(&body[100..]).await.unwrap();
    }
    stream.write_all(&request("POST", "/v1/traces", &[PROTO], &body)).await.unwrap();
    let all = answer(&mut stream).await;
    assert_eq!(all.status, 200);
    assert_eq!(all.text().matches("HTTP/1.1 200 OK").count(), 2);
    assert_eq!(sink.items(), 9);
}
