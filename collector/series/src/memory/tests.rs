use std::{fmt::Write, sync::Arc};

use slimcol_exposition::Histograms;
use slimcol_pdata::{Data, Signal};
use slimcol_relabel::{Action, Labels, Rule, Written};
use slimcol_service::Log;

use super::*;
use crate::{
    terms::Terms,
    write::{Beside, write, write_whole},
};

fn subject(change: impl FnOnce(&mut Terms)) -> Subject {
    let mut terms = Terms { honor_timestamps: true, ..Terms::default() };
    change(&mut terms);
    Subject {
        terms: Arc::new(terms),
        labels: Labels::from([("job", "job"), ("instance", "host:80"), ("env", "test")]),
        discovered: Labels::from([("__scheme__", "http"), ("__meta_kubernetes_pod_name", "pod-1")]),
        scope: ("scraper", "1".into()),
        log: Log::none(),
    }
}

/// Sets a limit.
type Change = fn(&mut Terms);

/// What a scrape sends, as JSON without what is the same everywhere.
struct Scrapes {
    subject: Subject,
    memory: Memory,
    now: i64,
    counts: Counts,
}

impl Scrapes {
    fn new(change: impl FnOnce(&mut Terms)) -> Self {
        Self { subject: subject(change), memory: Memory::default(), now: 0, counts: Counts::default() }
    }

    fn scrape(&mut self, page: &[u8], format: Format) -> String {
        self.now += 1000;
        let (reading, outcome) = self.memory.take(&self.subject, Some((page, format)), self.now);
        self.counts = reading.counts;
        let mut request = Vec::new();
        let mut points = write(&mut request, &self.memory.cache, &reading, self.now, None);
        if let Some((cache, ends)) = reading.before.as_deref() {
            points += write(&mut request, cache, ends, self.now, None);
        }
        let beside = Beside { scope: 0, metrics: &[], points: 0 };
        if let Some(whole) = write_whole(&self.memory.cache, &reading, self.now, beside, 0)
            && reading.before.is_none()
            && !request.is_empty()
        {
            assert_eq!(whole.bytes[whole.start..], request);
        }
        let data = Data::from_bytes(Signal::Metrics, request.into()).unwrap();
        assert_eq!(data.items(), points);
        let mut json = Vec::new();
        data.write_json(&mut json);
        let json = String::from_utf8(json).unwrap();
        outcome.err().unwrap_or_default() + &json
    }

    fn text(&mut self, page: &str) -> String {
        self.scrape(page.as_bytes(), Format::Text)
    }

    fn open(&mut self, page: &str) -> String {
        self.scrape(page.as_bytes(), Format::OpenMetrics)
    }
}

/// The metrics of the only scope.
fn metrics(json: &str) -> &str {
    let start = json.find("\"metrics\":[").unwrap_or_else(|| panic!("no metrics: {json}"));
    json[start + 11..].strip_suffix("]}]}]}").unwrap_or_else(|| panic!("more than one scope: {json}"))
}

const ENV: &str = r#"{"key":"env","value":{"stringValue":"test"}}"#;

#[test]
fn a_resource_says_what_is_scraped() {
    let json = Scrapes::new(|_| {}).text("a 1\n");
    assert_eq!(
        json,
        r#"{"resourceMetrics":[{"resource":{"attributes":[{"key":"service.name","value":{"stringValue":"job"}},{"key":"server.address","value":{"stringValue":"host"}},{"key":"service.instance.id","value":{"stringValue":"host:80"}},{"key":"server.port","value":{"stringValue":"80"}},{"key":"url.scheme","value":{"stringValue":"http"}},{"key":"k8s.pod.name","value":{"stringValue":"pod-1"}}]},"scopeMetrics":[{"scope":{"name":"scraper","version":"1"},"metrics":[{"name":"a","gauge":{"dataPoints":[{"attributes":[{"key":"env","value":{"stringValue":"test"}}],"timeUnixNano":"1000000000","asDouble":1}]},"metadata":[{"key":"prometheus.type","value":{"stringValue":"unknown"}}]}]}]}]}"#
    );
}

#[test]
fn every_kind_of_family_has_its_metric() {
    for (page, metric) in [
        (
            "# HELP a_seconds_total Time.\n# TYPE a_seconds_total counter\na_seconds_total{x=\"y\",e=\"\"} 3\n",
            r#"{"name":"a_seconds_total","description":"Time.","sum":{"dataPoints":[{"attributes":[ENV,{"key":"x","value":{"stringValue":"y"}}],"timeUnixNano":"1000000000","asDouble":3}],"aggregationTemporality":2,"isMonotonic":true},"metadata":[{"key":"prometheus.type","value":{"stringValue":"counter"}}]}"#,
        ),
        (
            "# TYPE g gauge\ng NaN 7\n",
            r#"{"name":"g","gauge":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"7000000","asDouble":"NaN"}]},"metadata":[{"key":"prometheus.type","value":{"stringValue":"gauge"}}]}"#,
        ),
        (
            "# TYPE h histogram\nh_bucket{le=\"1\"} 2\nh_bucket{le=\"+Inf\"} 5\nh_bucket{le=\"0.5\"} 1\nh_sum 4.5\nh_count 5\n",
            r#"{"name":"h","histogram":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"1000000000","count":"5","sum":4.5,"bucketCounts":["1","1","3"],"explicitBounds":[0.5,1]}],"aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"histogram"}}]}"#,
        ),
        (
            "# TYPE s summary\ns{quantile=\"0.9\"} 2\ns{quantile=\"0.5\"} 1\ns_sum 4.5\ns_count 5\n",
            r#"{"name":"s","summary":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"1000000000","count":"5","sum":4.5,"quantileValues":[{"quantile":0.5,"value":1},{"quantile":0.9,"value":2}]}]},"metadata":[{"key":"prometheus.type","value":{"stringValue":"summary"}}]}"#,
        ),
    ] {
        let json = Scrapes::new(|_| {}).text(page);
        assert_eq!(metrics(&json), metric.replace("ENV", ENV));
    }
}

#[test]
fn openmetrics_has_more_kinds_of_families() {
    for (page, metric) in [
        (
            "# TYPE a_seconds counter\n# UNIT a_seconds seconds\na_seconds_total 3 5 # {trace_id=\"0102\",span_id=\"zz\"} 1\na_seconds_created 2.5\n",
            r#"{"name":"a_seconds_total","unit":"s","sum":{"dataPoints":[{"attributes":[ENV],"startTimeUnixNano":"2500000000","timeUnixNano":"5000000000","asDouble":3,"exemplars":[{"filteredAttributes":[{"key":"span_id","value":{"stringValue":"zz"}}],"timeUnixNano":"5000000000","asDouble":1,"traceId":"00000000000000000000000000000102"}]}],"aggregationTemporality":2,"isMonotonic":true},"metadata":[{"key":"prometheus.type","value":{"stringValue":"counter"}}]}"#,
        ),
        (
            "# TYPE i info\ni_info{v=\"1\"} 1\n",
            r#"{"name":"i","sum":{"dataPoints":[{"attributes":[ENV,{"key":"v","value":{"stringValue":"1"}}],"timeUnixNano":"1000000000","asDouble":1}],"aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"info"}}]}"#,
        ),
        (
            "# TYPE st stateset\nst{st=\"a\"} 1\nst{st=\"b\"} 0\n",
            r#"{"name":"st","sum":{"dataPoints":[{"attributes":[ENV,{"key":"st","value":{"stringValue":"a"}}],"timeUnixNano":"1000000000","asDouble":1},{"attributes":[ENV,{"key":"st","value":{"stringValue":"b"}}],"timeUnixNano":"1000000000","asDouble":0}],"aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"stateset"}}]}"#,
        ),
        (
            "# TYPE gh gaugehistogram\ngh_bucket{le=\"1\"} 2\n",
            r#"{"name":"gh","gauge":{"dataPoints":[{"attributes":[ENV,{"key":"le","value":{"stringValue":"1"}}],"timeUnixNano":"1000000000","asDouble":2}]},"metadata":[{"key":"prometheus.type","value":{"stringValue":"gaugehistogram"}}]}"#,
        ),
        (
            "# TYPE h histogram\nh_bucket{le=\"1.0\"} 2 # {trace_id=\"0102030405060708090a0b0c0d0e0f10\"} 0.5 4\nh_bucket{le=\"+Inf\"} 2\nh_count 2\nh_created 1\n",
            r#"{"name":"h","histogram":{"dataPoints":[{"attributes":[ENV],"startTimeUnixNano":"1000000000","timeUnixNano":"1000000000","count":"2","bucketCounts":["2","0"],"explicitBounds":[1],"exemplars":[{"timeUnixNano":"4000000000","asDouble":0.5,"traceId":"0102030405060708090a0b0c0d0e0f10"}]}],"aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"histogram"}}]}"#,
        ),
    ] {
        let json = Scrapes::new(|_| {}).open(&format!("{page}# EOF\n"));
        assert_eq!(metrics(&json), metric.replace("ENV", ENV));
    }
}

#[test]
fn native_histograms_are_exponential_ones() {
    let native = [
        &[8, 6, 0x11, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x28, 6, 0x31, 0, 0, 0, 0, 0, 0, 0xd0, 0x3f, 0x38, 1][..],
        &[0x62, 4, 8, 6, 16, 2, 0x62, 4, 8, 4, 16, 1, 0x6a, 3, 2, 8, 3],
    ]
    .concat();
    let short = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    let page_of = |histogram: &[u8]| {
        let metric = [&[0x3a, short(histogram)][..], histogram].concat();
        let family = [&[0x0a, 1, b'h', 0x18, 4, 0x22, short(&metric)][..], &metric].concat();
        [&[short(&family)][..], &family].concat()
    };
    let page = page_of(&native);
    let mut scrapes = Scrapes::new(|terms| terms.histograms = Histograms::Native);
    let json = scrapes.scrape(&page, Format::Proto);
    let metric = r#"{"name":"h","exponentialHistogram":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"1000000000","count":"6","sum":1.5,"scale":3,"zeroCount":"1","positive":{"offset":2,"bucketCounts":["1","5","0","0","3"]},"zeroThreshold":0.25}],"aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"histogram"}}]}"#;
    let wanted = metric.replace("ENV", ENV);
    let plain = metrics(&json).replace(r#","negative":{}"#, "");
    assert_eq!(plain, wanted);
    // A classic one beside it, of the same name, where both are wanted and there is a bucket.
    let bucket = [0x1a, 11, 8, 4, 0x11, 0, 0, 0, 0, 0, 0, 0xe0, 0x3f];
    let both = page_of(&[&bucket[..], &native].concat());
    let mut two = Scrapes::new(|terms| terms.histograms = Histograms::Both);
    let json = two.scrape(&both, Format::Proto);
    let classic = r#"{"name":"h","histogram":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"1000000000","count":"6","sum":1.5,"bucketCounts":["4","2"],"explicitBounds":[0.5]}],"aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"histogram"}}]}"#;
    let plain = metrics(&json).replace(r#","negative":{}"#, "");
    assert_eq!(plain, format!("{wanted},{}", classic.replace("ENV", ENV)));
    assert_eq!(two.counts, Counts { scraped: 5, kept: 5, added: 5 });
    // Both end.
    assert_eq!(two.text("# TYPE x gauge\nx 1\n").matches(r#""flags":1"#).count(), 2);
    let json = scrapes.text("# TYPE x gauge\nx 1\n");
    assert!(json.contains(r#""timeUnixNano":"2000000000","positive":{},"negative":{},"flags":1"#), "{json}");
    // Classic buckets of the same messages, where nobody asks for native ones.
    let json = Scrapes::new(|_| {}).scrape(&page, Format::Proto);
    assert!(metrics(&json).contains(r#""count":"6","sum":1.5,"bucketCounts":["6"]"#), "{json}");
}

#[test]
fn native_histograms_of_other_kinds_are_what_they_can_be() {
    let short = |bytes: &[u8]| u8::try_from(bytes.len()).unwrap();
    // Six observations whose sum is 1.5, in a row of two buckets from the first on: 2 and 4.
    let page_of = |kind: u8, schema: u8| {
        let histogram = [
            &[8, 6, 0x11, 0, 0, 0, 0, 0, 0, 0xf8, 0x3f, 0x28, schema][..],
            &[0x62, 4, 8, 0, 16, 2, 0x6a, 2, 4, 4],
        ]
        .concat();
        let metric = [&[0x3a, short(&histogram)][..], &histogram].concat();
        let family = [&[0x0a, 1, b'h', 0x18, kind, 0x22, short(&metric)][..], &metric].concat();
        [&[short(&family)][..], &family].concat()
    };
    let ends = r#""aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"histogram"}}]}"#;
    // One that can go down is no other histogram in Go either.
    for kind in [4, 5] {
        let json = Scrapes::new(|terms| terms.histograms = Histograms::Native)
            .scrape(&page_of(kind, 2), Format::Proto);
        let wanted = r#"{"name":"h","exponentialHistogram":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"1000000000","count":"6","sum":1.5,"scale":1,"positive":{"offset":-1,"bucketCounts":["2","4"]}}],"#;
        let plain = metrics(&json).replace(r#","negative":{}"#, "");
        assert_eq!(plain, wanted.replace("ENV", ENV) + ends);
    }
    // Custom buckets, whose bounds the format has no field for: schema -53.
    let json =
        Scrapes::new(|terms| terms.histograms = Histograms::Native).scrape(&page_of(4, 105), Format::Proto);
    let wanted = r#"{"name":"h","histogram":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"1000000000","count":"6","sum":1.5,"bucketCounts":["6"]}],"#;
    assert_eq!(metrics(&json), wanted.replace("ENV", ENV) + ends);
}

#[test]
fn what_is_gone_is_told_once() {
    let mut scrapes = Scrapes::new(|_| {});
    let page = "# TYPE a counter\na{x=\"1\"} 1\na{x=\"2\"} 2\n# TYPE h histogram\nh_bucket{le=\"1\"} 1\nh_bucket{le=\"+Inf\"} 1\nh_sum 1\nh_count 1\n";
    scrapes.text(page);
    assert_eq!(scrapes.counts, Counts { scraped: 6, kept: 6, added: 6 });
    let json = scrapes.text("# TYPE a counter\na{x=\"2\"} 3\n");
    assert_eq!(scrapes.counts, Counts { scraped: 1, kept: 1, added: 0 });
    let wanted = r#"{"name":"a","sum":{"dataPoints":[{"attributes":[ENV,{"key":"x","value":{"stringValue":"1"}}],"timeUnixNano":"2000000000","flags":1},{"attributes":[ENV,{"key":"x","value":{"stringValue":"2"}}],"timeUnixNano":"2000000000","asDouble":3}],"aggregationTemporality":2,"isMonotonic":true},"metadata":[{"key":"prometheus.type","value":{"stringValue":"counter"}}]},{"name":"h","histogram":{"dataPoints":[{"attributes":[ENV],"timeUnixNano":"2000000000","bucketCounts":["0","0"],"explicitBounds":[1],"flags":1}],"aggregationTemporality":2},"metadata":[{"key":"prometheus.type","value":{"stringValue":"histogram"}}]}"#;
    assert_eq!(metrics(&json), wanted.replace("ENV", ENV));
    let json = scrapes.text("# TYPE a counter\na{x=\"2\"} 3\n");
    assert!(!json.contains("flags"), "{json}");
    // A page that is wrong is the end of all.
    let json = scrapes.text("a{x=\"2\"} 3\na{x=\"2\"\n");
    assert!(json.starts_with("expected label name, got"), "{json}");
    assert!(
        json.contains(r#""timeUnixNano":"4000000000","flags":1"#) && !json.contains("asDouble"),
        "{json}"
    );
    let json = scrapes.text("# TYPE a counter\na{x=\"2\"} 4\na{x=\"1\"} 5\n");
    assert_eq!(scrapes.counts, Counts { scraped: 2, kept: 2, added: 1 });
    assert!(!json.contains("flags"), "{json}");
}

#[test]
fn the_same_series_written_otherwise_has_not_ended() {
    let mut scrapes = Scrapes::new(|_| {});
    scrapes.text("a{x=\"1\",y=\"2\"} 1\nb 1\n");
    let json = scrapes.text("a{y=\"2\",x=\"1\"} 2\nb 2\n");
    assert!(!json.contains("flags"), "{json}");
    assert_eq!(json.matches("asDouble").count(), 2);
    // Other metadata: all is made anew, and what is no longer there is told nevertheless.
    let json = scrapes.text("# TYPE a counter\na{y=\"2\",x=\"1\"} 3\n");
    assert!(json.contains(r#""isMonotonic":true"#), "{json}");
    assert_eq!((json.matches("flags").count(), json.matches("\"name\":\"b\"").count()), (1, 1), "{json}");
    assert_eq!(scrapes.counts.added, 0);
    let json = scrapes.text("# HELP a More.\n# TYPE a counter\na{y=\"2\",x=\"1\"} 3\n");
    assert!(json.contains("More.") && !json.contains("flags"), "{json}");
}

#[test]
fn families_that_are_new_change_nothing_of_the_others() {
    let mut scrapes = Scrapes::new(|_| {});
    scrapes.text("# HELP a A.\n# TYPE a gauge\na 1\nb 1\n");
    let json = scrapes.text("# HELP a A.\n# TYPE a gauge\na 1\n# HELP c C.\n# TYPE c counter\nc 1\n");
    assert!(json.contains(r#""description":"C.","sum""#), "{json}");
    assert_eq!((json.matches(r#""resource":"#).count(), json.matches("flags").count()), (1, 1), "{json}");
    // A line behind the samples that it is about does.
    let json = scrapes.text("# HELP a A.\n# TYPE a gauge\na 1\n# TYPE d counter\nd 1\n# HELP d D.\n");
    assert!(json.contains(r#""description":"D.","sum""#), "{json}");
}

#[test]
fn series_with_times_of_their_own_just_stop() {
    let mut scrapes = Scrapes::new(|_| {});
    scrapes.text("a 1 5\nb 1\n");
    assert_eq!(scrapes.text("b 1\n").matches("flags").count(), 0);
    let mut scrapes = Scrapes::new(|terms| terms.track_timestamps_staleness = true);
    scrapes.text("a 1 5\nb 1\n");
    assert_eq!(scrapes.text("b 1\n").matches("flags").count(), 1);
    let mut scrapes = Scrapes::new(|terms| terms.honor_timestamps = false);
    assert!(scrapes.text("a 1 5\n").contains(r#""timeUnixNano":"1000000000""#));
}

#[test]
fn target_info_and_scope_labels_are_of_resources_and_scopes() {
    let mut scrapes = Scrapes::new(|_| {});
    let page = "target_info{service_version=\"2\",env=\"x\"} 1\na{otel_scope_name=\"lib\",otel_scope_version=\"3\",otel_scope_schema_url=\"u\",otel_scope_team=\"t\",k=\"v\"} 1\n";
    let json = scrapes.text(page);
    assert!(json.contains(r#"{"key":"service_version","value":{"stringValue":"2"}}"#), "{json}");
    assert!(!json.contains("target_info"), "{json}");
    let scope = r#"{"scope":{"name":"lib","version":"3","attributes":[{"key":"team","value":{"stringValue":"t"}}]},"metrics":["#;
    assert!(json.contains(scope) && json.contains(r#""schemaUrl":"u""#), "{json}");
    assert!(json.contains(r#"{"key":"k","value":{"stringValue":"v"}}],"timeUnixNano""#), "{json}");
    // It is said as long as it is there.
    assert!(!scrapes.text("a 1\n").contains("service_version"));
}

#[test]
fn labels_of_target_and_series_meet_as_configured() {
    let page = "a{job=\"own\",env=\"own\",exported_env=\"x\"} 1\n";
    let json = Scrapes::new(|_| {}).text(page);
    for part in [
        r#"{"key":"service.name","value":{"stringValue":"job"}}"#,
        r#"{"key":"env","value":{"stringValue":"test"}}"#,
        r#"{"key":"exported_env","value":{"stringValue":"x"}}"#,
        r#"{"key":"exported_exported_env","value":{"stringValue":"own"}}"#,
        r#"{"key":"exported_job","value":{"stringValue":"own"}}"#,
    ] {
        assert!(json.contains(part), "{part}: {json}");
    }
    let json = Scrapes::new(|terms| terms.honor_labels = true).text(page);
    assert!(json.contains(r#"{"key":"service.name","value":{"stringValue":"own"}}"#), "{json}");
    assert!(json.contains(r#"{"key":"env","value":{"stringValue":"own"}}"#), "{json}");
    let json =
        Scrapes::new(|terms| terms.external = Labels::from([("env", "all"), ("zone", "z")])).text("a 1\n");
    assert!(json.contains(r#"{"key":"env","value":{"stringValue":"all"}},{"key":"zone""#), "{json}");
}

#[test]
fn rules_and_limits_hold_for_series() {
    let drop = Written {
        source_labels: vec!["__name__".into()],
        separator: None,
        regex: Some("b.*".into()),
        modulus: 0,
        target_label: String::new(),
        replacement: None,
        action: Action::Drop,
    };
    let rule = Rule::new(&drop, false).unwrap();
    let mut scrapes = Scrapes::new(|terms| terms.metric_relabel = vec![rule]);
    for added in [1, 0] {
        let json = scrapes.text("a 1\nb 1\nbc 1\n");
        assert_eq!(scrapes.counts, Counts { scraped: 3, kept: 1, added });
        assert!(!json.contains("\"name\":\"b"), "{json}");
    }
    let page = "a{long_name=\"long value\"} 1\nb 1\n";
    let limits: [(Change, &str); 4] = [
        (|terms| terms.limits.samples = 1, "sample limit exceeded"),
        (|terms| terms.limits.labels = 4, "label_limit exceeded (metric: a, number of labels: 5, limit: 4)"),
        (
            |terms| terms.limits.label_name_length = 8,
            "label_name_length_limit exceeded (metric: a, label name: long_name, length: 9, limit: 8)",
        ),
        (
            |terms| terms.limits.label_value_length = 9,
            "label_value_length_limit exceeded (metric: a, label name: long_name, value: \"long value\", length: 10, limit: 9)",
        ),
    ];
    for (change, error) in limits {
        let json = Scrapes::new(change).text(page);
        assert!(json.starts_with(error), "{json}");
    }
    let json = Scrapes::new(|terms| terms.legacy_names = true).text("{\"a.b\"} 1\n");
    assert!(json.starts_with("invalid metric name or label names: {__name__=\"a.b\""), "{json}");
    assert!(
        Scrapes::new(|_| {})
            .text("a{x=\"1\",x=\"2\"} 1\n")
            .starts_with("invalid sample: non-unique label names: \"x\"")
    );
}

#[test]
fn memory_does_not_grow_with_what_comes_and_goes() {
    let mut scrapes = Scrapes::new(|_| {});
    let mut most = 0;
    for round in 0..50 {
        let mut page = String::new();
        for nth in 0..100 {
            let _ = write!(page, "# HELP n{round}_{nth} x\na{{n=\"{round}-{nth}\"}} 1\n");
        }
        let json = scrapes.text(&page);
        assert_eq!(json.matches("\"asDouble\"").count(), 100);
        assert_eq!(json.matches("\"flags\"").count(), if round == 0 { 0 } else { 100 }, "{round}");
        assert_eq!(scrapes.counts.added, 100);
        most = most.max(scrapes.memory.cache.series.len());
        assert!(scrapes.memory.cache.metas.count() <= 1200);
    }
    assert!(most <= 400, "{most}");
}

#[test]
fn what_points_of_many_families_have_in_common_is_kept_once() {
    let page: String = (0..50).fold(String::new(), |mut page, family| {
        for nth in 0..3 {
            writeln!(page, "family_{family}{{path=\"/a/long/path/of/a/handler/{nth}\"}} {nth}").unwrap();
        }
        page
    });
    let mut scrapes = Scrapes::new(|_| {});
    let first = scrapes.text(&page);
    assert_eq!(first.matches("/a/long/path/of/a/handler/1").count(), 50);
    let keys: usize = page.lines().map(|line| line.len() - " 0".len()).sum();
    assert!(scrapes.memory.cache.bytes_kept() < keys + 3 * 60, "{}", scrapes.memory.cache.bytes_kept());
    // What growing took goes when nothing new comes, and nothing else changes.
    let second = scrapes.text(&page);
    assert_eq!(second.replace("2000000000", "1000000000"), first);
    assert_eq!(scrapes.memory.grown, (150, false));
    assert_eq!(scrapes.text(&page).replace("3000000000", "1000000000"), first);
}

#[test]
fn what_pages_say_of_families_is_known_again_and_still_counts() {
    let said = |kind: &str, help: &str| {
        format!("# a comment\n# HELP a {help}\n# TYPE a {kind}\n\na{{n=\"1\"}} 1\n# TYPE b gauge\nb 2\n")
    };
    let pages = [("gauge", "x"), ("gauge", "x"), ("counter", "x"), ("counter", "y"), ("gauge", "x")];
    let mut scrapes = Scrapes::new(|_| {});
    for silent in [0, 1, 9, 10, 11, 12, 40] {
        for (kind, help) in pages {
            for page in [said(kind, help), said(kind, help), said(kind, help).replace(" 1\n", " 3\n")] {
                let mut fresh = Scrapes::new(|_| {});
                fresh.now = scrapes.now;
                assert_eq!(scrapes.text(&page), fresh.text(&page), "{kind} {help} after {silent}");
            }
        }
        // Nothing is said for so long, while another series comes; then all is said again.
        for round in 0..silent {
            let json = scrapes.text("a{n=\"1\"} 1\nb 2\n");
            assert_eq!(json.matches("\"asDouble\"").count(), 2, "{round}");
        }
    }
}
