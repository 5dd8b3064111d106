//! How connections are kept, and TLS.

use http::Version;
use rcgen::{CertificateParams, KeyPair};
use tokio::task::JoinSet;

use super::{
    client, get, post, sent,
    server::{Server, answer},
};
use crate::tls::{Acceptor, ServerTls};

#[tokio::test]
async fn serve_one_request_after_another() {
    for (yaml, connections) in
        [("{}", 1), ("disable_keep_alives: true", 5), ("keepalive: {enabled: false}", 5)]
    {
        let mut server = Server::start(|_| answer(200, &[], b"fine")).await;
        let client = client(yaml);
        for _ in 0..5 {
            sent(&client, post(&server.url("/"))).await.unwrap();
            let closing = server.seen().await.header("connection") == Some("close");
            assert_eq!(closing, connections > 1, "{yaml}");
        }
        assert_eq!(server.connections(), connections, "{yaml}");
    }
}

#[tokio::test]
async fn are_limited_for_each_host() {
    let server = Server::start(|_| answer(200, &[], b"fine")).await;
    let client = std::sync::Arc::new(client("max_conns_per_host: 2"));
    let mut requests = JoinSet::new();
    for _ in 0..20 {
        let (client, url) = (client.clone(), server.url("/"));
        requests.spawn(async move { sent(&client, get(&url)).await.unwrap().0 });
    }
    assert_eq!(requests.join_all().await, vec![200; 20]);
    assert!(server.connections() <= 2, "{}", server.connections());
}

#[tokio::test]
async fn that_the_server_closed_are_replaced() {
    let server = Server::start(|_| answer(200, &[("connection", "close")], b"fine")).await;
    let client = client("{}");
    for _ in 0..3 {
        assert_eq!(sent(&client, post(&server.url("/"))).await.unwrap().0, 200);
    }
    assert_eq!(server.connections(), 3);
}

#[tokio::test]
async fn do_not_idle_for_ever() {
    let server = Server::start(|_| answer(200, &[], b"fine")).await;
    let client = client("idle_conn_timeout: 1ns");
    for _ in 0..3 {
        sent(&client, get(&server.url("/"))).await.unwrap();
    }
    assert_eq!(server.connections(), 3);
}

/// A server's TLS, and the lines of a client's section that trusts it.
fn tls(protocols: &[&str]) -> (Acceptor, String) {
    let key = KeyPair::generate().unwrap();
    let cert = CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap().pem();
    let lines = |text: &str| text.lines().flat_map(|line| ["    ", line, "\n"]).collect::<String>();
    let yaml = format!("cert_pem: |\n{}key_pem: |\n{}", lines(&cert), lines(&key.serialize_pem()));
    let tls: ServerTls = slimcol_config::from_yaml(&yaml).unwrap();
    (tls.acceptor(protocols).unwrap(), format!("tls:\n  ca_pem: |\n{}", lines(&cert)))
}

#[tokio::test]
async fn speak_http2_where_tls_settles_on_it() {
    for (offered, yaml, version) in [
        (&["h2", "http/1.1"][..], "", Version::HTTP_2),
        (&["h2", "http/1.1"], "force_attempt_http2: false\n", Version::HTTP_11),
        (&["http/1.1"], "", Version::HTTP_11),
    ] {
        let (acceptor, trusted) = tls(offered);
        let mut server = Server::start_over(Some(acceptor), |_| answer(200, &[], b"safe")).await;
        let client = client(&format!("{yaml}{trusted}"));
        let url = format!("https://localhost:{}/p", server.addr.port());
        for _ in 0..3 {
            assert_eq!(sent(&client, post(&url)).await.unwrap(), (200, b"safe"[..].into()));
            let seen = server.seen().await;
            assert_eq!((seen.version, &seen.body[..]), (version, &b"hello world"[..]));
        }
        assert_eq!(server.connections(), 1);
    }
}

#[tokio::test]
async fn verify_who_answers() {
    let (acceptor, trusted) = tls(&["http/1.1"]);
    let server = Server::start_over(Some(acceptor), |_| answer(200, &[], b"")).await;
    let url = |host: &str| format!("https://{host}:{}/", server.addr.port());
    let failure = |host: &str, why: &str| {
        Err(format!("Get \"{}\": tls: failed to verify certificate: x509: {why}", url(host)))
    };
    assert_eq!(
        sent(&client("{}"), get(&url("localhost"))).await,
        failure("localhost", "certificate signed by unknown authority")
    );
    assert_eq!(
        sent(&client(&trusted), get(&url("127.0.0.1"))).await,
        failure("127.0.0.1", "certificate is valid for localhost, not 127.0.0.1")
    );
    let renamed = format!("{trusted}  server_name_override: localhost\n");
    assert_eq!(sent(&client(&renamed), get(&url("127.0.0.1"))).await.unwrap().0, 200);
    let blind = client("tls: {insecure_skip_verify: true}");
    assert_eq!(sent(&blind, get(&url("127.0.0.1"))).await.unwrap().0, 200);
}
