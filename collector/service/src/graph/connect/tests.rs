//! Connector shapes, good and bad, written as `pipeline: receivers > processors > exporters`.

use Signal::{Logs, Metrics, Traces};

use super::*;

const FORWARD: Info = Info {
    routes: &[(Traces, Traces), (Metrics, Metrics), (Logs, Logs)],
    ..Info::new("forward", "crate", "1")
};
const COUNT: Info =
    Info { routes: &[(Traces, Metrics), (Logs, Metrics)], ..Info::new("count", "crate", "1") };

fn lane(text: &str) -> Lane {
    let (id, steps) = text.split_once(": ").unwrap();
    let named = |part: &str| {
        let reference = |id: &str| Reference { id: id.parse().unwrap(), place: Place::named("test") };
        part.split_whitespace().map(reference).collect::<Vec<_>>()
    };
    let [receivers, processors, exporters] =
        steps.split('>').map(named).collect::<Vec<_>>().try_into().expect("three parts");
    let signal = Signal::ALL.into_iter().find(|signal| id.starts_with(signal.as_str())).unwrap();
    Lane { id: id.into(), signal, receivers, processors, exporters }
}

fn with_links<T>(work: impl FnOnce(&[Link<'_>]) -> T) -> T {
    let [forward, count] = ["forward", "count"].map(|id| id.parse().unwrap());
    work(&[Link { id: &forward, info: &FORWARD }, Link { id: &count, info: &COUNT }])
}

fn ends(lanes: &[&str]) -> Vec<String> {
    let lanes: Vec<Lane> = lanes.iter().map(|text| lane(text)).collect();
    with_links(|links| check_ends(&lanes, links)).into_iter().map(|issue| issue.message).collect()
}

#[test]
fn both_ends_must_be_there() {
    let none: [&str; 0] = [];
    assert_eq!(ends(&["traces/a: in > > forward", "traces/b: forward > > out"]), none);
    assert_eq!(ends(&["traces: in > > count out", "metrics: count > > out"]), none);
    assert_eq!(
        ends(&["traces/a: in > > forward", "traces/b: in > > forward out"]),
        [concat!(
            "connector \"forward\" used as exporter in [traces/a traces/b] pipeline ",
            "but not used in any supported receiver pipeline"
        )]
    );
    assert_eq!(
        ends(&["logs: forward > > out"]),
        [concat!(
            "connector \"forward\" used as receiver in [logs] pipeline ",
            "but not used in any supported exporter pipeline"
        )]
    );
    assert_eq!(ends(&["metrics/a: in > > count", "metrics/b: count > > out"]).len(), 2, "no such pair");
}

#[test]
fn data_goes_forward_only() {
    let ordered = |texts: &[&str]| {
        let lanes: Vec<Lane> = texts.iter().map(|text| lane(text)).collect();
        with_links(|links| order(&lanes, links)).map_err(|issue| issue.message)
    };
    assert_eq!(
        ordered(&["traces/a: in > > out", "logs: in > > out", "metrics: in > > out"]),
        Ok(vec![0, 1, 2])
    );
    assert_eq!(
        ordered(&["metrics: count > > out", "traces/b: forward > > count", "traces/a: in > > forward"]),
        Ok(vec![2, 1, 0])
    );
    assert_eq!(
        ordered(&["traces: in forward > p q > forward out"]),
        Err(concat!(
            "cycle detected: connector \"forward\" (traces to traces) -> processor \"p\" in pipeline \"traces\" -> ",
            "processor \"q\" in pipeline \"traces\" -> connector \"forward\" (traces to traces)"
        )
        .into())
    );
    let cycle = ordered(&["traces/a: forward > a > forward", "traces/b: forward > b > forward"]).unwrap_err();
    assert!(cycle.starts_with("cycle detected: connector \"forward\" (traces to traces) -> "), "{cycle}");
}
