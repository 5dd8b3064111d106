//! The chart's presets, in the order in which it applies them.

mod attributes;
mod detection;
mod objects;

use std::fmt::Write as _;

use slimcol_config::{Node, Place};

use super::{
    CHART, Chart,
    edit::{End, add, lay_under},
};

const LOGS: [&str; 4] = ["service", "pipelines", "logs", "receivers"];
const METRICS: [&str; 4] = ["service", "pipelines", "metrics", "receivers"];
const EXTENSIONS: [&str; 2] = ["service", "extensions"];

/// Lays what the chosen presets say below `config`.
pub(super) fn apply(chart: &Chart<'_>, config: &mut Node) {
    let chosen = |name: &str| {
        chart.is_on(&["presets", name, "enabled"], false).then(|| chart.place(&["presets", name]))
    };
    if let Some(place) = chosen("logsCollection") {
        logs_collection(chart, config, &place);
    }
    annotation_discovery(chart, config);
    if let Some(place) = chosen("hostMetrics") {
        lay_under(config, include_str!("presets/host_metrics.yaml"), &place);
        add(config, &METRICS, End::Last, "hostmetrics", &place);
    }
    if let Some(place) = chosen("profiling") {
        lay_under(config, "{receivers: {profiling: {}}, exporters: {debug: {}}}", &place);
        let pipeline = ["service", "pipelines", "profiles"];
        let [service, pipelines, profiles] = pipeline;
        add(config, &[service, pipelines, profiles, "receivers"], End::Last, "profiling", &place);
        let exporters = [service, pipelines, profiles, "exporters"];
        if super::edit::items(config, &exporters).is_empty() {
            add(config, &exporters, End::Last, "debug", &place);
        }
    }
    if let Some(place) = chosen("kubeletMetrics") {
        let receiver = "receivers: {kubeletstats: {collection_interval: 20s, auth_type: serviceAccount, \
                        endpoint: '${env:K8S_NODE_IP}:10250'}}";
        lay_under(config, receiver, &place);
        add(config, &METRICS, End::Last, "kubeletstats", &place);
    }
    if let Some(place) = chosen("kubernetesAttributes") {
        attributes::apply(chart, config, &place);
    }
    if let Some(place) = chosen("kubernetesEvents").filter(|_| chart.mode != "daemonset") {
        kubernetes_events(chart, config, &place);
    }
    if let Some(place) = chosen("kubernetesObjects") {
        objects::apply(chart, config, &place);
    }
    if let Some(place) = chosen("clusterMetrics") {
        cluster_metrics(chart, config, &place);
    }
    if let Some(place) = chosen("resourceDetection") {
        detection::apply(chart, config, &place);
    }
}

fn logs_collection(chart: &Chart<'_>, config: &mut Node, place: &Place) {
    let preset = |key| ["presets", "logsCollection", key];
    let exclude = if chart.is_on(&preset("includeCollectorLogs"), false) {
        String::new()
    } else {
        format!("/var/log/pods/{}_{}*_*/{CHART}/*.log", namespace(chart), full_name(chart))
    };
    let size = chart.get(&preset("maxRecombineLogSize")).and_then(Node::as_i64).unwrap_or(102_400);
    let store = chart.is_on(&preset("storeCheckpoints"), false);
    let storage = if store { "storage: file_storage, " } else { "" };
    let receiver = format!(
        "receivers: {{filelog: {{include: [/var/log/pods/*/*/*.log], exclude: [{exclude}], start_at: end, \
         retry_on_failure: {{enabled: true}}, {storage}include_file_path: true, include_file_name: false, \
         operators: [{{type: container, id: container-parser, max_log_size: {size}}}]}}}}"
    );
    lay_under(config, &receiver, place);
    add(config, &LOGS, End::Last, "filelog", place);
    if store {
        lay_under(config, "extensions: {file_storage: {directory: /var/lib/otelcol}}", place);
        add(config, &EXTENSIONS, End::Last, "file_storage", place);
    }
}

fn annotation_discovery(chart: &Chart<'_>, config: &mut Node) {
    let preset = |key| ["presets", "annotationDiscovery", key];
    let chosen = |key| chart.is_on(&[&preset(key)[..], &["enabled"]].concat(), false);
    let (logs, metrics) = (chosen("logs"), chosen("metrics"));
    if !(logs || metrics) {
        return;
    }
    let place = chart.place(&["presets", "annotationDiscovery"]);
    let node = if chart.mode == "daemonset" { ", node: '${env:K8S_NODE_NAME}'" } else { "" };
    lay_under(config, &format!("extensions: {{k8s_observer: {{auth_type: serviceAccount{node}}}}}"), &place);
    add(config, &EXTENSIONS, End::Last, "k8s_observer", &place);
    for (on, key, pipeline, more) in [
        (logs, "logs", LOGS, ", default_annotations: {io.opentelemetry.discovery.logs/enabled: 'true'}"),
        (metrics, "metrics", METRICS, ""),
    ] {
        if on {
            let place = chart.place(&preset(key));
            let receiver = format!(
                "receivers: {{receiver_creator/{key}: {{watch_observers: [k8s_observer], discovery: {{enabled: true{more}}}}}}}"
            );
            lay_under(config, &receiver, &place);
            add(config, &pipeline, End::Last, &format!("receiver_creator/{key}"), &place);
        }
    }
}

fn kubernetes_events(chart: &Chart<'_>, config: &mut Node, place: &Place) {
    let new = chart.is_on(&["presets", "kubernetesEvents", "useK8sEventsReceiver"], false);
    let (name, receiver) = if new {
        ("k8s_events", "receivers: {k8s_events: {}}")
    } else {
        (
            "k8sobjects",
            "receivers: {k8sobjects: {objects: [{name: events, mode: watch, group: events.k8s.io, \
             exclude_watch_type: [DELETED]}]}}",
        )
    };
    lay_under(config, receiver, place);
    add(config, &LOGS, End::Last, name, place);
}

fn cluster_metrics(chart: &Chart<'_>, config: &mut Node, place: &Place) {
    let replicas = chart.get(&["replicaCount"]).and_then(Node::as_i64).unwrap_or(1);
    let several = chart.mode == "daemonset" || replicas > 1;
    let elected = elect(chart, config, several.then_some("k8s_cluster"), "clusterMetrics", place);
    let receiver = format!("receivers: {{k8s_cluster: {{{elected}collection_interval: 10s}}}}");
    lay_under(config, &receiver, place);
    add(config, &METRICS, End::Last, "k8s_cluster", place);
}

/// Where several collectors could do the same work, adds the extension by which they choose one; what the receiver says of
/// that, with a comma behind it.
fn elect(chart: &Chart<'_>, config: &mut Node, name: Option<&str>, preset: &str, place: &Place) -> String {
    let mut said = String::new();
    let wanted = !chart.is_on(&["presets", preset, "disableLeaderElection"], false);
    if let Some(name) = name.filter(|_| wanted) {
        let lease = format!("{}.receiver.opentelemetry.io", name.replace('_', "."));
        let namespace = namespace(chart);
        let extension = format!(
            "extensions: {{k8s_leader_elector/{name}: {{auth_type: serviceAccount, lease_name: {lease}, lease_namespace: \
             '{namespace}'}}}}"
        );
        lay_under(config, &extension, place);
        add(config, &EXTENSIONS, End::Last, &format!("k8s_leader_elector/{name}"), place);
        // Writing to a String cannot fail.
        let _ = write!(said, "k8s_leader_elector: k8s_leader_elector/{name}, ");
    }
    said
}

/// The namespace that the chart is installed to; Helm is told by its command line, and not here.
fn namespace<'c>(chart: &'c Chart<'_>) -> &'c str {
    chart.text(&["namespaceOverride"]).unwrap_or("default")
}

/// What the chart calls its objects, for a release of the chart's name.
fn full_name<'c>(chart: &'c Chart<'_>) -> &'c str {
    chart.text(&["fullnameOverride"]).unwrap_or(CHART)
}
