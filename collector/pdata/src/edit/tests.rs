use opentelemetry_proto::tonic::{
    collector::trace::v1::ExportTraceServiceRequest,
    common::v1::{AnyValue, KeyValue, any_value::Value},
    trace::v1::Status,
};
use prost::Message as _;

use crate::{
    Logs, Metrics, Signal, Traces,
    arbitrary::Arbitrary,
    edit::{PointMut, SpanMut, Tree},
    view::{Number, ScopeLogsRef, Temporality, ValueRef},
};

fn json(write: impl FnOnce(&mut Vec<u8>)) -> String {
    let mut text = Vec::new();
    write(&mut text);
    String::from_utf8(text).unwrap()
}

fn set(attributes: &mut Vec<KeyValue>, key: &str, value: Value) {
    let value = Some(AnyValue { value: Some(value) });
    match attributes.iter_mut().find(|attribute| attribute.key == key) {
        Some(attribute) => *attribute = KeyValue { key: key.to_owned(), value, ..KeyValue::default() },
        None => attributes.push(KeyValue { key: key.to_owned(), value, ..KeyValue::default() }),
    }
}

/// The same changes made through prost and through the tree give the same request.
#[test]
fn changes_as_prost_does() {
    for seed in 0..600 {
        let mut traces = Traces::from_bytes(Arbitrary::new(seed).request(Signal::Traces).into()).unwrap();
        let mut want = ExportTraceServiceRequest::decode(traces.bytes()).unwrap();
        let long = "x".repeat(usize::try_from(seed).unwrap());
        traces.edit(|tree| {
            for mut entry in tree.entries_mut() {
                entry.resource_mut().attributes_mut().insert("service.name", long.as_str());
                for mut scope in entry.scopes_mut() {
                    let mut index = 0;
                    scope.retain_spans(|span| {
                        index += 1;
                        let first = span.view().attributes().iter().next().map(|(key, _)| key.to_owned());
                        if let Some(first) = first {
                            assert!(span.attributes_mut().remove(&first));
                        }
                        span.attributes_mut().insert("http.route", 5_i64);
                        span.set_name(&long);
                        span.status_mut().set_code(2);
                        span.events_mut().each(|mut event| event.attributes_mut().insert("e", true));
                        span.links_mut().retain(|link| link.view().trace_state().is_empty());
                        index % 3 != 0
                    });
                }
            }
        });
        for resource in &mut want.resource_spans {
            let attributes = &mut resource.resource.get_or_insert_default().attributes;
            set(attributes, "service.name", Value::StringValue(long.clone()));
            for scope in &mut resource.scope_spans {
                let mut index = 0;
                scope.spans.retain_mut(|span| {
                    index += 1;
                    if !span.attributes.is_empty() {
                        span.attributes.remove(0);
                    }
                    set(&mut span.attributes, "http.route", Value::IntValue(5));
                    span.name.clone_from(&long);
                    span.status.get_or_insert_with(Status::default).code = 2;
                    for event in &mut span.events {
                        set(&mut event.attributes, "e", Value::BoolValue(true));
                    }
                    span.links.retain(|link| link.trace_state.is_empty());
                    index % 3 != 0
                });
            }
        }
        let checked = Traces::from_bytes(traces.bytes()).unwrap();
        assert_eq!(checked.items(), traces.items());
        assert_eq!(ExportTraceServiceRequest::decode(traces.bytes()).unwrap(), want, "{seed}");
    }
}

/// Spans that are gone through in one buffer end as they do when each is changed apart.
#[test]
fn spans_in_one_buffer_end_as_spans_apart() {
    for seed in 0..600 {
        let mut one = Traces::from_bytes(Arbitrary::new(seed).request(Signal::Traces).into()).unwrap();
        let (mut other, long) = (one.clone(), "x".repeat(usize::try_from(seed).unwrap()));
        let change = |at: usize, span: &mut SpanMut<'_>| {
            if !at.is_multiple_of(3) {
                span.set_name(&long);
                span.attributes_mut().insert("http.route", long.as_str());
                span.status_mut().set_code(2);
            }
        };
        let items = one.edit(|tree| {
            for mut entry in tree.entries_mut() {
                for mut scope in entry.scopes_mut() {
                    // Spans that are apart already stay so.
                    if seed % 4 == 0 {
                        assert_eq!(scope.spans_mut().count(), scope.items());
                    }
                    let (mut at, before) = (0, scope.items());
                    scope.each_span(|scope, mut span| {
                        if at == 1 {
                            scope.scope_mut().set_name(&long);
                        }
                        change(at, &mut span);
                        at += 1;
                    });
                    assert_eq!((at, before), (scope.items(), scope.items()));
                }
            }
            tree.items()
        });
        other.edit(|tree| {
            for mut entry in tree.entries_mut() {
                for mut scope in entry.scopes_mut() {
                    scope.spans_mut().enumerate().for_each(|(at, mut span)| change(at, &mut span));
                    if scope.items() > 1 {
                        scope.scope_mut().set_name(&long);
                    }
                }
            }
        });
        assert_eq!((one.bytes(), one.items()), (other.bytes(), items));
    }
}

#[test]
fn leaves_alone_what_is_not_changed() {
    for seed in 0..300 {
        for signal in Signal::ALL {
            let bytes = Arbitrary::new(seed).request(signal);
            let (before, after) = match signal {
                Signal::Traces => {
                    let mut data = Traces::from_bytes(bytes.into()).unwrap();
                    let before = json(|to| data.write_json(to));
                    data.edit(|tree| {
                        tree.entries_mut().for_each(|mut entry| {
                            entry.scopes_mut().for_each(|mut scope| scope.retain_spans(|_| true));
                        });
                    });
                    (before, json(|to| data.write_json(to)))
                }
                Signal::Metrics => {
                    let mut data = Metrics::from_bytes(bytes.into()).unwrap();
                    let (before, items) = (json(|to| data.write_json(to)), data.items());
                    data.edit(|tree| {
                        for mut entry in tree.entries_mut() {
                            for mut scope in entry.scopes_mut() {
                                scope.metrics_mut().for_each(|mut metric| metric.retain_points(|_| true));
                            }
                        }
                        assert_eq!(tree.items(), items);
                    });
                    (before, json(|to| data.write_json(to)))
                }
                Signal::Logs => {
                    let mut data = Logs::from_bytes(bytes.into()).unwrap();
                    let before = json(|to| data.write_json(to));
                    data.edit(|tree| tree.retain_entries(|_| true));
                    (before, json(|to| data.write_json(to)))
                }
            };
            assert_eq!(before, after, "{signal} {seed}");
        }
    }
}

#[test]
fn makes_metrics_from_nothing() {
    let mut tree = Tree::default();
    let mut entry = tree.add_entry();
    entry.resource_mut().attributes_mut().insert("service.name", "svc");
    entry.set_schema_url("https://schema");
    let mut scope = entry.add_scope();
    scope.scope_mut().set_name("lib");
    let mut metric = scope.add_metric();
    metric.set_name("requests");
    metric.set_sum(Temporality::Delta, true);
    let Some(PointMut::Number(mut point)) = metric.add_point() else { panic!("sums have numbers") };
    point.set_value(Number::Double(1.5));
    point.set_value(Number::Int(-7));
    point.exemplars_mut().push().set_value(Number::Double(0.5));
    metric.set_temporality(Temporality::Cumulative);
    let mut metric = scope.add_metric();
    metric.set_name("sizes");
    metric.set_histogram(Temporality::Delta);
    let Some(PointMut::Histogram(mut point)) = metric.add_point() else { panic!("it is a histogram") };
    point.set_bucket_counts(&[1, 0]);
    point.set_explicit_bounds(&[0.5]);
    point.set_min(Some(0.0));
    point.set_max(Some(1.0));
    point.set_max(None);
    let mut metric = scope.add_metric();
    metric.set_exponential_histogram(Temporality::Delta);
    let Some(PointMut::ExponentialHistogram(mut point)) = metric.add_point() else {
        panic!("it is exponential")
    };
    point.positive_mut().set_offset(-3);
    point.positive_mut().set_bucket_counts(&[300, 1]);
    point.set_scale(-1);
    let metrics = Metrics::from(tree);
    assert_eq!(metrics.items(), 3);
    assert_eq!(
        json(|to| metrics.write_json(to)),
        concat!(
            r#"{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"svc"}}]},"#,
            r#""scopeMetrics":[{"scope":{"name":"lib"},"metrics":[{"name":"requests","sum":{"dataPoints":[{"asInt":"-7","#,
            r#""exemplars":[{"asDouble":0.5}]}],"aggregationTemporality":2,"isMonotonic":true}},"#,
            r#"{"name":"sizes","histogram":{"dataPoints":[{"bucketCounts":["1","0"],"explicitBounds":[0.5],"min":0}],"#,
            r#""aggregationTemporality":1}},{"exponentialHistogram":{"dataPoints":[{"scale":-1,"positive":{"offset":-3,"#,
            r#""bucketCounts":["300","1"]},"negative":{}}],"aggregationTemporality":1}}]}],"schemaUrl":"https://schema"}]}"#
        )
    );
}

#[test]
fn changes_values_inside_values() {
    let text = br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":{"kvlistValue":{"values":[
        {"key":"list","value":{"arrayValue":{"values":[{"intValue":1},{"stringValue":"a"}]}}},
        {"key":"old","value":{"boolValue":true}}]}}}]}]}]}"#;
    let mut logs = Logs::from_json(text).unwrap();
    let long = "y".repeat(200);
    logs.edit(|tree| {
        let mut entry = tree.entries_mut().next().unwrap();
        let mut scope = entry.scopes_mut().next().unwrap();
        let mut record = scope.log_records_mut().next().unwrap();
        let mut body = record.body_mut();
        let mut map = body.as_map_mut().unwrap();
        map.each(|mut attribute| {
            if attribute.key() == "old" {
                attribute.set_key("new");
                attribute.value_mut().set(2.5);
            }
        });
        let mut list = map.get_mut("list").unwrap();
        let mut list = list.as_array_mut().unwrap();
        list.each(|mut value| {
            if value.view().as_str().is_some() {
                value.set(ValueRef::Bytes(&[1, 2, 3]));
            }
        });
        list.push(long.as_str());
        // The outer lengths have grown by a byte each; the map is still where it thinks it is.
        let mut inner = map.insert_map("inner");
        inner.insert("k", 1_i64);
        inner.insert_map("deeper").insert("k", "v");
        map.insert("last", false);
        map.retain(|key, _| key != "new");
        assert_eq!(map.view().len(), 3);
    });
    let mut body = None;
    for resource in logs.resource_logs() {
        for record in resource.scope_logs().flat_map(ScopeLogsRef::log_records) {
            body = Some(record.body().to_text().into_owned());
        }
    }
    assert_eq!(
        body.unwrap(),
        format!(r#"{{"inner":{{"deeper":{{"k":"v"}},"k":1}},"last":false,"list":[1,"AQID","{long}"]}}"#)
    );
    assert_eq!(Logs::from_bytes(logs.bytes()).unwrap().items(), 1);
}

/// What is put into itself again and again stays what the check takes.
#[test]
fn bounds_the_depth_of_what_is_put_in() {
    let mut logs = Logs::from_json(br#"{"resourceLogs":[{"scopeLogs":[{"logRecords":[{}]}]}]}"#).unwrap();
    for round in 0..50 {
        let copy = logs.clone();
        let resource = copy.resource_logs().next().unwrap();
        let record = resource.scope_logs().next().unwrap().log_records().next().unwrap();
        logs.edit(|tree| {
            let mut entry = tree.entries_mut().next().unwrap();
            let mut scope = entry.scopes_mut().next().unwrap();
            let mut own = scope.log_records_mut().next().unwrap();
            own.attributes_mut().insert("self", ValueRef::Map(record.attributes()));
        });
        assert!(Logs::from_bytes(logs.bytes()).is_ok(), "round {round}");
    }
}
