//! OTLP/JSON taken apart into single records, so that it can be compared whatever the batches were.

use std::path::Path;

use serde_json::{Value, json};

/// Every span, log record and metric of some JSON lines with the resource and scope it belongs to, in a fixed order.
pub(crate) fn of_lines(lines: &str) -> Vec<Value> {
    let mut records: Vec<Value> =
        lines.lines().flat_map(|line| of_request(&serde_json::from_str(line).unwrap())).collect();
    records.sort_by_cached_key(Value::to_string);
    records
}

/// The same of a file.
pub(crate) fn of_file(path: &Path) -> Vec<Value> {
    of_lines(&std::fs::read_to_string(path).unwrap())
}

fn of_request(request: &Value) -> Vec<Value> {
    let mut records = Vec::new();
    for (resources, scopes, items) in [
        ("resourceSpans", "scopeSpans", "spans"),
        ("resourceLogs", "scopeLogs", "logRecords"),
        ("resourceMetrics", "scopeMetrics", "metrics"),
    ] {
        for resource in list(request, resources) {
            for scope in list(resource, scopes) {
                for item in list(scope, items) {
                    records.push(json!({
                        "resource": floats(&resource["resource"]),
                        "resourceSchema": resource["schemaUrl"],
                        "scope": floats(&scope["scope"]),
                        "scopeSchema": scope["schemaUrl"],
                        items: floats(item),
                    }));
                }
            }
        }
    }
    records
}

fn list<'a>(object: &'a Value, key: &str) -> &'a [Value] {
    object[key].as_array().map_or(&[], Vec::as_slice)
}

/// The value with every number a float: JSON does not tell `2` from `2.0`, `serde_json` does.
fn floats(value: &Value) -> Value {
    match value {
        Value::Number(number) => json!(number.as_f64()),
        Value::Array(values) => values.iter().map(floats).collect(),
        Value::Object(fields) => fields.iter().map(|(key, value)| (key.clone(), floats(value))).collect(),
        other => other.clone(),
    }
}

/// Panics with the first record that is missing, unexpected or different.
pub(crate) fn assert_same(sent: &[Value], received: &[Value]) {
    for (sent, received) in sent.iter().zip(received) {
        assert_eq!(sent, received, "sent\n{sent:#}\nreceived\n{received:#}");
    }
    assert_eq!(sent.len(), received.len());
}
