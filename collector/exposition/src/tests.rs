use std::fmt::Write;

use proptest::prelude::*;
use slimcol_prometheus::Canonical;

use super::*;

/// Everything that is on a page, a line for each entry, and how it ended.
fn told(page: &[u8], format: Format, histograms: Histograms, expected: &[&[u8]]) -> String {
    let mut text = String::new();
    let mut reader = Page::new(page, format, histograms);
    let mut nth = 0;
    loop {
        let _ = match reader.next(expected.get(nth).copied().unwrap_or_default()) {
            Ok(Some(Entry::Type { name, kind })) => writeln!(text, "type {name} {}", kind.as_str()),
            Ok(Some(Entry::Help { name, text: help })) => writeln!(text, "help {name} {help:?}"),
            Ok(Some(Entry::Unit { name, unit })) => writeln!(text, "unit {name} {unit}"),
            Ok(Some(Entry::Sample(sample))) => {
                nth += 1;
                let _ = write!(text, "{} = {}", labels(sample.series), sample.value);
                if let Some(time) = sample.timestamp {
                    let _ = write!(text, " at {time}");
                }
                if let Some(exemplar) = sample.exemplar {
                    let _ = write!(text, " # {}", shown(&exemplar));
                }
                writeln!(text)
            }
            Ok(Some(Entry::Histogram { series, timestamp, native, exemplars })) => {
                let all: Vec<_> = exemplars.iter().map(shown).collect();
                writeln!(text, "{} is {native:?} at {timestamp:?} # {all:?}", labels(series))
            }
            Ok(None) => return text + "end\n",
            Err(error) => return text + &error.to_string(),
        };
    }
}

fn labels(series: &[u8]) -> String {
    let mut text = String::new();
    parts(series, |name, value| {
        let _ = if name == "__name__" { write!(text, "{value}") } else { write!(text, " {name}={value:?}") };
    });
    text
}

fn shown(exemplar: &Exemplar<'_>) -> String {
    let labels: Vec<_> = exemplar.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
    format!("{} {} {:?}", labels.join(","), exemplar.value, exemplar.timestamp)
}

fn text(page: &str) -> String {
    told(page.as_bytes(), Format::Text, Histograms::Classic, &[])
}

fn open(page: &str) -> String {
    told(page.as_bytes(), Format::OpenMetrics, Histograms::Classic, &[])
}

#[test]
fn the_text_format_is_read_as_prometheus_reads_it() {
    let page = r#"# HELP go_goroutines Number of \\ goroutines.\nReally.
# TYPE go_goroutines gauge
go_goroutines 33
	# a comment
#another
# TYPE rpc summary
rpc{quantile="0.5",} 4.3e-05 1500000000000
rpc{ a = "1" , b="x\"y\\z\nq" } +Inf
rpc {a="1" b="2"}	NaN

{"with.dots", "a label"="ü"} -1
{x="}"  , "late"}5
a:b-1
last 0x1
"#;
    assert_eq!(
        text(page),
        r#"help go_goroutines "Number of \\ goroutines.\nReally."
type go_goroutines gauge
go_goroutines = 33
type rpc summary
rpc quantile="0.5" = 0.000043 at 1500000000000
rpc a="1" b="x\"y\\z\nq" = inf
rpc a="1" b="2" = NaN
with.dots a label="ü" = -1
late x="}" = 5
a:b = -1
strconv.ParseFloat: parsing "0x1": invalid syntax while parsing: "last 0x1""#
    );
}

#[test]
fn what_is_no_text_page_is_refused() {
    for (page, error) in [
        ("a", "expected value after metric, got \"\" (\"EOF\") while parsing: \"a\""),
        ("a\n", "expected value after metric, got \"\\n\" (\"INVALID\") while parsing: \"a\\n\""),
        ("a{b=\"c\"} 1 2 3\n", "expected next entry after timestamp, got \"3\""),
        ("a 1 x\n", "expected timestamp or new record, got \"x\""),
        ("a 1 -5\n", "expected timestamp or new record, got \"-\""),
        ("a 1_0\n", "unsupported character in float while parsing: \"a 1_0\""),
        ("a 1e999\n", "value out of range"),
        ("a +nan\n", "invalid syntax"),
        (
            "a 1 99999999999999999999\n",
            "strconv.ParseInt: parsing \"99999999999999999999\": value out of range",
        ),
        ("a{b=c} 1\n", "expected label value, got \"c\""),
        ("a{b} 1\n", "expected equal, got \"}\""),
        ("a{1=\"\"} 1\n", "expected label name, got \"1\""),
        ("a{,} 1\n", "expected label name, got \",\""),
        ("a{b=\"c} 1\n", "expected label value, got"),
        ("a{b=\"\\\n\"} 1\n", "expected label value, got"),
        ("a{\"b\"} 1\n", "metric name already set while parsing: \"a{\\\"b\\\"}\""),
        ("{b=\"c\"} 1\n", "metric name not set while parsing: \"{b=\\\"c\\\"}\""),
        ("1a 2\n", "expected a valid start token, got \"1\""),
        ("# TYPE a banana\n", "invalid metric type \"banana\""),
        ("# TYPE a info\n", "invalid metric type \"info\""),
        ("# TYPE 1 gauge\n", "expected metric name after TYPE, got \"1\""),
    ] {
        let found = text(page);
        assert!(found.contains(error), "{page:?}: {found}");
    }
    let broken = told(b"a{b=\"\xff\"} 1\n", Format::Text, Histograms::Classic, &[]);
    assert!(broken.starts_with("invalid UTF-8 label value"), "{broken}");
    for (page, error) in [
        (&b"# HELP a \xff\n"[..], "help text \"\u{fffd}\" is not a valid utf8 string"),
        (b"{\"\xff\"} 1\n", "invalid UTF-8 metric name: \"\u{fffd}\""),
        (b"a{\"\xff\"=\"b\"} 1\n", "invalid UTF-8 label name"),
    ] {
        let found = told(page, Format::Text, Histograms::Classic, &[]);
        assert!(found.starts_with(error), "{page:?}: {found}");
    }
    // What Prometheus lets pass.
    assert_eq!(text("# HELP\n# TYPE\n#\n#HELP a b\n"), "end\n");
    assert_eq!(text("a 1\n\0b 2\n"), "a = 1\nend\n");
}

#[test]
fn openmetrics_is_read_as_prometheus_reads_it() {
    let page = "# HELP foo_seconds A \\\"help\\\".\n# TYPE foo_seconds counter\n# UNIT foo_seconds seconds\n\
                foo_seconds_total{a=\"b\"} 17.0 1520879607.789 # {trace_id=\"abc\",x=\"\\n\"} 0.5 1520879607.1\n\
                foo_seconds_created{a=\"b\"} 1520872607.123\n\
                # TYPE bar stateset\nbar{bar=\"a\"} 1 # {} 3\n# EOF\n";
    assert_eq!(
        open(page),
        "help foo_seconds \"A \\\"help\\\".\"\ntype foo_seconds counter\nunit foo_seconds seconds\n\
         foo_seconds_total a=\"b\" = 17 at 1520879607789 # trace_id=abc,x=\n 0.5 Some(1520879607100)\n\
         foo_seconds_created a=\"b\" = 1520872607.123\n\
         type bar stateset\nbar bar=\"a\" = 1 #  3 None\nend\n"
    );
}

#[test]
fn what_is_not_quite_openmetrics_is_refused() {
    for (page, error) in [
        ("a 1\n", "data does not end with # EOF"),
        ("a 1", "data does not end with # EOF"),
        ("", "data does not end with # EOF"),
        ("\n# EOF\n", "expected a valid start token, got \"\\n\""),
        ("a  1\n# EOF\n", "expected value after metric, got \" \""),
        ("a {b=\"c\"} 1\n# EOF\n", "strconv.ParseFloat: parsing \"{b=\\\"c\\\"}\": invalid syntax"),
        ("a{b=\"c\" d=\"e\"} 1\n# EOF\n", "expected comma or brace close, got \" \""),
        ("a{ b=\"c\"} 1\n# EOF\n", "expected label name, got \" \""),
        ("a 1 2 3\n# EOF\n", "expected next entry after timestamp, got \" \""),
        ("a 1 Inf\n# EOF\n", "invalid timestamp inf"),
        ("a 1 # {b=\"c\"}\n# EOF\n", "expected value after exemplar labels"),
        ("a 1 # {\"b\"} 1\n# EOF\n", "expected label name, got \"}\""),
        ("a 1 #\n# EOF\n", "strconv.ParseFloat: parsing \"#\""),
        ("# a comment\n# EOF\n", "expected a valid start token"),
        ("# TYPE a\n# EOF\n", "expected text in TYPE"),
        ("# TYPE a untyped\n# EOF\n", "invalid metric type \"untyped\""),
        ("# UNIT a seconds\n# EOF\n", "unit \"seconds\" not a suffix of metric \"a\""),
        ("# EOF\na 1\n", "unexpected data after # EOF"),
    ] {
        let found = open(page);
        assert!(found.contains(error), "{page:?}: {found}");
    }
}

/// A field with a length.
fn field(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2, u8::try_from(content.len()).unwrap()];
    bytes.extend_from_slice(content);
    bytes
}

fn fixed(number: u8, value: f64) -> Vec<u8> {
    [&[number << 3 | 1][..], &value.to_le_bytes()].concat()
}

fn family(name: &str, kind: u8, metrics: &[Vec<u8>]) -> Vec<u8> {
    let metrics: Vec<u8> = metrics.iter().flat_map(|metric| field_long(4, metric)).collect();
    let body =
        [field(1, name.as_bytes()), field(2, b"Help."), vec![3 << 3, kind], metrics, field(5, b"s")].concat();
    let mut page = Vec::new();
    slimcol_pdata::put::varint(&mut page, body.len() as u64);
    page.extend_from_slice(&body);
    page
}

fn field_long(number: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![number << 3 | 2];
    slimcol_pdata::put::varint(&mut bytes, content.len() as u64);
    bytes.extend_from_slice(content);
    bytes
}

fn label(name: &str, value: &str) -> Vec<u8> {
    field(1, &[field(1, name.as_bytes()), field(2, value.as_bytes())].concat())
}

#[test]
fn protobuf_is_read_as_the_series_that_it_is() {
    let exemplar = [label("trace_id", "ab"), fixed(2, 0.7), field(3, &[8, 5, 16, 0x80, 0x89, 0x7a])].concat();
    let counter =
        [label("a", "b"), field(3, &[fixed(1, 3.0), field(2, &exemplar)].concat()), vec![6 << 3, 7]].concat();
    let quantile = field(3, &[fixed(1, 0.5), fixed(2, 9.0)].concat());
    let summary = field(4, &[vec![8, 2], fixed(2, 18.0), quantile].concat());
    let bucket = field(3, &[vec![8, 1], fixed(2, 0.5)].concat());
    let histogram = field(7, &[vec![8, 2], fixed(2, 18.0), bucket].concat());
    let page = [
        family("c_total", 0, &[counter]),
        family("g", 1, &[field(2, &fixed(1, f64::NAN))]),
        family("s", 2, &[summary]),
        family("h", 4, &[histogram]),
    ]
    .concat();
    assert_eq!(
        told(&page, Format::Proto, Histograms::Native, &[]),
        r#"help c_total "Help."
unit c_total s
type c_total counter
c_total a="b" = 3 at 7 # trace_id=ab 0.7 Some(5002)
help g "Help."
unit g s
type g gauge
g = NaN
help s "Help."
unit s s
type s summary
s_count = 2
s_sum = 18
s quantile="0.5" = 9
help h "Help."
unit h s
type h histogram
h_count = 2
h_sum = 18
h_bucket le="0.5" = 1
h_bucket le="+Inf" = 2
end
"#
    );
}

#[test]
fn native_histograms_are_filled_up_and_trimmed() {
    // Spans 3..5 and, two further, 7..8; the first bucket is empty.
    let spans = [field(12, &[8, 6, 16, 2]), field(12, &[8, 4, 16, 1])].concat();
    let deltas = field(13, &[0, 8, 3]);
    let rest = [vec![8, 6], fixed(2, 1.5), vec![5 << 3, 6], fixed(6, 0.001), vec![7 << 3, 1]].concat();
    let histogram = [rest, spans, deltas].concat();
    let metric = [label("a", "b"), field(7, &histogram)].concat();
    let found = told(&family("h", 4, std::slice::from_ref(&metric)), Format::Proto, Histograms::Native, &[]);
    let native = Native {
        schema: 3,
        zero_threshold: 0.001,
        zero_count: 1.0,
        count: 6.0,
        sum: 1.5,
        positive: Buckets { first: 4, counts: vec![4.0, 0.0, 0.0, 2.0] },
        ..Native::default()
    };
    assert!(found.contains(&format!("h a=\"b\" is {native:?} at None # []")), "{found}");
    let classic =
        told(&family("h", 4, std::slice::from_ref(&metric)), Format::Proto, Histograms::Classic, &[]);
    assert!(classic.contains("h_bucket a=\"b\" le=\"+Inf\" = 6"), "{classic}");
    // Without classic buckets there is nothing to say twice.
    let both = told(&family("h", 4, std::slice::from_ref(&metric)), Format::Proto, Histograms::Both, &[]);
    assert_eq!(both, found);
    let bucket = field(3, &[vec![8, 5], fixed(2, 0.5)].concat());
    let two = [label("a", "b"), field(7, &[bucket, histogram].concat())].concat();
    let both = told(&family("h", 4, &[two, metric]), Format::Proto, Histograms::Both, &[]);
    let (first, second) = both.split_once("h a=\"b\" is ").unwrap().1.split_once("h a=\"b\" is ").unwrap();
    assert!(first.ends_with(
        "h_count a=\"b\" = 6\nh_sum a=\"b\" = 1.5\nh_bucket a=\"b\" le=\"0.5\" = 5\nh_bucket a=\"b\" le=\"+Inf\" = 6\n"
    ));
    assert!(!second.contains("bucket a"), "{second}");
    for (spans, error) in [
        (field(12, &[8, 0, 16, 2]), "spans need 2 buckets, have 1 buckets"),
        (field(12, &[8, 0, 16, 0xff, 0xff, 0xff, 0x7f]), "spans need 268435455 buckets, have 1 buckets"),
        (
            [field(12, &[8, 0, 16, 1]), field(12, &[8, 0xfe, 0xff, 0xff, 0xff, 0xf, 16, 0])].concat(),
            "more than 16384",
        ),
        ([field(12, &[8, 0, 16, 1]), field(12, &[8, 1, 16, 0])].concat(), "offset is negative"),
    ] {
        let metric = field(7, &[spans, field(13, &[2])].concat());
        let found = told(&family("h", 4, &[metric]), Format::Proto, Histograms::Native, &[]);
        assert!(found.contains(error), "{found}");
    }
    for (name, kind, error) in
        [("h", 9, "unknown metric type for metric \"h\": 9"), ("", 4, "invalid metric name: ")]
    {
        let found = told(&family(name, kind, &[field(7, &[])]), Format::Proto, Histograms::Native, &[]);
        assert!(found.contains(error), "{found}");
    }
}

const LINES: [&str; 14] = [
    "# TYPE a counter\n",
    "# HELP a b\\\\c\n",
    "# UNIT a_s s\n",
    "# EOF\n",
    "a 1\n",
    "a{b=\"c\"} 2\n",
    "a{b=\"c\"} 2 3\n",
    "a{b=\"}\\\"\"} 2.5 # {x=\"y\"} 1\n",
    "a_bucket{le=\"+Inf\"} 2\n",
    "{\"q.r\",b=\"c\"} NaN\n",
    "a {b=\"c\"} 2\n",
    "\n",
    "a  4\n",
    "a{b=\"c\",} 1e5\n",
];

fn mutated() -> impl Strategy<Value = Vec<u8>> {
    let lines = prop::collection::vec(prop::sample::select(&LINES[..]), 0..8);
    (lines, prop::collection::vec((any::<prop::sample::Index>(), any::<u8>(), 0..3u8), 0..4)).prop_map(
        |(lines, changes)| {
            let mut page = lines.concat().into_bytes();
            for (index, byte, how) in changes {
                if page.is_empty() {
                    break;
                }
                let at = index.index(page.len());
                match how {
                    0 => page[at] = byte,
                    1 => drop(page.remove(at)),
                    _ => page.insert(at, byte),
                }
            }
            page
        },
    )
}

proptest! {
    #[test]
    fn what_is_expected_changes_nothing(page in mutated(), open in any::<bool>()) {
        let format = if open { Format::OpenMetrics } else { Format::Text };
        let mut series = Vec::new();
        let mut reader = Page::new(&page, format, Histograms::Classic);
        while let Ok(Some(entry)) = reader.next(b"") {
            if let Entry::Sample(sample) = entry {
                series.push(sample.series.to_vec());
            }
        }
        let plain = told(&page, format, Histograms::Classic, &[]);
        let right: Vec<&[u8]> = series.iter().map(|series| &series[..]).collect();
        prop_assert_eq!(&told(&page, format, Histograms::Classic, &right), &plain);
        // Expecting what comes only later.
        let wrong: Vec<&[u8]> = series.iter().skip(1).map(|series| &series[..]).collect();
        prop_assert_eq!(&told(&page, format, Histograms::Classic, &wrong), &plain);
    }

    #[test]
    fn no_message_is_too_strange(page in prop::collection::vec(any::<u8>(), 0..200), which in 0..3usize) {
        let histograms = [Histograms::Classic, Histograms::Native, Histograms::Both][which];
        let mut framed = Vec::new();
        slimcol_pdata::put::varint(&mut framed, page.len() as u64);
        framed.extend_from_slice(&page);
        told(&framed, Format::Proto, histograms, &[]);
        told(&page, Format::Proto, histograms, &[]);
    }

    #[test]
    fn short_numbers_are_exact(text in "[0-9]{0,9}[.]?[0-9]{0,9}") {
        let read = parse_number(text.as_bytes()).ok();
        prop_assert_eq!(read, text.parse::<f64>().ok(), "{}", text);
    }

    #[test]
    fn numbers_read_as_they_are_written(number in any::<f64>()) {
        let text = Canonical(number).to_string();
        let read = parse_number(text.as_bytes()).unwrap();
        prop_assert!(read.to_bits() == number.to_bits() || (read.is_nan() && number.is_nan()), "{}", text);
    }
}
