use super::*;

/// What the Go collector made of messages: most of them wrong in some way, since what a wrong one says shows how it is read.
/// Times without a year are left out.
const VECTORS: &str = include_str!("syslog.jsonl");

/// A vector with what we make of it in place of what Go does.
fn ours(vector: &Map) -> String {
    let text = |name: &str| vector.get(name).and_then(Value::as_text).cloned().unwrap();
    let config = format!("{{type: syslog_parser, {}}}", text("config"));
    let pipeline = built(&config, &Log::none()).unwrap();
    let entry = Entry { body: Value::Text(text("body")), ..Entry::default() };
    let done = pipeline.process(vec![entry]);
    let [entry] = &done.entries[..] else { panic!("{done:?}") };
    let mut found = Map::default();
    let mut put = |name: &'static str, value| found.insert(Text::from_static(name), value);
    put("config", vector.get("config").cloned().unwrap());
    put("body", vector.get("body").cloned().unwrap());
    if let [error] = &done.errors[..] {
        put("error", Value::Text(error.as_str().into()));
    }
    if !entry.attributes.is_empty() {
        put("attributes", sorted(&Value::Map(entry.attributes.clone().into_map())));
    }
    if let Some(time) = entry.timestamp.filter(|_| config.contains("rfc5424")) {
        put("timestamp", Value::Int(time));
    }
    if !entry.severity_text.is_empty() {
        let severity = format!("{} {}", entry.severity.number(), entry.severity_text);
        put("severity", Value::Text(severity.into()));
    }
    json::text(&Value::Map(found))
}

/// The value with its names in order, as Go prints them.
fn sorted(value: &Value) -> Value {
    let Value::Map(map) = value else { return value.clone() };
    let mut pairs: Vec<_> = map.iter().map(|(name, value)| (name.clone(), sorted(value))).collect();
    pairs.sort_unstable_by(|a, b| a.0.cmp(&b.0));
    Value::Map(Map::from_pairs(pairs))
}

#[test]
fn messages_are_read_as_go_reads_them() {
    let mut differ = Vec::new();
    for line in VECTORS.lines() {
        let vector = value(line);
        let ours = ours(vector.as_map().unwrap());
        if ours != json::text(&vector) {
            differ.push(format!("Go   {}\nours {ours}", json::text(&vector)));
        }
    }
    assert!(differ.is_empty(), "{} of them:\n{}", differ.len(), differ.join("\n"));
}

#[test]
fn a_year_is_put_on_times_that_have_none() {
    for (zone, hours) in [("UTC", 0), ("America/Detroit", 5), ("Asia/Tokyo", -9)] {
        let config = format!("{{type: syslog_parser, protocol: RFC3164, location: {zone}}}");
        let pipeline = built(&config, &Log::none()).unwrap();
        let body = Value::from("<34>Jan 03 12:00:00 host app: text");
        let done = pipeline.process(vec![Entry { body, ..Entry::default() }]);
        let time = done.entries[0].timestamp.unwrap() / 1_000_000_000 - hours * 3600;
        let now = slimcol_timeformat::Time::now().seconds;
        assert!((-370 * 86_400..=8 * 86_400).contains(&(time - now)), "{time} {now}");
        let moment =
            slimcol_timeformat::Time { seconds: time, nanos: 0, zone: slimcol_timeformat::Zone::Utc };
        let shown = moment.reading();
        assert_eq!((shown.month, shown.day, shown.hour), (1, 3, 12), "{zone}");
    }
}

#[test]
fn settings_are_checked() {
    for (config, error) in [
        ("", "missing field 'protocol'"),
        ("protocol: rfc1", "unsupported protocol version: rfc1"),
        (
            "protocol: rfc5424, enable_octet_counting: true, non_transparent_framing_trailer: LF",
            "only one of octet_counting or non_transparent_framing can be enabled",
        ),
        (
            "protocol: none, non_transparent_framing_trailer: LF",
            "non_transparent_framing is not compatible with protocol none",
        ),
        (
            "protocol: rfc3164, non_transparent_framing_trailer: LF",
            "non_transparent_framing is only compatible with protocol rfc5424",
        ),
        (
            "protocol: rfc5424, non_transparent_framing_trailer: CR",
            "invalid non_transparent_framing_trailer 'CR'. Must be either 'LF' or 'NUL'",
        ),
        ("protocol: rfc3164, location: Mars", "failed to load location Mars: unknown time zone Mars"),
    ] {
        let found = built(&format!("{{type: syslog_parser, {config}}}"), &Log::none()).unwrap_err();
        assert_eq!(found, format!("'operators[0]' {error}"), "{config}");
    }
}

#[test]
fn other_places_are_as_in_go() {
    let found = outcome(
        "{type: syslog_parser, protocol: rfc5424, parse_from: attributes.line, parse_to: body}",
        &[r#"{"body":"x","attributes":{"line":"<34>1 2003-10-11T22:14:15Z h a - - - x"}}"#],
    );
    // Go's takes time and severity from attributes wherever it put them.
    let error = r#"! time parser: log entry does not have the expected parse_from field: {"parse_from":"attributes.timestamp"}"#;
    assert_eq!(found.lines().last().unwrap(), error);
    let found = outcome("{type: syslog_parser, protocol: none}", &[r#"{"body":1}"#]);
    assert_eq!(found.lines().last().unwrap(), "! unable to convert type 'int64' to bytes");
}

proptest::proptest! {
    #[test]
    fn nothing_panics(
        text in "<?[0-9]{0,3}>?(1 |Oct 11 22:14:15 )?[- \\[\\]\"=\\\\a-cé:\\x00\\n]{0,40}",
        config in proptest::sample::select(vec![
            "protocol: rfc3164", "protocol: rfc5424", "protocol: none", "protocol: rfc3164, enable_octet_counting: true",
            "protocol: rfc5424, enable_octet_counting: true", "protocol: rfc5424, non_transparent_framing_trailer: LF",
            "protocol: rfc5424, allow_skip_pri_header: true",
        ]),
    ) {
        let pipeline = built(&format!("{{type: syslog_parser, {config}}}"), &Log::none()).unwrap();
        for text in [format!("{} {text}", text.len()), text] {
            let done = pipeline.process(vec![Entry { body: Value::Text(text.into()), ..Entry::default() }]);
            proptest::prop_assert_eq!(done.entries.len(), 1);
        }
    }
}
