use slimcol_ottl::Scope;
use slimcol_ottleval::{Kind, walk};
use slimcol_pdata::{Data, Metrics};

use crate::{METRIC, POINT};

mod histograms;

/// The metrics of a scope after a statement ran on each, those that it added included; or what went wrong.
pub(super) fn after(statement: &str, metrics: &str) -> String {
    run(Scope { context: Kind::Metric, prefixed: false, functions: METRIC }, statement, metrics)
}

/// The same of a statement that ran on each point.
fn on_points(statement: &str, metrics: &str) -> String {
    run(Scope { context: Kind::DataPoint, prefixed: false, functions: POINT }, statement, metrics)
}

fn run(scope: Scope, statement: &str, metrics: &str) -> String {
    let statement = match scope.statement(statement) {
        Ok(statement) => statement,
        Err(error) => return format!("compile: {error}"),
    };
    let json = format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{metrics}]}}]}}]}}"#);
    let mut data = Data::Metrics(Metrics::from_json(json.as_bytes()).unwrap());
    if let Err(fault) = walk::each(&mut data, scope.context, &mut |record| statement.run(record).map(|_| ()))
    {
        return format!("run: {fault}");
    }
    let mut out = Vec::new();
    data.write_json(&mut out);
    let out = String::from_utf8(out).unwrap();
    // What was written can be read.
    assert_eq!(Metrics::from_bytes(data.bytes()).unwrap().items(), data.items(), "{out}");
    let start = out.find(r#""metrics":["#).unwrap() + r#""metrics":["#.len();
    out[start..].strip_suffix("]}]}]}").unwrap().to_owned()
}

const SUM: &str = r#"{"name":"m","unit":"s","sum":{"dataPoints":[{"asInt":"3"},{"asDouble":0.5}],"aggregationTemporality":2,"isMonotonic":true}}"#;
const GAUGE: &str = r#"{"name":"g","gauge":{"dataPoints":[{"asInt":"3"}]}}"#;
const HISTOGRAM: &str = r#"{"name":"h","description":"d","unit":"s","histogram":{"dataPoints":[{"attributes":[{"key":"a","value":{"intValue":"1"}}],"startTimeUnixNano":"1","timeUnixNano":"2","count":"3","sum":1.5,"bucketCounts":["1","2"],"explicitBounds":[0.5],"exemplars":[{"asDouble":0.25}],"min":0.25,"max":1},{"count":"4"}],"aggregationTemporality":1}}"#;
const SUMMARY: &str = r#"{"name":"q","summary":{"dataPoints":[{"count":"3","sum":1.5,"quantileValues":[{"quantile":0.5,"value":1},{"quantile":0.9,"value":2}]}]}}"#;

#[test]
fn types_change_and_points_stay() {
    let gauge = r#"{"name":"m","unit":"s","gauge":{"dataPoints":[{"asInt":"3"},{"asDouble":0.5}]}}"#;
    assert_eq!(after("convert_sum_to_gauge()", SUM), gauge);
    assert_eq!(after("convert_sum_to_gauge()", HISTOGRAM), HISTOGRAM);
    let sum =
        r#"{"name":"g","sum":{"dataPoints":[{"asInt":"3"}],"aggregationTemporality":1,"isMonotonic":true}}"#;
    assert_eq!(after("convert_gauge_to_sum(\"delta\", true)", GAUGE), sum);
    assert_eq!(after("convert_gauge_to_sum(\"delta\", true)", SUM), SUM);
    assert_eq!(
        after("convert_gauge_to_sum(\"x\", true)", GAUGE),
        "compile: couldn't create function: unknown aggregation temporality: x (at 1:1)"
    );
}

#[test]
fn metrics_are_made_of_others() {
    for (statement, from, made) in [
        (
            "extract_count_metric(true) where name == \"h\"",
            HISTOGRAM,
            r#"{"name":"h_count","description":"d","unit":"1","sum":{"dataPoints":[{"attributes":[{"key":"a","value":{"intValue":"1"}}],"startTimeUnixNano":"1","timeUnixNano":"2","asInt":"3"},{"asInt":"4"}],"aggregationTemporality":1,"isMonotonic":true}}"#,
        ),
        (
            "extract_sum_metric(false, \".sum\") where name == \"h\"",
            HISTOGRAM,
            r#"{"name":"h.sum","description":"d","unit":"s","sum":{"dataPoints":[{"attributes":[{"key":"a","value":{"intValue":"1"}}],"startTimeUnixNano":"1","timeUnixNano":"2","asDouble":1.5}],"aggregationTemporality":1}}"#,
        ),
        (
            "extract_sum_metric(true) where name == \"q\"",
            SUMMARY,
            r#"{"name":"q_sum","sum":{"dataPoints":[{"asDouble":1.5}],"aggregationTemporality":2,"isMonotonic":true}}"#,
        ),
        (
            "convert_summary_quantile_val_to_gauge(\"p\") where name == \"q\"",
            SUMMARY,
            r#"{"name":"q.quantiles","gauge":{"dataPoints":[{"attributes":[{"key":"p","value":{"doubleValue":0.5}}],"asDouble":1},{"attributes":[{"key":"p","value":{"doubleValue":0.9}}],"asDouble":2}]}}"#,
        ),
        (
            "copy_metric(name=\"n\", unit=Concat([unit, unit], \"/\")) where name == \"m\"",
            SUM,
            &SUM.replace(r#""m","unit":"s""#, r#""n","unit":"s/s""#),
        ),
        ("copy_metric() where description == \"d\" and cache[\"x\"] == nil and unit == \"\"", HISTOGRAM, ""),
    ] {
        let comma = if made.is_empty() { "" } else { "," };
        let out = after(statement, from).replace(r#","startTimeUnixNano":"0""#, "");
        assert_eq!(out, format!("{from}{comma}{made}"), "{statement}");
    }
    assert_eq!(
        after("extract_count_metric(true)", SUM),
        "run: extract_count_metric requires an input metric of type Histogram, ExponentialHistogram or Summary, got Sum"
    );
}

/// A statement that copies its copies ends.
#[test]
fn what_is_added_is_bounded() {
    let error = after("copy_metric()", GAUGE);
    assert_eq!(error, "run: more than 100000 metrics were added to a scope");
}

#[test]
fn values_are_scaled() {
    let sum =
        SUM.replace(r#""asInt":"3""#, r#""asInt":"1""#).replace("0.5", "0.25").replace(r#""s""#, r#""ms""#);
    assert_eq!(after("scale_metric(0.5, \"ms\")", SUM), sum);
    let histogram = HISTOGRAM
        .replace("1.5", "3")
        .replace("[0.5]", "[1]")
        .replace(r#""asDouble":0.25"#, r#""asDouble":0.5"#)
        .replace(r#""min":0.25,"max":1"#, r#""min":0.5,"max":2"#);
    assert_eq!(after("scale_metric(2)", HISTOGRAM), after("set(name, name)", &histogram));
    let summary = SUMMARY
        .replace("1.5", "15")
        .replace(r#""value":1"#, r#""value":10"#)
        .replace(r#""value":2"#, r#""value":20"#);
    assert_eq!(after("scale_metric(10.0)", SUMMARY), summary);
    assert_eq!(after("scale_metric(2)", r#"{"name":"e"}"#), "run: unsupported metric type: 'Empty'");
}
