//! Tokens between real collectors: one gets them from an authorization server and shows them, the next checks them by what
//! the server publishes. Every span is counted.

use std::{
    fs,
    net::SocketAddr,
    process::Command,
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, KeyPair};
use tempfile::TempDir;

use crate::kit::{
    collector::{Collector, Stopped},
    command, distros, grpc, http,
    issuer::{Issuer, SECRET},
};

const PROTO: (&str, &str) = ("Content-Type", "application/x-protobuf");
const JSON: (&str, &str) = ("Content-Type", "application/json");
/// For what comes after failures and expiries.
const DEADLINE: Duration = Duration::from_mins(1);

/// A configuration with these sections besides those that all have.
fn yaml(extensions: &str, receiver: &str, exporters: &str) -> String {
    let names = |section: &str| {
        let lines = section.lines().filter(|line| line.starts_with("  ") && !line.starts_with("   "));
        lines.filter_map(|line| line.trim().split(':').next()).collect::<Vec<_>>().join(", ")
    };
    format!(
        "
extensions:
{extensions}
receivers:
  otlp:
    protocols:
{receiver}
exporters:
{exporters}
service:
  extensions: [{}]
  telemetry: {{metrics: {{level: none}}, logs: {{level: debug, sampling: {{enabled: false}}}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [{}]}}
",
        names(extensions),
        names(exporters)
    )
}

fn start(dir: TempDir, yaml: &str) -> Collector {
    let config = dir.path().join("config.yaml");
    fs::write(&config, yaml).unwrap();
    Collector::run(Command::new(&distros::contrib().binary).arg("--config").arg(&config), dir)
}

fn dir() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// A collector that takes spans from who has a token of the issuer's, and prints them. With `tls`, gRPC has it.
fn inner(issuer: &Issuer, tls: bool) -> Collector {
    let dir = dir();
    let key = KeyPair::generate().unwrap();
    let certificate =
        CertificateParams::new(vec!["localhost".to_owned()]).unwrap().self_signed(&key).unwrap();
    fs::write(dir.path().join("cert.pem"), certificate.pem()).unwrap();
    fs::write(dir.path().join("key.pem"), key.serialize_pem()).unwrap();
    let tls =
        if tls { ", tls: {cert_file: '${env:DIR}/cert.pem', key_file: '${env:DIR}/key.pem'}" } else { "" };
    let extensions = format!(
        "  oidc: {{providers: [{{issuer_url: '{}', audience: otel, groups_claim: groups}}]}}",
        issuer.url()
    );
    let receiver = format!(
        "      http: {{endpoint: 127.0.0.1:0, auth: {{authenticator: oidc}}}}
      grpc: {{endpoint: 127.0.0.1:0, auth: {{authenticator: oidc}}{tls}}}"
    );
    start(dir, &yaml(&extensions, &receiver, "  debug: {}"))
}

const RECEIVER: &str = "      http: {endpoint: 127.0.0.1:0}";

fn oauth2client(issuer: &Issuer, more: &str) -> String {
    format!(
        "  oauth2client: {{token_url: '{}/token', client_id: otelcol, client_secret: '{SECRET}', scopes: [telemetry]{more}}}",
        issuer.url()
    )
}

/// An exporter over HTTP that answers for what became of the data.
fn to_http(inner: &Collector) -> String {
    format!(
        "  otlp_http: {{endpoint: 'http://{}', auth: {{authenticator: oauth2client}}, sending_queue: {{enabled: false}}, \
         retry_on_failure: {{enabled: false}}}}",
        inner.http()
    )
}

/// The same over gRPC.
fn to_grpc(inner: &Collector) -> String {
    format!(
        "  otlp_grpc: {{endpoint: 'localhost:{}', auth: {{authenticator: oauth2client}}, tls: {{ca_file: '{}'}}, \
         sending_queue: {{enabled: false}}, retry_on_failure: {{enabled: false}}}}",
        inner.grpc().port(),
        inner.file("cert.pem").display()
    )
}

/// One span.
fn span() -> Vec<u8> {
    let nest = |key: u8, inner: &[u8]| [&[key, inner.len().try_into().unwrap()][..], inner].concat();
    let span = [nest(0x0a, &[1; 16]), nest(0x12, &[2; 8]), nest(0x2a, b"the span")].concat();
    nest(0x0a, &nest(0x12, &nest(0x12, &span)))
}

fn send(to: &Collector) -> (u16, String) {
    let answer = http::post(to.http(), "/v1/traces", &[PROTO], &span());
    (answer.status, answer.text())
}

/// Posts with a token.
fn show(to: SocketAddr, token: &str) -> (u16, String) {
    let value = format!("Bearer {token}");
    let answer = http::post(to, "/v1/traces", &[JSON, ("Authorization", &value)], b"{}");
    (answer.status, answer.text())
}

fn spans(stopped: &Stopped) -> usize {
    stopped.log.iter().filter(|line| line.contains("\tTraces\t") && line.contains("\"spans\": 1")).count()
}

/// Panics if a log has the secret in it, or a token, or the proof of who one is.
fn expect_silence(stopped: &[&Stopped]) {
    let basic = base64::Engine::encode(&base64::prelude::BASE64_STANDARD, format!("otelcol:{SECRET}"));
    for line in stopped.iter().flat_map(|stopped| &stopped.log) {
        for told in [SECRET, &basic, "eyJ"] {
            assert!(!line.contains(told), "{line}");
        }
    }
}

#[test]
fn tokens_are_got_shown_and_checked() {
    let issuer = Issuer::start();
    let inner = inner(&issuer, true);
    let outer = start(
        dir(),
        &yaml(&oauth2client(&issuer, ""), RECEIVER, &format!("{}\n{}", to_http(&inner), to_grpc(&inner))),
    );
    for _ in 0..5 {
        assert_eq!(send(&outer).0, 200);
    }
    assert_eq!(issuer.issued(), 1, "one token serves both");

    // A signed statement instead of the secret.
    let statement = format!(
        "  oauth2client: {{token_url: '{}/token', client_id: signer, client_certificate_key_file: '{}', \
         grant_type: 'urn:ietf:params:oauth:grant-type:jwt-bearer'}}",
        issuer.url(),
        issuer.key()
    );
    let signing = start(dir(), &yaml(&statement, RECEIVER, &to_http(&inner)));
    let (status, text) = send(&signing);
    assert_eq!(status, 200, "{text}");

    // Who does not know the secret gets no token, and can try again.
    let wrong = oauth2client(&issuer, "").replace(SECRET, "secret-of-another");
    let stranger =
        start(dir(), &yaml(&wrong, RECEIVER, &format!("{}\n{}", to_http(&inner), to_grpc(&inner))));
    assert_eq!(send(&stranger).0, 503);
    let url = issuer.url();
    let why = format!(
        "failed to get security token from token endpoint (endpoint \\\"{url}/token\\\"): oauth2: \
         \\\"invalid_client\\\""
    );
    stranger.line(&why);
    stranger.line(&format!("transport: per-RPC creds failed due to error: {why}"));

    let all = [outer.stop(), signing.stop(), stranger.stop(), inner.stop()];
    for stopped in [&all[0], &all[1], &all[3]] {
        stopped.expect_clean();
    }
    assert_eq!(spans(&all[3]), 2 * 5 + 1, "{:#?}", all[3].log);
    expect_silence(&all.each_ref());
    assert!(all.iter().flat_map(|stopped| &stopped.log).all(|line| !line.contains("secret-of-another")));

    let printed = Command::new(&distros::contrib().binary)
        .args(["print-config", "--config"])
        .arg(all[0].file("config.yaml"))
        .output()
        .unwrap();
    let printed = String::from_utf8(printed.stdout).unwrap();
    assert!(
        printed.contains("client_secret: '[REDACTED]'") || printed.contains("client_secret: \"[REDACTED]\""),
        "{printed}"
    );
    assert!(!printed.contains(SECRET), "{printed}");
}

#[test]
fn tokens_and_keys_are_renewed_under_way() {
    let issuer = Issuer::start();
    issuer.tune(r#"{"lifetime": 4}"#);
    let inner = inner(&issuer, true);
    let outer = start(
        dir(),
        &yaml(
            &oauth2client(&issuer, ", expiry_buffer: 2s"),
            RECEIVER,
            &format!("{}\n{}", to_http(&inner), to_grpc(&inner)),
        ),
    );
    let (mut sent, end) = (0, Instant::now() + DEADLINE);
    let mut send_until = |issued: u64| {
        while issuer.issued() < issued {
            assert!(Instant::now() < end, "{} tokens", issuer.issued());
            let (status, text) = send(&outer);
            assert_eq!(status, 200, "{text}");
            sent += 1;
            std::thread::sleep(Duration::from_millis(100));
        }
    };
    send_until(2);
    let asked = issuer.tune(r#"{"rotate": true}"#)["asked_for_keys"].as_u64().unwrap();
    send_until(4);
    assert_eq!(issuer.tune("{}")["asked_for_keys"].as_u64().unwrap(), asked + 1);
    let all = [outer.stop(), inner.stop()];
    for stopped in &all {
        stopped.expect_clean();
    }
    assert_eq!(spans(&all[1]), 2 * sent, "{:#?}", all[1].log);
    expect_silence(&all.each_ref());
}

#[test]
fn forged_tokens_are_refused_and_all_algorithms_taken() {
    let issuer = Issuer::start();
    let inner = inner(&issuer, false);
    for algorithm in ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "EdDSA"] {
        let sign = |more: &str| {
            issuer.forge(&format!("{{\"alg\": \"{algorithm}\", \"claims\": {{\"groups\": \"a\"}}{more}}}"))
        };
        assert_eq!(show(inner.http(), &sign("")), (200, "{\"partialSuccess\":{}}".to_owned()), "{algorithm}");
        let (status, text) = show(inner.http(), &sign(", \"stranger\": true"));
        assert!(status == 401 && text.contains("failed to verify id token signature"), "{algorithm}: {text}");
    }
    let good = issuer.forge(r#"{"claims": {"groups": "a"}}"#);
    let (message, signature) = good.rsplit_once('.').unwrap();
    let (header, _) = message.split_once('.').unwrap();
    let other = issuer.forge(r#"{"claims": {"groups": "root"}}"#);
    let swapped = format!("{header}.{}.{signature}", other.split('.').nth(1).unwrap());
    for (token, why) in [
        (
            issuer.forge(r#"{"claims": {"aud": "them"}}"#),
            "oidc: expected audience \\\"otel\\\" got [\\\"them\\\"]",
        ),
        (
            issuer.forge(r#"{"claims": {"iss": "http://them"}}"#),
            "oidc: id token issued by a different provider, expected",
        ),
        (
            issuer.forge(r#"{"claims": {"exp": 1767225600}}"#),
            "oidc: token is expired (Token Expiry: 2026-01-01 00:00:00 +0000 UTC)",
        ),
        (issuer.forge(r#"{"claims": {"nbf": 99999999999}}"#), "before the nbf (not before) time"),
        (issuer.forge(r#"{"alg": "none"}"#), "unexpected signature algorithm \\\"none\\\""),
        (issuer.forge(r#"{"alg": "HS256"}"#), "unexpected signature algorithm \\\"HS256\\\""),
        (swapped, "failed to verify id token signature"),
        (format!("{message}."), "failed to verify id token signature"),
        (issuer.forge(r#"{"kid": "nobody's"}"#), "failed to verify id token signature"),
        (issuer.forge("{}"), "groups claim from the OIDC configuration not found"),
        ("x".to_owned(), "compact JWS format must have three parts"),
    ] {
        let (status, text) = show(inner.http(), &token);
        assert!(
            status == 401 && text.starts_with("{\"code\":16,") && text.contains(why),
            "{why}: {status} {text}"
        );
        let value = format!("Bearer {token}");
        let status = grpc::call_with(
            inner.grpc(),
            grpc::TRACES,
            &[("authorization", &value)],
            grpc::frame(false, b""),
        );
        assert!(
            status.code == 16 && status.message.contains(&why.replace("\\\"", "\"")),
            "{why}: {status:?}"
        );
    }
    let text = "{\"code\":16,\"message\":\"authentication didn't succeed\"}".to_owned();
    let none = http::post(inner.http(), "/v1/traces", &[JSON], b"{}");
    assert_eq!((none.status, none.text()), (401, text));
    let stopped = inner.stop();
    stopped.expect_clean();
    assert_eq!(spans(&stopped), 0);
    expect_silence(&[&stopped]);
}

#[test]
fn an_issuer_that_is_down_costs_time_and_no_data() {
    let issuer = Issuer::start();
    let inner = inner(&issuer, false);
    let unknown = {
        issuer.tune(r#"{"rotate": true}"#);
        issuer.forge(r#"{"claims": {"groups": "a"}}"#)
    };
    let extension = oauth2client(&issuer, "");
    let stopped = issuer.stop();
    // Nobody can tell whether its key is one of the issuer's.
    let (status, text) = show(inner.http(), &unknown);
    assert!(
        status == 503 && text.starts_with("{\"code\":14,") && text.contains("fetching keys"),
        "{status} {text}"
    );
    let value = format!("Bearer {unknown}");
    let status =
        grpc::call_with(inner.grpc(), grpc::TRACES, &[("authorization", &value)], grpc::frame(false, b""));
    assert!(status.code == 14 && status.message.contains("fetching keys"), "{status:?}");

    let queued = format!(
        "  otlp_http: {{endpoint: 'http://{}', auth: {{authenticator: oauth2client}}, \
         retry_on_failure: {{initial_interval: 100ms, max_interval: 500ms, max_elapsed_time: 0}}}}",
        inner.http()
    );
    let outer = start(dir(), &yaml(&extension, RECEIVER, &queued));
    for _ in 0..5 {
        assert_eq!(send(&outer).0, 200);
    }
    let failed = outer.line("failed to get security token from token endpoint");
    assert!(failed.contains("connection refused") && failed.contains("Will retry"), "{failed}");
    let issuer = stopped.start();
    inner.log().until(5, |line| line.contains("\"spans\": 1"));
    issuer.stop();
    // The token is good still.
    for _ in 0..5 {
        assert_eq!(send(&outer).0, 200);
    }
    inner.log().until(10, |line| line.contains("\"spans\": 1"));
    let all = [outer.stop(), inner.stop()];
    assert_eq!(all.each_ref().map(|stopped| stopped.code), [Some(0), Some(0)]);
    assert_eq!(spans(&all[1]), 10);
    expect_silence(&all.each_ref());
}

#[test]
fn without_an_issuer_there_is_no_start() {
    let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let dir = dir();
    let config = dir.path().join("config.yaml");
    let extensions = format!("  oidc: {{issuer_url: 'http://{port}', audience: a}}");
    fs::write(&config, yaml(&extensions, RECEIVER, "  debug: {}")).unwrap();
    let ended = command::run(
        Command::new(&distros::contrib().binary).arg("--config").arg(&config),
        Duration::from_mins(1),
    );
    assert!(ended.code.is_some_and(|code| code != 0), "{ended:?}");
    let why = format!(
        "failed to get configuration from at least one configured auth server: failed to create OIDC provider for \
         \"http://{port}\": Get \"http://{port}/.well-known/openid-configuration\": dial tcp {port}: connect: connection \
         refused"
    );
    assert!(ended.stderr.contains(&why), "{}", ended.stderr);
}
