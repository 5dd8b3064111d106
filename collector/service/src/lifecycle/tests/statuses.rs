//! What the service says of components, as an extension is told.

use super::*;

/// What the watching extension was told.
fn told(bed: &Bed) -> Vec<String> {
    let told = bed
        .log()
        .into_iter()
        .filter_map(|line| line.strip_prefix("extension fake/watch: ").map(String::from));
    told.filter(|line| line.contains(" Status")).collect()
}

fn with(components: &str, pipelines: &str) -> Bed {
    Bed::new(&format!(
        "{components}\nextensions: {{fake/watch: {{watch: true}}, fake/other: }}\nservice:\n  \
         extensions: [fake/watch, fake/other]\n  pipelines: {{{pipelines}}}\n"
    ))
}

#[tokio::test]
async fn a_life() {
    let bed = with(
        "receivers: {fake: }\nprocessors: {fake: {complain: not yet}}\nexporters: {fake: }\nconnectors: {fake/c: }",
        "logs/b: {receivers: [fake, fake/c], exporters: [fake]}, \
         traces: {receivers: [fake], processors: [fake], exporters: [fake/c]}, \
         logs/a: {receivers: [fake], exporters: [fake]}",
    );
    live(&bed, &[Order::Terminate]).await.unwrap();
    assert_eq!(
        told(&bed),
        [
            "extension fake/watch [] StatusOK",
            "extension fake/other [] StatusStarting",
            "extension fake/other [] StatusOK",
            "exporter fake [\"logs/b\", \"logs/a\"] StatusStarting",
            "exporter fake [\"logs/b\", \"logs/a\"] StatusOK",
            "connector fake/c [\"logs/b\", \"traces\"] StatusStarting",
            "connector fake/c [\"logs/b\", \"traces\"] StatusOK",
            "processor fake [\"traces\"] StatusStarting",
            "processor fake [\"traces\"] StatusRecoverableError: not yet",
            "receiver fake [\"logs/b\", \"logs/a\"] StatusStarting",
            "receiver fake [\"traces\"] StatusStarting",
            "receiver fake [\"logs/b\", \"logs/a\"] StatusOK",
            "receiver fake [\"traces\"] StatusOK",
            "receiver fake [\"logs/b\", \"logs/a\"] StatusStopping",
            "receiver fake [\"traces\"] StatusStopping",
            "receiver fake [\"logs/b\", \"logs/a\"] StatusStopped",
            "receiver fake [\"traces\"] StatusStopped",
            "processor fake [\"traces\"] StatusStopping",
            "processor fake [\"traces\"] StatusStopped",
            "connector fake/c [\"logs/b\", \"traces\"] StatusStopping",
            "connector fake/c [\"logs/b\", \"traces\"] StatusStopped",
            "exporter fake [\"logs/b\", \"logs/a\"] StatusStopping",
            "exporter fake [\"logs/b\", \"logs/a\"] StatusStopped",
            "extension fake/other [] StatusStopping",
            "extension fake/other [] StatusStopped",
            "extension fake/watch [] StatusStopping",
        ]
    );
}

#[tokio::test]
async fn errors() {
    let pipeline = "logs: {receivers: [fake], processors: [fake], exporters: [fake]}";
    for (section, line) in [
        ("exporters: {fake: {fail: bad}}", "exporter fake [\"logs\"] StatusPermanentError: bad"),
        ("receivers: {fake: {fail: bad}}", "receiver fake [\"logs\"] StatusPermanentError: bad"),
        (
            "processors: {fake: {fail: bad, panic: true}}",
            "processor fake [\"logs\"] StatusPermanentError: internal error: bad",
        ),
        ("receivers: {fake: {fail: gone, at: run}}", "receiver fake [\"logs\"] StatusFatalError: gone"),
        (
            "processors: {fake: {fail: oops, at: data, panic: true}}\nreceivers: {fake: {send: true}}",
            "receiver fake [\"logs\"] StatusFatalError: internal error: oops",
        ),
    ] {
        let mut yaml = section.to_owned();
        for other in ["receivers", "processors", "exporters"] {
            if !section.contains(other) {
                yaml.extend(["\n", other, ": {fake: }"]);
            }
        }
        let bed = with(&yaml, pipeline);
        // Whether the start fails depends on the case; its text is tested elsewhere.
        let _ = live(&bed, &[]).await;
        let told = told(&bed);
        assert!(told.iter().any(|told| told == line), "{line} in {told:?}");
    }
}

#[tokio::test]
async fn what_a_reload_took_away_is_not_there_any_more() {
    let yaml = |exporter: &str| {
        format!(
            "receivers: {{fake: }}\nprocessors: {{fake: }}\nexporters: {{{exporter}: {{flow: true}}}}\n\
             extensions: {{fake/watch: {{watch: true}}}}\nservice:\n  extensions: [fake/watch]\n  \
             pipelines: {{logs: {{receivers: [fake], processors: [fake], exporters: [{exporter}]}}}}\n"
        )
    };
    let bed = Bed::new(&yaml("fake/x"));
    hangup::through(&bed, &[(&yaml("fake/y"), "Partial reload completed successfully")]).await.unwrap();
    let log = bed.log();
    let said = |line: &str| log.iter().any(|said| *said == format!("extension fake/watch: {line}"));
    assert!(said("exporter fake/x [\"logs\"] StatusStopped"), "{log:?}");
    assert!(said("exporter fake/y [\"logs\"] StatusStopped"), "{log:?}");
    let names = ["exporter fake/y", "extension fake/watch", "processor fake", "receiver fake"];
    let last = log.iter().find_map(|line| line.strip_prefix("extension fake/watch: at the end: ")).unwrap();
    let mut there: Vec<&str> = last.split(", ").collect();
    there.sort_unstable();
    assert_eq!(there, names);
    assert!(said("configured: true"), "{log:?}");
}
