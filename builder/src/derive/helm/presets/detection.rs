//! `presets.resourceDetection`: where a collector runs, on all that it sends.

use slimcol_config::{Node, Place, parse};

use super::attributes::is_there;
use crate::derive::helm::{
    Chart,
    edit::{self, End, add, mapping, put},
};

const NAME: &str = "resourcedetection/env";

pub(super) fn apply(chart: &Chart<'_>, config: &mut Node, place: &Place) {
    let on = |detector, default| chart.is_on(&["presets", "resourceDetection", detector, "enabled"], default);
    let kubernetes =
        if on("k8snode", false) { Some("k8snode") } else { on("k8s_api", true).then_some("k8s_api") };
    let clouds = ["aks", "eks", "gcp"].map(|cloud| on(cloud, false).then_some(cloud));
    let detectors: Vec<&str> =
        [on("env", true).then_some("env"), kubernetes].into_iter().chain(clouds).flatten().collect();
    if detectors.is_empty() {
        return;
    }
    let processor = mapping(config, &["processors", NAME], place);
    if processor.get("detectors").is_none() {
        put(processor, "detectors", Node::list(Vec::new(), place.clone()), place);
    }
    for detector in detectors {
        add(processor, &["detectors"], End::Last, detector, place);
        if let "aks" | "eks" | "gcp" = detector {
            let timeout = if detector == "eks" { "timeout: 15s, " } else { "" };
            let settings = format!(
                "{{{timeout}{detector}: {{resource_attributes: {{k8s.cluster.name: {{enabled: true}}}}}}}}"
            );
            let mut settings = parse("preset", &settings).expect("presets are YAML");
            settings.stand_at(place);
            // Here the chart lets its own win.
            *processor = edit::merged(processor, &settings, &|_, over| Some(over.clone()));
        }
    }
    for signal in ["logs", "metrics", "traces"] {
        if is_there(config, signal) {
            add(config, &["service", "pipelines", signal, "processors"], End::First, NAME, place);
        }
    }
}
