use super::super::tests::after;

/// A metric of that kind with points in short: what stands before the colon is the attributes `a` and `b`.
fn points(kind: &str, more: &str, points: &[(&str, &str, &str)]) -> String {
    let attribute =
        |key: &str, value: &str| format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#);
    let point = |(a, b, rest): &(&str, &str, &str)| {
        let pairs: Vec<_> = [("a", a), ("b", b)]
            .iter()
            .filter(|(_, v)| !v.is_empty())
            .map(|(k, v)| attribute(k, v))
            .collect();
        let attributes = format!(r#""attributes":[{}],"#, pairs.join(","));
        format!("{{{}{rest}}}", if pairs.is_empty() { "" } else { &attributes })
    };
    let points: Vec<_> = points.iter().map(point).collect();
    format!(r#"{{"name":"m","{kind}":{{"dataPoints":[{}]{more}}}}}"#, points.join(","))
}

const SUM: &str = r#","aggregationTemporality":2,"isMonotonic":true"#;
const INTS: &[(&str, &str, &str)] =
    &[("x", "1", r#""asInt":"100""#), ("x", "2", r#""asInt":"50""#), ("y", "3", r#""asInt":"7""#)];
const DOUBLES: &[(&str, &str, &str)] =
    &[("x", "1", r#""asDouble":1.5"#), ("x", "2", r#""asDouble":0.5"#), ("x", "3", r#""asInt":"4""#)];

#[test]
fn numbers_become_one_in_each_way() {
    for (way, ints, doubles) in [
        ("sum", "150", "6"),
        ("max", "100", "4"),
        ("min", "50", "0.5"),
        ("mean", "75", "2"),
        ("count", "2", "3"),
        ("median", "75", "1.5"),
    ] {
        let statement = format!(r#"aggregate_on_attributes("{way}", ["a"])"#);
        let int = format!(r#""asInt":"{ints}""#);
        assert_eq!(
            after(&statement, &points("sum", SUM, INTS)),
            points("sum", SUM, &[("x", "", &int), ("y", "", r#""asInt":"7""#)]),
            "{way}"
        );
        let double = format!(r#""asDouble":{doubles}"#);
        assert_eq!(
            after(&statement, &points("gauge", "", DOUBLES)),
            points("gauge", "", &[("x", "", &double)]),
            "{way}"
        );
    }
}

#[test]
fn what_counts_is_what_points_have_in_common() {
    let ints = points("sum", SUM, INTS);
    for (statement, expected) in [
        (r#"aggregate_on_attributes("sum")"#, ints.clone()),
        (r#"aggregate_on_attributes("sum", ["a", "b", "a"])"#, ints.clone()),
        (r#"aggregate_on_attributes("sum", [])"#, points("sum", SUM, &[("", "", r#""asInt":"157""#)])),
        (r#"aggregate_on_attributes("sum", ["other"])"#, points("sum", SUM, &[("", "", r#""asInt":"157""#)])),
        (
            r#"aggregate_on_attribute_value("sum", "b", ["1", "2"], "low")"#,
            points("sum", SUM, &[("x", "low", r#""asInt":"150""#), ("y", "3", r#""asInt":"7""#)]),
        ),
        (r#"aggregate_on_attribute_value("sum", "c", ["1"], "low")"#, ints.clone()),
    ] {
        assert_eq!(after(statement, &ints), expected, "{statement}");
    }
    // Times stay apart, of deltas also when they began.
    let times = &[
        ("", "", r#""startTimeUnixNano":"1","timeUnixNano":"5","asInt":"1""#),
        ("", "", r#""startTimeUnixNano":"2","timeUnixNano":"5","asInt":"2""#),
        ("", "", r#""startTimeUnixNano":"2","timeUnixNano":"6","asInt":"4""#),
    ];
    let one = &[("", "", r#""startTimeUnixNano":"1","timeUnixNano":"5","asInt":"3""#), times[2]];
    let delta = r#","aggregationTemporality":1"#;
    let statement = r#"aggregate_on_attributes("sum")"#;
    assert_eq!(after(statement, &points("sum", SUM, times)), points("sum", SUM, one));
    assert_eq!(after(statement, &points("sum", delta, times)), points("sum", delta, times));
}

#[test]
fn histograms_are_added_up() {
    let point = |count: &str, rest: &str| {
        format!(r#""startTimeUnixNano":"{count}","timeUnixNano":"9","count":"{count}","sum":{count},{rest}"#)
    };
    let buckets =
        |low: &str, high: &str| format!(r#""bucketCounts":["{low}","{high}"],"explicitBounds":[1]"#);
    let more = r#","aggregationTemporality":2"#;
    let sample = |value: &str| {
        format!(
            r#","exemplars":[{{"filteredAttributes":[{{"key":"k","value":{{"intValue":"1"}}}}],"timeUnixNano":"3","asDouble":{value},"traceId":"0102030405060708090a0b0c0d0e0f10","spanId":"0102030405060708"}}]"#
        )
    };
    let (first, second) = (
        point("3", &format!(r#"{},"min":0.5,"max":4"#, buckets("1", "2"))),
        point("2", &format!(r#"{}{},"min":0.25,"max":2"#, buckets("2", "0"), sample("0.25"))),
    );
    let both = format!(
        r#""startTimeUnixNano":"2","timeUnixNano":"9","count":"5","sum":5,{}{},"min":0.25,"max":4"#,
        buckets("3", "2"),
        sample("0.25")
    );
    let statement = r#"aggregate_on_attributes("sum", ["a"])"#;
    let metric = points("histogram", more, &[("x", "1", &first), ("x", "2", &second)]);
    assert_eq!(
        after(statement, &metric),
        after("set(name, name)", &points("histogram", more, &[("x", "", &both)]))
    );
    // Other bounds, or extremes where the other has none, stay apart.
    let other = second.replace("[1]", "[2]");
    let metric = points("histogram", more, &[("x", "", &first), ("x", "", &other)]);
    assert_eq!(after(statement, &metric), metric);
}

/// The case of the Go collector's `aggregate_test.go` with different offsets.
#[test]
fn exponential_buckets_are_added_where_they_belong() {
    let point = |count: &str, zeros: &str, positive: &str, negative: &str| {
        let side = |name: &str, side: &str| {
            let (offset, counts) = side.split_once(' ').unwrap_or((side, ""));
            let counts: Vec<_> =
                counts.split(' ').filter(|c| !c.is_empty()).map(|c| format!("\"{c}\"")).collect();
            format!(r#""{name}":{{"offset":{offset},"bucketCounts":[{}]}}"#, counts.join(","))
        };
        format!(
            r#""timeUnixNano":"9","count":"{count}","sum":0,"scale":0,"zeroCount":"{zeros}",{},{}"#,
            side("positive", positive),
            side("negative", negative)
        )
    };
    let more = r#","aggregationTemporality":2"#;
    let metric = |points_: &[&str]| {
        let all: Vec<_> = points_.iter().map(|point| ("x", "", *point)).collect();
        points("exponentialHistogram", more, &all)
    };
    let all = [
        point("6", "2", "0 1 2", "3 1 2"),
        point("5", "1", "1 3 4", "1 5 6"),
        point("1", "0", "5 1", "0"),
        point("0", "9", "0 9", "0 9"),
    ];
    let all: Vec<&str> = all.iter().map(String::as_str).collect();
    let expected = metric(&[&point("12", "3", "0 1 5 4 0 0 1", "1 5 6 1 2")]);
    let plain = |metric: &str| after("set(name, name)", metric);
    assert_eq!(after(r#"aggregate_on_attributes("sum")"#, &metric(&all)), plain(&expected));
    let far = [point("1", "0", "-2147483648 1", "0"), point("1", "0", "2147483647 1", "0")];
    let far: Vec<&str> = far.iter().map(String::as_str).collect();
    assert_eq!(
        after(r#"aggregate_on_attributes("sum")"#, &metric(&far)),
        "run: the buckets of points are more than 65536 apart"
    );
}

#[test]
fn what_is_wrong_is_told() {
    let summary = r#"{"name":"q","summary":{"dataPoints":[{"count":"3"}]}}"#;
    for (statement, metric, expected) in [
        (
            r#"aggregate_on_attributes("sum")"#,
            summary,
            "run: aggregate_on_attributes does not support aggregating Summary metrics",
        ),
        (
            r#"aggregate_on_attribute_value("sum", "a", ["b"], "c")"#,
            summary,
            "run: aggregate_on_attribute_value does not support aggregating Summary metrics",
        ),
        (
            r#"aggregate_on_attributes("avg")"#,
            summary,
            "compile: couldn't create function: invalid aggregation function: 'unsupported function: 'avg'', valid options: sum, mean, min, max, median, count (at 1:1)",
        ),
        (
            r#"aggregate_on_attributes("sum", "a")"#,
            summary,
            "compile: error while parsing arguments for call to \"aggregate_on_attributes\": invalid argument at position 1: must be a list of type string (at 1:32)",
        ),
        (r#"aggregate_on_attributes("sum")"#, r#"{"name":"e"}"#, r#"{"name":"e"}"#),
    ] {
        assert_eq!(after(statement, metric), expected, "{statement}");
    }
}
