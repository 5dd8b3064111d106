//! What is scraped, as its series see it.

use std::{net::IpAddr, sync::Arc};

use slimcol_relabel::Labels;
use slimcol_service::Log;

use crate::terms::Terms;

/// A target's facts that are sent along with its series.
#[derive(Debug)]
pub struct Subject {
    /// How its pages are read.
    pub terms: Arc<Terms>,
    /// Its labels after relabelling, but those for internal use.
    pub labels: Labels,
    /// Its labels before relabelling.
    pub discovered: Labels,
    /// The scope of series that do not say theirs, and its version.
    pub scope: (&'static str, String),
    /// Where series are told of that have no place in their family.
    pub log: Log,
}

/// What Kubernetes' discovery tells, as attributes.
const KUBERNETES: [(&str, &str); 7] = [
    ("__meta_kubernetes_pod_name", "k8s.pod.name"),
    ("__meta_kubernetes_pod_uid", "k8s.pod.uid"),
    ("__meta_kubernetes_pod_container_name", "k8s.container.name"),
    ("__meta_kubernetes_namespace", "k8s.namespace.name"),
    ("__meta_kubernetes_pod_node_name", "k8s.node.name"),
    ("__meta_kubernetes_node_name", "k8s.node.name"),
    ("__meta_kubernetes_endpoint_node_name", "k8s.node.name"),
];

const CONTROLLERS: [(&str, &str); 5] = [
    ("ReplicaSet", "k8s.replicaset.name"),
    ("DaemonSet", "k8s.daemonset.name"),
    ("StatefulSet", "k8s.statefulset.name"),
    ("Job", "k8s.job.name"),
    ("CronJob", "k8s.cronjob.name"),
];

impl Subject {
    /// The attributes of the resource that an instance of a job is.
    pub(crate) fn resource(&self, job: &str, instance: &str) -> Vec<(String, String)> {
        let (host, port) = host_and_port(instance).unwrap_or((instance, ""));
        let mut all = vec![("service.name".to_owned(), job.to_owned())];
        let mut set = |name: &str, value: &str| {
            all.retain(|(known, _)| known != name);
            all.push((name.to_owned(), value.to_owned()));
        };
        if is_discernible(host) {
            set("server.address", host);
        }
        set("service.instance.id", instance);
        set("server.port", port);
        set("url.scheme", self.discovered.get("__scheme__"));
        for (label, attribute) in KUBERNETES {
            let value = self.discovered.get(label);
            if !value.is_empty() {
                set(attribute, value);
            }
        }
        let name = self.discovered.get("__meta_kubernetes_pod_controller_name");
        let kind = self.discovered.get("__meta_kubernetes_pod_controller_kind");
        if let Some((_, attribute)) = CONTROLLERS.iter().find(|(known, _)| *known == kind && !name.is_empty())
        {
            set(attribute, name);
        }
        all
    }

    /// Adds the target's labels to those of a series; which of them stay where both have one is for `honor_labels`.
    pub(crate) fn add_target_labels(&self, labels: &mut Labels) {
        let mut pushed_aside = Vec::new();
        for (name, value) in self.labels.iter() {
            if self.terms.honor_labels {
                if !labels.has(name) {
                    labels.set(name, value);
                }
                continue;
            }
            let own = labels.get(name);
            if !own.is_empty() {
                pushed_aside.push((name, own.to_owned()));
            }
            labels.set(name, value);
        }
        slimcol_order::sort_by_key(&mut pushed_aside, |(name, _)| name.len());
        for (name, value) in pushed_aside {
            let mut name = format!("exported_{name}");
            while labels.has(&name) {
                name.insert_str(0, "exported_");
            }
            labels.set(&name, &value);
        }
    }

    /// The labels of what a scrape tells of itself.
    pub(crate) fn own_labels(&self) -> Labels {
        let mut labels = self.labels.clone();
        for (name, value) in self.terms.external.iter() {
            labels.set(name, value);
        }
        labels
    }
}

/// Go's `net.SplitHostPort`.
fn host_and_port(address: &str) -> Option<(&str, &str)> {
    let (host, port) = address.rsplit_once(':')?;
    match host.strip_prefix('[') {
        Some(host) => host.strip_suffix(']').map(|host| (host, port)),
        None if host.contains(':') => None,
        None => Some((host, port)),
    }
}

/// Whether a host says which one it is.
fn is_discernible(host: &str) -> bool {
    match host.parse::<IpAddr>() {
        Ok(address) => !address.is_loopback() && !address.is_unspecified(),
        Err(_) => host != "localhost",
    }
}
