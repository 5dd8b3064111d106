//! The configuration that an image starts with, as far as an image can tell: as written, with nothing expanded.

use slimcol_config::Node;

/// A configuration, which may be missing or unreadable: the collector's `validate` says what is wrong with it.
#[derive(Debug)]
pub(super) struct Shipped(Option<Node>);

/// A component that runs.
pub(super) struct Used<'n> {
    /// Where it stands (`receivers`).
    pub(super) section: &'static str,
    /// Its type.
    pub(super) kind: &'n str,
    /// What is written for it.
    pub(super) settings: &'n Node,
}

impl Shipped {
    /// Reads what there is.
    pub(super) fn read(config: Option<&str>) -> Self {
        Self(config.and_then(|text| slimcol_config::parse("config.yaml", text).ok()))
    }

    /// The whole tree.
    pub(super) fn root(&self) -> Option<&Node> {
        self.0.as_ref()
    }

    /// The receivers, exporters and extensions that the `service` section starts. Of what it does not list (it may come
    /// from another file) all count.
    pub(super) fn used(&self) -> Vec<Used<'_>> {
        let Some(root) = &self.0 else { return Vec::new() };
        let service = root.get("service");
        let pipelines = service.and_then(|service| service.get("pipelines"));
        let in_pipelines = |role: &str| -> Option<Vec<String>> {
            let lists = pipelines?.entries().iter().filter_map(|pipeline| pipeline.value().get(role));
            Some(lists.flat_map(ids).collect())
        };
        let started = [
            ("receivers", in_pipelines("receivers")),
            ("exporters", in_pipelines("exporters")),
            ("extensions", service.and_then(|service| service.get("extensions")).map(ids)),
        ];
        let mut used = Vec::new();
        for (section, started) in started {
            for entry in root.get(section).map(Node::entries).unwrap_or_default() {
                if started.as_ref().is_none_or(|started| started.iter().any(|id| id == entry.key())) {
                    let kind = entry.key().split('/').next().unwrap_or_default().trim();
                    used.push(Used { section, kind, settings: entry.value() });
                }
            }
        }
        used
    }
}

fn ids(list: &Node) -> Vec<String> {
    list.items().unwrap_or_default().iter().filter_map(|id| id.as_str().map(str::to_owned)).collect()
}
