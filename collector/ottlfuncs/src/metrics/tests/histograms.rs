use super::{after, on_points};

fn histogram(count: u64, counts: &str, bounds: &str, more: &str) -> String {
    let list = |text: &str| {
        text.split(' ').filter(|t| !t.is_empty()).map(|t| format!("\"{t}\"")).collect::<Vec<_>>().join(",")
    };
    let bounds = bounds.split(' ').filter(|t| !t.is_empty()).collect::<Vec<_>>().join(",");
    format!(
        r#"{{"name":"h","histogram":{{"dataPoints":[{{"timeUnixNano":"9","count":"{count}","bucketCounts":[{}],"explicitBounds":[{bounds}]{more}}}],"aggregationTemporality":2}}}}"#,
        list(counts)
    )
}

/// The value of the gauge that the statement adds, if it adds one.
fn extracted(statement: &str, metric: &str) -> String {
    let plain = after("set(name, name)", metric);
    let all = after(&format!("{statement} where name == \"h\""), metric);
    match all.strip_prefix(&plain) {
        Some("") => "none".to_owned(),
        Some(added) => added[1..].to_owned(),
        None => all,
    }
}

/// The cases of the Go collector's `func_extract_percentile_metric_test.go`.
#[test]
fn percentiles_lie_in_buckets() {
    for (metric, percentile, expected) in [
        (histogram(0, "0 0", "1", ""), 50.0, "none"),
        (histogram(10, "", "", ""), 50.0, "none"),
        (histogram(100, "60 40", "1", ""), 50.0, "0.8333333333333334"),
        (histogram(115, "50 35 50", "1 5", ""), 99.0, "5"),
        (histogram(115, "50 35 50 15", "1 3 5", ""), 95.0, "4"),
        (histogram(1000, "100 400 400 95 5", "0.1 0.5 1 5", ""), 99.5, "5"),
        (histogram(100, "25 50 25", "100 500", r#","max":750"#), 99.0, "740"),
        (histogram(41, "40 1", "100", ""), 75.0, "77.5"),
        (histogram(1000, "50 100 200 300 200 100 50", "10 25 50 100 250 500", ""), 90.0, "375"),
        (histogram(100, "40 60", "10", ""), 50.0, "10"),
        (histogram(100, "100", "", r#","min":5,"max":25"#), 50.0, "15"),
        (histogram(100, "100", "", ""), 50.0, "none"),
        (histogram(10, "10 0", "-5", ""), 50.0, "-5"),
        (
            histogram(100, "60", "1", ""),
            50.0,
            "run: calculating histogram percentile: malformed data: bucketCounts length (1) != explicitBounds length (1) + 1",
        ),
        (
            histogram(100, "6 4", "1", ""),
            50.0,
            "run: calculating histogram percentile: malformed data: cumulative count doesn't reach target count corresponding to percentile. targetCount=50, total count=10",
        ),
    ] {
        let got = extracted(&format!("extract_percentile_metric({percentile:?})"), &metric);
        let gauge = format!(
            r#"{{"name":"h_p{percentile}","description":"p{percentile}","gauge":{{"dataPoints":[{{"timeUnixNano":"9","asDouble":{expected}}}]}}}}"#
        );
        let told = expected == "none" || expected.starts_with("run");
        assert_eq!(
            got.replace(r#""startTimeUnixNano":"0","#, ""),
            if told { expected.to_owned() } else { gauge },
            "{metric}"
        );
    }
}

#[test]
fn percentiles_of_exponential_histograms() {
    let metric = |rest: &str| {
        format!(
            r#"{{"name":"h","description":"d","exponentialHistogram":{{"dataPoints":[{{{rest}}}],"aggregationTemporality":1}}}}"#
        )
    };
    for (rest, expected) in [
        (r#""count":"4","scale":0,"positive":{"offset":0,"bucketCounts":["0","4"]}"#, "2.8284271247461903"),
        (r#""count":"4","scale":0,"negative":{"offset":0,"bucketCounts":["4"]}"#, "-1.414213562373095"),
        (r#""count":"4","scale":1,"zeroCount":"4","zeroThreshold":2"#, "0"),
        (r#""count":"4","scale":-1,"positive":{"offset":1,"bucketCounts":["4"]}"#, "8"),
        (
            r#""count":"4","scale":0,"positive":{"offset":1,"bucketCounts":["1"]}"#,
            "run: calculating exponential histogram percentile: malformed data: cumulative count doesn't reach target count corresponding to percentile. targetCount=2, total count=1",
        ),
        (
            r#""count":"4","scale":-70,"negative":{"offset":1,"bucketCounts":["4"]}"#,
            "run: calculating exponential histogram percentile: malformed negative bucket bounds: absLowerBound (1.000000) >= absUpperBound (1.000000) at histogramIndex=1, scale=-70",
        ),
        (r#""count":"0""#, "none"),
    ] {
        let got = extracted("extract_percentile_metric(50)", &metric(rest));
        let told = expected == "none" || expected.starts_with("run");
        if told {
            assert_eq!(got, expected, "{rest}");
        } else {
            assert!(got.contains(r#""name":"h_p50","description":"d (p50)""#), "{got}");
            let value: f64 =
                got.split("\"asDouble\":").nth(1).unwrap().split('}').next().unwrap().parse().unwrap();
            let expected: f64 = expected.parse().unwrap();
            assert!((value - expected).abs() < 1e-9, "{rest} {value}");
        }
    }
    for (argument, expected) in [("0", "0.000000"), ("101.0", "101.000000")] {
        assert_eq!(
            after(&format!("extract_percentile_metric({argument})"), &metric("")),
            format!(
                "compile: couldn't create function: percentile must be greater than 0 and less than 100, got {expected} (at 1:1)"
            )
        );
    }
}

#[test]
fn exponential_histograms_become_others() {
    let metric = |rest: &str| {
        format!(
            r#"{{"name":"h","unit":"s","exponentialHistogram":{{"dataPoints":[{{"attributes":[{{"key":"a","value":{{"intValue":"1"}}}}],"startTimeUnixNano":"1","timeUnixNano":"2",{rest}}}],"aggregationTemporality":1}}}}"#
        )
    };
    let explicit = |count: &str, counts: &str, bounds: &str| {
        format!(
            r#"{{"name":"h","unit":"s","histogram":{{"dataPoints":[{{"attributes":[{{"key":"a","value":{{"intValue":"1"}}}}],"startTimeUnixNano":"1","timeUnixNano":"2","count":"{count}","sum":3,"bucketCounts":[{counts}],"explicitBounds":[{bounds}],"min":1,"max":8}}],"aggregationTemporality":1}}}}"#
        )
    };
    let given = metric(
        r#""count":"8","sum":3,"scale":0,"zeroCount":"1","positive":{"offset":0,"bucketCounts":["3","2","2"]},"min":1,"max":8"#,
    );
    let wide = metric(
        r#""count":"8","sum":3,"scale":0,"positive":{"offset":5,"bucketCounts":["10","22","12"]},"min":1,"max":8"#,
    );
    let fine = format!(
        r#""count":"8","sum":3,"scale":7,"positive":{{"offset":944,"bucketCounts":["1",{}"1"]}},"min":1,"max":8"#,
        r#""0","#.repeat(28)
    );
    let fine = metric(&fine);
    // All but the first are those of the Go collector's tests.
    for (from, way, bounds, counts) in [
        (&given, "upper", "0 2 4 16", "4 0 2 2"),
        (&wide, "midpoint", "1 2 3 4 5", "0 0 0 0 44"),
        (&wide, "midpoint", "1000 2000 3000 4000 5000", "44 0 0 0 0"),
        (&wide, "midpoint", "10 20 30 40 50 60 70 80 90 100", "0 0 0 10 0 0 0 0 22 12"),
        (&wide, "uniform", "1 2 3 4 5", "0 0 0 0 44"),
        (&wide, "uniform", "1000 2000 3000 4000 5000", "44 0 0 0 0"),
        (&wide, "uniform", "10 20 30 40 50 60 70 80 90 100", "0 0 0 3 3 2 8 6 5 17"),
        (&fine, "upper", "1 2 3 4 5", "0 0 0 0 2"),
        (&fine, "upper", "1000 2000 3000 4000 5000", "2 0 0 0 0"),
        (&fine, "upper", "160 170 180 190 200", "1 0 0 1 0"),
    ] {
        let bounds = bounds.replace(' ', ",");
        let got = after(&format!(r#"convert_exponential_histogram_to_histogram("{way}", [{bounds}])"#), from);
        let counts: Vec<_> = counts.split(' ').map(|count| format!("\"{count}\"")).collect();
        assert_eq!(got, explicit("8", &counts.join(","), &bounds), "{way} {bounds}");
    }
    // However chance has it, nothing is lost, and it ends.
    let huge = metric(
        r#""count":"18446744073709551615","scale":0,"positive":{"offset":0,"bucketCounts":["18446744073709551615"]}"#,
    );
    let got = after(r#"convert_exponential_histogram_to_histogram("random", [1.2, 1.5, 1.8])"#, &huge);
    let counts = got.split(r#""bucketCounts":["#).nth(1).unwrap().split(']').next().unwrap();
    let sum: u64 = counts.split(',').map(|count| count.trim_matches('"').parse::<u64>().unwrap()).sum();
    assert_eq!(sum, u64::MAX);
    // What is out of all bounds stays a number.
    let odd = metric(
        r#""count":"1","scale":-2147483648,"positive":{"offset":2147483647,"bucketCounts":["1","1"]}"#,
    );
    for way in ["upper", "midpoint", "uniform", "random"] {
        assert!(
            after(&format!(r#"convert_exponential_histogram_to_histogram("{way}", [1, 2])"#), &odd)
                .contains("histogram")
        );
    }
    for (statement, expected) in [
        (
            r#"convert_exponential_histogram_to_histogram("upper", [])"#,
            "compile: couldn't create function: explicit bounds cannot be empty: [] (at 1:1)",
        ),
        (
            r#"convert_exponential_histogram_to_histogram("x", [1])"#,
            "compile: couldn't create function: invalid conversion function: x, must be one of [upper, midpoint, random, uniform] (at 1:1)",
        ),
        (
            r#"convert_exponential_histogram_to_histogram("upper", ["a"])"#,
            "compile: error while parsing arguments for call to \"convert_exponential_histogram_to_histogram\": invalid argument at position 1: error while parsing list argument at index 0: must be a float (at 1:53)",
        ),
    ] {
        assert_eq!(after(statement, &given), expected);
    }
}

#[test]
fn buckets_are_merged() {
    let start = histogram(10, "1 2 3 4", "1 2 5", "");
    let same = on_points("set(flags, 0)", &start);
    for (statement, expected) in [
        ("merge_histogram_buckets(2)", histogram(10, "1 5 4", "1 5", "")),
        ("merge_histogram_buckets(1.0000000000001)", histogram(10, "3 3 4", "2 5", "")),
        ("merge_histogram_buckets(\"5\")", histogram(10, "1 2 7", "1 2", "")),
        ("merge_histogram_buckets(3)", start.clone()),
        ("merge_histogram_buckets(2, \"limit_buckets\")", histogram(10, "3 7", "2", "")),
        ("merge_histogram_buckets(3, \"limit_buckets\")", histogram(10, "3 7", "2", "")),
        ("merge_histogram_buckets(1, method = \"limit_buckets\")", histogram(10, "10", "", "")),
        ("merge_histogram_buckets(4, \"limit_buckets\")", start.clone()),
        ("merge_histogram_buckets(count, \"limit_buckets\")", start.clone()),
    ] {
        let plain = |metric: &str| on_points("set(flags, 0)", metric).replace(r#","explicitBounds":[]"#, "");
        assert_eq!(plain(&on_points(statement, &start)), plain(&expected), "{statement}");
    }
    assert_eq!(on_points("set(flags, 0)", &on_points("merge_histogram_buckets(3)", &start)), same);
    let odd = histogram(10, "1 2", "1 2 5", "");
    assert_eq!(on_points("merge_histogram_buckets(2)", &odd), odd);
    let gauge = r#"{"name":"g","gauge":{"dataPoints":[{"asInt":"3"}]}}"#;
    assert_eq!(on_points("merge_histogram_buckets(2)", gauge), gauge);
    for (statement, expected) in [
        (
            "merge_histogram_buckets(1.5, \"limit_buckets\")",
            "compile: couldn't create function: target_value must be a positive integer when method is \"limit_buckets\", got 1.5 (at 1:1)",
        ),
        (
            "merge_histogram_buckets(nil)",
            "compile: couldn't create function: target_value must not be nil (at 1:1)",
        ),
        (
            "merge_histogram_buckets(1, \"x\")",
            "compile: couldn't create function: unsupported method \"x\", expected \"remove_explicit_bound\" or \"limit_buckets\" (at 1:1)",
        ),
        ("merge_histogram_buckets(attributes[\"x\"])", "run: target_value must not be nil"),
        (
            "merge_histogram_buckets(count - 11, \"limit_buckets\")",
            "run: target_value must be a positive integer when method is \"limit_buckets\", got -1",
        ),
    ] {
        assert_eq!(on_points(statement, &start), expected);
    }
}

#[test]
fn summaries_become_sums() {
    let point = |count: &str, sum: &str| {
        format!(
            r#"{{"attributes":[{{"key":"a","value":{{"intValue":"{count}"}}}}],"startTimeUnixNano":"1","timeUnixNano":"2","count":"{count}","sum":{sum}}}"#
        )
    };
    let summary = format!(
        r#"{{"name":"q","description":"d","unit":"s","summary":{{"dataPoints":[{},{}]}}}}"#,
        point("3", "1.5"),
        point("4", "2.5")
    );
    let made = |name: &str, one: &str, other: &str, more: &str| {
        let point = |count: &str, value: &str| {
            format!(
                r#"{{"attributes":[{{"key":"a","value":{{"intValue":"{count}"}}}}],"startTimeUnixNano":"1","timeUnixNano":"2",{value}}}"#
            )
        };
        format!(
            r#"{{"name":"{name}","description":"d","unit":"s","sum":{{"dataPoints":[{},{}]{more}}}}}"#,
            point("3", one),
            point("4", other)
        )
    };
    let count = made(
        "q_count",
        r#""asInt":"3""#,
        r#""asInt":"4""#,
        r#","aggregationTemporality":2,"isMonotonic":true"#,
    );
    assert_eq!(
        on_points(r#"convert_summary_count_val_to_sum("cumulative", true)"#, &summary),
        format!("{summary},{count}")
    );
    let sum = made("q.s", r#""asDouble":1.5"#, r#""asDouble":2.5"#, r#","aggregationTemporality":1"#);
    assert_eq!(
        on_points(r#"convert_summary_sum_val_to_sum("delta", false, ".s")"#, &summary),
        format!("{summary},{sum}")
    );
    let gauge = r#"{"name":"g","gauge":{"dataPoints":[{"asInt":"3"}]}}"#;
    assert_eq!(on_points(r#"convert_summary_sum_val_to_sum("delta", false)"#, gauge), gauge);
    assert_eq!(
        on_points(r#"convert_summary_sum_val_to_sum("x", false)"#, gauge),
        "compile: couldn't create function: unknown aggregation temporality: x (at 1:1)"
    );
}
