//! What came, as OTLP's JSON and shorter, to compare with.

use std::fmt::Write as _;

use serde_json::Value;
use slimcol_pdata::Data;

/// A request as OTLP's JSON.
///
/// # Panics
/// What is written is no text.
pub fn json(data: &Data) -> String {
    let mut json = Vec::new();
    data.write_json(&mut json);
    String::from_utf8(json).expect("JSON is text")
}

/// The log records of requests as OTLP's JSON.
///
/// # Panics
/// There are other things among them.
pub fn log_records(all: &[Data]) -> Vec<Value> {
    let mut records = Vec::new();
    for data in all {
        let mut request: Value = serde_json::from_str(&json(data)).expect("it is JSON");
        for resource in items(&mut request["resourceLogs"]) {
            for scope in items(&mut resource["scopeLogs"]) {
                records.append(items(&mut scope["logRecords"]));
            }
        }
    }
    records
}

fn items(list: &mut Value) -> &mut Vec<Value> {
    list.as_array_mut().expect("logs, and none of their lists is empty")
}

/// Body and attributes of a log record whose body is a text: `"text" key="value"`. All numbers are quoted as in JSON.
///
/// # Panics
/// It is no log record.
pub fn body_and_attributes(record: &Value) -> String {
    let mut all = format!("{:?}", record["body"]["stringValue"].as_str().unwrap_or_default());
    for attribute in record["attributes"].as_array().into_iter().flatten() {
        let value = attribute["value"].as_object().and_then(|value| value.values().next());
        let key = attribute["key"].as_str().expect("an attribute has a key");
        // Writing to a string does not fail.
        let _ = write!(all, " {key}={}", value.expect("an attribute has a value"));
    }
    all
}
