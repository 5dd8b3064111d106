use proptest::prelude::*;

use super::*;
use crate::{Severity, Trace};

fn encode(entries: &[Entry]) -> Result<Logs, Invalid> {
    let mut encoder = Encoder::default();
    for entry in entries {
        encoder.add(entry);
    }
    encoder.finish()
}

fn json(entries: &[Entry]) -> String {
    let mut text = Vec::new();
    encode(entries).unwrap().write_json(&mut text);
    String::from_utf8(text).unwrap()
}

fn resource(value: &'static str) -> Shared {
    Shared::new(Map::from_pairs(vec![("r".into(), value.into())]))
}

#[test]
fn entries_are_grouped_by_resource_and_scope() {
    let entry = |body: &'static str, r, scope: &'static str| Entry {
        body: body.into(),
        resource: resource(r),
        scope_name: scope.into(),
        observed: 1,
        ..Entry::default()
    };
    let entries = [entry("1", "a", "x"), entry("2", "b", "x"), entry("3", "a", "y"), entry("4", "a", "x")];
    let logs = encode(&entries).unwrap();
    assert_eq!(logs.items(), 4);
    let bodies: Vec<_> = logs
        .resource_logs()
        .flat_map(|r| {
            r.scope_logs()
                .map(|s| {
                    s.log_records().map(|l| l.body().to_text().into_owned()).collect::<Vec<_>>().join(" ")
                })
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(bodies, ["1 4", "3", "2"]);
}

#[test]
fn a_record_has_what_the_entry_has() {
    let list = Value::List(vec![Value::Int(-1), Value::Null, Value::Bool(false)]);
    let entry = Entry {
        timestamp: Some(5),
        observed: 6,
        severity: Severity::from_number(10).unwrap(),
        body: Value::Map(Map::from_pairs(vec![("b".into(), Value::Float(1.5)), ("l".into(), list)])),
        attributes: Map::from_pairs(vec![
            ("a".into(), "text".into()),
            ("".into(), Value::Bytes(vec![0, 255].into())),
        ])
        .into(),
        trace: Some(Box::new(Trace { trace_id: vec![1; 20], span_id: vec![2], flags: vec![1, 9] })),
        ..Entry::default()
    };
    let expected = "{\"resourceLogs\":[{\"resource\":{},\"scopeLogs\":[{\"scope\":{},\"logRecords\":[{\
        \"timeUnixNano\":\"5\",\"observedTimeUnixNano\":\"6\",\"severityNumber\":10,\"severityText\":\"INFO2\",\
        \"body\":{\"kvlistValue\":{\"values\":[{\"key\":\"b\",\"value\":{\"doubleValue\":1.5}},\
        {\"key\":\"l\",\"value\":{\"arrayValue\":{\"values\":[{\"intValue\":\"-1\"},{},{\"boolValue\":false}]}}}]}},\
        \"attributes\":[{\"key\":\"a\",\"value\":{\"stringValue\":\"text\"}},{\"value\":{\"bytesValue\":\"AP8=\"}}],\
        \"flags\":1,\"traceId\":\"01010101010101010101010101010101\",\"spanId\":\"0200000000000000\"}]}]}]}";
    assert_eq!(json(&[entry]), expected);
}

#[test]
fn nothing_is_nothing() {
    assert_eq!(encode(&[]).unwrap().items(), 0);
}

#[test]
fn what_nests_too_deep_for_a_request_is_text() {
    let deep = |levels| {
        (0..levels).fold(Value::Int(1), |value, _| Value::Map(Map::from_pairs(vec![("k".into(), value)])))
    };
    let entry = Entry {
        body: deep(120),
        attributes: Map::from_pairs(vec![("a".into(), deep(31))]).into(),
        ..Entry::default()
    };
    let text = json(&[entry]);
    assert!(text.contains("{\"stringValue\":\"{\\\"k\\\":1}\"}"), "{text}");
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Bool),
        any::<i64>().prop_map(Value::Int),
        any::<f64>().prop_map(Value::Float),
        ".{0,8}".prop_map(|text| Value::Text(text.into())),
        proptest::collection::vec(any::<u8>(), 0..200).prop_map(|bytes| Value::Bytes(bytes.into())),
    ];
    leaf.prop_recursive(5, 40, 5, |inner| {
        prop_oneof![
            proptest::collection::vec(inner.clone(), 0..5).prop_map(Value::List),
            proptest::collection::vec((".{0,4}", inner), 0..5).prop_map(|pairs| Value::Map(Map::from_pairs(
                pairs.into_iter().map(|(n, v)| (n.into(), v)).collect()
            ))),
        ]
    })
}

proptest! {
    #[test]
    fn lengths_are_right(bodies in proptest::collection::vec((values(), ".{0,3}"), 0..5)) {
        let entries: Vec<_> = bodies
            .iter()
            .map(|(body, scope)| Entry { body: body.clone(), scope_name: scope.as_str().into(), ..Entry::default() })
            .collect();
        prop_assert_eq!(encode(&entries).unwrap().items(), entries.len());
    }
}
