//! What the chart refuses, and what it would not notice.

use slimcol_config::{Entry, Issue, Node, nearest};

use crate::manifest::Findings;

/// The chart's modes.
pub(super) const MODES: [&str; 3] = ["daemonset", "deployment", "statefulset"];

/// The presets with their keys.
const PRESETS: [(&str, &[&str]); 10] = [
    ("logsCollection", &["enabled", "includeCollectorLogs", "storeCheckpoints", "maxRecombineLogSize"]),
    ("hostMetrics", &["enabled"]),
    ("kubeletMetrics", &["enabled"]),
    ("kubernetesAttributes", &["enabled", "extractAllPodLabels", "extractAllPodAnnotations"]),
    ("kubernetesEvents", &["enabled", "useK8sEventsReceiver"]),
    (
        "kubernetesObjects",
        &[
            "enabled",
            "disableLeaderElection",
            "watch",
            "core",
            "rbac",
            "storage",
            "networking",
            "autoscaling",
            "policy",
            "apiExtensions",
            "events",
        ],
    ),
    ("clusterMetrics", &["enabled", "disableLeaderElection"]),
    ("annotationDiscovery", &["logs", "metrics"]),
    ("resourceDetection", &["enabled", "env", "k8s_api", "k8snode", "eks", "aks", "gcp"]),
    ("profiling", &["enabled"]),
];

/// Reports what is wrong with `values`.
pub(super) fn check(values: &Node, findings: &mut Findings) {
    mode(values, findings);
    presets(values, findings);
    telemetry(values, findings);
    templates(values.get("config").unwrap_or(values), findings);
}

fn mode(values: &Node, findings: &mut Findings) {
    let written = values.entry("mode");
    let mode = written.and_then(|entry| entry.value().as_str());
    if mode.is_some_and(|mode| MODES.contains(&mode)) {
        return;
    }
    let place = written.map(Entry::value_place).or(values.entries().first().map(Entry::place));
    let elsewhere =
        if written.is_some() { "" } else { "; values in another file are added with --from-config" };
    let issue = Issue::new("`mode` must be set, or the chart renders nothing")
        .at(place.cloned())
        .help(format!("it is `daemonset`, `deployment` or `statefulset`{elsewhere}"));
    findings.issue(issue.meant(mode.and_then(|mode| nearest(mode, MODES))));
}

fn presets(values: &Node, findings: &mut Findings) {
    for entry in values.get("presets").map_or(&[][..], Node::entries) {
        let Some((_, keys)) = PRESETS.iter().find(|(name, _)| *name == entry.key()) else {
            let issue = Issue::new(format!("the chart has no preset `{}`", entry.key()));
            let meant = nearest(entry.key(), PRESETS.map(|(name, _)| name));
            findings.issue(issue.at(entry.place().clone()).meant(meant));
            continue;
        };
        for key in entry.value().entries().iter().filter(|key| !keys.contains(&key.key())) {
            let issue = Issue::new(format!("the preset `{}` has no key `{}`", entry.key(), key.key()));
            let meant = nearest(key.key(), keys.iter().copied());
            findings.issue(issue.at(key.place().clone()).meant(meant));
        }
    }
    let on = |path: &[&str]| {
        let flag = path.iter().try_fold(values, |node, key| node.get(key));
        flag.and_then(Node::as_bool).unwrap_or(false)
    };
    let preset = |name: &str| values.get("presets").and_then(|presets| presets.entry(name));
    if on(&["presets", "logsCollection", "enabled"])
        && on(&["presets", "annotationDiscovery", "logs", "enabled"])
    {
        let place = preset("annotationDiscovery").map(|entry| entry.place().clone());
        let issue = Issue::new("the chart refuses `annotationDiscovery.logs` together with `logsCollection`");
        findings.issue(issue.at(place));
    }
    let replicas = values.get("replicaCount").and_then(Node::as_i64).unwrap_or(1);
    if on(&["presets", "clusterMetrics", "enabled"])
        && on(&["presets", "clusterMetrics", "disableLeaderElection"])
        && replicas > 1
        && values.get("mode").and_then(Node::as_str) != Some("daemonset")
    {
        let place = preset("clusterMetrics").map(|entry| entry.place().clone());
        let issue =
            Issue::new("the chart refuses `clusterMetrics` with several replicas and no leader election");
        findings.issue(issue.at(place));
    }
}

/// Telemetry that is sent nowhere.
fn telemetry(values: &Node, findings: &mut Findings) {
    let Some(section) = values.get("internalTelemetryViaOTLP") else { return };
    let named =
        |node: &Node| node.get("endpoint").and_then(Node::as_str).is_some_and(|text| !text.is_empty());
    for signal in ["traces", "metrics", "logs"] {
        let Some(entry) = section.entry(signal) else { continue };
        let on = entry.value().get("enabled").and_then(Node::as_bool).unwrap_or(false);
        if on && !named(section) && !named(entry.value()) {
            let issue = Issue::new(format!("`internalTelemetryViaOTLP.{signal}` has no endpoint"));
            findings.issue(issue.at(entry.place().clone()).help("set `internalTelemetryViaOTLP.endpoint`"));
        }
    }
}

/// Helm would expand templates in the configuration; here they stay as they are.
fn templates(node: &Node, findings: &mut Findings) {
    if node.as_str().is_some_and(|text| text.contains("{{")) {
        let left = Issue::new("a Helm template in a value is left as it is: nobody here knows the release");
        findings.note(left.at(node.place().clone()));
    }
    node.entries().iter().for_each(|entry| templates(entry.value(), findings));
    node.items().unwrap_or_default().iter().for_each(|item| templates(item, findings));
}
