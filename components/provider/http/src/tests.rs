//! The provider against a server.

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
};

use super::*;

#[test]
fn metadata_is_right() {
    slimcol_testing::assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn fetches_what_stands_behind_the_scheme() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    let served = tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await.unwrap());
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nreceivers:\n").await.unwrap();
        String::from_utf8(head).unwrap()
    });
    let found = Http::retrieve(&format!("//{addr}/collector.yaml?x=1")).await.unwrap();
    assert_eq!(found.text, "receivers:\n");
    assert_eq!(found.name, format!("http://{addr}/collector.yaml?x=1"));
    assert!(served.await.unwrap().starts_with("GET /collector.yaml?x=1 HTTP/1.1\r\n"));
}

#[tokio::test]
async fn failures_read_as_in_go() {
    let addr = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(
        Http::retrieve(&format!("//{addr}/x")).await.unwrap_err().to_string(),
        format!(
            "unable to download the file via HTTP GET for uri \"http://{addr}/x\": \
             Get \"http://{addr}/x\": dial tcp {addr}: connect: connection refused "
        )
    );
}
