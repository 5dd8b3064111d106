//! What a hangup does: what the new configuration does not change runs on.

use tokio::time::sleep;

use super::*;

const FLOW: &str = "
receivers: {fake: {flow: true}, fake/other: }
processors: {fake: {flow: true}}
connectors: {fake/c: }
exporters: {fake: {flow: true}, fake/other: {uses: fake/used}}
extensions: {fake/used: , fake/unused: }
service:
  extensions: [fake/used, fake/unused]
  pipelines:
    traces: {receivers: [fake], processors: [fake], exporters: [fake]}
    logs: {receivers: [fake/other], exporters: [fake/other]}
";

/// Runs a collector: for each step it gets another configuration and a hangup, and has to say the line; then it is stopped.
pub(super) async fn through(bed: &Bed, steps: &[(&str, &str)]) -> Result<(), String> {
    within(bed, steps, None).await
}

async fn within(bed: &Bed, steps: &[(&str, &str)], shutdown_timeout: Option<Duration>) -> Result<(), String> {
    let configs = [bed.config()];
    let asked = Asked { shutdown_timeout, ..asked(&configs) };
    let (tx, rx) = mpsc::channel(1);
    let operator = async {
        said(bed, "Everything is ready. Begin running and processing data.").await;
        for (yaml, line) in steps {
            bed.change(yaml);
            tx.send(Order::Hangup).await.unwrap();
            said(bed, line).await;
        }
        // A collector that has ended does not hear it.
        let _ = tx.send(Order::Terminate).await;
        std::future::pending::<()>().await;
    };
    tokio::select! {
        outcome = serve(asked, || Ok(rx)) => outcome,
        () = operator => unreachable!("it is pending"),
    }
}

async fn said(bed: &Bed, line: &str) {
    let said = async {
        while !bed.raw_log().contains(line) {
            sleep(Duration::from_millis(1)).await;
        }
    };
    let in_time = tokio::time::timeout(Duration::from_secs(20), said).await;
    in_time.unwrap_or_else(|_| panic!("no {line:?} in {}", bed.raw_log()));
}

/// The lines between the last that begins the reload and the one that begins the shutdown.
fn reloaded(bed: &Bed) -> Vec<String> {
    let log = bed.log();
    let begin = log.iter().rposition(|line| line == "Received signal from OS").unwrap();
    let begin = log[..begin].iter().rposition(|line| line.starts_with("Config updated")).unwrap_or(begin);
    let end =
        log[begin..].iter().position(|line| line == "Received signal from OS").unwrap_or(log.len() - begin);
    log[begin..begin + end]
        .iter()
        .filter(|line| !line.ends_with(": new") && !line.contains("Development"))
        .cloned()
        .collect()
}

/// How many payloads each component says that it saw.
fn flowed(bed: &Bed) -> Vec<(String, usize)> {
    let counts = bed.log().into_iter().filter_map(|line| {
        let (who, count) = line.strip_suffix(" flowed")?.rsplit_once(": ")?;
        Some((who.to_owned(), count.parse().unwrap()))
    });
    counts.collect()
}

const PARTIAL: &str = "Partial reload completed successfully";
const RECEIVERS: &str = "Partial receiver reload completed successfully";

#[tokio::test]
async fn nothing_restarts_when_nothing_changed() {
    let bed = Bed::new(FLOW);
    through(&bed, &[(&FLOW.replace("{flow: true}", "{\"flow\": true, }"), RECEIVERS)]).await.unwrap();
    assert_eq!(reloaded(&bed), ["Config updated, performing partial receiver reload", RECEIVERS]);
    assert!(bed.raw_log().contains("{\"stop\": [], \"start\": []}"), "{}", bed.raw_log());
}

#[tokio::test]
async fn receivers_restart_alone() {
    let bed = Bed::new(FLOW);
    let changed = FLOW.replace("fake/other: }\nproc", "fake/other: {at: run}, fake/new: }\nproc");
    let changed = changed.replace("[fake/other], exp", "[fake/other, fake/new], exp");
    through(&bed, &[(&changed, RECEIVERS)]).await.unwrap();
    assert_eq!(
        reloaded(&bed),
        [
            "Config updated, performing partial receiver reload",
            "receiver fake/other: stop",
            "receiver fake/other: start",
            "receiver fake/new: start",
            RECEIVERS,
        ]
    );
    let fields =
        "{\"stop\": [\"receiver fake/other\"], \"start\": [\"receiver fake/other\",\"receiver fake/new\"]}";
    assert!(bed.raw_log().contains(fields), "{}", bed.raw_log());
    let flowed = flowed(&bed);
    assert_eq!(flowed.len(), 2);
    assert!(flowed.iter().all(|(_, count)| *count == flowed[0].1 && *count > 0), "{flowed:?}");
}

#[tokio::test]
async fn a_receiver_goes_on_into_other_pipelines() {
    let bed = Bed::new(FLOW);
    let moved = FLOW.replace("receivers: [fake/other], exp", "receivers: [fake/other, fake/c], exp").replace(
        "traces: {receivers: [fake], processors: [fake], exporters: [fake]}",
        "traces/new: {receivers: [fake], exporters: [fake/c]}\n    traces/out: {receivers: [fake/c], exporters: [fake]}",
    );
    let moved = moved.replace("fake/used}}", "fake/used, flow: true}}");
    through(&bed, &[(&moved, PARTIAL)]).await.unwrap();
    let lines = reloaded(&bed);
    assert!(lines.iter().all(|line| !line.starts_with("receiver ")), "{lines:?}");
    let flowed = flowed(&bed);
    let of = |who: &str| flowed.iter().filter(|(name, _)| name == who).map(|(_, count)| count).sum::<usize>();
    assert_eq!(of("receiver fake"), of("exporter fake"), "{flowed:?}");
    assert!(of("exporter fake/other") < of("exporter fake"), "{flowed:?}");
}

#[tokio::test]
async fn what_changes_behind_a_receiver_is_replaced_while_it_waits() {
    let bed = Bed::new(FLOW);
    let changed = FLOW.replace("exporters: {fake: {flow: true}", "exporters: {fake: {flow: true, at: data}");
    through(&bed, &[(&changed, PARTIAL)]).await.unwrap();
    let lines = reloaded(&bed);
    let lines: Vec<_> = lines.iter().filter(|line| !line.ends_with(" flowed")).collect();
    assert_eq!(
        lines,
        [
            "Config updated, performing partial reload",
            "processor fake in traces: stop",
            "exporter fake: stop",
            "exporter fake: start",
            "processor fake in traces: start",
            PARTIAL,
        ]
    );
    let flowed = flowed(&bed);
    let of = |who: &str| {
        flowed.iter().filter(|(name, _)| name == who).map(|(_, count)| *count).collect::<Vec<_>>()
    };
    assert_eq!(of("exporter fake").len(), 2);
    assert!(of("exporter fake").iter().all(|count| *count > 0), "{flowed:?}");
    assert_eq!(of("receiver fake"), [of("exporter fake").iter().sum::<usize>()], "{flowed:?}");
}

#[tokio::test]
async fn what_can_be_there_twice_goes_in_its_own_time() {
    let slow = FLOW.replace(
        "exporters: {fake: {flow: true}",
        "exporters: {fake: {flow: true, overlaps: true, hang: true}",
    );
    let bed = Bed::new(&slow);
    let changed = slow.replace("overlaps: true, hang: true", "overlaps: true");
    let error = within(&bed, &[(&changed, PARTIAL)], Some(Duration::from_millis(50))).await.unwrap_err();
    let left = "processor fake, exporter fake/other, exporter fake, extension fake/unused, extension fake/used, \
                former processor fake, former exporter fake";
    assert_eq!(error, format!("shutdown timed out after 50ms while {left} was still running"));
    assert!(bed.raw_log().contains("\"lost_items\": 7"), "{}", bed.raw_log());
    let log = bed.log();
    let at = |line: &str| log.iter().rposition(|l| l == line).unwrap_or_else(|| panic!("{line} in {log:?}"));
    assert!(at("exporter fake: start") < at("exporter fake: stop"));
}

#[tokio::test]
async fn who_uses_an_extension_restarts_with_it() {
    let bed = Bed::new(FLOW);
    through(&bed, &[(&FLOW.replace("{fake/used: ,", "{fake/used: {at: run},"), PARTIAL)]).await.unwrap();
    let lines = reloaded(&bed);
    assert_eq!(
        lines,
        [
            "Config updated, performing partial reload",
            "processor fake in traces: stop",
            "exporter fake/other: stop",
            "extension fake/used: stop",
            "extension fake/used: Extension is starting...",
            "extension fake/used: Extension started.",
            "exporter fake/other: start",
            "processor fake in traces: start",
            PARTIAL,
        ]
    );
}

#[tokio::test]
async fn a_config_that_cannot_be_used_changes_nothing() {
    let message = "The new config cannot be used, going on with the one that is running";
    for (from, to, why) in [
        ("fake/other: }\nproc", "fake/other: {nope: 1}}\nproc", "has invalid keys: nope"),
        (
            "[fake/other], exp",
            "[fake/there], exp",
            "references receiver \\\"fake/there\\\" which is not configured",
        ),
        (
            "fake/unused: }",
            "fake/unused: {fail: bad, at: new}}",
            "failed to create extension \\\"fake/unused\\\": bad",
        ),
        ("service:", "service: [", "did not find expected"),
    ] {
        let bed = Bed::new(FLOW);
        let bad = FLOW.replace(from, to);
        assert_ne!(bad, FLOW);
        through(&bed, &[(&bad, message), (FLOW, RECEIVERS)]).await.unwrap();
        let raw = bed.raw_log();
        let line = raw.lines().find(|line| line.contains(message)).unwrap();
        assert!(line.contains("\terror\t") && line.contains(why), "{line}");
        assert_eq!(reloaded(&bed).len(), 2, "{raw}");
    }
}

#[tokio::test]
async fn what_does_not_start_is_the_end() {
    for (from, to, why) in [
        (
            "fake/other: {uses: fake/used}",
            "fake/other: {fail: no port}",
            "failed to start \"fake/other\" exporter: no port",
        ),
        (
            "fake/other: }\nproc",
            "fake/other: {fail: no port}}\nproc",
            "failed to start \"fake/other\" receiver: no port",
        ),
    ] {
        let bed = Bed::new(FLOW);
        let error = through(&bed, &[(&FLOW.replace(from, to), "Starting shutdown...")]).await.unwrap_err();
        assert_eq!(error, format!("cannot start pipelines: {why}"));
        let log = bed.log();
        assert_eq!(log.last().map(String::as_str), Some("Shutdown complete."));
        let (starts, stops) = (|l: &&String| l.ends_with(": start"), |l: &&String| l.ends_with(": stop"));
        // All but the one that failed; the extensions do not say that they start.
        assert_eq!(log.iter().filter(starts).count() - 1 + 2, log.iter().filter(stops).count(), "{log:?}");
    }
}

#[tokio::test]
async fn another_telemetry_needs_another_service() {
    let bed = Bed::new(FLOW);
    let path = bed.config().replace("config.yaml", "log");
    let other = FLOW.replace("service:\n", "service: \n").replace(
        "  pipelines:\n",
        &format!("  telemetry: {{metrics: {{level: none}}, logs: {{level: debug, disable_caller: true, sampling: {{enabled: false}}, output_paths: [{path}]}}}}\n  pipelines:\n"),
    );
    through(&bed, &[(&other, "Begin running and processing data.\t{\"resource\"")]).await.unwrap();
    let log = bed.log();
    let at = |line: &str| log.iter().position(|l| l == line).unwrap_or_else(|| panic!("{line} in {log:?}"));
    assert!(at("Config updated, restart service") < at("Starting shutdown..."));
    assert!(at("Starting shutdown...") < at("Shutdown complete."));
    assert_eq!(log.iter().filter(|line| *line == "Shutdown complete.").count(), 2);
    assert_eq!(log.iter().filter(|line| line.starts_with("Starting otelcol-fake")).count(), 2);
}

#[tokio::test]
async fn an_order_to_stop_bounds_a_reload_too() {
    let bed = Bed::new(&FLOW.replace("{uses: fake/used}", "{uses: fake/used, hang: true}"));
    let steps = [(FLOW, "Config updated, performing partial reload")];
    let error = within(&bed, &steps, Some(Duration::from_millis(50))).await.unwrap_err();
    assert_eq!(error, "shutdown timed out after 50ms while reload was still running");
    let log = bed.log();
    assert_eq!(log.last().map(String::as_str), Some("Shutdown timed out, cutting off what is still running"));
    assert!(log.contains(&"exporter fake/other: stop".to_owned()), "{log:?}");
}

#[tokio::test]
async fn a_log_that_was_moved_away_begins_anew() {
    let bed = Bed::new(FLOW);
    let (path, moved) = (bed.config().replace("config.yaml", "log"), bed.config() + ".moved");
    let configs = [bed.config()];
    let (tx, rx) = mpsc::channel(1);
    let operator = async {
        said(&bed, "Everything is ready. Begin running and processing data.").await;
        std::fs::rename(&path, &moved).unwrap();
        tx.send(Order::Hangup).await.unwrap();
        said(&bed, RECEIVERS).await;
        tx.send(Order::Terminate).await.unwrap();
    };
    let (outcome, ()) = tokio::join!(serve(asked(&configs), || Ok(rx)), operator);
    outcome.unwrap();
    assert_eq!(bed.log()[0], "Config updated, performing partial receiver reload");
    let before = std::fs::read_to_string(moved).unwrap();
    assert!(before.lines().last().unwrap().contains("Received signal from OS"), "{before}");
}
