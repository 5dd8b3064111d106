use slimcol_service::Outputs;
use slimcol_testing::{
    Sink as Pipelines, Source, assert_metadata, body_and_attributes, log_records, receiver_from_yaml,
};
use tokio::net::UdpSocket;

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

/// What packets become that a receiver gets one after the other; the last is the only one with `end` in it.
async fn received(more: &str, packets: &[&[u8]]) -> Vec<String> {
    let sink = Pipelines::new();
    let yaml = format!("{{listen_address: '127.0.0.1:0', {more}}}");
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    for packet in packets.iter().copied().chain([&b"end"[..]]) {
        sender.send_to(packet, address(&receiver)).await.unwrap();
    }
    while !records(&sink).iter().any(|record| record.contains("end")) {
        tokio::task::yield_now().await;
    }
    receiver.stop().await.unwrap();
    let port = format!("{:?}", sender.local_addr().unwrap().port().to_string());
    let mut records = records(&sink);
    records.retain(|record| !record.contains("end"));
    records.iter().map(|record| record.replace(&port, "FROM")).collect()
}

#[tokio::test]
async fn packets_become_records() {
    assert_eq!(
        received("", &[b" one\ntwo \r\n\0", b"", b"\n", b"three"]).await,
        [r#""one\ntwo""#, r#""three""#]
    );
    assert_eq!(received("one_log_per_packet: true", &[b" one\ntwo \r\n"]).await, [r#"" one\ntwo ""#]);
    let lines = r#"multiline: {line_end_pattern: "\n", omit_pattern: true}"#;
    assert_eq!(received(lines, &[b"one\ntwo"]).await, [r#""one""#, r#""two""#]);
    assert_eq!(received("encoding: latin1", &[b"\xfc"]).await, ["\"\u{fc}\""]);
    let long = vec![b'x'; 65_000];
    assert_eq!(received("", &[&long]).await[0].len(), 65_002);
}

#[tokio::test]
async fn readers_and_processors_lose_nothing() {
    let packets: Vec<_> = (0..500).map(|number| format!("{number:03}")).collect();
    let packets: Vec<_> = packets.iter().map(String::as_bytes).collect();
    let mut records = received("async: {readers: 2, processors: 3, max_queue_length: 600}", &packets).await;
    // The last packet may overtake others.
    records.sort_unstable();
    records.dedup();
    assert!(records.len() > 400, "{}", records.len());
}

#[tokio::test]
async fn entries_tell_both_ends() {
    let records = received("add_attributes: true, attributes: {who: me}", &[b"x"]).await;
    let start =
        r#""x" who="me" net.transport="IP.UDP" net.peer.ip="127.0.0.1" net.peer.port=FROM net.peer.name="#;
    assert!(records[0].starts_with(start), "{records:?}");
    assert!(records[0].contains(r#" net.host.ip="127.0.0.1" net.host.port="#), "{records:?}");
}

#[tokio::test]
async fn mistakes_are_named() {
    for (yaml, message) in [
        ("", "missing required parameter 'listen_address'"),
        ("{listen_address: 'a:1', encoding: klingon}", "unsupported encoding 'klingon'"),
        (
            "{listen_address: 'a:1', multiline: {line_start_pattern: a}}",
            "only one of line_start_pattern or line_end_pattern can be set",
        ),
        ("{listen_address: 'a:1', async: {readers: x}}", "readers"),
        ("{listen_address: 'a:1', tls: {}}", "has invalid keys: tls"),
        (
            "listen_address: '127.0.0.1:x'",
            "failed to open connection: listen udp: lookup udp/x: unknown port",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in [
        ("{listen_address: a}", "failed to resolve listen_address: address a: missing port in address"),
        ("{listen_address: 'a:1', async: 3}", "'async' expected a map or struct, got \"int\""),
        (
            "{listen_address: 'a:1', async: {readers: x}}",
            "'async.readers' expected type 'int64', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', async: {processors: x}}",
            "'async.processors' expected type 'int64', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', async: {max_queue_length: x}}",
            "'async.max_queue_length' expected type 'int64', got unconvertible type 'string'",
        ),
        ("{listen_address: 'a:1', async: {readers: 10001}}", "'async.readers' must be at most 10000"),
        ("{listen_address: 'a:1', async: {processors: 10001}}", "'async.processors' must be at most 10000"),
        (
            "{listen_address: 'a:1', add_attributes: maybe}",
            "'add_attributes' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', one_log_per_packet: maybe}",
            "'one_log_per_packet' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{listen_address: 'a:1', encoding: [a]}",
            "'encoding' expected type 'string', got unconvertible type '[]interface {}'",
        ),
        (
            "{listen_address: 'a:1', multiline: {line_end_pattern: '('}}",
            "compile line end regex: error parsing regexp: missing closing ): `(?m)(`",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
