//! Starting, stopping, and senders that do not behave.

use slimcol_service::Next;
use slimcol_testing::assert_metadata;
use tokio::sync::{mpsc, oneshot};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn a_taken_port_is_a_failed_start() {
    let (receiving, _) = Receiving::default().await;
    for (protocol, endpoint) in [("grpc", &receiving.grpc), ("http", &receiving.http)] {
        let yaml = format!("protocols: {{{protocol}: {{endpoint: '{endpoint}'}}}}");
        let error = receiver_from_yaml(&FACTORY, &yaml, Outputs::default()).await.unwrap_err();
        assert_eq!(error, format!("listen tcp {endpoint}: bind: address already in use"));
    }
    for protocol in ["grpc", "http"] {
        let yaml = format!(
            "protocols: {{{protocol}: {{endpoint: 'localhost:0', auth: {{authenticator: basicauth}}}}}}"
        );
        let error = receiver_from_yaml(&FACTORY, &yaml, Outputs::default()).await.unwrap_err();
        assert_eq!(error, "failed to resolve authenticator \"basicauth\": authenticator not found");
    }
}

#[tokio::test]
async fn unix_sockets() {
    let path = std::env::temp_dir().join(format!("slimcol-otlp-{}.sock", std::process::id()));
    let yaml = format!("protocols: {{http: {{transport: unix, endpoint: '{}'}}}}", path.display());
    let sink = Sink::new();
    let source = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    let mut stream = tokio::net::UnixStream::connect(&path).await.unwrap();
    stream.write_all(&request("POST", "/v1/traces", &[PROTO], &three(Signal::Traces))).await.unwrap();
    let mut all = String::new();
    stream.read_to_string(&mut all).await.unwrap();
    assert!(all.starts_with("HTTP/1.1 200 OK"), "{all}");
    assert_eq!(sink.payloads()[0].client.addr(), None);
    source.stop().await.unwrap();
    assert!(!path.exists());
}

/// A pipeline that says what has arrived and waits to be told to go on.
fn gate() -> (Next, mpsc::Receiver<oneshot::Sender<()>>) {
    let (arrived, arrivals) = mpsc::channel(8);
    let next = Next::from_fn(move |_| {
        let arrived = arrived.clone();
        async move {
            let (open, opened) = oneshot::channel();
            arrived.send(open).await.unwrap();
            opened.await.unwrap();
            Ok(())
        }
    });
    (next, arrivals)
}

#[tokio::test]
async fn what_was_begun_is_answered_before_stopping_ends() {
    let (next, mut arrivals) = gate();
    let receiving = Receiving::start("", "", Outputs::default().with(Signal::Traces, next)).await;
    let (http, grpc) = (receiving.http.clone(), receiving.grpc.clone());
    let begun = tokio::spawn(async move {
        exchange(&http, &request("POST", "/v1/traces", &[PROTO], &three(Signal::Traces))).await
    });
    let first = arrivals.recv().await.unwrap();
    let begun_grpc = tokio::spawn(async move {
        let (send, connection) =
            h2::client::handshake(TcpStream::connect(grpc).await.unwrap()).await.unwrap();
        tokio::spawn(connection);
        let mut send = send.ready().await.unwrap();
        let path = "http://test/opentelemetry.proto.collector.trace.v1.TraceService/Export";
        let head = ::http::Request::post(path).header("content-type", "application/grpc").body(()).unwrap();
        let (response, mut stream) = send.send_request(head, false).unwrap();
        let message = three(Signal::Traces);
        let length = u32::try_from(message.len()).unwrap().to_be_bytes();
        stream.send_data([&[0][..], &length, &message].concat().into(), true).unwrap();
        let mut body = response.await.unwrap().into_body();
        while let Some(data) = body.data().await {
            data.unwrap();
        }
        body.trailers().await.unwrap().unwrap()["grpc-status"].clone()
    });
    let second = arrivals.recv().await.unwrap();
    // An idle connection must not hold up the end.
    let _idle = TcpStream::connect(&receiving.http).await.unwrap();
    let (http, grpc) = (receiving.http.clone(), receiving.grpc.clone());
    let stopping = tokio::spawn(receiving.source.stop());
    while TcpStream::connect(&http).await.is_ok() || TcpStream::connect(&grpc).await.is_ok() {
        tokio::task::yield_now().await;
    }
    assert!(!stopping.is_finished());
    first.send(()).unwrap();
    second.send(()).unwrap();
    assert_eq!(begun.await.unwrap().status, 200);
    assert_eq!(begun_grpc.await.unwrap(), "0");
    tokio::time::timeout(PATIENCE, stopping).await.unwrap().unwrap().unwrap();
}

#[tokio::test]
async fn a_sender_that_goes_away_stops_the_work() {
    let (next, mut arrivals) = gate();
    let receiving = Receiving::start("", "", Outputs::default().with(Signal::Traces, next)).await;
    let mut stream = TcpStream::connect(&receiving.http).await.unwrap();
    stream.write_all(&request("POST", "/v1/traces", &[PROTO], &three(Signal::Traces))).await.unwrap();
    let mut open = arrivals.recv().await.unwrap();
    drop(stream);
    tokio::time::timeout(PATIENCE, open.closed()).await.unwrap();
}

#[tokio::test]
async fn stalled_senders_do_not_hold_up_stopping() {
    let (receiving, sink) = Receiving::default().await;
    let whole = request("POST", "/v1/traces", &[PROTO], &three(Signal::Traces));
    let mut stalled = Vec::new();
    for end in [10, whole.len() - 1] {
        let mut stream = TcpStream::connect(&receiving.http).await.unwrap();
        stream.write_all(&whole[..end]).await.unwrap();
        stalled.push(stream);
    }
    stalled.push(TcpStream::connect(&receiving.grpc).await.unwrap());
    // One more round trip, so that the others have been accepted.
    assert_eq!(exchange(&receiving.http, &whole).await.status, 200);
    tokio::time::pause();
    tokio::time::timeout(PATIENCE, receiving.source.stop()).await.unwrap().unwrap();
    assert_eq!(sink.items(), 3);
}

#[tokio::test]
async fn connections_without_requests_are_closed() {
    let sink = Sink::new();
    let receiving = Receiving::start("", "keepalive: {idle_timeout: 50ms}", sink.outputs()).await;
    for start in ["", "POST /v1/tra"] {
        let mut stream = TcpStream::connect(&receiving.http).await.unwrap();
        stream.write_all(start.as_bytes()).await.unwrap();
        tokio::time::pause();
        let mut all = Vec::new();
        let _ = tokio::time::timeout(PATIENCE, stream.read_to_end(&mut all)).await.unwrap();
        tokio::time::resume();
        assert!(all.is_empty(), "{start:?}");
    }
    drop(receiving);
}
