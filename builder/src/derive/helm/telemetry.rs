//! `internalTelemetryViaOTLP`: the collector sends its own telemetry, and scrapes itself no more.

use slimcol_config::{Node, parse};

use super::{Chart, edit};

pub(super) fn apply(chart: &Chart<'_>, config: &mut Node) {
    for signal in ["traces", "metrics", "logs"] {
        if chart.is_on(&["internalTelemetryViaOTLP", signal, "enabled"], false) {
            send(chart, config, signal);
        }
    }
}

fn send(chart: &Chart<'_>, config: &mut Node, signal: &str) {
    let place = chart.place(&["internalTelemetryViaOTLP", signal]);
    if signal == "metrics" {
        if let Some(receivers) = config.get_mut("receivers") {
            receivers.remove("prometheus");
        }
        let path = ["service", "pipelines", "metrics", "receivers"];
        let mut left = edit::items(config, &path);
        left.retain(|receiver| receiver.as_str() != Some("prometheus"));
        let pipelines = config.get_mut("service").and_then(|service| service.get_mut("pipelines"));
        if let Some(pipeline) = pipelines.and_then(|pipelines| pipelines.get_mut("metrics")) {
            edit::put(pipeline, "receivers", Node::list(left, place.clone()), &place);
        }
        edit::mapping(config, &["service", "telemetry", "metrics"], &place).remove("readers");
    }
    let value = |key: &str| {
        let own = chart.get(&["internalTelemetryViaOTLP", signal, key]).filter(|node| !is_empty(node));
        own.or_else(|| chart.get(&["internalTelemetryViaOTLP", key])).filter(|node| !is_empty(node))
    };
    let wrapped = if signal == "metrics" {
        "{metrics: {readers: [{periodic: {exporter: {otlp: {protocol: http/protobuf}}}}]}}".to_owned()
    } else {
        format!(
            "{{{signal}: {{processors: [{{batch: {{exporter: {{otlp: {{protocol: http/protobuf}}}}}}}}]}}}}"
        )
    };
    let (list, kind) = if signal == "metrics" { ("readers", "periodic") } else { ("processors", "batch") };
    let mut added = parse("chart", &wrapped).expect("the chart's own is YAML");
    added.stand_at(&place);
    let mut item = edit::items(&added, &[signal, list]).remove(0);
    let exporter = edit::mapping(&mut item, &[kind, "exporter", "otlp"], &place);
    let endpoint = value("endpoint").cloned().unwrap_or_else(|| Node::text("", place.clone()));
    edit::put(exporter, "endpoint", endpoint, &place);
    if let Some(headers) = value("headers") {
        edit::put(exporter, "headers", headers.clone(), &place);
    }
    edit::put(
        edit::mapping(&mut added, &[signal], &place),
        list,
        Node::list(vec![item], place.clone()),
        &place,
    );
    let telemetry = edit::mapping(config, &["service", "telemetry"], &place);
    // What the user says of it stays.
    *telemetry = edit::merged(&added, telemetry, &|ours, theirs| {
        Some(if is_empty(theirs) { ours.clone() } else { theirs.clone() })
    });
}

fn is_empty(node: &Node) -> bool {
    let nothing = node.entries().is_empty() && node.items().is_none_or(<[Node]>::is_empty);
    node.is_null() || node.as_str() == Some("") || nothing && (node.is_map() || node.items().is_some())
}
