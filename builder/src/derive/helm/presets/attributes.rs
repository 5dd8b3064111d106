//! `presets.kubernetesAttributes`: every pipeline learns which pod sent what.

use slimcol_config::{Node, Place, parse};

use crate::derive::helm::{
    Chart,
    edit::{self, End, add, has, lay_under, mapping, put},
};

const METADATA: &str = "[k8s.namespace.name, k8s.pod.name, k8s.pod.uid, k8s.node.name, k8s.pod.start_time, \
    k8s.deployment.name, k8s.replicaset.name, k8s.replicaset.uid, k8s.daemonset.name, k8s.daemonset.uid, k8s.job.name, \
    k8s.job.uid, k8s.container.name, k8s.cronjob.name, k8s.statefulset.name, k8s.statefulset.uid, container.image.tag, \
    container.image.name, k8s.cluster.uid, service.namespace, service.name, service.version, service.instance.id]";

const CONTAINER: &str = "sources: [{from: resource_attribute, name: container.id}]";

pub(super) fn apply(chart: &Chart<'_>, config: &mut Node, place: &Place) {
    let renamed = chart.is_on(&["rewriteDeprecatedComponentNames"], true);
    let name = if renamed { "k8s_attributes" } else { "k8sattributes" };
    let filter = if chart.mode == "daemonset" { "filter: {node_from_env_var: K8S_NODE_NAME}, " } else { "" };
    let extracted = |option, key| {
        let on = chart.is_on(&["presets", "kubernetesAttributes", option], false);
        if on { format!(", {key}: [{{tag_name: $$1, key_regex: '(.*)', from: pod}}]") } else { String::new() }
    };
    let labels = extracted("extractAllPodLabels", "labels");
    let annotations = extracted("extractAllPodAnnotations", "annotations");
    let processor = format!(
        "processors: {{{name}: {{{filter}passthrough: false, pod_association: [{{sources: [{{from: resource_attribute, \
         name: k8s.pod.ip}}]}}, {{sources: [{{from: resource_attribute, name: k8s.pod.uid}}]}}, {{sources: [{{from: \
         connection}}]}}], extract: {{otel_annotations: true, metadata: {METADATA}{labels}{annotations}}}}}}}"
    );
    lay_under(config, &processor, place);
    for signal in ["logs", "metrics", "traces", "profiles"] {
        if !is_there(config, signal) {
            continue;
        }
        let path = ["service", "pipelines", signal, "processors"];
        if !(has(config, &path, "k8sattributes") || has(config, &path, "k8s_attributes")) {
            add(config, &path, End::First, name, place);
        }
    }
    if is_there(config, "profiles") {
        associate_containers(mapping(config, &["processors", name], place), place);
    }
}

/// Whether there is a pipeline for `signal` with anything in it.
pub(super) fn is_there(config: &Node, signal: &str) -> bool {
    let pipelines = config.get("service").and_then(|service| service.get("pipelines"));
    pipelines.and_then(|pipelines| pipelines.get(signal)).is_some_and(|one| !one.entries().is_empty())
}

/// Profiles come with the container's id, so that goes first.
fn associate_containers(processor: &mut Node, place: &Place) {
    let mut all = edit::items(processor, &["pod_association"]);
    let by_container = |source: &Node| {
        let text = |key: &str| source.get(key).and_then(Node::as_str);
        text("from") == Some("resource_attribute") && text("name") == Some("container.id")
    };
    if all.iter().any(|one| edit::items(one, &["sources"]).iter().any(by_container)) {
        return;
    }
    let mut first = parse("preset", CONTAINER).expect("presets are YAML");
    first.stand_at(place);
    all.insert(0, first);
    put(processor, "pod_association", Node::list(all, place.clone()), place);
}
