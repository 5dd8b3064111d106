//! What `validate` says of configurations that put components together wrongly.

use crate::{
    fakes::{Bed, asked},
    lifecycle::validate,
};

/// What validating a configuration of fakes with these pipelines says.
fn validated(pipelines: &str) -> Result<(), String> {
    let bed = Bed::new(&format!(
        "receivers: {{fake: }}\nprocessors: {{fake: , fake/p: }}\nconnectors: {{fake/c: }}\n\
         exporters: {{fake: , traces_only: }}\nservice:\n  pipelines: {{{pipelines}}}\n"
    ));
    let configs = [bed.config()];
    validate(asked(&configs)).map(drop)
}

#[test]
fn what_fits_is_fine() {
    for pipelines in [
        "traces: {receivers: [fake], processors: [fake, fake/p], exporters: [fake, traces_only]}",
        "traces: {receivers: [fake], exporters: [fake/c]}, logs: {receivers: [fake/c], exporters: [fake]}",
    ] {
        assert_eq!(validated(pipelines), Ok(()), "{pipelines}");
    }
}

#[test]
fn what_does_not_fit_is_told_with_its_place() {
    for (pipelines, text) in [
        (
            "logs: {receivers: [fake], exporters: [traces_only]}",
            "failed to build pipelines: failed to create \"traces_only\" exporter for data type \"logs\": \
             telemetry type is not supported\n -->",
        ),
        (
            "traces: {receivers: [fake], exporters: [fake/c]}",
            "failed to build pipelines: connector \"fake/c\" used as exporter in [traces] pipeline but not used in any \
             supported receiver pipeline\n -->",
        ),
        (
            "logs: {receivers: [fake], exporters: [fake/c]}, traces: {receivers: [fake/c], exporters: [fake]}",
            "connector \"fake/c\" used as receiver in [traces] pipeline but not used in any supported exporter pipeline",
        ),
        (
            "traces: {receivers: [fake, fake/c], processors: [fake/p], exporters: [fake/c]}",
            "failed to build pipelines: cycle detected: connector \"fake/c\" (traces to traces) -> \
             processor \"fake/p\" in pipeline \"traces\" -> connector \"fake/c\" (traces to traces)\n -->",
        ),
    ] {
        // A place's line number decides how far its arrow stands in.
        let error = validated(pipelines).unwrap_err().replace("\n  -->", "\n -->");
        assert!(error.contains(text), "{pipelines}: {error}");
        assert!(error.contains("config.yaml:"), "{error}");
    }
}
