//! Configurations inside Kubernetes objects: in a `ConfigMap`, as the Helm chart and people make them, and in the
//! Operator's `OpenTelemetryCollector`.

use slimcol_config::{Issue, Node, parse_inner};

use super::content::{Found, is_configuration};
use crate::manifest::Findings;

/// Finds the configurations in `object`, which stands in the file `file`.
pub(super) fn collect(object: &Node, file: &str, found: &mut Vec<Found>, findings: &mut Findings) {
    let text = |key: &str| object.get(key).and_then(Node::as_str).unwrap_or_default();
    let group = text("apiVersion").split('/').next().unwrap_or_default();
    match (group, text("kind")) {
        (_, "ConfigMap") => config_map(object, file, found, findings),
        ("opentelemetry.io", "OpenTelemetryCollector") => resource(object, file, found, findings),
        (_, kind) if kind.ends_with("List") => {
            for item in object.get("items").and_then(Node::items).unwrap_or_default() {
                collect(item, file, found, findings);
            }
        }
        _ => {}
    }
}

/// Every key of a `ConfigMap` whose text is a collector's configuration.
fn config_map(object: &Node, file: &str, found: &mut Vec<Found>, findings: &mut Findings) {
    let mut broken = Vec::new();
    let before = found.len();
    for entry in object.get("data").map_or(&[][..], Node::entries) {
        match parse_inner(entry.value()) {
            Some(Ok(root)) if is_configuration(&root) => {
                let what = format!("`{}` of ConfigMap", entry.key());
                found.push(inside(object, root, entry.value().as_str(), &what, file));
            }
            Some(Err(error)) if looks_like_ours(entry.key(), entry.value()) => broken.push(error),
            _ => {}
        }
    }
    // A script or a template beside the configuration is none of our business.
    if found.len() == before {
        broken.iter().flat_map(|error| error.issues().to_vec()).for_each(|issue| findings.issue(issue));
    }
}

/// Whether a text that is no YAML was meant to be a configuration.
fn looks_like_ours(key: &str, value: &Node) -> bool {
    let text = value.as_str().unwrap_or_default();
    key == "relay"
        || text.lines().any(|line| line.starts_with("receivers:") || line.starts_with("exporters:"))
}

/// `spec.config`: a text in v1alpha1, a mapping in v1beta1.
fn resource(object: &Node, file: &str, found: &mut Vec<Found>, findings: &mut Findings) {
    let what = "OpenTelemetryCollector";
    let Some(config) = object.get("spec").and_then(|spec| spec.entry("config")) else {
        let place = object.entry("spec").or(object.entry("kind")).map(|entry| entry.place().clone());
        findings.issue(Issue::new("the OpenTelemetryCollector has no `spec.config`").at(place));
        return;
    };
    let value = config.value();
    match parse_inner(value) {
        Some(Ok(root)) => found.push(inside(object, root, value.as_str(), what, file)),
        Some(Err(error)) => error.issues().iter().for_each(|issue| findings.issue(issue.clone())),
        None if value.is_map() => found.push(inside(object, value.clone(), None, what, file)),
        None => {
            let issue = Issue::new("`spec.config` is neither a text (v1alpha1) nor a mapping (v1beta1)");
            findings.issue(issue.at(config.place().clone()));
        }
    }
}

fn inside(object: &Node, root: Node, text: Option<&str>, what: &str, file: &str) -> Found {
    let name = object.get("metadata").and_then(|metadata| metadata.get("name")).and_then(Node::as_str);
    Found {
        root,
        text: text.map(str::to_owned),
        source: format!("{file}: {what} `{}`", name.unwrap_or_default()),
        file: None,
        name: name.map(str::to_owned),
    }
}
