//! The provider against servers that it must not trust.

use tokio::{io::AsyncWriteExt, net::TcpListener};

use super::*;

#[test]
fn metadata_is_right() {
    slimcol_testing::assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn speaks_tls_only() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let addr = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 11\r\n\r\nreceivers:\n").await.unwrap();
        std::future::pending::<()>().await;
    });
    assert_eq!(
        Https::retrieve(&format!("//{addr}/x")).await.unwrap_err().to_string(),
        format!(
            "unable to download the file via HTTP GET for uri \"https://{addr}/x\": \
             Get \"https://{addr}/x\": tls: first record does not look like a TLS handshake "
        )
    );
}
