use std::time::Duration;

use super::*;

const fn family(name: &'static str, shape: Shape, level: MetricsLevel) -> Family {
    Family { name, unit: "", help: "", scope: "", shape, level }
}

static SENT: Family = family("sent", Shape::Counter, MetricsLevel::Basic);
static FAILED: Family = family("failed", Shape::Counter, MetricsLevel::Basic);
static SIZE: Family = family("size", Shape::Histogram(&[10.0, 20.0]), MetricsLevel::Normal);
static DEEP: Family = family("deep", Shape::Gauge, MetricsLevel::Detailed);

fn meter(level: MetricsLevel) -> Meter {
    Meter::new(Meters::new(level), Some(("exporter", "otlp/x".into())))
}

/// Name, labels and value of everything, a line each.
fn shown(meter: &Meter) -> Vec<String> {
    let line = |metric: &Metric, point: &Point| {
        let labels: Vec<_> = point.labels.iter().map(|(name, value)| format!("{name}={value}")).collect();
        format!("{} {} {:?}", metric.family.name, labels.join(","), point.value)
    };
    let all = meter.meters.snapshot();
    all.iter().flat_map(|metric| metric.points.iter().map(move |point| line(metric, point))).collect()
}

#[test]
fn siblings_show_from_the_first_count_on() {
    let meter = meter(MetricsLevel::Basic);
    let counters = meter.counters(&[&SENT, &FAILED], &[("a", "b".to_owned())]);
    assert!(shown(&meter).is_empty());
    counters.add(0, 3);
    counters.add(0, 4);
    let lines = ["failed a=b,exporter=otlp/x Number(0.0)", "sent a=b,exporter=otlp/x Number(7.0)"];
    assert_eq!(shown(&meter), lines);
}

#[test]
fn equal_labels_show_as_one_sum() {
    let meter = meter(MetricsLevel::Normal);
    for count in [1, 2] {
        meter.counters(&[&SENT], &[]).add(0, count);
        meter.histogram(&SIZE, &[]).record(count * 10);
    }
    meter.histogram(&SIZE, &[]).record(21);
    let lines = ["sent exporter=otlp/x Number(3.0)", "size exporter=otlp/x Buckets([1, 1, 1], 51.0)"];
    assert_eq!(shown(&meter), lines);
}

#[test]
fn times_are_in_seconds() {
    static TIME: Family =
        Family { unit: "s", ..family("time", Shape::Histogram(&[0.0, 5.0]), MetricsLevel::Basic) };
    let meter = meter(MetricsLevel::Basic);
    let time = meter.histogram(&TIME, &[]);
    time.record_time(Duration::from_millis(250));
    time.record_time(Duration::from_secs(6));
    assert_eq!(shown(&meter), ["time exporter=otlp/x Buckets([0, 1, 1], 6.25)"]);
}

#[test]
fn what_is_above_the_level_is_inert() {
    for (level, names) in [
        (MetricsLevel::None, vec![]),
        (MetricsLevel::Basic, vec!["sent"]),
        (MetricsLevel::Normal, vec!["sent", "size"]),
        (MetricsLevel::Detailed, vec!["deep", "sent", "size"]),
    ] {
        let meter = meter(level);
        meter.counters(&[&SENT], &[]).add(0, 1);
        let size = meter.histogram(&SIZE, &[]);
        size.record(1);
        assert_eq!(size.is_kept(), level >= MetricsLevel::Normal);
        meter.observe(&DEEP, &[], || 1.0);
        let found: Vec<_> = meter.meters.snapshot().iter().map(|metric| metric.family.name).collect();
        assert_eq!(found, names, "{level:?}");
    }
}

#[test]
fn the_process_measures_itself() {
    let meters = Meters::new(MetricsLevel::Basic);
    watch_process(&meters);
    let all = meters.snapshot();
    assert_eq!(all.len(), 6);
    for metric in &all {
        let Value::Number(number) = metric.points[0].value else { panic!("{metric:?}") };
        assert!(number > 0.0 || metric.family.name.ends_with("cpu_seconds"), "{metric:?}");
    }
}

#[test]
fn what_replaces_a_component_counts_on() {
    let meter = meter(MetricsLevel::Detailed);
    let make = || {
        let alive = Arc::new(());
        let gone = Arc::downgrade(&alive);
        meter.observe(&DEEP, &[], move || gone.upgrade().map(|_| 2.0));
        (meter.counters(&[&SENT, &FAILED], &[]), meter.histogram(&SIZE, &[]), alive)
    };
    let (counters, histogram, alive) = make();
    counters.add(0, 1);
    histogram.record(1);
    let (more, wider, heir) = make();
    more.add(0, 2);
    counters.add(1, 5);
    wider.record(11);
    let mut lines = [
        "deep exporter=otlp/x Number(4.0)",
        "failed exporter=otlp/x Number(5.0)",
        "sent exporter=otlp/x Number(3.0)",
        "size exporter=otlp/x Buckets([1, 1, 0], 12.0)",
    ];
    assert_eq!(shown(&meter), lines);
    drop(alive);
    lines[0] = "deep exporter=otlp/x Number(2.0)";
    assert_eq!(shown(&meter), lines);
    assert_eq!(meter.meters.all.lock().unwrap().len(), 4, "nothing piles up");
    drop(heir);
    assert_eq!(shown(&meter), lines[1..]);
    // The same names with other siblings are others.
    meter.counters(&[&SENT], &[]).add(0, 10);
    assert_eq!(shown(&meter)[1], "sent exporter=otlp/x Number(13.0)");
}
