mod requests;
mod sending;
mod wal;

use slimcol_pdata::Metrics;
use slimcol_testing::assert_metadata;

use crate::FACTORY;

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

const RESOURCE: &str = r#"{"key":"service.name","value":{"stringValue":"shop"}},
    {"key":"service.namespace","value":{"stringValue":"eu"}},
    {"key":"service.instance.id","value":{"stringValue":"i-1"}},
    {"key":"host.name","value":{"stringValue":"h"}}"#;

/// Metrics of one resource.
fn metrics(resource: &str, metrics: &str) -> Metrics {
    let json = format!(
        r#"{{"resourceMetrics":[{{"resource":{{"attributes":[{resource}]}},"scopeMetrics":[{{"scope":{{"name":"lib","attributes":[
        {{"key":"k","value":{{"stringValue":"v"}}}},{{"key":"name","value":{{"stringValue":"not me"}}}}]}},"metrics":[{metrics}]}}]}}]}}"#
    );
    Metrics::from_json(json.as_bytes()).unwrap()
}
