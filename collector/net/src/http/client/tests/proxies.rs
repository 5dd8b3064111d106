//! Requests through proxies.

use rcgen::{CertificateParams, KeyPair};

use super::{
    client, get, post, sent,
    server::{Server, answer, raw, tunnels},
};
use crate::tls::ServerTls;

#[tokio::test]
async fn plain_requests_are_handed_over_whole() {
    let mut proxy = Server::start(|_| answer(200, &[], b"from afar")).await;
    let client = client(&format!("proxy_url: http://user:secret@{}", proxy.addr));
    for host in ["a.example", "b.example:81"] {
        let url = format!("http://{host}/p?q=1");
        assert_eq!(sent(&client, post(&url)).await.unwrap(), (200, b"from afar"[..].into()));
        let seen = proxy.seen().await;
        assert_eq!(seen.uri, url);
        assert_eq!(seen.header("host"), Some(host));
        assert_eq!(seen.header("proxy-authorization"), Some("Basic dXNlcjpzZWNyZXQ="));
        assert_eq!(seen.body, b"hello world"[..]);
    }
    assert_eq!(proxy.connections(), 1);
    assert!(!format!("{client:?}").contains("secret"));
}

#[tokio::test]
async fn tls_goes_through_a_tunnel() {
    let key = KeyPair::generate().unwrap();
    let cert =
        CertificateParams::new(vec!["far.example".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
    let lines = |text: &str| text.lines().flat_map(|line| ["    ", line, "\n"]).collect::<String>();
    let yaml = format!("cert_pem: |\n{}key_pem: |\n{}", lines(&cert), lines(&key.serialize_pem()));
    let tls: ServerTls = slimcol_config::from_yaml(&yaml).unwrap();
    let mut server =
        Server::start_over(Some(tls.acceptor(&["h2"]).unwrap()), |_| answer(200, &[], b"from afar")).await;
    let (proxy, mut heads) = tunnels(server.addr).await;
    let yaml = format!("proxy_url: user:secret@{proxy}\ntls:\n  ca_pem: |\n{}", lines(&cert));
    let answered = sent(&client(&yaml), post("https://far.example/p")).await.unwrap();
    assert_eq!(answered, (200, b"from afar"[..].into()));
    assert_eq!(
        heads.recv().await.unwrap(),
        "CONNECT far.example:443 HTTP/1.1\r\nHost: far.example:443\r\nProxy-Authorization: Basic dXNlcjpzZWNyZXQ=\r\n\r\n"
    );
    // What is for the proxy is not for the server.
    let seen = server.seen().await;
    assert_eq!((seen.uri.as_str(), seen.header("proxy-authorization")), ("https://far.example/p", None));
}

#[tokio::test]
async fn refusals_read_as_in_go() {
    let (refusing, _heads) = raw(b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n").await;
    let (closing, _heads) = raw(b"").await;
    let free = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    for (proxy, reason) in [
        (refusing, "Proxy Authentication Required".to_owned()),
        (closing, "proxyconnect tcp: EOF".to_owned()),
        (free, format!("proxyconnect tcp: dial tcp {free}: connect: connection refused")),
    ] {
        let error =
            sent(&client(&format!("proxy_url: http://u:secret@{proxy}")), get("https://a.example/")).await;
        assert_eq!(error.unwrap_err(), format!("Get \"https://a.example/\": {reason}"));
    }
}
