//! Fetching from real servers.

use super::*;
use crate::http::client::tests::server::{Server, answer, raw};

#[tokio::test]
async fn gives_what_the_server_gives() {
    let mut server = Server::start(|seen| match seen.uri.as_str() {
        "/moved" => answer(301, &[("location", "/collector.yaml")], b""),
        "/collector.yaml" => answer(200, &[], b"receivers:\n"),
        _ => answer(404, &[], b"receivers:\n"),
    })
    .await;
    for path in ["/collector.yaml", "/moved"] {
        let url = server.url(path);
        let found = fetch(&url).await.unwrap();
        assert_eq!((found.text.as_str(), found.name.as_str()), ("receivers:\n", url.as_str()));
        assert!(server.seen().await.header("user-agent").unwrap().starts_with("slimcol/"));
    }
    let url = server.url("/nope");
    assert_eq!(
        fetch(&url).await.unwrap_err().to_string(),
        format!("failed to load resource from uri \"{url}\". status code: 404")
    );
}

#[tokio::test]
async fn failures_read_as_in_go() {
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    assert_eq!(
        fetch(&format!("http://u:secret@{free}/x")).await.unwrap_err().to_string(),
        format!(
            "unable to download the file via HTTP GET for uri \"http://u:***@{free}/x\": \
             Get \"http://u:***@{free}/x\": dial tcp {free}: connect: connection refused "
        )
    );
    let (short, _heads) = raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").await;
    let url = format!("http://{short}/x");
    assert_eq!(
        fetch(&url).await.unwrap_err().to_string(),
        format!("fail to read the response body from uri \"{url}\": Get \"{url}\": unexpected EOF")
    );
    assert_eq!(
        fetch("http:nowhere").await.unwrap_err().to_string(),
        "invalid uri \"http:nowhere\": parse \"http:nowhere\": invalid URI for request"
    );
    let error = fetch("http://u:secret@a b/").await.unwrap_err().to_string();
    assert!(error.starts_with("invalid uri: ") && !error.contains("secret"), "{error}");
}
