//! Shutdowns that may take so long and no longer.

use super::*;

const WITHIN: Option<Duration> = Some(Duration::from_millis(50));

/// A configuration in which `hangs` is given to one of the components.
fn hanging(hangs: &str) -> Bed {
    let with = |section: &str| if section == hangs { "{hang: true}" } else { "" };
    let (receiver, processor) = (with("receiver"), with("processor"));
    let (exporter, extension) = (with("exporter"), with("extension"));
    Bed::new(&format!(
        "
receivers: {{fake: {receiver}}}
processors: {{fake: {processor}}}
exporters: {{fake: {exporter}, fake/other: }}
extensions: {{fake: {extension}}}
service:
  extensions: [fake]
  pipelines: {{logs: {{receivers: [fake], processors: [fake], exporters: [fake/other, fake]}}}}
"
    ))
}

#[tokio::test]
async fn what_does_not_stop_in_time_is_named_and_cut_off() {
    let behind =
        ["receiver fake", "processor fake", "exporter fake", "exporter fake/other", "extension fake"];
    for (hangs, first, lost) in
        [("receiver", 0, 0), ("processor", 1, 0), ("exporter", 2, 7), ("extension", 4, 0)]
    {
        let bed = hanging(hangs);
        let error = live_within(&bed, &[Order::Terminate], WITHIN).await.unwrap_err();
        let running = behind[first..].join(", ");
        assert_eq!(error, format!("shutdown timed out after 50ms while {running} was still running"));
        let log = bed.log();
        let last = log.last().map(String::as_str);
        assert_eq!(last, Some("Shutdown timed out, cutting off what is still running"), "{hangs}: {log:?}");
        let raw = bed.raw_log();
        let line = raw.lines().last().unwrap();
        let names = behind[first..].iter().map(|name| format!("\"{name}\"")).collect::<Vec<_>>().join(",");
        let fields = format!("{{\"timeout\": \"50ms\", \"running\": [{names}], \"lost_items\": {lost}}}");
        assert!(line.contains("\terror\t") && line.ends_with(&fields), "{line}");
    }
}

#[tokio::test]
async fn a_limit_that_is_not_reached_changes_nothing() {
    let bed = hanging("");
    live_within(&bed, &[Order::Terminate], Some(Duration::from_mins(1))).await.unwrap();
    assert_eq!(bed.log().last().map(String::as_str), Some("Shutdown complete."));
}

#[tokio::test(start_paused = true)]
async fn without_a_limit_a_shutdown_takes_its_time() {
    let bed = hanging("exporter");
    let week = Duration::from_hours(168);
    assert!(tokio::time::timeout(week, live(&bed, &[Order::Terminate, Order::Interrupt])).await.is_err());
    assert_eq!(bed.log().last().map(String::as_str), Some("exporter fake: stop"));
}
