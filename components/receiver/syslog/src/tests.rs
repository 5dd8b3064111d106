use slimcol_service::Outputs;
use slimcol_testing::{
    Sink as Pipelines, Source, assert_metadata, body_and_attributes, log_records, receiver_from_yaml,
};
use tokio::{
    io::AsyncWriteExt as _,
    net::{TcpStream, UdpSocket},
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

const MESSAGE: &str = "<86>1 2015-08-05T21:58:59.693Z h a 1 ID - found";
const FOUND: &str = r#"hostname="h" appname="a" proc_id="1" msg_id="ID" message="found" version="1" priority="86" facility="10" facility_text="authpriv""#;

/// What becomes of what a connection brings.
async fn received(more: &str, stream: &str, items: usize) -> Vec<String> {
    let sink = Pipelines::new();
    let yaml = format!("{{tcp: {{listen_address: '127.0.0.1:0'}}, {more}}}");
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    let mut connection = TcpStream::connect(address(&receiver)).await.unwrap();
    connection.write_all(stream.as_bytes()).await.unwrap();
    drop(connection);
    sink.wait_items(items).await;
    receiver.stop().await.unwrap();
    records(&sink)
}

#[tokio::test]
async fn messages_are_parsed() {
    let found = received("protocol: rfc5424", &format!("{MESSAGE}\n{MESSAGE}\n"), 2).await;
    let wanted = format!("{MESSAGE:?} {FOUND}");
    assert_eq!(found, [&*wanted, &*wanted]);
    let more = "protocol: rfc5424, attributes: {who: me}, operators: [{type: retain, fields: [attributes.who, attributes.message]}]";
    assert_eq!(received(more, MESSAGE, 1).await, [format!(r#"{MESSAGE:?} who="me" message="found""#)]);
}

#[tokio::test]
async fn messages_can_be_counted_or_have_a_byte_behind_them() {
    let counted = format!("{} {MESSAGE}", MESSAGE.len());
    let more = "protocol: rfc5424, enable_octet_counting: true";
    let found = received(more, &format!("{counted}{counted}"), 2).await;
    let wanted = format!("{counted:?} {FOUND}");
    assert_eq!(found, [&*wanted, &*wanted]);
    // As rsyslog sends them: the line's end is counted.
    let ended = format!("{} {MESSAGE}\n", MESSAGE.len() + 1);
    let more = "protocol: rfc5424, enable_octet_counting: true, operators: [{type: retain, fields: [attributes.message]}]";
    let wanted = format!("{ended:?} message=\"found\\n\"");
    assert_eq!(received(more, &format!("{ended}{ended}"), 2).await, [&*wanted, &*wanted]);
    let more = "protocol: rfc5424, non_transparent_framing_trailer: LF";
    assert_eq!(received(more, &format!("{MESSAGE}\n"), 1).await, [format!("{MESSAGE:?} {FOUND}")]);
}

#[tokio::test]
async fn what_is_no_message_is_sent_or_dropped() {
    assert_eq!(received("protocol: rfc5424", "nonsense\n", 1).await, [r#""nonsense""#]);
    let more = "protocol: rfc5424, on_error: drop_quiet";
    let found = received(more, &format!("nonsense\n{MESSAGE}\n"), 1).await;
    assert_eq!(found, [format!("{MESSAGE:?} {FOUND}")]);
}

#[tokio::test]
async fn packets_have_messages() {
    let sink = Pipelines::new();
    let yaml = "{protocol: rfc3164, udp: {listen_address: '127.0.0.1:0'}}";
    let receiver = receiver_from_yaml(&FACTORY, yaml, sink.outputs()).await.unwrap();
    let sender = UdpSocket::bind("127.0.0.1:0").await.unwrap();
    sender.send_to(b"<34>Oct 11 22:14:15 host app[7]: text\n", address(&receiver)).await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    let wanted = r#""<34>Oct 11 22:14:15 host app[7]: text" hostname="host" appname="app" proc_id="7" message="text" priority="34" facility="4" facility_text="auth""#;
    assert_eq!(records(&sink), [wanted]);
}

#[tokio::test]
async fn mistakes_are_named() {
    let tcp = "tcp: {listen_address: 'a:1'}";
    let udp = "udp: {listen_address: 'a:1'}";
    for (yaml, message) in [
        ("{protocol: rfc5424}".to_owned(), "need tcp config or udp config"),
        (format!("{{{tcp}}}"), "missing field 'protocol'"),
        (format!("{{{tcp}, protocol: rfc1}}"), "unsupported protocol version: rfc1"),
        (
            format!("{{{tcp}, protocol: rfc5424, on_error: x}}"),
            "operator config has an invalid `on_error` field.",
        ),
        (
            format!("{{{udp}, protocol: rfc5424, enable_octet_counting: true}}"),
            "octet_counting and non_transparent_framing is not compatible with UDP",
        ),
        ("{protocol: rfc5424, tcp: {}}".to_owned(), "missing required parameter 'listen_address'"),
        (format!("{{{tcp}, protocol: rfc5424, output: x}}"), "operator 'x' does not exist"),
        (format!("{{{tcp}, protocol: rfc5424, parse_to: body}}"), "has invalid keys: parse_to"),
    ] {
        let error = receiver_from_yaml(&FACTORY, &yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in [
        ("{tcp: 5, protocol: rfc5424}", "'tcp' expected a map or struct, got \"int\""),
        ("{tcp: {listen_address: 'a:1', nope: 1}, protocol: rfc5424}", "'tcp' has invalid keys: nope"),
        (
            "{udp: {listen_address: 'a:1', max_log_size: 1MiB}, protocol: rfc5424}",
            "'udp' has invalid keys: max_log_size",
        ),
        (
            "{udp: {listen_address: a}, protocol: rfc5424}",
            "failed to resolve listen_address: address a: missing port in address",
        ),
        (
            "{tcp: {listen_address: 'a:1'}, protocol: [rfc5424]}",
            "'protocol' expected type 'string', got unconvertible type '[]interface {}'",
        ),
        (
            "{tcp: {listen_address: 'a:1'}, protocol: rfc5424, location: Nowhere/X}",
            "failed to load location Nowhere/X: unknown time zone Nowhere/X",
        ),
        (
            "{tcp: {listen_address: 'a:1'}, protocol: rfc5424, non_transparent_framing_trailer: X}",
            "invalid non_transparent_framing_trailer 'X'. Must be either 'LF' or 'NUL'",
        ),
        (
            "{tcp: {listen_address: 'a:1'}, protocol: rfc5424, enable_octet_counting: true, non_transparent_framing_trailer: LF}",
            "only one of octet_counting or non_transparent_framing can be enabled",
        ),
        (
            "{tcp: {listen_address: 'a:1'}, protocol: rfc5424, enable_octet_counting: x}",
            "'enable_octet_counting' expected type 'bool', got unconvertible type 'string'",
        ),
        (
            "{tcp: {listen_address: 'a:1'}, protocol: rfc5424, allow_skip_pri_header: x}",
            "'allow_skip_pri_header' expected type 'bool', got unconvertible type 'string'",
        ),
        ("{tcp: {listen_address: 'a:1'}, protocol: rfc5424, max_octets: x}", "'max_octets' expected type"),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
