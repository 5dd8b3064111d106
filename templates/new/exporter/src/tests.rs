use slimcol_pdata::{Data, Signal};
use slimcol_testing::{assert_metadata, exporter_from_yaml, generate};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

/// What an exporter's one attempt comes to with a server that answers `status`, and the request that was made.
async fn attempt(status: &'static str) -> (Result<(), Refused>, String) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = format!("http://{}/in", listener.local_addr().unwrap());
    let server = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = Vec::new();
        while !request.ends_with(b"]}]}]}") {
            assert_ne!(stream.read_buf(&mut request).await.unwrap(), 0, "the request ended too early");
        }
        let answer = format!("HTTP/1.1 {status}\r\ncontent-length: 0\r\n\r\n");
        stream.write_all(answer.as_bytes()).await.unwrap();
        String::from_utf8(request).unwrap()
    });
    let yaml = "{endpoint: '@', compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}";
    let exporter = exporter_from_yaml(&FACTORY, &yaml.replace('@', &endpoint)).await.unwrap();
    let outcome = exporter.push(Data::from_bytes(Signal::Logs, generate::logs(1, 3)).unwrap()).await;
    exporter.stop().await;
    (outcome, server.await.unwrap())
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn data_is_posted_as_json() {
    let (outcome, request) = attempt("200 OK").await;
    outcome.unwrap();
    assert!(request.starts_with("POST /in HTTP/1.1\r\n"), "{request}");
    assert!(request.contains("content-type: application/json\r\n"), "{request}");
    assert!(request.contains("\r\n\r\n{\"resourceLogs\":[{"), "{request}");
}

#[tokio::test]
async fn what_may_pass_later_is_retryable_and_the_rest_is_not() {
    for (status, is_permanent) in
        [("503 Service Unavailable", false), ("429 Too Many Requests", false), ("400 Bad Request", true)]
    {
        let refused = attempt(status).await.0.unwrap_err();
        assert_eq!(refused.is_permanent(), is_permanent, "{status}: {refused}");
    }
}

#[tokio::test]
async fn an_endpoint_is_required() {
    assert_eq!(exporter_from_yaml(&FACTORY, "").await.unwrap_err(), "endpoint must be specified");
}
