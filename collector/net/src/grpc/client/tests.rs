//! The client against servers that answer as a test says.

mod server;
mod tls;

use std::time::Duration;

use bytes::Bytes;
use http::HeaderMap;
use slimcol_service::{Code, Context, Log, Signals};
use tokio::{io::AsyncWriteExt, net::TcpListener};

use self::server::{Answer, Server};
use super::*;

pub(crate) const PATH: &str = "/test.Service/Call";
/// Long enough to never pass on a loaded machine, so that a test that hangs still ends.
pub(crate) const PATIENCE: Option<Duration> = Some(Duration::from_secs(20));

/// A client of plain text to this address, with more lines of configuration.
pub(crate) fn client(addr: std::net::SocketAddr, more: &str) -> GrpcClient {
    try_client(&format!("endpoint: '{addr}'\ntls: {{insecure: true}}\n{more}")).unwrap()
}

pub(crate) fn try_client(yaml: &str) -> Result<GrpcClient, String> {
    let config: GrpcClientConfig = slimcol_config::from_yaml(yaml)?;
    GrpcClient::start(&config, &Context::standalone("otlp", Signals::ALL, Log::none()))
        .map_err(|e| e.to_string())
}

fn message() -> Vec<Bytes> {
    vec![Bytes::from_static(b"hello "), Bytes::from(vec![b'x'; 100_000]), Bytes::from_static(b" world")]
}

#[tokio::test]
async fn sends_pieces_and_headers_and_reads_the_answer() {
    for (name, encoding) in
        [("none", None), ("gzip", Some("gzip")), ("snappy", Some("snappy")), ("zstd", Some("zstd"))]
    {
        let mut server = Server::start(|_| Answer::ok(b"fine")).await;
        let more = format!(
            "compression: {name}\nheaders: {{X-Key: secret, te: mine, Blob-Bin: hi}}\nauthority: me.example"
        );
        let client = client(server.addr, &more);
        let answer = client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap();
        assert_eq!(answer, b"fine"[..]);
        let seen = server.seen().await;
        let header = |name: &str| seen.headers.get(name).map(|v| v.to_str().unwrap().to_owned());
        assert_eq!(seen.uri, format!("http://me.example{PATH}"));
        assert_eq!(header("content-type").as_deref(), Some("application/grpc"));
        assert_eq!(header("te").as_deref(), Some("trailers"));
        assert_eq!(header("x-key").as_deref(), Some("secret"));
        assert_eq!(header("blob-bin").as_deref(), Some("aGk="));
        assert_eq!(header("grpc-encoding").as_deref(), encoding);
        assert!(header("user-agent").unwrap().starts_with("standalone/"));
        assert!(header("grpc-timeout").is_some());
        assert_eq!(seen.body[0], u8::from(encoding.is_some()));
        let body = &seen.body[5..];
        let body = match name {
            "none" => body.to_vec(),
            "snappy" => Compression::SnappyFramed.decompress(body, 1 << 20).unwrap(),
            _ => Compression::from_name(name).unwrap().decompress(body, 1 << 20).unwrap(),
        };
        assert_eq!(body, message().concat());
    }
}

#[tokio::test]
async fn one_connection_serves_many_calls() {
    let server = Server::start(|_| Answer::ok(b"")).await;
    let client = Arc::new(client(server.addr, ""));
    let mut calls = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let client = Arc::clone(&client);
        calls.spawn(
            async move { client.unary(PATH, &message(), PATIENCE, &Client::default()).await.map(|_| ()) },
        );
    }
    assert_eq!(calls.join_all().await, vec![Ok(()); 50]);
    assert_eq!(server.connections(), 1);
}

/// A far end that once gave a lot of room and then stopped reading, as a process that is suspended does.
#[tokio::test]
async fn a_far_end_that_stopped_reading_is_not_left_with_everything() {
    const REQUEST: usize = 1 << 20;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let client = client(listener.local_addr().unwrap(), "");
    let (mut frozen, mut calls, nobody) = (Vec::new(), 0, Client::default());
    while frozen.len() < 2 {
        let message = [Bytes::from(vec![0; REQUEST])];
        let call = client.unary(PATH, &message, Some(Duration::from_millis(20)), &nobody);
        tokio::select! {
            outcome = call => {
                let code = outcome.unwrap_err().code;
                // Unavailable: it was the next in line on the connection that is given up.
                assert!([Code::DeadlineExceeded, Code::Unavailable].contains(&code), "{code:?}");
            }
            accepted = listener.accept() => {
                let mut stream = accepted.unwrap().0;
                // The largest windows: SETTINGS with an INITIAL_WINDOW_SIZE, a WINDOW_UPDATE, the SETTINGS' ACK.
                stream.write_all(b"\0\0\x06\x04\0\0\0\0\0\0\x04\x7f\xff\xff\xff").await.unwrap();
                stream.write_all(b"\0\0\x04\x08\0\0\0\0\0\x7f\xff\0\0\0\0\0\x04\x01\0\0\0\0").await.unwrap();
                frozen.push(stream);
            }
        }
        calls += 1;
        assert!(calls < 100, "{calls} requests on one connection that nobody reads");
    }
    assert!(calls > 8, "given up after {calls} requests");
}

#[tokio::test]
async fn statuses_come_with_message_and_delay() {
    let details = "CA4aMAoodHlwZS5nb29nbGVhcGlzLmNvbS9nb29nbGUucnBjLlJldHJ5SW5mbxIECgIIBw";
    for trailers_only in [false, true] {
        let mut server = Server::start(move |_| {
            let mut status = HeaderMap::new();
            status.insert("grpc-status", 14.into());
            status.insert("grpc-message", "try%20later".parse().unwrap());
            status.insert("grpc-status-details-bin", details.parse().unwrap());
            if trailers_only { Answer::trailers_only(status) } else { Answer::status(status) }
        })
        .await;
        let status =
            client(server.addr, "").unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
        assert_eq!(status.to_string(), "rpc error: code = Unavailable desc = try later");
        assert_eq!(status.retry_info, Some(Duration::from_secs(7)));
        server.seen().await;
    }
}

#[tokio::test]
async fn what_is_no_grpc_says_so() {
    let server = Server::start(|_| Answer::http(502, "text/html")).await;
    let status =
        client(server.addr, "").unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
    assert_eq!(status.code, Code::Unavailable);
    assert!(
        status.message.starts_with("unexpected HTTP status code received from server: 502 (Bad Gateway)"),
        "{status}"
    );
}

#[tokio::test]
async fn resets_have_codes() {
    for (reason, text) in [
        (
            h2::Reason::CANCEL,
            "rpc error: code = Canceled desc = stream terminated by RST_STREAM with error code: CANCEL",
        ),
        (
            h2::Reason::INTERNAL_ERROR,
            "rpc error: code = Internal desc = stream terminated by RST_STREAM with error code: INTERNAL_ERROR",
        ),
        (
            h2::Reason::ENHANCE_YOUR_CALM,
            "rpc error: code = ResourceExhausted desc = stream terminated by RST_STREAM with error code: ENHANCE_YOUR_CALM",
        ),
    ] {
        let server = Server::start(move |_| Answer::reset(reason)).await;
        let status =
            client(server.addr, "").unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
        assert_eq!(status.to_string(), text);
    }
}

#[tokio::test]
async fn refused_streams_are_sent_again_but_not_for_ever() {
    let server =
        Server::start(
            |n| if n == 0 { Answer::reset(h2::Reason::REFUSED_STREAM) } else { Answer::ok(b"2nd") },
        )
        .await;
    let answer = client(server.addr, "").unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap();
    assert_eq!(answer, b"2nd"[..]);

    let server = Server::start(|_| Answer::reset(h2::Reason::REFUSED_STREAM)).await;
    let status =
        client(server.addr, "").unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
    assert_eq!(status.code, Code::Unavailable);
    assert_eq!(server.calls(), UNSEEN_ATTEMPTS);
}

#[tokio::test]
async fn a_large_answer_is_refused() {
    let server = Server::start(|_| Answer::ok(&vec![0; MAX_RESPONSE + 1])).await;
    let status =
        client(server.addr, "").unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
    assert_eq!(status.code, Code::ResourceExhausted);
    assert!(status.message.starts_with("grpc: received message larger than max ("), "{status}");
}

#[tokio::test]
async fn refused_connections_read_as_in_go_and_do_not_last() {
    let addr = server::free_addr().await;
    let client = client(addr, "");
    let status = client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
    assert_eq!(
        status.to_string(),
        format!(
            "rpc error: code = Unavailable desc = connection error: desc = \"transport: Error while dialing: \
             dial tcp {addr}: connect: connection refused\""
        )
    );
    let server = Server::start_at(addr, |_| Answer::ok(b"up")).await;
    // The first calls may still be told of the last failure.
    let mut answer = Err(status);
    for _ in 0..200 {
        answer = client.unary(PATH, &message(), PATIENCE, &Client::default()).await;
        if answer.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(answer.unwrap(), b"up"[..]);
    drop(server);
}

#[tokio::test]
async fn waits_for_a_server_if_told_to() {
    let addr = server::free_addr().await;
    let client = client(addr, "wait_for_ready: true");
    let call =
        tokio::spawn(async move { client.unary(PATH, &message(), PATIENCE, &Client::default()).await });
    // Nothing to wait on: the call must not have ended, whenever it is looked at.
    tokio::time::sleep(Duration::from_millis(50)).await;
    assert!(!call.is_finished());
    let _server = Server::start_at(addr, |_| Answer::ok(b"up")).await;
    assert_eq!(call.await.unwrap().unwrap(), b"up"[..]);
}

#[tokio::test]
async fn reconnects_when_the_server_comes_back() {
    let server = Server::start(|_| Answer::ok(b"1st")).await;
    let addr = server.addr;
    let client = client(addr, "");
    assert_eq!(client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap(), b"1st"[..]);
    server.stop().await;
    let status = client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
    assert_eq!(status.code, Code::Unavailable);
    let _server = Server::start_at(addr, |_| Answer::ok(b"2nd")).await;
    let mut answer = Err(status);
    for _ in 0..200 {
        answer = client.unary(PATH, &message(), PATIENCE, &Client::default()).await;
        if answer.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    assert_eq!(answer.unwrap(), b"2nd"[..]);
}

#[tokio::test]
async fn a_server_that_goes_away_politely_is_not_noticed() {
    let server =
        Server::start(|n| if n == 0 { Answer::ok(b"1st").then_go_away() } else { Answer::ok(b"2nd") }).await;
    let client = client(server.addr, "");
    assert_eq!(client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap(), b"1st"[..]);
    assert_eq!(client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap(), b"2nd"[..]);
    assert_eq!(server.connections(), 2);
}

#[tokio::test]
async fn a_call_that_takes_too_long_ends() {
    let server = Server::start(|_| Answer::never()).await;
    let client = client(server.addr, "");
    let status = client
        .unary(PATH, &message(), Some(Duration::from_millis(20)), &Client::default())
        .await
        .unwrap_err();
    assert_eq!(status.to_string(), "rpc error: code = DeadlineExceeded desc = context deadline exceeded");
}

#[tokio::test]
async fn silence_is_found_out() {
    let addr = server::mute().await;
    let client = client(addr, "keepalive: {time: 20ms, timeout: 20ms}");
    let status = client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap_err();
    assert_eq!(status.to_string(), "rpc error: code = Unavailable desc = error reading from server: EOF");
}

#[tokio::test]
async fn speaks_over_unix_sockets() {
    let path = std::env::temp_dir().join(format!("slimcol-net-{}.sock", std::process::id()));
    let mut server = Server::start_unix(&path, |_| Answer::ok(b"local"));
    let client =
        try_client(&format!("endpoint: 'unix://{}'\ntls: {{insecure: true}}", path.display())).unwrap();
    assert_eq!(client.unary(PATH, &message(), PATIENCE, &Client::default()).await.unwrap(), b"local"[..]);
    assert_eq!(server.seen().await.uri, format!("http://localhost{PATH}"));
    std::fs::remove_file(path).unwrap();
}

#[tokio::test]
async fn what_cannot_work_is_refused_at_start() {
    for (yaml, text) in [
        ("{compression: lz4}", "unsupported compression type \"lz4\""),
        ("{compression: deflate}", "unsupported compression type \"deflate\""),
        (
            "{auth: {authenticator: oauth2}}",
            "failed to resolve authenticator \"oauth2\": authenticator not found",
        ),
        ("{middlewares: [{id: m}]}", "failed to resolve middleware \"m\": middleware not found"),
        ("{headers: {'a b': x}}", "header key \"a b\" contains illegal characters not in [0-9a-z-_.]"),
        ("{headers: {a: \"x\\ny\"}}", "header key \"a\" contains value with non-printable ASCII characters"),
        (
            "{tls: {ca_file: /nowhere}}",
            "failed to load TLS config: failed to load CA CertPool File: failed to load cert /nowhere: open /nowhere: no such file or directory",
        ),
    ] {
        let yaml = yaml.replacen('{', "{endpoint: 'localhost:1', ", 1);
        assert_eq!(try_client(&yaml).unwrap_err(), text, "{yaml}");
    }
}
