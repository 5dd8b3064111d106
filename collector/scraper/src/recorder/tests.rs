use slimcol_config::{NoSettings, Section, Settings, from_yaml};
use slimcol_pdata::{Data, Signal};

use super::*;
use crate::Attribute;

static TABLE: [MetricInfo; 3] = [
    MetricInfo::gauge("a.frequency", "Hz", "How often.", &[Attribute::new("cpu")]).off(),
    MetricInfo::up_down("a.processes", "{processes}", "How many.", &[]),
    MetricInfo::counter("a.time", "s", "How long.", &[Attribute::opt_in("cpu"), Attribute::new("state")]),
];

struct Config(Switches);

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self(Switches::read(from, &TABLE))
    }
}

/// The metrics' part of what is written for these settings and points of every metric.
fn written(yaml: &str) -> String {
    let Config(switches) = from_yaml(yaml).unwrap();
    let mut recorder = Recorder::new(switches, ("scope", "1")).with_schema("https://example.org/1");
    recorder.set_times(1, 2);
    for (cpu, frequency) in [("cpu0", 4.0), ("cpu1", 7.0)] {
        recorder.record(0, frequency, &[cpu]);
        recorder.record(2, frequency, &[cpu, "user"]);
        recorder.record(2, 1.0, &[cpu, "idle"]);
    }
    recorder.record(1, 3_u64, &[]);
    let (points, mut request) = (recorder.points(), Vec::new());
    recorder.emit(&mut request, &[("host", "h".into())]);
    assert_eq!(recorder.points(), 0);
    recorder.emit(&mut request, &[]);
    let data = Data::from_bytes(Signal::Metrics, request.into()).unwrap();
    assert_eq!(data.items(), points);
    let mut json = Vec::new();
    data.write_json(&mut json);
    let json = String::from_utf8(json).unwrap().replace(r#""startTimeUnixNano":"1","timeUnixNano":"2","#, "");
    let start = r#"{"resourceMetrics":[{"resource":{"attributes":[{"key":"host","value":{"stringValue":"h"}}]},"scopeMetrics":[{"scope":{"name":"scope","version":"1"},"metrics":"#;
    json.strip_prefix(start)
        .unwrap_or_else(|| panic!("{json}"))
        .strip_suffix(r#"}],"schemaUrl":"https://example.org/1"}]}"#)
        .unwrap()
        .to_owned()
}

const PROCESSES: &str = r#"{"name":"a.processes","description":"How many.","unit":"{processes}","sum":{"dataPoints":[{"asInt":"3"}],"aggregationTemporality":2}}"#;

#[test]
fn what_is_not_asked_for_is_summed_up() {
    let time = r#"{"name":"a.time","description":"How long.","unit":"s","sum":{"dataPoints":[{"attributes":[{"key":"state","value":{"stringValue":"user"}}],"asDouble":11},{"attributes":[{"key":"state","value":{"stringValue":"idle"}}],"asDouble":2}],"aggregationTemporality":2,"isMonotonic":true}}"#;
    assert_eq!(written(""), format!("[{PROCESSES},{time}]"));
}

#[test]
fn attributes_and_strategies_can_be_chosen() {
    let yaml = "metrics: {a.time: {attributes: [cpu], aggregation_strategy: max}, a.frequency: {enabled: true, attributes: []}}";
    let frequency = r#"{"name":"a.frequency","description":"How often.","unit":"Hz","gauge":{"dataPoints":[{"asDouble":5.5}]}}"#;
    let time = r#"{"name":"a.time","description":"How long.","unit":"s","sum":{"dataPoints":[{"attributes":[{"key":"cpu","value":{"stringValue":"cpu0"}}],"asDouble":4},{"attributes":[{"key":"cpu","value":{"stringValue":"cpu1"}}],"asDouble":7}],"aggregationTemporality":2,"isMonotonic":true}}"#;
    assert_eq!(written(yaml), format!("[{frequency},{PROCESSES},{time}]"));
}

#[test]
fn metrics_can_be_switched_off() {
    assert_eq!(written("metrics: {a.time: {enabled: false}}"), format!("[{PROCESSES}]"));
    let Config(switches) = from_yaml("metrics: {a.time: {enabled: false}}").unwrap();
    assert!(switches.wants(&[0, 1]) && !switches.wants(&[0, 2]));
}

#[test]
fn mistakes_are_named() {
    for (yaml, message) in [
        ("metrics: {a.tme: {enabled: true}}", "'metrics' has invalid keys: a.tme"),
        (
            "metrics: {a.time: {attributes: [core]}}",
            "metric a.time doesn't have an attribute core, valid attributes: [cpu, state]",
        ),
        ("metrics: {a.processes: {attributes: [x]}}", "invalid keys: attributes"),
        ("metrics: {a.time: {aggregation_strategy: median}}", "(valid values: [sum avg min max])"),
    ] {
        let error = from_yaml::<Config>(yaml).map(|_| NoSettings).unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
