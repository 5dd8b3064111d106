//! Spans of the real SDK, through `zipkin` exporters, to the real Zipkin and to the `zipkin` receiver; and spans of a real client
//! of Zipkin's.

use std::{collections::BTreeSet, net::SocketAddr};

use serde_json::Value;

use crate::kit::{collector::Collector, distros, python, records, zipkin::Zipkin};

/// Takes spans as a gateway does.
const RECEIVING: &str = "
receivers: {zipkin: {endpoint: 127.0.0.1:0}}
exporters: {file: {path: '${env:DIR}/out.jsonl'}}
service:
  telemetry: {metrics: {level: none}}
  pipelines: {traces: {receivers: [zipkin], exporters: [file]}}
";

/// The milliseconds at which `send.py` begins, and some.
const END: u64 = 1_760_000_060_000;

/// One that sends in both formats, as JSON to the real Zipkin, as protobuf to `to`.
fn sending(zipkin: &Zipkin, to: SocketAddr) -> String {
    format!(
        "
receivers: {{otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}}}
exporters:
  zipkin: {{endpoint: '{}'}}
  zipkin/proto: {{endpoint: 'http://{to}/api/v2/spans', format: proto}}
  nop:
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [zipkin, zipkin/proto]}}
    metrics: {{receivers: [otlp], exporters: [nop]}}
    logs: {{receivers: [otlp], exporters: [nop]}}
",
        zipkin.url()
    )
}

#[test]
fn spans_are_read_back_from_zipkin_and_pass_from_one_collector_to_the_next() {
    let Some(zipkin) = Zipkin::start() else { return };
    let gateway = Collector::start(&distros::core().binary, RECEIVING);
    let agent = Collector::start(&distros::core().binary, &sending(&zipkin, gateway.http()));
    let sent = python::script("send.py", ["http", &format!("http://{}", agent.http())]);
    let sent: Vec<Value> =
        records::of_lines(&sent).into_iter().filter(|record| record["spans"].is_object()).collect();
    agent.stop().expect_clean();
    let stopped = gateway.stop();
    stopped.expect_clean();

    let ids = |spans: &mut dyn Iterator<Item = String>| spans.collect::<BTreeSet<_>>();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let expected = ids(&mut sent.iter().map(|record| text(&record["spans"]["spanId"])));
    assert_eq!(expected.len(), 50);
    let kept = zipkin.spans("checkout", END, 50);
    assert_eq!(ids(&mut kept.iter().map(|span| text(&span["id"]))), expected);
    let received = records::of_file(&stopped.file("out.jsonl"));
    assert_eq!(ids(&mut received.iter().map(|record| text(&record["spans"]["spanId"]))), expected);

    for record in &sent {
        let span = &record["spans"];
        let twin = kept.iter().find(|kept| kept["id"] == span["spanId"]).unwrap();
        assert_eq!(twin["traceId"], span["traceId"]);
        assert_eq!(twin["name"], text(&span["name"]).to_lowercase());
        assert_eq!(twin["kind"], if span["kind"] == 2.0 { "SERVER" } else { "CLIENT" });
        assert_eq!(twin["localEndpoint"]["serviceName"], "checkout");
        assert_eq!(twin["tags"]["otel.library.name"], "shop.checkout");
        let failed = !span["status"]["code"].is_null();
        assert_eq!(twin["tags"]["error"] == "true", failed, "{twin:#}");
        assert_eq!(twin["annotations"].as_array().map_or(0, Vec::len), list(&span["events"]).len());

        let twin = received.iter().find(|record| record["spans"]["spanId"] == span["spanId"]).unwrap();
        let (resource, twin) = (&twin["resource"], &twin["spans"]);
        assert_eq!(attribute(resource, "service.name"), "checkout");
        for key in ["traceId", "parentSpanId", "name", "kind", "status"] {
            assert_eq!(twin[key], span[key], "{key} of {twin:#}");
        }
        assert_eq!(list(&twin["links"]).len(), list(&span["links"]).len(), "{twin:#}");
        for (event, sent) in list(&twin["events"]).iter().zip(list(&span["events"])) {
            assert_eq!((&event["name"], &event["attributes"]), (&sent["name"], &sent["attributes"]));
        }
    }
}

#[test]
fn a_client_of_zipkins_is_understood_in_each_of_its_encodings() {
    let gateway = Collector::start(&distros::core().binary, RECEIVING);
    python::script("zipkin.py", [&format!("http://{}", gateway.http())]);
    let stopped = gateway.stop();
    stopped.expect_clean();
    let spans = records::of_file(&stopped.file("out.jsonl"));
    for encoding in ["V1_JSON", "V2_JSON", "V2_PROTO3"] {
        let find = |name: &str| {
            let name = format!("{encoding} {name}");
            let found = spans.iter().find(|record| record["spans"]["name"] == *name);
            found.unwrap_or_else(|| panic!("{name} in {spans:#?}"))
        };
        let (server, child) = (find("server"), find("child"));
        assert_eq!(attribute(&server["resource"], "service.name"), "shop");
        assert_eq!(attribute(&server["spans"], "paid"), "true");
        assert_eq!(
            (&server["spans"]["kind"], &child["spans"]["kind"]),
            (&Value::from(2.0), &Value::from(3.0))
        );
        assert_eq!(child["spans"]["parentSpanId"], server["spans"]["spanId"]);
        assert_eq!(child["spans"]["traceId"], server["spans"]["traceId"]);
        assert_eq!(child["spans"]["events"][0]["name"], "rows");
    }
    assert_eq!(spans.len(), 6);
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The text of an attribute.
fn attribute<'a>(of: &'a Value, key: &str) -> &'a str {
    let found = list(&of["attributes"]).iter().find(|attribute| attribute["key"] == key);
    found.and_then(|attribute| attribute["value"]["stringValue"].as_str()).unwrap_or_default()
}
