mod records;
mod spans;

use slimcol_pdata::{Data, Signal};
use slimcol_service::{Routes, Signals};
use slimcol_testing::{Sink, assert_metadata, part_from_yaml};

use crate::FACTORY;

/// What comes out of a pipeline of one signal, if anything, and the lines of the log.
async fn through(yaml: &str, signal: Signal, json: &str) -> Result<(Option<Data>, Vec<String>), String> {
    let sink = Sink::new();
    let routes = Routes::new(vec![(signal, signal.to_string(), sink.next())]);
    let part = part_from_yaml(&FACTORY, yaml, "probabilistic_sampler", Signals::only(signal), routes).await?;
    part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await.unwrap();
    part.stop().await;
    Ok((sink.data().into_iter().next(), part.log().all()))
}

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn what_cannot_be_is_refused() {
    for (yaml, expected) in [
        ("sampling_percentage: +.Inf", "sampling rate is invalid: +Inf%"),
        (
            "sampling_percentage: x",
            "'sampling_percentage' expected type 'float64', got unconvertible type 'string'",
        ),
        ("hash_seed: -1", "'hash_seed' cannot parse value as 'uint32': -1 overflows uint"),
        (
            "mode: proportionate",
            "'mode' unknown value \"proportionate\" (valid values: [hash_seed equalizing proportional])",
        ),
        ("fail_closed: x", "'fail_closed' expected type 'bool', got unconvertible type 'string'"),
        (
            "sampling_precision: x",
            "'sampling_precision' expected type 'int64', got unconvertible type 'string'",
        ),
        ("attribute_source: 5", "'attribute_source' expected type 'string', got unconvertible type 'int'"),
        ("from_attribute: 5", "'from_attribute' expected type 'string', got unconvertible type 'int'"),
        ("sampling_priority: 5", "'sampling_priority' expected type 'string', got unconvertible type 'int'"),
        ("sampling_percentage: .nan", "sampling rate is invalid: NaN%"),
        ("sampling_percentage: -15.3", "sampling rate is negative: -15.300000%"),
        ("sampling_percentage: .000000000000001", "sampling rate is too small: 1e-15%"),
        (
            "{sampling_percentage: 50, sampling_precision: 15}",
            "sampling precision is too great, should be <= 14: 15",
        ),
        ("{sampling_percentage: 15.3, sampling_precision: 0}", "invalid sampling precision: 0"),
        ("sampling_precision: -1", "invalid sampling precision: -1"),
        ("attribute_source: body", "invalid attribute source: body. Expected: traceID or record"),
        ("mode: proportionate", "proportional"),
        ("hash_sead: 1", "has invalid keys: hash_sead"),
    ] {
        let error = through(yaml, Signal::Traces, "{}").await.unwrap_err();
        assert!(error.contains(expected), "{yaml}: {error}");
    }
}
