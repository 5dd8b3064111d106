//! Authentication between real collectors: who is let in and who is not, and what a collector shows to the next.

use std::{fs, net::SocketAddr, path::Path, process::Command};

use base64::{Engine, prelude::BASE64_STANDARD};
use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

use crate::kit::{
    collector::{Collector, Stopped},
    distros, grpc, http,
};

const PASSWORD: &str = "hush:hush";
/// bcrypt of the password.
const HASH: &str = "$2y$10$Ghan4n.aPgLZTKKyaEqJFOEReDwOxz8xACl8NgSM993vGgmgvZMqC";
const TOKEN: &str = "token-of-the-test";
const PROTO: (&str, &str) = ("Content-Type", "application/x-protobuf");
const JSON: (&str, &str) = ("Content-Type", "application/json");

/// A collector with these sections besides those that all of them have, which prints what it gets.
fn start(dir: TempDir, extensions: &str, receiver: &str, exporter: &str) -> Collector {
    let names = extensions.lines().filter_map(|line| line.trim().split_once(": {")).map(|(name, _)| name);
    let names: Vec<_> = names.collect();
    let yaml = format!(
        "
extensions:
{extensions}
receivers:
  otlp:
    protocols:
{receiver}
exporters:
{exporter}
service:
  extensions: [{}]
  telemetry: {{metrics: {{level: none}}, logs: {{level: debug}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [{}]}}
",
        names.join(", "),
        exporter.trim().split(':').next().unwrap()
    );
    let config = dir.path().join("config.yaml");
    fs::write(&config, yaml).unwrap();
    Collector::run(Command::new(&distros::contrib().binary).arg("--config").arg(&config), dir)
}

fn dir() -> TempDir {
    tempfile::tempdir().unwrap()
}

fn basic(password: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(format!("otel:{password}")))
}

/// One span.
fn span() -> Vec<u8> {
    let nest = |key: u8, inner: &[u8]| [&[key, inner.len().try_into().unwrap()][..], inner].concat();
    let span = [nest(0x0a, &[1; 16]), nest(0x12, &[2; 8]), nest(0x2a, b"the span")].concat();
    nest(0x0a, &nest(0x12, &nest(0x12, &span)))
}

/// Panics if one of them told the log a secret.
fn expect_silence(stopped: &[&Stopped]) {
    let secrets = [PASSWORD, HASH, TOKEN, basic(PASSWORD).trim_start_matches("Basic ")].map(str::to_owned);
    for line in stopped.iter().flat_map(|stopped| &stopped.log) {
        let told = secrets.iter().find(|secret| line.contains(secret.as_str()));
        assert_eq!(told, None, "{line}");
    }
}

fn expect_exported(stopped: &Stopped, expected: usize) {
    let exported =
        stopped.log.iter().filter(|line| line.contains("\tTraces\t") && line.contains("\"spans\": 1"));
    assert_eq!(exported.count(), expected, "{:#?}", stopped.log);
}

fn post(to: SocketAddr, kind: (&str, &str), authorization: Option<&str>, body: &[u8]) -> (u16, String) {
    let headers: Vec<_> =
        [kind].into_iter().chain(authorization.map(|value| ("Authorization", value))).collect();
    let answer = http::post(to, "/v1/traces", &headers, body);
    (answer.status, answer.text())
}

#[test]
fn servers_let_in_who_knows_the_password() {
    let dir = dir();
    fs::write(dir.path().join("htpasswd"), format!("otel:{HASH}\n")).unwrap();
    let collector = start(
        dir,
        "  basicauth: {htpasswd: {file: '${env:DIR}/htpasswd'}}",
        "      http: {endpoint: 127.0.0.1:0, auth: {authenticator: basicauth, request_params: [authorization]}}
      grpc: {endpoint: 127.0.0.1:0, auth: {authenticator: basicauth}}",
        "  debug: {}",
    );
    let (to, right, wrong) = (collector.http(), basic(PASSWORD), basic("hush"));
    let json = |text| (401, format!("{{\"code\":16,\"message\":\"{text}\"}}"));
    assert_eq!(post(to, JSON, None, b"{}"), json("no basic auth provided"));
    assert_eq!(post(to, JSON, Some(&wrong), b"{}"), json("invalid credentials"));
    assert_eq!(post(to, JSON, Some("Bearer x"), b"{}"), json("invalid authorization scheme prefix"));
    // Neither what stands in the body nor how it is packed matters before that.
    assert_eq!(post(to, PROTO, Some(&wrong), b"\xff\xff").0, 401);
    let packed = [JSON, ("Content-Encoding", "br"), ("Authorization", wrong.as_str())];
    assert_eq!(http::post(to, "/v1/traces", &packed, b"{}").status, 401);
    assert_eq!(post(to, PROTO, Some(&right), b"\xff\xff").0, 400);
    assert_eq!(post(to, PROTO, Some(&right), &span()).0, 200);
    let query = format!("/v1/traces?authorization={}", right.replace(' ', "+").replace('=', "%3D"));
    assert_eq!(http::post(to, &query, &[PROTO], &span()).status, 200);

    let call = |authorization: Option<&str>| {
        let metadata: Vec<_> = authorization.map(|value| ("authorization", value)).into_iter().collect();
        let status = grpc::call_with(collector.grpc(), grpc::TRACES, &metadata, grpc::frame(false, &span()));
        (status.code, status.message)
    };
    assert_eq!(call(None), (16, "no basic auth provided".to_owned()));
    assert_eq!(call(Some(&wrong)), (16, "invalid credentials".to_owned()));
    assert_eq!(call(Some(&right)), (0, String::new()));

    let stopped = collector.stop();
    stopped.expect_clean();
    expect_exported(&stopped, 3);
    expect_silence(&[&stopped]);
}

/// A certificate for `localhost` and its key.
fn certify(dir: &Path) {
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    fs::write(dir.join("cert.pem"), certificate.pem()).unwrap();
    fs::write(dir.join("key.pem"), key.serialize_pem()).unwrap();
}

#[test]
fn clients_show_what_the_next_collector_wants() {
    let dir = dir();
    certify(dir.path());
    let cert = dir.path().join("cert.pem").display().to_string();
    let inner = start(
        dir,
        &format!(
            "  basicauth: {{htpasswd: {{inline: 'otel:{HASH}'}}}}
  bearertokenauth: {{tokens: [other, {TOKEN}]}}
  headers_setter: {{headers: [{{action: upsert, key: x, value: x}}]}}"
        ),
        "      http: {endpoint: 127.0.0.1:0, auth: {authenticator: basicauth}}
      grpc:
        endpoint: 127.0.0.1:0
        auth: {authenticator: bearertokenauth}
        tls: {cert_file: '${env:DIR}/cert.pem', key_file: '${env:DIR}/key.pem'}",
        "  debug: {verbosity: detailed}",
    );
    let (http_to, grpc_to) = (inner.http(), inner.grpc());
    let receiver = "      http: {endpoint: 127.0.0.1:0, include_metadata: true}";
    let exporters = |password: &str, token: &str| {
        [
            (
                format!("  basicauth: {{client_auth: {{username: otel, password: '{password}'}}}}"),
                format!(
                    "  otlp_http: {{endpoint: 'http://{http_to}', auth: {{authenticator: basicauth}}, \
                     sending_queue: {{enabled: false}}}}"
                ),
            ),
            (
                format!("  bearertokenauth: {{token: {token}}}"),
                format!(
                    "  otlp_grpc: {{endpoint: 'localhost:{}', auth: {{authenticator: bearertokenauth}}, \
                     tls: {{ca_file: '{cert}'}}, sending_queue: {{enabled: false}}}}",
                    grpc_to.port()
                ),
            ),
        ]
    };
    let mut all = Vec::new();
    for (extension, exporter) in exporters(PASSWORD, TOKEN) {
        let outer = start(self::dir(), &extension, receiver, &exporter);
        assert_eq!(post(outer.http(), PROTO, None, &span()).0, 200, "{exporter}");
        all.push(outer.stop());
        all.last().unwrap().expect_clean();
    }
    for (extension, exporter) in exporters("hush", "other-token") {
        let outer = start(self::dir(), &extension, receiver, &exporter);
        let (status, text) =
            post(outer.http(), JSON, None, br#"{"resourceSpans":[{"scopeSpans":[{"spans":[{}]}]}]}"#);
        assert_eq!(status, 401, "{exporter}: {text}");
        assert!(text.contains("\"code\":16"), "{text}");
        all.push(outer.stop());
    }
    // The sender's own header goes on as the password that the inner collector wants.
    let outer = start(
        self::dir(),
        "  headers_setter: {headers: [{action: upsert, key: Authorization, from_context: x-password}]}",
        receiver,
        &format!(
            "  otlp_http: {{endpoint: 'http://{http_to}', auth: {{authenticator: headers_setter}}, \
             sending_queue: {{enabled: false}}}}"
        ),
    );
    let sent = |password: &str| {
        http::post(outer.http(), "/v1/traces", &[PROTO, ("X-Password", password)], &span()).status
    };
    assert_eq!((sent(&basic(PASSWORD)), sent(&basic("hush"))), (200, 401));
    all.push(outer.stop());

    let inner = inner.stop();
    inner.expect_clean();
    assert_eq!(inner.log.iter().filter(|line| line.contains("the span")).count(), 3, "{:#?}", inner.log);
    expect_silence(&all.iter().chain([&inner]).collect::<Vec<_>>());
}

#[test]
fn what_cannot_work_stops_the_start() {
    let fails = |receiver: &str, extension: &str, exporter: &str, text: &str| {
        let dir = dir();
        let config = dir.path().join("config.yaml");
        let yaml = format!(
            "
extensions: {{{extension}: , health_check: {{endpoint: 127.0.0.1:0}}}}
receivers: {{otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0, {receiver}}}}}}}}}
exporters: {{{exporter}}}
service:
  extensions: [{extension}, health_check]
  telemetry: {{metrics: {{level: none}}}}
  pipelines: {{traces: {{receivers: [otlp], exporters: [{}]}}}}
",
            exporter.split(':').next().unwrap()
        )
        .replace("bearertokenauth: ", "bearertokenauth: {token: x}");
        fs::write(&config, yaml).unwrap();
        let mut command = Command::new(&distros::contrib().binary);
        let ended = command.arg("--config").arg(&config).output().unwrap();
        let said = String::from_utf8_lossy(&ended.stderr);
        assert!(!ended.status.success() && said.contains(text), "{said}");
    };
    let auth = "auth: {authenticator: nobody}";
    let text = "failed to resolve authenticator \"nobody\": authenticator not found";
    fails(auth, "bearertokenauth", "debug: ", text);
    fails("", "bearertokenauth", &format!("otlp_http: {{endpoint: 'http://localhost:1', {auth}}}"), text);
    fails(
        "auth: {authenticator: health_check}",
        "bearertokenauth",
        "debug: ",
        "requested authenticator is not a server authenticator",
    );
    fails(
        "",
        "bearertokenauth",
        "otlp_grpc: {endpoint: 'localhost:1', tls: {insecure: true}, auth: {authenticator: bearertokenauth}}",
        "grpc: the credentials require transport level security (use grpc.WithTransportCredentials() to set)",
    );
}
