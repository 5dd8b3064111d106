//! A record of each kind for tests, and what becomes of it.

use slimcol_ottl::Scope;
use slimcol_ottleval::{
    Context, Kind,
    value::{Look, Value, hex},
    walk,
};
use slimcol_pdata::{Data, Logs, Metrics, Traces, edit::OwnValue};

const LOG: &str = r#"{"resourceLogs":[{"schemaUrl":"r/1","resource":{"attributes":[
    {"key":"host.name","value":{"stringValue":"localhost"}},{"key":"A|B|C","value":{"stringValue":"newValue"}}]},
  "scopeLogs":[{"schemaUrl":"s/1","scope":{"name":"scope","version":"0.1"},"logRecords":[{
    "timeUnixNano":"1577934245000000321","observedTimeUnixNano":"5","severityNumber":1,"severityText":"info",
    "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","flags":3,"eventName":"event",
    "body":{"stringValue":"operationA"},"attributes":[
      {"key":"http.method","value":{"stringValue":"get"}},
      {"key":"http.path","value":{"stringValue":"/health"}},
      {"key":"http.url","value":{"stringValue":"http://localhost/health"}},
      {"key":"flags","value":{"stringValue":"A|B|C"}},
      {"key":"total","value":{"intValue":"123456789"}},
      {"key":"half","value":{"doubleValue":0.5}},
      {"key":"yes","value":{"boolValue":true}},
      {"key":"raw","value":{"bytesValue":"AQI="}},
      {"key":"nothing","value":{}},
      {"key":"foo","value":{"kvlistValue":{"values":[
        {"key":"bar","value":{"stringValue":"pass"}},
        {"key":"slice","value":{"arrayValue":{"values":[{"stringValue":"val"},{"intValue":"2"}]}}},
        {"key":"nested","value":{"kvlistValue":{"values":[{"key":"test","value":{"stringValue":"pass"}}]}}}]}}},
      {"key":"things","value":{"arrayValue":{"values":[{"intValue":"2"},{"intValue":"1"},{"stringValue":"x"}]}}}
    ]}]}]}]}"#;

const SPAN: &str = r#"{"resourceSpans":[{"resource":{"droppedAttributesCount":4},"scopeSpans":[{"spans":[{
    "traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708","parentSpanId":"0807060504030201",
    "traceState":"a=1","flags":1,"name":"operationA","kind":3,
    "startTimeUnixNano":"100","endTimeUnixNano":"500","attributes":[{"key":"a","value":{"intValue":"1"}}],
    "droppedAttributesCount":1,"droppedEventsCount":2,"droppedLinksCount":3,
    "events":[{"name":"e1"},{"name":"e2","timeUnixNano":"8","droppedAttributesCount":1,
      "attributes":[{"key":"x","value":{"boolValue":true}}]}],"links":[{}],"status":{"message":"bad","code":2}}]}]}]}"#;

const METRIC: &str = r#"{"resourceMetrics":[{"scopeMetrics":[{"metrics":[{
    "name":"m","description":"d","unit":"s","metadata":[{"key":"k","value":{"stringValue":"v"}}],
    "sum":{"aggregationTemporality":2,"isMonotonic":true,"dataPoints":[{"asInt":"1"},{"asInt":"2"}]}}]}]}]}"#;

/// A metric with one point of each kind that there is beside numbers; which one is asked for by its place.
pub(crate) const POINTS: [&str; 4] = [
    r#"{"name":"m","sum":{"isMonotonic":true,"aggregationTemporality":1,"dataPoints":[{"asInt":"7",
        "startTimeUnixNano":"1","timeUnixNano":"2","flags":1,"attributes":[{"key":"a","value":{"stringValue":"b"}}],
        "exemplars":[{"asInt":"3","timeUnixNano":"4","traceId":"0102030405060708090a0b0c0d0e0f10",
        "spanId":"0102030405060708","filteredAttributes":[{"key":"a","value":{"stringValue":"b"}}]}]}]}}"#,
    r#"{"name":"m","histogram":{"dataPoints":[{"count":"3","sum":1.5,"bucketCounts":["1","2"],"explicitBounds":[0.5]}]}}"#,
    r#"{"name":"m","exponentialHistogram":{"dataPoints":[{"count":"3","sum":1.5,"scale":-2,"zeroCount":"4",
        "positive":{"offset":5,"bucketCounts":["1"]},"negative":{"offset":-6,"bucketCounts":["2","3"]}}]}}"#,
    r#"{"name":"m","summary":{"dataPoints":[{"count":"3","sum":1.5,"quantileValues":[{"quantile":0.5,"value":1}]}]}}"#,
];

/// Runs `then` on the record of that place among those of a kind.
fn nth<R>(mut data: Data, kind: Kind, mut at: usize, then: impl FnOnce(&mut dyn Context) -> R) -> R {
    let (mut then, mut result) = (Some(then), None);
    walk::each(&mut data, kind, &mut |record| {
        if at == 0
            && let Some(then) = then.take()
        {
            result = Some(then(record));
        }
        at = at.saturating_sub(1);
        Ok(())
    })
    .unwrap();
    result.unwrap()
}

fn metrics(metric: &str) -> Data {
    let json = format!(r#"{{"resourceMetrics":[{{"scopeMetrics":[{{"metrics":[{metric}]}}]}}]}}"#);
    Metrics::from_json(json.as_bytes()).unwrap().into()
}

/// Runs `then` on the point of one of [`POINTS`].
pub(crate) fn on_point<R>(metric: &str, then: impl FnOnce(&mut dyn Context) -> R) -> R {
    nth(metrics(metric), Kind::DataPoint, 0, then)
}

/// What tests compile for.
pub(crate) fn scope(context: Kind) -> Scope {
    Scope { context, prefixed: false, functions: crate::SPAN }
}

/// Runs `then` on the record of that kind.
pub(crate) fn on<R>(kind: Kind, then: impl FnOnce(&mut dyn Context) -> R) -> R {
    let (data, at): (Data, _) = match kind {
        Kind::DataPoint | Kind::Exemplar => (metrics(POINTS[0]), 0),
        Kind::Resource | Kind::Scope | Kind::Log => (Logs::from_json(LOG.as_bytes()).unwrap().into(), 0),
        Kind::Span => (Traces::from_json(SPAN.as_bytes()).unwrap().into(), 0),
        Kind::SpanEvent => (Traces::from_json(SPAN.as_bytes()).unwrap().into(), 1),
        Kind::Metric => (Metrics::from_json(METRIC.as_bytes()).unwrap().into(), 0),
    };
    nth(data, kind, at, then)
}

/// A value in text, so that tables can hold what is expected.
pub(crate) fn shown(value: &Value<'_>) -> String {
    match value.look() {
        Look::Data(data) => {
            OwnValue::list([data]).view().to_text()[1..].strip_suffix(']').unwrap().to_owned()
        }
        Look::Time(time) => format!("time {time}"),
        Look::Duration(duration) => format!("duration {duration}"),
        Look::TraceId(id) => format!("trace {}", hex(&id)),
        Look::SpanId(id) => format!("span {}", hex(&id)),
        Look::Items(what, count) => format!("{count} of {what}"),
    }
}

/// The value of an expression on the record, or why it has none.
pub(crate) fn value_of(kind: Kind, source: &str) -> String {
    let expression = match scope(kind).expression(source) {
        Ok(expression) => expression,
        Err(error) => return format!("compile: {error}"),
    };
    on(kind, |record| match expression.value(record) {
        Ok(value) => shown(&value),
        Err(fault) => format!("run: {fault}"),
    })
}

/// What an expression is after a statement, on the record, or why it could not be.
pub(crate) fn after(kind: Kind, statement: &str, expression: &str) -> String {
    let statement = match scope(kind).statement(statement) {
        Ok(statement) => statement,
        Err(error) => return format!("compile: {error}"),
    };
    let expression = scope(kind).expression(expression).unwrap();
    on(kind, |record| match statement.run(record) {
        Ok(_) => shown(&expression.value(record).unwrap()),
        Err(fault) => format!("run: {fault}"),
    })
}
