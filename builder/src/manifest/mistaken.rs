//! Files that people take for a manifest.

use slimcol_config::{Issue, Node};

/// What `root` is if it is no manifest at all, but something that a manifest can be taken from.
pub(super) fn issue(root: &Node) -> Option<Issue> {
    let file = root.place().source();
    let help = format!("build a collector for it with `--from-config {file}`, which needs no manifest");
    if let Some(service) = root.entry("service") {
        let issue = Issue::new("this is a collector's configuration, not a manifest");
        return Some(issue.at(service.place().clone()).help(help));
    }
    let (version, kind) = (root.entry("apiVersion")?, root.get("kind")?.as_str()?);
    let issue = Issue::new(format!("this is a Kubernetes object (`{kind}`), not a manifest"));
    Some(issue.at(version.place().clone()).help(help))
}
