//! `presets.kubernetesObjects`: what is in the cluster, as logs.

use slimcol_config::{Node, Place, parse};

use super::{LOGS, elect};
use crate::derive::helm::{
    Chart,
    edit::{self, End, add, lay_under, mapping, put},
};

/// The preset's key, the API group, the resources.
const RESOURCES: [(&str, &str, &[&str]); 10] = [
    ("core", "", &["namespaces", "pods", "nodes", "services", "serviceaccounts"]),
    ("core", "apps", &["deployments", "replicasets", "daemonsets", "statefulsets"]),
    ("core", "batch", &["jobs", "cronjobs"]),
    ("rbac", "rbac.authorization.k8s.io", &["roles", "rolebindings", "clusterroles", "clusterrolebindings"]),
    ("storage", "storage.k8s.io", &["storageclasses"]),
    ("storage", "", &["persistentvolumes", "persistentvolumeclaims"]),
    ("networking", "networking.k8s.io", &["ingresses", "networkpolicies"]),
    ("autoscaling", "autoscaling", &["horizontalpodautoscalers"]),
    ("policy", "policy", &["poddisruptionbudgets"]),
    ("apiExtensions", "apiextensions.k8s.io", &["customresourcedefinitions"]),
];

pub(super) fn apply(chart: &Chart<'_>, config: &mut Node, place: &Place) {
    let everywhere = chart.mode == "daemonset";
    let elected = elect(chart, config, everywhere.then_some("k8s_objects"), "kubernetesObjects", place);
    // The user's come behind the preset's own.
    let existing = edit::items(config, &["receivers", "k8sobjects", "objects"]);
    lay_under(config, &format!("receivers: {{k8sobjects: {{{elected}objects: []}}}}"), place);
    let mut objects = chosen(chart, place);
    objects.extend(existing);
    let receiver = mapping(config, &["receivers", "k8sobjects"], place);
    put(receiver, "objects", Node::list(objects, place.clone()), place);
    add(config, &LOGS, End::Last, "k8sobjects", place);
}

fn chosen(chart: &Chart<'_>, place: &Place) -> Vec<Node> {
    let preset = |path: &[&'static str]| [&["presets", "kubernetesObjects"], path].concat();
    let watch = chart.is_on(&preset(&["watch"]), false);
    let mut texts = Vec::new();
    let mut add = |group: &str, resources: &[&str]| {
        for name in resources {
            let group = if group.is_empty() { String::new() } else { format!(", group: {group}") };
            texts.push(format!("{{name: {name}, mode: pull{group}}}"));
            if watch {
                texts.push(format!("{{name: {name}, mode: watch{group}}}"));
            }
        }
    };
    for (key, group, resources) in RESOURCES {
        if !chart.is_on(&preset(&[key, "enabled"]), true) {
            continue;
        }
        add(group, resources);
        if key == "autoscaling" && chart.is_on(&preset(&[key, "vpa", "enabled"]), false) {
            add("autoscaling.k8s.io", &["verticalpodautoscalers"]);
        }
    }
    if chart.is_on(&preset(&["events", "enabled"]), false) {
        texts.push(
            "{name: events, mode: watch, group: events.k8s.io, exclude_watch_type: [DELETED]}".to_owned(),
        );
    }
    let parsed = texts.iter().map(|text| parse("preset", text).expect("presets are YAML"));
    parsed
        .map(|mut object| {
            object.stand_at(place);
            object
        })
        .collect()
}
