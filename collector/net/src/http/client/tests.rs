//! The client against servers that answer as a test says.

mod connections;
mod proxies;
mod redirects;
pub(crate) mod server;

use std::io::Write;

use slimcol_service::{Context, Log, Signals};

use self::server::{Server, answer};
use super::*;

/// A client with these settings.
pub(crate) fn client(yaml: &str) -> HttpClient {
    try_client(yaml).unwrap()
}

fn try_client(yaml: &str) -> Result<HttpClient, String> {
    let config: HttpClientConfig = slimcol_config::from_yaml(yaml)?;
    HttpClient::new(&config, &Context::standalone("x", Signals::ALL, Log::none())).map_err(|e| e.to_string())
}

/// A request with a body of two pieces.
pub(crate) fn post(url: &str) -> HttpRequest {
    HttpRequest {
        method: Method::POST,
        uri: url.parse().unwrap(),
        headers: HeaderMap::from_iter([(http::header::CONTENT_TYPE, HeaderValue::from_static("text/x"))]),
        body: vec![Bytes::from_static(b"hello "), Bytes::from_static(b"world")].into(),
        client: Client::default(),
    }
}

pub(crate) fn get(url: &str) -> HttpRequest {
    HttpRequest {
        method: Method::GET,
        uri: url.parse().unwrap(),
        headers: HeaderMap::new(),
        body: Pieces::default(),
        client: Client::default(),
    }
}

/// The status and the body, or the error's text.
pub(crate) async fn sent(client: &HttpClient, request: HttpRequest) -> Result<(u16, Bytes), String> {
    let response = client.send(request).await.map_err(|error| error.to_string())?;
    let status = response.status.as_u16();
    let body = response.body(1 << 20).await.map_err(|error| error.to_string())?;
    Ok((status, body))
}

#[tokio::test]
async fn sends_what_is_configured() {
    let mut server = Server::start(|_| answer(200, &[], b"fine")).await;
    let client = client("headers: {X-Key: secret, content-type: text/y, Host: other.example}");
    let mut request = post(&server.url("/p?q=1"));
    request.uri = request.uri.to_string().replace("http://", "http://user:pass@").parse().unwrap();
    assert_eq!(sent(&client, request).await.unwrap(), (200, b"fine"[..].into()));
    let seen = server.seen().await;
    assert_eq!(
        (seen.method.as_str(), seen.uri.as_str(), &seen.body[..]),
        ("POST", "/p?q=1", &b"hello world"[..])
    );
    assert_eq!(seen.header("x-key"), Some("secret"));
    assert_eq!(seen.header("content-type"), Some("text/y"));
    assert_eq!(seen.header("host"), Some("other.example"));
    assert_eq!(seen.header("content-length"), Some("11"));
    assert_eq!(seen.header("accept-encoding"), Some("gzip"));
    assert_eq!(seen.header("content-encoding"), None);
    assert_eq!(seen.header("authorization"), Some("Basic dXNlcjpwYXNz"));
    assert!(seen.header("user-agent").unwrap().starts_with("standalone/"));
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn compresses_with_everything_it_can() {
    for name in ["gzip", "zlib", "deflate", "snappy", "x-snappy-framed", "zstd", "lz4"] {
        let mut server = Server::start(|_| answer(200, &[], b"")).await;
        sent(&client(&format!("compression: {name}")), post(&server.url("/"))).await.unwrap();
        let seen = server.seen().await;
        assert_eq!(seen.header("content-encoding"), Some(name));
        let plain = Compression::from_name(name).unwrap().decompress(&seen.body, 100).unwrap();
        assert_eq!(plain, b"hello world", "{name}");
    }
    let mut server = Server::start(|_| answer(200, &[], b"")).await;
    sent(&client("compression: gzip"), get(&server.url("/"))).await.unwrap();
    assert_eq!(server.seen().await.header("content-encoding"), None);
}

#[tokio::test]
async fn reads_gzip_answers_within_the_limit() {
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    packed.write_all(&[b'a'; 5000]).unwrap();
    let packed = packed.finish().unwrap();
    let server = Server::start(move |_| answer(200, &[("content-encoding", "gzip")], &packed)).await;
    let client = client("{}");
    assert_eq!(sent(&client, get(&server.url("/"))).await.unwrap().1, vec![b'a'; 5000]);
    let response = client.send(get(&server.url("/"))).await.unwrap();
    let error = response.body(4999).await.unwrap_err();
    assert_eq!(error.to_string(), format!("Get \"{}\": http: response body too large", server.url("/")));
}

#[tokio::test]
async fn bodies_are_read_up_to_a_limit() {
    let server = Server::start(|_| answer(200, &[], &[b'a'; 100])).await;
    let client = client("{}");
    let respond = async || client.send(get(&server.url("/"))).await.unwrap();
    assert_eq!(respond().await.body(100).await.unwrap().len(), 100);
    assert_eq!(respond().await.start_of_body(99).await.unwrap().len(), 99);
    assert!(
        respond().await.body(99).await.unwrap_err().to_string().ends_with("http: response body too large")
    );
}

#[tokio::test]
async fn keeps_cookies_if_told_to() {
    let mut server = Server::start(|_| answer(200, &[("set-cookie", "lb=7; Path=/")], b"")).await;
    for (yaml, second) in [("{}", None), ("cookies: {}", Some("lb=7"))] {
        let client = client(yaml);
        for expected in [None, second] {
            sent(&client, get(&server.url("/"))).await.unwrap();
            assert_eq!(server.seen().await.header("cookie"), expected, "{yaml}");
        }
    }
}

#[tokio::test]
async fn failures_read_as_in_go() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let free = listener.local_addr().unwrap();
    drop(listener);
    let (closing, _heads) = server::raw(b"").await;
    let (short, _heads) = server::raw(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nabc").await;
    let client = client("{}");
    for (url, reason) in [
        (format!("http://{free}/x"), format!("dial tcp {free}: connect: connection refused")),
        (format!("http://{closing}/x"), "EOF".to_owned()),
        (format!("http://{short}/x"), "unexpected EOF".to_owned()),
        ("ftp://a/x".to_owned(), "unsupported protocol scheme \"ftp\"".to_owned()),
    ] {
        assert_eq!(sent(&client, post(&url)).await.unwrap_err(), format!("Post \"{url}\": {reason}"));
    }
    let (garbage, _heads) = server::raw(b"what?\r\n\r\n").await;
    let error = sent(&client, get(&format!("http://u:secret@{garbage}/"))).await.unwrap_err();
    let start = format!("Get \"http://u:***@{garbage}/\": net/http: HTTP/1.x transport connection broken: ");
    assert!(error.starts_with(&start), "{error}");
}

#[tokio::test]
async fn what_takes_too_long_ends() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/x", listener.local_addr().unwrap());
    let error = client("timeout: 20ms").send(post(&url)).await.unwrap_err();
    assert!(error.is_timeout());
    assert_eq!(
        error.to_string(),
        format!("Post \"{url}\": context deadline exceeded (Client.Timeout exceeded while awaiting headers)")
    );
}

#[tokio::test]
async fn what_cannot_work_is_refused() {
    for (yaml, text) in [
        (
            "auth: {authenticator: oauth2}",
            "failed to resolve authenticator \"oauth2\": authenticator not found",
        ),
        ("middlewares: [{id: m}]", "failed to resolve middleware \"m\": middleware not found"),
        ("headers: {'a b': x}", "net/http: invalid header field name \"a b\""),
        ("headers: {a: \"x\\ny\"}", "net/http: invalid header field value for \"a\""),
        ("proxy_url: 'socks5://u:secret@p:1'", "unsupported proxy scheme \"socks5\""),
    ] {
        assert_eq!(try_client(yaml).unwrap_err(), text);
    }
    let error = client("tls: {ca_file: /nowhere}").prepare(&"https://a".parse().unwrap()).unwrap_err();
    assert!(error.to_string().starts_with("failed to load TLS config: "), "{error}");
}
