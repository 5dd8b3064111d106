use std::{sync::Arc, time::Duration};

use slimcol_service::Outputs;
use slimcol_testing::{
    Sink as Pipelines, Source, assert_metadata, body_and_attributes, log_records, receiver_from_yaml,
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

/// All records so far: body and attributes.
fn records(sink: &Pipelines) -> Vec<String> {
    log_records(&sink.data()).iter().map(body_and_attributes).collect()
}

/// The address that a receiver with port 0 listens on.
fn address(receiver: &Source) -> String {
    receiver.log().endpoint("Starting stanza receiver")
}

async fn start(more: &str, sink: &Pipelines) -> (Source, String) {
    let yaml = format!("{{listen_address: '127.0.0.1:0', {more}}}");
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    let address = address(&receiver);
    (receiver, address)
}

#[tokio::test]
async fn lines_become_records_while_the_connection_lasts() {
    let sink = Pipelines::new();
    let (receiver, address) = start("", &sink).await;
    let mut idle = TcpStream::connect(&address).await.unwrap();
    idle.write_all(b"begun").await.unwrap();
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"one\r\n two \nthr").await.unwrap();
    sink.wait_items(2).await;
    stream.write_all(b"ee\nfour").await.unwrap();
    sink.wait_items(3).await;
    drop(stream);
    sink.wait_items(4).await;
    assert_eq!(records(&sink), [r#""one""#, r#""two""#, r#""three""#, r#""four""#]);
    // Who has only begun keeps nobody from stopping, and what was begun is nothing yet.
    receiver.stop().await.unwrap();
    assert_eq!(idle.read(&mut [0; 1]).await.unwrap_or(0), 0);
    assert_eq!(sink.items(), 4);
}

#[tokio::test]
async fn entries_pass_through_operators_and_tell_their_connection() {
    let sink = Pipelines::new();
    let more = "add_attributes: true, attributes: {who: me}, operators: [{type: move, from: body, to: attributes.said}]";
    let (receiver, address) = start(more, &sink).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"hello\n").await.unwrap();
    sink.wait_items(1).await;
    let (from, to) = (stream.local_addr().unwrap().port(), stream.peer_addr().unwrap().port());
    receiver.stop().await.unwrap();
    let name = slimcol_net_name();
    assert_eq!(
        records(&sink),
        [format!(
            r#""" who="me" net.transport="IP.TCP" net.peer.ip="127.0.0.1" net.peer.port="{from}" net.peer.name="{name}" net.host.ip="127.0.0.1" net.host.port="{to}" net.host.name="{name}" said="hello""#
        )]
    );
}

/// What the machine's hosts file calls this machine.
fn slimcol_net_name() -> String {
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let of_line = |line: &str| {
        let mut words = line.split_whitespace();
        (words.next()? == "127.0.0.1").then(|| words.next().map(str::to_owned))?
    };
    hosts.lines().find_map(of_line).unwrap_or_else(|| "127.0.0.1".to_owned())
}

#[tokio::test]
async fn what_is_long_is_cut_and_what_is_one_stays_one() {
    let sink = Pipelines::new();
    let (receiver, address) = start("max_log_size: 64kib", &sink).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(&b"x".repeat(100_000)).await.unwrap();
    drop(stream);
    sink.wait_items(2).await;
    receiver.stop().await.unwrap();
    assert_eq!(records(&sink).iter().map(|r| r.len() - 2).collect::<Vec<_>>(), [65_536, 100_000 - 65_536]);

    let sink = Pipelines::new();
    let (receiver, address) = start("one_log_per_packet: true, max_log_size: 64kib", &sink).await;
    for text in [&b" one\ntwo\n"[..], &b"y".repeat(100_000)] {
        TcpStream::connect(&address).await.unwrap().write_all(text).await.unwrap();
    }
    sink.wait_items(2).await;
    receiver.stop().await.unwrap();
    let mut lengths: Vec<_> = records(&sink).iter().map(String::len).collect();
    lengths.sort_unstable();
    assert_eq!(lengths, [13, 65_538]);
}

#[tokio::test]
async fn too_many_connections_and_idle_ones_are_closed() {
    let sink = Pipelines::new();
    let (receiver, address) = start("max_connections: 1, connection_idle_timeout: 200ms", &sink).await;
    let mut first = TcpStream::connect(&address).await.unwrap();
    first.write_all(b"a\n").await.unwrap();
    sink.wait_items(1).await;
    let mut second = TcpStream::connect(&address).await.unwrap();
    assert_eq!(second.read(&mut [0; 1]).await.unwrap_or(0), 0);
    assert_eq!(receiver.log().count("Max connections reached"), 1);
    // What was begun is an entry when its time is over.
    first.write_all(b"rest").await.unwrap();
    assert_eq!(first.read(&mut [0; 1]).await.unwrap_or(0), 0);
    sink.wait_items(2).await;
    assert_eq!(receiver.log().count("i/o timeout"), 1);
    receiver.stop().await.unwrap();
}

#[tokio::test]
async fn a_slow_pipeline_holds_up_whoever_fills_it() {
    let sink = Pipelines::new();
    sink.refuse_with(|| slimcol_service::Refused::retryable("full"));
    let more =
        "retry_on_failure: {enabled: true, initial_interval: 1ms, max_interval: 2ms, max_elapsed_time: 0}";
    let (receiver, address) = start(more, &sink).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    let lines = b"0123456789\n".repeat(2 << 20);
    let (mut read, mut write) = stream.split();
    let filling = async { write.write_all(&lines).await };
    tokio::select! {
        _ = filling => panic!("more than the kernel and the receiver hold was taken"),
        _ = read.read_u8() => panic!("it ended"),
        () = tokio::time::sleep(Duration::from_millis(300)) => {}
    }
    receiver.stop().await.unwrap();
    assert_eq!(sink.items(), 0);
}

#[tokio::test]
async fn connections_can_be_encrypted() {
    let dir = tempfile::tempdir().unwrap();
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let (cert, key) = (dir.path().join("cert.pem"), dir.path().join("key.pem"));
    std::fs::write(&cert, made.cert.pem()).unwrap();
    std::fs::write(&key, made.signing_key.serialize_pem()).unwrap();
    let sink = Pipelines::new();
    let more = format!("tls: {{cert_file: '{}', key_file: '{}'}}", cert.display(), key.display());
    let (receiver, address) = start(&more, &sink).await;
    let mut roots = rustls::RootCertStore::empty();
    roots.add(made.cert.der().clone()).unwrap();
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let connector = tokio_rustls::TlsConnector::from(Arc::new(config));
    let stream = TcpStream::connect(&address).await.unwrap();
    let mut stream = connector.connect("localhost".try_into().unwrap(), stream).await.unwrap();
    stream.write_all(b"secret\n").await.unwrap();
    sink.wait_items(1).await;
    // Who does not encrypt is not heard.
    let mut plain = TcpStream::connect(&address).await.unwrap();
    plain.write_all(b"plain, and long enough to be no handshake\n").await.unwrap();
    let mut answer = Vec::new();
    let _ = plain.read_to_end(&mut answer).await;
    assert_eq!(receiver.log().count("TLS handshake error"), 1);
    drop(stream);
    receiver.stop().await.unwrap();
    assert_eq!(records(&sink), [r#""secret""#]);
}

#[tokio::test]
async fn mistakes_are_named() {
    for (yaml, message) in [
        ("", "missing required parameter 'listen_address'"),
        (
            "listen_address: localhost",
            "failed to resolve listen_address: address localhost: missing port in address",
        ),
        (
            "{listen_address: 'a:1', max_log_size: 1}",
            "invalid value for parameter 'max_log_size', must be equal to or greater than 65536 bytes",
        ),
        (
            "{listen_address: 'a:1', max_connections: -1}",
            "invalid value for parameter 'max_connections', must be greater than or equal to 0",
        ),
        ("{listen_address: 'a:1', encoding: klingon}", "unsupported encoding 'klingon'"),
        (
            "{listen_address: 'a:1', multiline: {line_start_pattern: a, line_end_pattern: b}}",
            "only one of line_start_pattern or line_end_pattern can be set",
        ),
        ("{listen_address: 'a:1', listen: b}", "has invalid keys: listen"),
        ("{listen_address: 'a:1', operators: [{type: nix}]}", "unsupported type 'nix'"),
        (
            "{listen_address: '127.0.0.1:99999'}",
            "failed to listen on interface: failed to configure tcp listener: listen tcp: address 99999: invalid port",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn what_operators_hold_back_comes_in_time_and_at_the_end() {
    let sink = Pipelines::new();
    let more = "operators: [{type: recombine, combine_field: body, is_first_entry: body startsWith 'a', \
                source_identifier: attributes.none, force_flush_period: 50ms}]";
    let (receiver, address) = start(more, &sink).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"a\nb\n").await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    assert_eq!(records(&sink), [r#""a\nb""#]);

    let sink = Pipelines::new();
    let (receiver, address) = start(&more.replace("50ms", "1h"), &sink).await;
    let mut stream = TcpStream::connect(&address).await.unwrap();
    stream.write_all(b"a\nb\nac\n").await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    assert_eq!(records(&sink), [r#""a\nb""#, r#""ac""#]);
}

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in [
        (
            "{listen_address: [a]}",
            "'listen_address' expected type 'string', got unconvertible type '[]interface {}'",
        ),
        (
            "{listen_address: 'a:1', max_connections: many}",
            "'max_connections' expected type 'int64', got unconvertible type 'string'",
        ),
        ("{listen_address: 'a:1', max_log_size: -1MiB}", "'max_log_size' invalid byte size '-1MiB'"),
        (
            "{listen_address: 'a:1', connection_idle_timeout: soon}",
            "'connection_idle_timeout' time: invalid duration",
        ),
        (
            "{listen_address: 'a:1', add_attributes: maybe}",
            "'add_attributes' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', one_log_per_packet: maybe}",
            "'one_log_per_packet' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', preserve_leading_whitespaces: maybe}",
            "'preserve_leading_whitespaces' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', preserve_trailing_whitespaces: maybe}",
            "'preserve_trailing_whitespaces' expected type 'bool', got unconvertible type 'string'",
        ),
        ("{listen_address: 'a:1', multiline: []}", "'multiline' expected a map or struct, got \"slice\""),
        (
            "{listen_address: 'a:1', multiline: {line_start_pattern: '('}}",
            "compile line start regex: error parsing regexp: missing closing ): `(?m)(`",
        ),
        (
            "{listen_address: 'a:1', multiline: {line_end_pattern: '('}}",
            "compile line end regex: error parsing regexp: missing closing ): `(?m)(`",
        ),
        (
            "{listen_address: 'a:1', multiline: {omit_pattern: x}}",
            "'multiline.omit_pattern' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', tls: {cert_file: /nonexistent}}",
            "TLS configuration must include both certificate and key",
        ),
        (
            "{listen_address: 'a:1', tls: {min_version: '9'}}",
            "invalid TLS min_version: unsupported TLS version: \"9\"",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
