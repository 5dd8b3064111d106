//! Starts, and what does not start.

use super::*;

#[tokio::test]
async fn what_does_not_start_ends_the_start_and_stops_the_rest() {
    let bed = Bed::new(
        "
receivers: {fake: , fake/busy: {fail: 'listen tcp 127.0.0.1:1: bind: address already in use'}, fake/never: }
exporters: {fake: }
extensions: {fake: }
service:
  extensions: [fake]
  pipelines: {logs: {receivers: [fake, fake/busy, fake/never], exporters: [fake]}}
",
    );
    assert_eq!(
        live(&bed, &[]).await.unwrap_err(),
        "cannot start pipelines: failed to start \"fake/busy\" receiver: \
         listen tcp 127.0.0.1:1: bind: address already in use"
    );
    assert_eq!(
        story(&bed)[4..],
        [
            "exporter fake: start",
            "receiver fake: start",
            "receiver fake/busy: start",
            "Failed to start component",
            "Starting shutdown...",
            "receiver fake: stop",
            "exporter fake: stop",
            "Stopping extensions...",
            "extension fake: stop",
            "Shutdown complete.",
        ]
    );
    let field = "\"error\": \"listen tcp 127.0.0.1:1: bind: address already in use\", \"type\": \"Receiver\", \"id\": \"fake/busy\"";
    assert!(bed.raw_log().contains(field), "{}", bed.raw_log());
}

#[tokio::test]
async fn failures_of_starts_by_kind() {
    for (section, text) in [
        ("extensions: {fake: {fail: bad}}", "failed to start extensions: bad"),
        ("exporters: {fake: {fail: bad}}", "cannot start pipelines: failed to start \"fake\" exporter: bad"),
        (
            "exporters: {fake: {fail: bad, at: new}}",
            "failed to create \"fake\" exporter for data type \"logs\": bad",
        ),
        (
            "processors: {fake: {fail: bad, at: new}}",
            "failed to create \"fake\" processor, in pipeline \"logs\": bad",
        ),
        (
            "extensions: {fake: {fail: bad, at: new}}",
            "failed to build extensions: failed to create extension \"fake\": bad",
        ),
        (
            "processors: {fake: {fail: bad, panic: true}}",
            "cannot start pipelines: failed to start \"fake\" processor: internal error: bad",
        ),
        (
            "exporters: {fake: {fail: bad, panic: true}}",
            "cannot start pipelines: failed to start \"fake\" exporter: internal error: bad",
        ),
        ("extensions: {fake: {fail: bad, panic: true}}", "failed to start extensions: internal error: bad"),
        (
            "receivers: {fake: {fail: bad, panic: true}}",
            "cannot start pipelines: failed to start \"fake\" receiver: internal error: bad",
        ),
    ] {
        let mut yaml = format!("{section}\n");
        for other in ["receivers", "processors", "exporters", "extensions"] {
            if !section.starts_with(other) {
                yaml += other;
                yaml += ": {fake: }\n";
            }
        }
        yaml.push_str(
            "service:\n  extensions: [fake]\n  \
             pipelines: {logs: {receivers: [fake], processors: [fake], exporters: [fake]}}\n",
        );
        let error = live(&Bed::new(&yaml), &[]).await.unwrap_err();
        assert!(error.contains(text), "{section}: {error}");
    }
}

#[tokio::test]
async fn what_is_old_or_young_is_said() {
    let bed = Bed::new(
        "
receivers: {old_fake: {old_key: x}}
exporters: {fake: }
service:
  pipelines: {traces: {receivers: [old_fake], exporters: [fake]}}
",
    );
    live(&bed, &[Order::Terminate]).await.unwrap();
    let log = bed.log();
    for line in [
        "'old_key' is deprecated",
        "Internal metrics telemetry disabled",
        "receiver old_fake: \"old_fake\" alias is deprecated; use \"fake\" instead",
        "receiver old_fake: Development component. May change in the future.",
    ] {
        assert!(log.iter().any(|l| l == line), "{line} in {log:?}");
    }
}

#[tokio::test]
async fn traces_are_off_unless_they_go_anywhere() {
    const OFF: &str = "Internal trace telemetry disabled";
    let of = |traces: &str| {
        // The blank keeps the telemetry that is written here.
        let bed = Bed::new("");
        let path = bed.config().replace("config.yaml", "log");
        bed.change(&format!(
            "receivers: {{fake: }}\nexporters: {{fake: }}\nservice: \n  telemetry: {{metrics: {{level: none}}, \
             logs: {{disable_caller: true, disable_zap_resource: true, output_paths: [{path}]}}, traces: {traces}}}\n  \
             pipelines: {{traces: {{receivers: [fake], exporters: [fake]}}}}\n"
        ));
        bed
    };
    let processors = "processors: [{simple: {exporter: {console: {}}}}]";
    let idle = "Setting has no effect in this build\t{\"key\": \"service::telemetry::traces::processors\"}";
    for (traces, off, unserved) in [
        ("{}", true, false),
        ("{processors: []}", true, false),
        (&format!("{{level: none, propagators: [jaeger], {processors}}}"), true, false),
        // The fakes are a build without what sends.
        (&format!("{{propagators: [b3, tracecontext], {processors}}}"), false, true),
    ] {
        let bed = of(traces);
        live(&bed, &[Order::Terminate]).await.unwrap();
        let log = bed.raw_log();
        let said = (log.contains(OFF), log.contains(idle));
        assert_eq!(said, (off, unserved), "{traces}: {log}");
    }
    let error = live(&of("{propagators: [tracecontext, jaeger]}"), &[Order::Terminate]).await.unwrap_err();
    assert_eq!(
        error,
        "failed to create tracer provider: error creating propagator: unsupported trace propagator"
    );
}

#[tokio::test]
async fn a_build_without_a_network_exports_no_log() {
    for (processors, unserved) in [("[]", 0), ("[{simple: {exporter: {console: {}}}}]", 1)] {
        let bed = Bed::new("");
        let path = bed.config().replace("config.yaml", "log");
        bed.change(&format!(
            "receivers: {{fake: }}\nexporters: {{fake: }}\nservice: \n  telemetry: {{metrics: {{level: none}}, \
             logs: {{disable_caller: true, disable_zap_resource: true, output_paths: [{path}], \
             processors: {processors}}}}}\n  \
             pipelines: {{traces: {{receivers: [fake], exporters: [fake]}}}}\n"
        ));
        live(&bed, &[Order::Terminate]).await.unwrap();
        let idle = "Setting has no effect in this build\t{\"key\": \"service::telemetry::logs::processors\"}";
        assert_eq!(bed.raw_log().matches(idle).count(), unserved, "{processors}: {}", bed.raw_log());
    }
}
