use slimcol_pdata::{
    Data, Signal,
    view::{ResourceSpansRef, ScopeSpansRef},
};

use super::through;

/// The tracestate of the span if it is sampled, and the lines of the log.
async fn sampled(yaml: &str, id: &str, state: &str, attributes: &str) -> (Option<String>, Vec<String>) {
    let span = format!(
        r#"{{"traceId":"{id}","spanId":"00000000fefefefe","traceState":"{state}","attributes":[{attributes}]}}"#
    );
    let json = format!(r#"{{"resourceSpans":[{{"scopeSpans":[{{"spans":[{span}]}},{{}}]}},{{}}]}}"#);
    let (out, log) = through(yaml, Signal::Traces, &json).await.unwrap();
    let state = out.map(|out| {
        let Data::Traces(traces) = out else { panic!("no traces") };
        let scopes: Vec<_> = traces.resource_spans().flat_map(ResourceSpansRef::scope_spans).collect();
        assert_eq!((traces.resource_spans().count(), scopes.len()), (1, 1), "what is empty is gone");
        scopes.into_iter().flat_map(ScopeSpansRef::spans).next().unwrap().trace_state().to_owned()
    });
    (state, log)
}

/// Randomness 0x80000000000000: sampled at 50 %, and not at 49 %.
const HALF: &str = "fefefefefefefefefe80000000000000";
/// Always sampled.
const LAST: &str = "111111111111111111ffffffffffffff";

#[tokio::test]
async fn consistent_modes_read_and_write_tracestates() {
    // Percentage, precision, trace, tracestate; what is expected of `equalizing`, of `proportional`.
    for (percentage, precision, id, state, equalizing, proportional) in [
        ("100", 14, HALF, "", "ot=th:0", "ot=th:0"),
        ("50", 14, HALF, "", "ot=th:8", "ot=th:8"),
        ("25", 14, "ddddddddddddddddddc0000000000000", "", "ot=th:c", "ot=th:c"),
        ("25", 14, "ddddddddddddddddddb0000000000000", "", "-", "-"),
        (
            "1",
            14,
            HALF,
            "ot=rv:FD70A3D70A3D71",
            "ot=rv:FD70A3D70A3D71;th:fd70a3d70a3d71",
            "ot=rv:FD70A3D70A3D71;th:fd70a3d70a3d71",
        ),
        (
            "1",
            4,
            HALF,
            "ot=rv:FD70A3D70A3D71",
            "ot=rv:FD70A3D70A3D71;th:fd70a",
            "ot=rv:FD70A3D70A3D71;th:fd70a",
        ),
        ("1", 3, HALF, "ot=rv:FD70A3D70A3D71", "-", "-"),
        ("1", 14, HALF, "ot=rv:FD70A3D70A3D70", "-", "-"),
        ("49", 14, HALF, "", "-", "-"),
        (
            "1",
            14,
            HALF,
            "ot=rv:fd70B000000000",
            "ot=rv:fd70B000000000;th:fd70a3d70a3d71",
            "ot=rv:fd70B000000000;th:fd70a3d70a3d71",
        ),
        ("1", 4, "a0a0a0a0a0a0a0a0a0fe000000000000", "", "ot=th:fd70a", "ot=th:fd70a"),
        ("50", 14, HALF, "ot=rv:90000000000000;th:80000000000000", "ot=rv:90000000000000;th:8", "-"),
        ("25", 14, HALF, "ot=th:8", "-", "-"),
        ("25", 14, "ffffffffffffffffffffffffffffffff", "ot=th:8", "ot=th:c", "ot=th:e"),
        (
            "50",
            14,
            HALF,
            "ot=rv:c0000000000000;th:8",
            "ot=rv:c0000000000000;th:8",
            "ot=rv:c0000000000000;th:c",
        ),
        ("40", 3, HALF, "ot=rv:a0000000000000", "ot=rv:a0000000000000;th:99a", "ot=rv:a0000000000000;th:99a"),
        ("40", 6, "a0a0a0a0a0a0a0a0a0d0000000000000", "ot=th:8", "ot=th:99999a", "ot=th:cccccd"),
        ("40", 3, "a0a0a0a0a0a0a0a0a0b0000000000000", "ot=th:8", "ot=th:99a", "-"),
        ("40", 3, "a0a0a0a0a0a0a0a0a080000000000000", "ot=th:8", "-", "-"),
        ("200", 14, HALF, "", "ot=th:0", "ot=th:0"),
        ("0.006103515625", 14, LAST, "ot=th:fffc", "ot=th:fffc", "ot=th:fffffff"),
        ("99.99992", 10, LAST, "", "ot=th:00000cccccccd", "ot=th:00000cccccccd"),
        ("0.0625", 14, LAST, "ot=th:fffffffffffff8", "ot=th:fffffffffffff8", "-"),
        ("50", 14, HALF, "vendor=a, ot=x:y", "ot=th:8;x:y,vendor=a", "ot=th:8;x:y,vendor=a"),
    ] {
        for (mode, expected) in [("equalizing", equalizing), ("proportional", proportional)] {
            let yaml = format!(
                "{{mode: {mode}, sampling_percentage: {percentage}, sampling_precision: {precision}, hash_seed: 5}}"
            );
            let (found, log) = sampled(&yaml, id, state, "").await;
            assert_eq!(found.as_deref().unwrap_or("-"), expected, "{yaml} {id} {state}");
            assert_eq!(log, [""; 0], "{yaml} {state}");
        }
    }
}

#[tokio::test]
async fn broken_information_fails_closed_or_open() {
    let nobody = "00000000000000000000000000000000";
    let inconsistent = "inconsistent arriving threshold: item should not have been sampled";
    for (id, state, why, open) in [
        (nobody, "", "missing randomness", "ot=th:0"),
        (HALF, "ot=rv:abababababababab", "r-value must have 14 hex digits", "ot=rv:abababababababab"),
        (HALF, "ot=th:abababababababab", "t-value exceeds 14 hex digits", "ot=th:abababababababab"),
        (HALF, "ot=th:-1", "invalid syntax", "ot=th:-1"),
        ("ffffffffffffffffff70000000000000", "ot=th:8", inconsistent, "ot=th:0"),
        (HALF, "ot=th:8;rv:70000000000000", inconsistent, "ot=rv:70000000000000;th:0"),
    ] {
        for mode in ["equalizing", "proportional"] {
            let yaml = format!("{{mode: {mode}, sampling_percentage: 100, fail_closed: ");
            let (found, log) = sampled(&format!("{yaml}true}}"), id, state, "").await;
            assert_eq!(found, None, "{state}");
            assert_eq!(log.len(), 1, "{log:?}");
            assert!(log[0].contains("traces sampler") && log[0].contains(why), "{log:?}");
            let (found, _) = sampled(&format!("{yaml}false}}"), id, state, "").await;
            assert_eq!(found.as_deref(), Some(open), "{state}");
        }
    }
}

#[tokio::test]
async fn hashing_writes_its_randomness() {
    for (percentage, threshold) in
        [("100", "0"), ("75", "4"), ("50", "8"), ("25", "c"), ("10", "e668"), ("33.333333", "aaac")]
    {
        let yaml = format!("{{sampling_percentage: {percentage}, hash_seed: 22}}");
        let mut seen = 0;
        for number in 1..=400_u32 {
            let (found, _) =
                sampled(&yaml, &format!("{:032x}", number.wrapping_mul(2_654_435_761)), "", "").await;
            let Some(state) = found else { continue };
            let (randomness, found) =
                state.strip_prefix("ot=rv:").and_then(|rest| rest.split_once(";th:")).unwrap();
            assert_eq!((randomness.len(), found), (14, threshold), "{state}");
            let bits = |digits: &str| u64::from_str_radix(&format!("{digits:0<14}"), 16).unwrap();
            assert!(bits(randomness) >= bits(threshold), "{state}");
            seen += 1;
        }
        let expected = 4.0 * percentage.parse::<f64>().unwrap();
        assert!((f64::from(seen) - expected).abs() <= 40.0, "{percentage}: {seen}");
    }
}

#[tokio::test]
async fn hashing_leaves_consistent_sampling_alone() {
    for (state, why) in
        [("ot=rv:ffffffffffffff", "item has sampling randomness"), ("ot=th:8", "item has sampling threshold")]
    {
        let (found, log) = sampled("{sampling_percentage: 1, fail_closed: false}", HALF, state, "").await;
        assert_eq!(found.as_deref(), Some(state));
        assert!(log.len() == 1 && log[0].contains(why), "{log:?}");
        assert_eq!(sampled("sampling_percentage: 100", HALF, state, "").await.0, None);
    }
}

#[tokio::test]
async fn priorities_go_before_all_else() {
    for (value, percentage, expected) in [
        (r#"{"intValue":"2"}"#, 0, Some("ot=th:0")),
        (r#"{"intValue":"2"}"#, 1, Some("ot=th:0")),
        (r#"{"doubleValue":1.5}"#, 1, Some("ot=th:0")),
        (r#"{"stringValue":"1"}"#, 1, Some("ot=th:0")),
        (r#"{"intValue":"0"}"#, 99, None),
        (r#"{"doubleValue":0}"#, 99, None),
        (r#"{"stringValue":"0"}"#, 99, None),
        (r#"{"intValue":"-1"}"#, 99, Some("ot=th:028f6")),
        (r#"{"stringValue":"high"}"#, 1, None),
        (r#"{"boolValue":true}"#, 1, None),
    ] {
        let yaml = format!("{{mode: equalizing, sampling_percentage: {percentage}}}");
        let attribute = format!(r#"{{"key":"sampling.priority","value":{value}}}"#);
        let (found, _) = sampled(&yaml, HALF, "", &attribute).await;
        assert_eq!(found.as_deref(), expected, "{value} {percentage}");
    }
}
