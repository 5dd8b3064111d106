use slimcol_ottleval::{Conditions, ErrorMode, Kind, Statements};

use crate::samples::{POINTS, after, on, on_point, scope, shown, value_of};

const ID: &str = "\"ffffffffffffffffffffffffffffffff\"";
const SHORT: &str = "\"ffffffffffffffff\"";

/// Each path: what it is, a value to set it to, and what it is then.
const PATHS: &[(Kind, &str, &str, &str, &str)] = &[
    (Kind::Resource, "attributes[\"host.name\"]", "\"localhost\"", "\"x\"", "\"x\""),
    (Kind::Resource, "resource.attributes[\"host.name\"]", "\"localhost\"", "1", "1"),
    (Kind::Resource, "dropped_attributes_count", "0", "7", "7"),
    (Kind::Resource, "schema_url", "\"r/1\"", "\"r/2\"", "\"r/2\""),
    (Kind::Resource, "cache", "{}", "{\"a\": 1}", "{\"a\":1}"),
    (Kind::Scope, "name", "\"scope\"", "\"x\"", "\"x\""),
    (Kind::Scope, "instrumentation_scope.version", "\"0.1\"", "\"x\"", "\"x\""),
    (Kind::Scope, "scope.attributes[\"a\"][\"b\"]", "null", "1", "1"),
    (Kind::Scope, "attributes", "{}", "{\"a\": 1}", "{\"a\":1}"),
    (Kind::Scope, "dropped_attributes_count", "0", "4294967297", "1"),
    (Kind::Scope, "schema_url", "\"s/1\"", "\"s/2\"", "\"s/2\""),
    (Kind::Scope, "resource.schema_url", "\"r/1\"", "\"r/2\"", "\"r/2\""),
    (Kind::Log, "time_unix_nano", "1577934245000000321", "5", "5"),
    (Kind::Log, "observed_time_unix_nano", "5", "6", "6"),
    (Kind::Log, "time", "time 1577934245000000321", "Unix(1)", "time 1000000000"),
    (Kind::Log, "observed_time", "time 5", "time", "time 1577934245000000321"),
    (Kind::Log, "severity_number", "1", "SEVERITY_NUMBER_FATAL4", "24"),
    (Kind::Log, "severity_text", "\"info\"", "\"x\"", "\"x\""),
    (Kind::Log, "body", "\"operationA\"", "[1]", "[1]"),
    (Kind::Log, "log.body.string", "\"operationA\"", "\"x\"", "\"x\""),
    (Kind::Log, "log.attributes[\"foo\"][\"slice\"][1]", "2", "\"x\"", "\"x\""),
    (Kind::Log, "dropped_attributes_count", "0", "1", "1"),
    (Kind::Log, "flags", "3", "1", "1"),
    (
        Kind::Log,
        "trace_id",
        "trace 0102030405060708090a0b0c0d0e0f10",
        "TraceID(\"ffffffffffffffffffffffffffffffff\")",
        "trace ffffffffffffffffffffffffffffffff",
    ),
    (Kind::Log, "trace_id.string", "\"0102030405060708090a0b0c0d0e0f10\"", ID, ID),
    (Kind::Log, "span_id", "span 0102030405060708", "SpanID(\"ffffffffffffffff\")", "span ffffffffffffffff"),
    (Kind::Log, "span_id.string", "\"0102030405060708\"", SHORT, SHORT),
    (Kind::Log, "event_name", "\"event\"", "\"x\"", "\"x\""),
    (Kind::Log, "scope.name", "\"scope\"", "\"x\"", "\"x\""),
    (Kind::Log, "resource.attributes[\"host.name\"]", "\"localhost\"", "nil", "\"localhost\""),
    (Kind::Log, "cache[\"a\"]", "null", "body", "\"operationA\""),
    (Kind::Span, "trace_id.string", "\"0102030405060708090a0b0c0d0e0f10\"", ID, ID),
    (Kind::Span, "span_id.string", "\"0102030405060708\"", SHORT, SHORT),
    (Kind::Span, "parent_span_id.string", "\"0807060504030201\"", SHORT, SHORT),
    (
        Kind::Span,
        "trace_id",
        "trace 0102030405060708090a0b0c0d0e0f10",
        "trace_id",
        "trace 0102030405060708090a0b0c0d0e0f10",
    ),
    (Kind::Span, "span_id", "span 0102030405060708", "parent_span_id", "span 0807060504030201"),
    (Kind::Span, "parent_span_id", "span 0807060504030201", "span_id", "span 0102030405060708"),
    (Kind::Span, "trace_state", "\"a=1\"", "\"b=2\"", "\"b=2\""),
    (Kind::Span, "name", "\"operationA\"", "\"x\"", "\"x\""),
    (Kind::Span, "kind", "3", "SPAN_KIND_CONSUMER", "5"),
    (Kind::Span, "kind.string", "\"Client\"", "\"Server\"", "\"Server\""),
    (
        Kind::Span,
        "kind.deprecated_string",
        "\"SPAN_KIND_CLIENT\"",
        "\"SPAN_KIND_SERVER\"",
        "\"SPAN_KIND_SERVER\"",
    ),
    (Kind::Span, "start_time_unix_nano", "100", "-1", "-1"),
    (Kind::Span, "end_time_unix_nano", "500", "1", "1"),
    (Kind::Span, "start_time", "time 100", "end_time", "time 500"),
    (Kind::Span, "end_time", "time 500", "Unix(0, 1)", "time 1"),
    (Kind::Span, "attributes[\"a\"]", "1", "{}", "{}"),
    (Kind::Span, "dropped_attributes_count", "1", "9", "9"),
    (Kind::Span, "dropped_events_count", "2", "9", "9"),
    (Kind::Span, "dropped_links_count", "3", "9", "9"),
    (Kind::Span, "status.code", "2", "STATUS_CODE_OK", "1"),
    (Kind::Span, "status.message", "\"bad\"", "\"x\"", "\"x\""),
    (Kind::Span, "flags", "1", "2", "2"),
    (Kind::Span, "resource.dropped_attributes_count", "4", "9", "9"),
    (Kind::Span, "scope.name", "\"\"", "\"x\"", "\"x\""),
    (Kind::SpanEvent, "name", "\"e2\"", "\"x\"", "\"x\""),
    (Kind::SpanEvent, "time_unix_nano", "8", "9", "9"),
    (Kind::SpanEvent, "time", "time 8", "span.start_time", "time 100"),
    (Kind::SpanEvent, "spanevent.attributes[\"x\"]", "true", "1", "1"),
    (Kind::SpanEvent, "attributes", "{\"x\":true}", "span.attributes", "{\"a\":1}"),
    (Kind::SpanEvent, "dropped_attributes_count", "1", "2", "2"),
    (Kind::SpanEvent, "event_index", "1", "2", "run: the 'event_index' path cannot be modified"),
    (Kind::SpanEvent, "span.name", "\"operationA\"", "name", "\"e2\""),
    (Kind::SpanEvent, "span.kind", "3", "SPAN_KIND_SERVER", "2"),
    (Kind::SpanEvent, "span.status.message", "\"bad\"", "\"x\"", "\"x\""),
    (Kind::SpanEvent, "scope.version", "\"\"", "\"x\"", "\"x\""),
    (Kind::SpanEvent, "resource.dropped_attributes_count", "4", "5", "5"),
    (Kind::SpanEvent, "cache[\"k\"]", "null", "name", "\"e2\""),
    (Kind::Metric, "name", "\"m\"", "\"x\"", "\"x\""),
    (Kind::Metric, "description", "\"d\"", "\"x\"", "\"x\""),
    (Kind::Metric, "unit", "\"s\"", "\"x\"", "\"x\""),
    (Kind::Metric, "type", "2", "METRIC_DATA_TYPE_GAUGE", "2"),
    (Kind::Metric, "aggregation_temporality", "2", "AGGREGATION_TEMPORALITY_DELTA", "1"),
    (Kind::Metric, "metric.is_monotonic", "true", "false", "false"),
    (Kind::Metric, "metadata[\"k\"]", "\"v\"", "1", "1"),
    (Kind::DataPoint, "attributes[\"a\"]", "\"b\"", "1", "1"),
    (Kind::DataPoint, "datapoint.attributes", "{\"a\":\"b\"}", "{}", "{}"),
    (Kind::DataPoint, "start_time_unix_nano", "1", "9", "9"),
    (Kind::DataPoint, "time_unix_nano", "2", "9", "9"),
    (Kind::DataPoint, "start_time", "time 1", "time", "time 2"),
    (Kind::DataPoint, "time", "time 2", "start_time", "time 1"),
    (Kind::DataPoint, "flags", "1", "FLAG_NONE", "0"),
    (Kind::DataPoint, "value_int", "7", "8", "8"),
    (Kind::DataPoint, "value_double", "0", "8.5", "8.5"),
    (Kind::DataPoint, "metric.name", "\"m\"", "\"x\"", "\"x\""),
    (Kind::DataPoint, "metric.description", "\"\"", "\"x\"", "\"x\""),
    (Kind::DataPoint, "metric.unit", "\"\"", "\"x\"", "\"x\""),
    (Kind::DataPoint, "metric.metadata[\"k\"]", "null", "1", "1"),
    (Kind::DataPoint, "metric.is_monotonic", "true", "false", "false"),
    (Kind::DataPoint, "metric.aggregation_temporality", "1", "AGGREGATION_TEMPORALITY_CUMULATIVE", "2"),
    (Kind::DataPoint, "metric.type", "2", "1", "2"),
    (Kind::DataPoint, "scope.name", "\"\"", "\"x\"", "\"x\""),
    (Kind::DataPoint, "resource.schema_url", "\"\"", "\"x\"", "\"x\""),
    (Kind::Metric, "metadata", "{\"k\":\"v\"}", "{}", "{}"),
    (Kind::Exemplar, "time_unix_nano", "4", "9", "9"),
    (Kind::Exemplar, "exemplar.time", "time 4", "datapoint.time", "time 2"),
    (Kind::Exemplar, "int_value", "3", "8", "8"),
    (Kind::Exemplar, "double_value", "0", "8.5", "8.5"),
    (
        Kind::Exemplar,
        "trace_id",
        "trace 0102030405060708090a0b0c0d0e0f10",
        "TraceID(\"ffffffffffffffffffffffffffffffff\")",
        "trace ffffffffffffffffffffffffffffffff",
    ),
    (Kind::Exemplar, "trace_id.string", "\"0102030405060708090a0b0c0d0e0f10\"", ID, ID),
    (
        Kind::Exemplar,
        "span_id",
        "span 0102030405060708",
        "SpanID(\"ffffffffffffffff\")",
        "span ffffffffffffffff",
    ),
    (Kind::Exemplar, "span_id.string", "\"0102030405060708\"", SHORT, SHORT),
    (Kind::Exemplar, "filtered_attributes", "{\"a\":\"b\"}", "{\"c\": 1}", "{\"c\":1}"),
    (Kind::Exemplar, "filtered_attributes[\"a\"]", "\"b\"", "1", "1"),
    (Kind::Exemplar, "cache[\"a\"]", "null", "int_value", "3"),
    (Kind::Exemplar, "datapoint.attributes[\"a\"]", "\"b\"", "1", "1"),
    (Kind::Exemplar, "datapoint.value_int", "7", "8", "8"),
    (Kind::Exemplar, "metric.unit", "\"\"", "\"x\"", "\"x\""),
    (Kind::Exemplar, "scope.name", "\"\"", "\"x\"", "\"x\""),
    (Kind::Exemplar, "resource.schema_url", "\"\"", "\"x\"", "\"x\""),
];

#[test]
fn paths_are_read_and_set() {
    let mut wrong = Vec::new();
    for (kind, path, is, new, then) in PATHS.iter().copied() {
        let got = [value_of(kind, path), after(kind, &format!("set({path}, {new})"), path)];
        if got != [is, then] {
            wrong.push(format!("{path}: {got:?}, not {:?}", [is, then]));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert_eq!(value_of(Kind::Span, "[Len(events), Len(links), IsList(events)]"), "[2,1,true]");
    assert_eq!(value_of(Kind::Metric, "data_points"), "2 of pmetric.NumberDataPointSlice");
}

/// What is not of the point's kind reads as no value, and cannot be set.
#[test]
fn points_of_each_kind() {
    let mut wrong = Vec::new();
    for (path, new, want) in [
        ("value_int", "1", ["7 1", "null E Number", "null E Number", "null E Number"]),
        ("value_double", "1.5", ["0 1.5", "null E Number", "null E Number", "null E Number"]),
        ("count", "9", ["null U", "3 9", "3 9", "3 9"]),
        ("sum", "9.5", ["null U", "1.5 9.5", "1.5 9.5", "1.5 9.5"]),
        ("bucket_counts", "[4]", ["null E Histogram", "[1,2] [4]", "null E Histogram", "null E Histogram"]),
        (
            "explicit_bounds",
            "[0.1, 0.2]",
            ["null E Histogram", "[0.5] [0.1,0.2]", "null E Histogram", "null E Histogram"],
        ),
        (
            "explicit_bounds",
            "[1]",
            [
                "null E Histogram",
                "[0.5] invalid value type provided for a slice of float64: int64",
                "null E Histogram",
                "null E Histogram",
            ],
        ),
        ("scale", "3", ["null X", "null X", "-2 3", "null X"]),
        ("zero_count", "3", ["null X", "null X", "4 3", "null X"]),
        ("positive.offset", "-3", ["null X", "null X", "5 -3", "null X"]),
        ("positive.bucket_counts", "[]", ["null X", "null X", "[1] []", "null X"]),
        ("negative.offset", "3", ["null X", "null X", "-6 3", "null X"]),
        ("negative.bucket_counts", "[7]", ["null X", "null X", "[2,3] [7]", "null X"]),
    ] {
        let statement = scope(Kind::DataPoint).statement(&format!("set({path}, {new})")).unwrap();
        let value = scope(Kind::DataPoint).expression(path).unwrap();
        let kinds = ["Number", "Histogram", "ExponentialHistogram", "Summary"];
        for ((metric, want), kind) in POINTS.into_iter().zip(want).zip(kinds) {
            let got = on_point(metric, |point| {
                let before = shown(&value.value(point).unwrap());
                match statement.run(point) {
                    Ok(_) => format!("{before} {}", shown(&value.value(point).unwrap())),
                    Err(fault) => format!("{before} {fault}"),
                }
            });
            let want = want
                .replace(" E Number", " E pmetric.NumberDataPoint")
                .replace(" E Histogram", " E pmetric.HistogramDataPoint")
                .replace(" X", " E pmetric.ExponentialHistogramDataPoint")
                .replace(" E ", " expects ");
            let but = format!(" but got pmetric.{kind}DataPoint");
            let want = if want.contains("expects") { want + &but } else { want };
            let want = want.replace(" U", &format!(" unsupported data point type: pmetric.{kind}DataPoint"));
            if got != want {
                wrong.push(format!("{path} of {kind}: {got}, not {want}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let count = |kind: usize, path: &str| {
        let value = scope(Kind::DataPoint).expression(path).unwrap();
        on_point(POINTS[kind], |point| shown(&value.value(point).unwrap()))
    };
    assert_eq!(count(0, "Len(exemplars)"), "1");
    assert_eq!(count(3, "Len(quantile_values)"), "1");
}

#[test]
fn what_is_no_path() {
    let reference =
        "https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/pkg/ottl/contexts/";
    for (kind, path, want) in [
        (
            Kind::Log,
            "nope",
            "segment \"nope\" from path \"nope\" is not a valid path nor a valid OTTL keyword for the log context - review REFottllog to see all valid paths (at 1:1)",
        ),
        (
            Kind::Log,
            "body.nope",
            "segment \"nope\" from path \"body.nope\" is not a valid path nor a valid OTTL keyword for the log context - review REFottllog to see all valid paths (at 1:1)",
        ),
        (
            Kind::Log,
            "span.name",
            "segment \"span\" from path \"span.name\" is not a valid path nor a valid OTTL keyword for the log context - review REFottllog to see all valid paths (at 1:1)",
        ),
        (
            Kind::Log,
            "resource.name",
            "segment \"name\" from path \"resource.name\" is not a valid path nor a valid OTTL keyword for the resource context - review REFottlresource to see all valid paths (at 1:1)",
        ),
        (
            Kind::Log,
            "1 + attributes.x",
            "the path section \"x\" was not used by the context - this likely means you are using extra path sections (at 1:5)",
        ),
        (
            Kind::Log,
            "flags[\"x\"]",
            "the keys indexing \"flags\" were not used by the context - this likely means you are trying to index a path that does not support indexing (at 1:1)",
        ),
        (
            Kind::Log,
            "resource.cache",
            "access to cache must be performed using the same context, please replace \"resource.cache\" with \"log.cache\" (at 1:1)",
        ),
        (Kind::Log, "SPAN_KIND_CLIENT", "enum symbol, SPAN_KIND_CLIENT, not found (at 1:1)"),
        (Kind::Exemplar, "FLAG_NONE", "exemplar context does not support enums (at 1:1)"),
        (
            Kind::Exemplar,
            "1 + trace_id.nope",
            "segment \"nope\" from path \"trace_id.nope\" is not a valid path nor a valid OTTL keyword for the exemplar context - review REFottlexemplar to see all valid paths (at 1:5)",
        ),
        (
            Kind::Exemplar,
            "datapoint.cache",
            "access to cache must be performed using the same context, please replace \"datapoint.cache\" with \"exemplar.cache\" (at 1:1)",
        ),
        (Kind::Resource, "SEVERITY_NUMBER_INFO", "enum symbol, SEVERITY_NUMBER_INFO, not found (at 1:1)"),
        (Kind::Log, &format!("attributes{}", "[0]".repeat(51)), "more than 50 keys (at 1:1)"),
    ] {
        let want = format!("compile: {}", want.replace("REF", reference));
        assert_eq!(value_of(kind, path), want, "{path}");
    }
    let prefixed = slimcol_ottl::Scope { prefixed: true, ..scope(Kind::Log) };
    for (path, want) in [
        ("log.body", ""),
        ("resource.attributes[\"a\"]", ""),
        ("instrumentation_scope.name", ""),
        (
            "body",
            "missing context name for path \"body\", possibly valid options are: \"log.body\", \"instrumentation_scope.body\", \"scope.body\", \"resource.body\", \"otelcol.body\" (at 1:1)",
        ),
        (
            "attributes[\"a\"]",
            "missing context name for path \"attributes[a]\", possibly valid options are: \"log.attributes[a]\", \"instrumentation_scope.attributes[a]\", \"scope.attributes[a]\", \"resource.attributes[a]\", \"otelcol.attributes[a]\" (at 1:1)",
        ),
        (
            "body.string",
            "context \"body\" from path \"body.string\" is not valid, it must be replaced by one of: \"log\", \"instrumentation_scope\", \"scope\", \"resource\", \"otelcol\" (at 1:1)",
        ),
    ] {
        let got = prefixed.expression(path).err().map_or_else(String::new, |error| error.to_string());
        assert_eq!(got, want, "{path}");
    }
}

#[test]
fn what_cannot_be_read_or_set() {
    for (kind, statement, want) in [
        (Kind::Log, "set(severity_number, \"a\")", "expects int64 but got string"),
        (Kind::Log, "set(severity_text, 1)", "expects string but got int64"),
        (Kind::Log, "set(time, 1)", "expects time.Time but got int64"),
        (Kind::Log, "set(trace_id, \"a\")", "expects pcommon.TraceID but got string"),
        (Kind::Log, "set(trace_id.string, \"ab\")", "trace ids must be 32 hex characters"),
        (
            Kind::Log,
            "set(span_id.string, \"010203040506070x\")",
            "encoding/hex: invalid byte in \"010203040506070x\"",
        ),
        (Kind::Exemplar, "set(int_value, 1.5)", "expects int64 but got float64"),
        (Kind::Exemplar, "set(double_value, 1)", "expects float64 but got int64"),
        (Kind::Exemplar, "set(trace_id, \"a\")", "expects pcommon.TraceID but got string"),
        (Kind::Exemplar, "set(span_id.string, \"ab\")", "span ids must be 16 hex characters"),
        (Kind::Exemplar, "set(datapoint.count, 1)", "unsupported data point type: pmetric.NumberDataPoint"),
        (Kind::Log, "set(body.string, 1)", "expects string but got int64"),
        (Kind::Span, "set(kind.string, \"x\")", "unknown span kind string, x"),
        (Kind::Span, "set(flags, -1)", "value -1 is out of range for uint32"),
        (Kind::Span, "set(events, [])", "events and links cannot be set as a whole"),
        (Kind::Metric, "set(is_monotonic, 1)", "expects bool but got int64"),
        (Kind::Log, "set(cache, body[\"a\"])", "log bodies of type Str cannot be indexed"),
        (Kind::Log, "set(cache, attributes[1])", "unable to resolve a string index in map: invalid key type"),
        (
            Kind::Log,
            "set(cache, attributes[\"things\"][\"a\"])",
            "unable to resolve an integer index in slice: invalid key type",
        ),
        (Kind::Log, "set(cache, attributes[\"things\"][3])", "index 3 out of bounds"),
        (Kind::Log, "set(cache, attributes[\"total\"][\"a\"])", "type Int does not support string indexing"),
        (Kind::Log, "set(cache, attributes[nil_])", "compile"),
        (
            Kind::Log,
            "set(cache, attributes[cache[\"a\"]])",
            "key expression returned nil, expected an int or string",
        ),
        (
            Kind::Log,
            "set(cache, attributes[1.5])",
            "key expression must evaluate to string or int, got float64",
        ),
        (Kind::Log, "set(cache, -body)", "unsupported unary minus operation on type string"),
        (Kind::Log, "set(cache, severity_number / 0)", "attempted to divide by 0"),
        (
            Kind::Log,
            "set(cache, 1) where Len(body)",
            "value returned from Converter in constant expression must be bool but got int64",
        ),
    ] {
        let got = after(kind, statement, "cache");
        let fits = if want == "compile" { got.starts_with("compile") } else { got == format!("run: {want}") };
        assert!(fits, "{statement}: {got}");
    }
}

#[test]
fn conditions() {
    for (condition, want) in [
        ("true", "true"),
        ("severity_number == SEVERITY_NUMBER_TRACE and not (body == \"x\" or flags < 3)", "true"),
        ("attributes[\"missing\"] == nil", "true"),
        ("attributes[\"missing\"][\"deeper\"] == nil", "true"),
        ("attributes[\"total\"] > 123456788.5 and attributes[\"half\"] <= 0.5", "true"),
        ("attributes[\"foo\"][\"slice\"] == [\"val\", 2]", "true"),
        ("attributes[\"foo\"][\"nested\"] == {\"test\": \"pass\"}", "true"),
        ("trace_id == TraceID(0x0102030405060708090a0b0c0d0e0f10)", "true"),
        ("attributes[\"raw\"] == 0x0102", "true"),
        ("1 + 2 * 3 == 7 and (1 + 2) * 3 == 9 and 7 / 2 == 3 and -(1 - 3) == 2", "true"),
        ("time > observed_time", "true"),
        ("body == 1 or body != 1 and 1 == 1.0", "true"),
        // What decides beforehand is not asked for.
        ("false and body[\"x\"] == 1", "false"),
        ("body == \"no\" and body[\"x\"] == 1", "false"),
        ("body[\"x\"] == 1 and body == \"no\"", "log bodies of type Str cannot be indexed"),
    ] {
        let test = scope(Kind::Log).condition(condition).unwrap();
        assert_eq!(test.source(), condition);
        let got = on(Kind::Log, |log| {
            test.holds(log).map_or_else(|fault| fault.to_string(), |held| held.to_string())
        });
        assert_eq!(got, want, "{condition}");
    }
}

#[test]
fn errors_end_ignore_or_hide() {
    let bad = "set(body[\"x\"], 1)";
    let sources = ["set(cache[\"a\"], 1)", bad, "set(cache[\"b\"], 2)"];
    let cache = scope(Kind::Log).expression("cache").unwrap();
    for (mode, want) in [
        ("ignore", "Ok(()) {\"a\":1,\"b\":2} failed to execute statement"),
        ("Silent", "Ok(()) {\"a\":1,\"b\":2} "),
        (
            "PROPAGATE",
            "Err(Fault(\"failed to execute statement: set(body[\\\"x\\\"], 1), \
             log bodies of type Str cannot be indexed\")) {\"a\":1} ",
        ),
    ] {
        let statements = sources.iter().map(|source| scope(Kind::Log).statement(source).unwrap()).collect();
        let group = Statements { statements, on_error: ErrorMode::parse(mode).unwrap() };
        let mut logged = String::new();
        let got = on(Kind::Log, |log| {
            let result = group.run(log, |failure| {
                assert_eq!(failure.source, bad);
                logged.push_str(failure.message());
            });
            format!("{result:?} {} ", shown(&cache.value(log).unwrap()))
        });
        assert_eq!(got + &logged, want, "{mode}");
    }
    assert_eq!(ErrorMode::parse("loud").unwrap_err(), "unknown error mode loud");
}

#[test]
fn conditions_of_a_group() {
    let fails = "body[\"x\"] == 1";
    for (all, on_error, sources, want) in [
        (false, ErrorMode::Ignore, &["false", fails, "true"][..], "Ok(true) 1"),
        (false, ErrorMode::Silent, &[fails], "Ok(false) 0"),
        (false, ErrorMode::Propagate, &["true", fails], "Ok(true) 0"),
        (
            false,
            ErrorMode::Propagate,
            &[fails, "true"],
            "Err(Fault(\"failed to eval condition: body[\\\"x\\\"] == 1, log bodies of type Str cannot be indexed\")) 0",
        ),
        (true, ErrorMode::Ignore, &["true", fails], "Ok(true) 1"),
        (true, ErrorMode::Ignore, &["true", "false"], "Ok(false) 0"),
        (true, ErrorMode::Ignore, &[fails], "Ok(false) 1"),
        (true, ErrorMode::Ignore, &[], "Ok(false) 0"),
    ] {
        let conditions = sources.iter().map(|source| scope(Kind::Log).condition(source).unwrap()).collect();
        let group = Conditions { conditions, on_error, all };
        let mut logged = 0;
        let got = on(Kind::Log, |log| format!("{:?}", group.hold(log, |_| logged += 1)));
        assert_eq!(format!("{got} {logged}"), want, "{sources:?}");
    }
}
