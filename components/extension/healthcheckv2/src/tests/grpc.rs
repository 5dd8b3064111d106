//! What is answered over gRPC.

use std::{future::poll_fn, time::Duration};

use bytes::Bytes;
use slimcol_config::from_yaml;
use slimcol_net::grpc::client::{GrpcClient, GrpcClientConfig};
use slimcol_service::{Client, Code};
use tokio::{net::TcpStream, time::timeout};

use super::*;

const PATIENCE: Duration = Duration::from_secs(20);
const GRPC: &str = "use_v2: true, grpc: {endpoint: 'localhost:0'}";
const HEALTH: &str = "component_health: {include_recoverable_errors: true, recovery_duration: 300ms}";

fn request(service: &str) -> Bytes {
    let mut message = vec![0x0a, u8::try_from(service.len()).unwrap()];
    message.extend(service.as_bytes());
    message.into()
}

async fn ask(rig: &Rig, method: &str, message: Bytes) -> Result<Vec<u8>, (Code, String)> {
    let yaml = format!("endpoint: '{}'\ntls: {{insecure: true}}", rig.endpoint("grpc"));
    let config: GrpcClientConfig = from_yaml(&yaml).unwrap();
    let client = GrpcClient::start(&config, &rig.cx).unwrap();
    let path = Box::leak(format!("/grpc.health.v1.{method}").into_boxed_str());
    let answer = client.unary(path, &[message], Some(PATIENCE), &Client::default()).await;
    answer.map(|bytes| bytes.to_vec()).map_err(|status| (status.code, status.message))
}

/// A stream of answers.
struct Watching {
    body: h2::RecvStream,
    read: Vec<u8>,
}

impl Watching {
    async fn start(rig: &Rig, service: &str) -> Self {
        let stream = TcpStream::connect(rig.endpoint("grpc")).await.unwrap();
        let (send, connection) = h2::client::handshake(stream).await.unwrap();
        tokio::spawn(connection);
        let request_head =
            ::http::Request::post(format!("http://{}/grpc.health.v1.Health/Watch", rig.endpoint("grpc")))
                .header("content-type", "application/grpc")
                .body(())
                .unwrap();
        let (response, mut body) = send.ready().await.unwrap().send_request(request_head, false).unwrap();
        let message = request(service);
        let mut framed = vec![0, 0, 0, 0, u8::try_from(message.len()).unwrap()];
        framed.extend(&message);
        body.send_data(framed.into(), true).unwrap();
        let response = timeout(PATIENCE, response).await.unwrap().unwrap();
        assert_eq!(response.headers()["content-type"], "application/grpc");
        Self { body: response.into_body(), read: Vec::new() }
    }

    /// The next status; nothing at the end.
    async fn next(&mut self) -> Option<u8> {
        while self.read.len() < 7 {
            let data = timeout(PATIENCE, poll_fn(|cx| self.body.poll_data(cx))).await.unwrap();
            let data = data?.unwrap();
            self.body.flow_control().release_capacity(data.len()).unwrap();
            self.read.extend(&data);
        }
        let message: Vec<u8> = self.read.drain(..7).collect();
        assert_eq!(message[..6], [0, 0, 0, 0, 2, 8]);
        Some(message[6])
    }

    /// Code and message at the end.
    async fn end(mut self) -> (String, String) {
        assert_eq!(self.next().await, None);
        let trailers = timeout(PATIENCE, self.body.trailers()).await.unwrap().unwrap().unwrap();
        let text = |name: &str| trailers[name].to_str().unwrap().to_owned();
        (text("grpc-status"), text("grpc-message"))
    }
}

#[tokio::test]
async fn checks() {
    let rig = Rig::start(&format!("{{{GRPC}, component_health: {{include_permanent_errors: true}}}}")).await;
    for service in ["", "traces", "logs"] {
        assert_eq!(ask(&rig, "Health/Check", request(service)).await, Ok(vec![8, 1]), "{service}");
    }
    assert_eq!(ask(&rig, "Health/Check", Bytes::new()).await, Ok(vec![8, 1]), "nothing is the collector");
    rig.cx.status().of(Signal::Logs).permanent(&"broken");
    for (service, serving) in [("", 2), ("traces", 1), ("logs", 2)] {
        assert_eq!(ask(&rig, "Health/Check", request(service)).await, Ok(vec![8, serving]), "{service}");
    }
    for (method, message, code, text) in [
        ("Health/Check", request("metrics"), Code::NotFound, "Service not found."),
        (
            "Health/List",
            Bytes::new(),
            Code::Unimplemented,
            "unknown method List for service grpc.health.v1.Health",
        ),
        ("Other/Check", Bytes::new(), Code::Unimplemented, "unknown service grpc.health.v1.Other"),
        (
            "Health/Check",
            Bytes::from_static(b"\x0a\x09x"),
            Code::Internal,
            "grpc: error unmarshalling request: unexpected EOF",
        ),
    ] {
        assert_eq!(ask(&rig, method, message).await, Err((code, text.to_owned())));
    }
    rig.source.stop().await.unwrap();
}

#[tokio::test]
async fn a_watch_is_told_of_each_turn_until_the_end() {
    let rig = Rig::start(&format!("{{{GRPC}, {HEALTH}}}")).await;
    let mut whole = Watching::start(&rig, "").await;
    let mut logs = Watching::start(&rig, "logs").await;
    let mut traces = Watching::start(&rig, "traces").await;
    let mut unknown = Watching::start(&rig, "metrics").await;
    assert_eq!(whole.next().await, Some(1));
    assert_eq!(logs.next().await, Some(1));
    assert_eq!(traces.next().await, Some(1));
    assert_eq!(unknown.next().await, Some(3));

    // Nothing tells of the end of the recovery's time but the clock.
    let begun = tokio::time::Instant::now();
    rig.complain();
    assert_eq!(logs.next().await, Some(2));
    assert!(begun.elapsed() >= Duration::from_millis(300), "{:?}", begun.elapsed());
    assert_eq!(whole.next().await, Some(2));
    rig.cx.status().ok();
    assert_eq!(logs.next().await, Some(1));
    assert_eq!(whole.next().await, Some(1));
    // One that comes later sees an error as old as it is.
    rig.complain();
    assert_eq!(logs.next().await, Some(2));
    assert_eq!(Watching::start(&rig, "logs").await.next().await, Some(2));

    let ended = ("1".to_owned(), "Server shutting down.".to_owned());
    let end = tokio::spawn(traces.end());
    rig.source.stop().await.unwrap();
    assert_eq!(end.await.unwrap(), ended, "nothing ever changed");
    assert_eq!(unknown.end().await, ended);
}
