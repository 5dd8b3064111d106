use std::fmt::Write;

use slimcol_pdata::{
    Data, Signal,
    view::{ResourceLogsRef, ScopeLogsRef},
};

use super::through;
use crate::hash::tests::hash;

/// A hundred records as the Go processor's test has them.
fn hundred() -> String {
    let mut json = r#"{"resourceLogs":[{"scopeLogs":[{"logRecords":["#.to_owned();
    for i in 0..100_u8 {
        let id = [[0; 8], [i; 8]].concat();
        let hex = id.iter().fold(String::new(), |hex, byte| format!("{hex}{byte:02x}"));
        let rando = hash(&id, 123);
        let comma = if i > 0 { "," } else { "" };
        write!(
            json,
            r#"{comma}{{"traceId":"{hex}","attributes":[{{"key":"rando","value":{{"intValue":"{rando}"}}}}"#
        )
        .unwrap();
        if i % 2 == 0 {
            // The first trace has no id, and its text is nothing.
            let text = if i == 0 { "" } else { &hex };
            let bytes = base64(&id);
            write!(
                json,
                r#",{{"key":"foo","value":{{"bytesValue":"{bytes}"}}}},{{"key":"bar","value":{{"stringValue":"{text}"}}}}"#
            )
            .unwrap();
        }
        if i % 4 == 0 {
            json.push_str(r#",{"key":"priority","value":{"doubleValue":100}}"#);
        }
        json.push_str("]}");
    }
    json.push_str("]}]}]}");
    json
}

fn base64(bytes: &[u8]) -> String {
    let digits = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let bits = chunk.iter().chain(&[0; 2]).take(3).fold(0, |bits, byte| bits << 8 | usize::from(*byte));
        for place in 0..=chunk.len() {
            text.push(char::from(digits[bits >> (18 - 6 * place) & 63]));
        }
    }
    while !text.len().is_multiple_of(4) {
        text.push('=');
    }
    text
}

#[tokio::test]
async fn as_many_are_sampled_as_go_samples() {
    let record = "attribute_source: record";
    for (yaml, received) in [
        ("sampling_percentage: 100, fail_closed: false".to_owned(), 100),
        ("sampling_percentage: 0".to_owned(), 0),
        ("sampling_percentage: 50, mode: hash_seed".to_owned(), 45),
        (format!("sampling_percentage: 0, {record}, from_attribute: foo, fail_closed: false"), 0),
        (format!("sampling_percentage: 100, {record}, from_attribute: foo, fail_closed: false"), 100),
        (format!("sampling_percentage: 50, {record}, from_attribute: foo"), 23),
        (format!("sampling_percentage: 50, {record}, from_attribute: bar"), 29),
        (format!("sampling_percentage: 0, {record}, from_attribute: rando, sampling_priority: priority"), 25),
        (
            format!("sampling_percentage: 50, {record}, from_attribute: rando, sampling_priority: priority"),
            64,
        ),
        (
            format!("sampling_percentage: 100, {record}, from_attribute: rando, sampling_priority: priority"),
            100,
        ),
        ("sampling_percentage: 0, sampling_priority: priority, fail_closed: false".to_owned(), 25),
        ("sampling_percentage: 50, sampling_priority: priority, fail_closed: false".to_owned(), 57),
        ("sampling_percentage: 100, sampling_priority: priority, fail_closed: false".to_owned(), 100),
        (format!("sampling_percentage: 0, {record}, from_attribute: foo, sampling_priority: priority"), 25),
    ] {
        let (out, _) = through(&format!("{{{yaml}}}"), Signal::Logs, &hundred()).await.unwrap();
        assert_eq!(out.map_or(0, |out| out.items()), received, "{yaml}");
    }
}

/// The attributes of the record if it is sampled, and the lines of the log.
async fn sampled(yaml: &str, id: &str, attributes: &str) -> (Option<String>, Vec<String>) {
    let json = format!(
        r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"traceId":"{id}","attributes":[{attributes}]}}]}}]}}]}}"#
    );
    let (out, log) = through(&format!("{{{yaml}}}"), Signal::Logs, &json).await.unwrap();
    let attributes = out.map(|out| {
        let Data::Logs(logs) = out else { panic!("no logs") };
        let scopes = logs.resource_logs().flat_map(ResourceLogsRef::scope_logs);
        let record = scopes.flat_map(ScopeLogsRef::log_records).next().unwrap();
        let mut all: Vec<String> =
            record.attributes().iter().map(|(key, value)| format!("{key}={}", value.to_text())).collect();
        all.sort();
        all.join(" ")
    });
    (attributes, log)
}

fn text(key: &str, value: &str) -> String {
    format!(r#"{{"key":"{key}","value":{{"stringValue":"{value}"}}}}"#)
}

#[tokio::test]
async fn records_carry_what_they_were_sampled_by() {
    let half = "fefefefefefefefefe80000000000000";
    let threshold = |digits| text("sampling.threshold", digits);
    let percentage = ",".to_owned() + r#"{"key":"veryrandom","value":{"doubleValue":10.125}}"#;
    for (yaml, id, attributes, expected, line) in [
        (
            "sampling_percentage: 100, mode: proportional",
            half,
            text("ignored", "value"),
            Some("ignored=value sampling.threshold=0"),
            "",
        ),
        ("sampling_percentage: 0", half, String::new(), None, ""),
        (
            "sampling_percentage: 0, sampling_priority: veryrandom, sampling_precision: 6",
            half,
            text("sampling.randomness", "e6147c00000000") + &percentage,
            Some("sampling.randomness=e6147c00000000 sampling.threshold=e6147b veryrandom=10.125"),
            "",
        ),
        (
            "sampling_percentage: 50, mode: proportional",
            "fefefefefefefefefef0000000000000",
            threshold("c"),
            Some("sampling.threshold=e"),
            "",
        ),
        (
            "sampling_percentage: 50, mode: equalizing",
            "fefefefefefefefefeb0000000000000",
            threshold("c"),
            None,
            "inconsistent arriving threshold",
        ),
        (
            "sampling_percentage: 50, mode: equalizing, sampling_priority: prio",
            "fefefefefefefefefefefefefefefefe",
            threshold("c") + r#",{"key":"prio","value":{"intValue":"37"}}"#,
            Some("prio=37 sampling.threshold=c"),
            "cannot raise existing sampling probability",
        ),
        (
            "sampling_percentage: 100, mode: hash_seed, fail_closed: false",
            half,
            text("sampling.randomness", "f2341234123412"),
            Some("sampling.randomness=f2341234123412"),
            "item has sampling randomness",
        ),
        (
            "sampling_percentage: 100, fail_closed: false",
            half,
            text("sampling.randomness", "f") + "," + &threshold("x"),
            Some("sampling.randomness=f sampling.threshold=x"),
            "r-value must have 14 hex digits",
        ),
    ] {
        let (found, log) = sampled(yaml, id, &attributes).await;
        assert_eq!(found.as_deref(), expected, "{yaml}");
        assert_eq!(log.len(), usize::from(!line.is_empty()), "{yaml}: {log:?}");
        assert!(log.iter().all(|found| found.contains("logs sampler") && found.contains(line)), "{log:?}");
    }
}

#[tokio::test]
async fn hashed_randomness_is_written() {
    for (yaml, id, attributes) in [
        ("sampling_percentage: 100, hash_seed: 22", "fefefefefefefefefe80000000000000", ""),
        (
            "sampling_percentage: 100, attribute_source: record, from_attribute: key, hash_seed: 49",
            "",
            "1234",
        ),
    ] {
        let (found, log) = sampled(yaml, id, &text("key", attributes)).await;
        let found = found.unwrap();
        let randomness = found.strip_prefix(&format!("key={attributes} sampling.randomness=")).unwrap();
        let (randomness, threshold) = randomness.split_once(' ').unwrap();
        assert_eq!((randomness.len(), threshold), (14, "sampling.threshold=0"), "{found}");
        let bucket = u64::from_str_radix(randomness, 16).unwrap();
        let seed = if attributes.is_empty() { 22 } else { 49 };
        let id = [[0xfe; 9].as_slice(), &[0x80, 0, 0, 0, 0, 0, 0]].concat();
        let hashed = hash(if attributes.is_empty() { &id } else { attributes.as_bytes() }, seed);
        assert_eq!(
            (bucket & 0x3fff, bucket >> 42),
            (u64::from(hashed & 0x3fff), u64::from(0x3fff - (hashed & 0x3fff)))
        );
        assert_eq!(log, [""; 0]);
    }
}

#[tokio::test]
async fn without_randomness_it_fails_closed_or_open() {
    for mode in ["hash_seed", "equalizing", "proportional"] {
        for source in ["record", "traceID"] {
            for (percentage, closed, expected) in [
                (0, true, false),
                (50, true, false),
                (100, true, false),
                (0, false, false),
                (50, false, true),
                (100, false, true),
            ] {
                let yaml = format!(
                    "mode: {mode}, attribute_source: {source}, sampling_percentage: {percentage}, fail_closed: {closed}, \
                     from_attribute: unused"
                );
                let (found, log) = sampled(&yaml, "", &text("unused", "")).await;
                assert_eq!(found.is_some(), expected, "{yaml}");
                assert_eq!(log.len(), usize::from(percentage > 0), "{yaml}: {log:?}");
                assert!(log.iter().all(|line| line.contains("missing randomness")), "{log:?}");
            }
        }
    }
}
