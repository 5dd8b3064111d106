//! Redirects.

use super::{
    client, get, post, sent,
    server::{Server, answer},
};

#[tokio::test]
async fn methods_and_bodies_by_gos_rules() {
    for (status, method, body) in [
        (301, "GET", ""),
        (302, "GET", ""),
        (303, "GET", ""),
        (307, "POST", "hello world"),
        (308, "POST", "hello world"),
    ] {
        let mut server = Server::start(move |seen| {
            if seen.uri == "/from" {
                answer(status, &[("location", "/to?x=1")], b"")
            } else {
                answer(200, &[], b"there")
            }
        })
        .await;
        let client = client("{}");
        assert_eq!(sent(&client, post(&server.url("/from"))).await.unwrap(), (200, b"there"[..].into()));
        server.seen().await;
        let seen = server.seen().await;
        assert_eq!((seen.uri.as_str(), seen.method.as_str()), ("/to?x=1", method), "{status}");
        assert_eq!(seen.body, body.as_bytes());
        assert_eq!(seen.header("content-type").is_some(), !body.is_empty());
        assert_eq!(seen.header("referer"), Some(server.url("/from").as_str()));
    }
}

#[tokio::test]
async fn without_a_target_they_are_answers() {
    let server = Server::start(|_| answer(302, &[], b"where?")).await;
    assert_eq!(sent(&client("{}"), get(&server.url("/"))).await.unwrap(), (302, b"where?"[..].into()));
}

#[tokio::test]
async fn they_end() {
    let server = Server::start(|_| answer(302, &[("location", "/again")], b"")).await;
    let error = sent(&client("{}"), get(&server.url("/"))).await.unwrap_err();
    assert_eq!(error, format!("Get \"{}\": stopped after 10 redirects", server.url("/again")));
}

#[tokio::test]
async fn secrets_stay_at_home() {
    let mut other = Server::start(|_| answer(200, &[], b"")).await;
    // The same machine by another name.
    let target = format!("http://localhost:{}/x", other.addr.port());
    let server = Server::start(move |_| answer(307, &[("location", &target)], b"")).await;
    let client = client("headers: {x-api-key: secret}");
    let mut request = post(&server.url("/"));
    request.headers.insert("authorization", "Bearer secret".parse().unwrap());
    sent(&client, request).await.unwrap();
    let seen = other.seen().await;
    assert_eq!(seen.body, b"hello world"[..]);
    assert!(!format!("{:?}", seen.headers).contains("secret"));
}
