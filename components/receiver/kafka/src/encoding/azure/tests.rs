use proptest::prelude::*;
use slimcol_pdata::{Data, Signal};

use super::*;

/// Messages, and after each what Go's translator makes of it (v0.161, the version of the collector 1.2.3): its own test
/// data, and what its decoder does not expect.
const VECTORS: &str = include_str!("../../../tests/data/azure.txt");

fn back(text: &[u8]) -> Result<(String, Vec<String>), String> {
    let mut untimed = Vec::new();
    let request = logs(text, "1.2.3", &mut |time| untimed.push(time.to_owned()))?;
    let mut json = Vec::new();
    Data::from_bytes(Signal::Logs, request.into()).unwrap().write_json(&mut json);
    Ok((String::from_utf8(json).unwrap(), untimed))
}

#[test]
fn records_become_what_go_makes_of_them() {
    let lines: Vec<&str> = VECTORS.lines().collect();
    assert!(lines.len() >= 56);
    for pair in lines.chunks(2) {
        let made = back(pair[0].as_bytes());
        let made = made.as_ref().map_or("error", |(json, _)| json);
        assert_eq!(made, pair[1], "{}", pair[0]);
    }
}

#[test]
fn a_record_without_a_time_is_kept_and_told_of() {
    let text = br#"{"records":[{"time":"never","category":"a"},{"category":"b"}]}"#;
    let (json, untimed) = back(text).unwrap();
    assert_eq!(untimed, ["never", ""]);
    assert!(!json.contains("timeUnixNano"), "{json}");
    assert_eq!(json.matches("azure.category").count(), 2);
}

#[test]
fn times_are_those_of_iso_8601() {
    let at = |text| iso::nanos(text).map(|nanos| nanos / 1_000_000_000);
    for (text, seconds) in [
        ("2022", 1_640_995_200),
        ("2022-11", 1_667_260_800),
        ("2022-11-11", 1_668_124_800),
        ("2022-315", 1_668_124_800),
        ("2022-11-11T", 1_668_124_800),
        ("2022-11-11T04", 1_668_139_200),
        ("2022-11-11T04:48", 1_668_142_080),
        ("2022-11-11 04:48:27", 1_668_142_107),
        ("2022-11-11T04:48:27+01", 1_668_138_507),
        ("2022-11-11T04:48:27+0130", 1_668_136_707),
        ("2022-11-11T04:48:27-01:30", 1_668_147_507),
        ("2022-11-11T04:48:27.Z", 1_668_142_107),
        ("+2022-11-11", 1_668_124_800),
        ("2022-11-11T04:48:27-00:00", 1_668_142_107),
        ("2022-1-1T4:8:7", 1_641_010_087),
        ("1969-12-31T23:59:58Z", -2),
        ("2020-366", 1_609_372_800),
    ] {
        assert_eq!(at(text), Some(seconds), "{text}");
    }
    for text in [
        "",
        "T",
        "20221111",
        "2022-11T04",
        "2022-11-11T24:00:00Z",
        "2022-02-29",
        "2022-13-01",
        "2022-00-01",
        "2022-366",
        "2022-11-11T04:48:60Z",
        "2022-11-11T04:48:27.1234567891Z",
        "2022-11-11t04:48:27Z",
        "2022-11-11T04:48:27z",
        "2022-11-11T04:48:27 Z",
        "2022-11-11T04:48:27Z0",
        "2022-11-11T04:48:27+1",
        "2022-11-11T04:48:27+01:300",
        "2022-11-11+01:00",
        "2022-11-11-11",
        "2022-11-11T04:48:27:01",
    ] {
        assert_eq!(at(text), None, "{text}");
    }
    assert_eq!(iso::nanos("2022-11-11T04:48:27.6767145Z"), Some(1_668_142_107_676_714_500));
}

proptest! {
    #[test]
    fn any_bytes_are_records_or_an_error(text in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = back(&text);
    }

    #[test]
    fn any_words_are_a_time_or_none(text in "[+T0-9 :.Z-]{0,30}") {
        let _ = iso::nanos(&text);
    }
}
