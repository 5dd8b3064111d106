//! TLS between client and server.

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use slimcol_service::Code;

use super::{
    PATH, PATIENCE, message,
    server::{Answer, Server},
    try_client,
};
use crate::tls::ServerTls;

type Authority = CertifiedIssuer<'static, KeyPair>;

fn authority() -> Authority {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap()
}

/// A certificate and its key for these names, as the lines of a `tls` section.
fn pair(authority: &Authority, names: &[&str]) -> String {
    let key = KeyPair::generate().unwrap();
    let names: Vec<String> = names.iter().map(ToString::to_string).collect();
    let cert = CertificateParams::new(names).unwrap().signed_by(&key, authority).unwrap();
    block("cert_pem", &cert.pem()) + &block("key_pem", &key.serialize_pem())
}

/// A key with a text of several lines.
fn block(key: &str, text: &str) -> String {
    let lines: Vec<String> = text.lines().map(|line| format!("    {line}\n")).collect();
    format!("  {key}: |\n{}", lines.concat())
}

async fn server(tls: &str) -> Server {
    // The section's own lines, one level up.
    let yaml: Vec<&str> = tls.lines().map(|line| &line[2..]).collect();
    let tls: ServerTls = slimcol_config::from_yaml(&yaml.join("\n")).unwrap();
    let acceptor = tls.acceptor(&["h2"]).unwrap();
    Server::start_over(([127, 0, 0, 1], 0).into(), Some(acceptor), |_| Answer::ok(b"safe")).await
}

async fn call(server: &Server, host: &str, tls: &str) -> Result<bytes::Bytes, String> {
    let client = try_client(&format!("endpoint: {host}:{}\ntls:\n{tls}", server.addr.port()))?;
    client.unary(PATH, &message(), PATIENCE, &slimcol_service::Client::default()).await.map_err(|status| {
        assert_eq!(status.code, Code::Unavailable);
        status.message
    })
}

fn handshake_failed(reason: &str) -> String {
    format!("connection error: desc = \"transport: authentication handshake failed: {reason}\"")
}

#[tokio::test]
async fn verifies_servers() {
    let ca = authority();
    let server = server(&pair(&ca, &["localhost", "other.example"])).await;
    let trusted = block("ca_pem", &ca.pem());
    assert_eq!(call(&server, "localhost", &trusted).await.unwrap(), b"safe"[..]);
    assert_eq!(
        call(&server, "https://localhost", &format!("{trusted}  insecure: true\n")).await.unwrap(),
        b"safe"[..]
    );
    let renamed = format!("{trusted}  server_name_override: other.example\n");
    assert_eq!(call(&server, "127.0.0.1", &renamed).await.unwrap(), b"safe"[..]);
    assert_eq!(call(&server, "127.0.0.1", "  insecure_skip_verify: true\n").await.unwrap(), b"safe"[..]);

    let unknown = block("ca_pem", &authority().pem());
    assert_eq!(
        call(&server, "localhost", &unknown).await.unwrap_err(),
        handshake_failed("tls: failed to verify certificate: x509: certificate signed by unknown authority")
    );
    let misnamed = format!("{trusted}  server_name_override: wrong.example\n");
    assert_eq!(
        call(&server, "localhost", &misnamed).await.unwrap_err(),
        handshake_failed(
            "tls: failed to verify certificate: x509: certificate is valid for localhost, other.example, not wrong.example"
        )
    );
}

#[tokio::test]
async fn names_the_server_in_authority() {
    let ca = authority();
    let mut server = server(&pair(&ca, &["other.example"])).await;
    let renamed = format!("{}  server_name_override: other.example\n", block("ca_pem", &ca.pem()));
    call(&server, "127.0.0.1", &renamed).await.unwrap();
    assert_eq!(server.seen().await.uri, format!("https://other.example{PATH}"));
}

#[tokio::test]
async fn shows_its_own_certificate() {
    let (ca, clients) = (authority(), authority());
    let file = std::env::temp_dir().join(format!("slimcol-net-clients-{}.pem", std::process::id()));
    std::fs::write(&file, clients.pem()).unwrap();
    let tls = format!("{}  client_ca_file: {}\n", pair(&ca, &["localhost"]), file.display());
    let server = server(&tls).await;
    let trusted = block("ca_pem", &ca.pem());
    let known = trusted.clone() + &pair(&clients, &["client"]);
    assert_eq!(call(&server, "localhost", &known).await.unwrap(), b"safe"[..]);
    // In TLS 1.3 the server's verdict comes after the client has finished the handshake, so it meets the call.
    let error = call(&server, "localhost", &trusted).await.unwrap_err();
    assert!(error.contains("remote error: tls: certificate required") || error.contains("EOF"), "{error}");
    std::fs::remove_file(file).unwrap();
}

#[tokio::test]
async fn plain_servers_are_told_from_tls() {
    let server = Server::start(|_| Answer::ok(b"")).await;
    let error = call(&server, "localhost", "  insecure: false\n").await.unwrap_err();
    assert_eq!(error, handshake_failed("tls: first record does not look like a TLS handshake"));
}
