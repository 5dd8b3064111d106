//! The components that a configuration defines.

use std::borrow::Cow;

use slimcol_config::{ComponentId, Entry, Issue, Node};

use super::{Configuration, Use, included};
use crate::{class::Class, manifest::Findings};

/// What was read.
#[derive(Debug, Default)]
pub(super) struct Read {
    /// The components, as often as they are defined.
    pub(super) uses: Vec<Use>,
    /// Trees from other places that the configuration takes sections from.
    pub(super) included: Vec<Node>,
}

/// Every component of `configuration`, section by section.
pub(super) fn of(configuration: &Configuration, findings: &mut Findings) -> Read {
    let mut read = Read::default();
    for class in Class::ALL.into_iter().filter(|class| *class != Class::Provider) {
        let Some(entry) = configuration.root.entry(class.section()) else { continue };
        section(class, entry, false, configuration, &mut read, findings);
    }
    discovered(&configuration.root, &mut read);
    read
}

/// The components of a section, or of the templates that look like one.
fn section(
    class: Class,
    entry: &Entry,
    template: bool,
    configuration: &Configuration,
    read: &mut Read,
    findings: &mut Findings,
) {
    let Some(node) = mapping(entry, configuration, read, findings) else { return };
    for component in node.entries() {
        let kind = match component.key().parse::<ComponentId>() {
            Ok(id) => id.kind,
            Err(message) => {
                let issue = Issue::new(format!("'{}' {message}", class.section()));
                findings.issue(issue.at(component.place().clone()));
                continue;
            }
        };
        // Its templates are receivers that it starts when it finds something to receive from.
        if class == Class::Receiver
            && kind == "receiver_creator"
            && let Some(templates) = component.value().entry("receivers")
        {
            section(class, templates, true, configuration, read, findings);
        }
        let settings = if template { component.value().get("config") } else { Some(component.value()) };
        let place = component.place().clone();
        read.uses.push(Use { class, name: kind, place, settings: settings.cloned() });
    }
}

/// The mapping that a section is, whether it is written in place or taken from elsewhere.
fn mapping<'n>(
    entry: &'n Entry,
    configuration: &Configuration,
    read: &mut Read,
    findings: &mut Findings,
) -> Option<Cow<'n, Node>> {
    let node = entry.value();
    if node.is_null() {
        return None;
    }
    if node.is_map() {
        return Some(Cow::Borrowed(node));
    }
    match included::tree(entry, configuration) {
        Ok(tree) => {
            read.included.push(tree.clone());
            Some(Cow::Owned(tree))
        }
        Err(issue) => {
            findings.issue(issue);
            None
        }
    }
}

/// Receivers that pods ask for by annotation: for logs it is always the same one.
fn discovered(root: &Node, read: &mut Read) {
    let pipelines = root.get("service").and_then(|service| service.get("pipelines"));
    let takes_logs = |id: &str| {
        pipelines.map_or(&[][..], Node::entries).iter().any(|pipeline| {
            let receivers = pipeline.value().get("receivers").and_then(Node::items).unwrap_or_default();
            pipeline.key().split('/').next() == Some("logs")
                && receivers.iter().any(|receiver| receiver.as_str() == Some(id))
        })
    };
    for entry in root.get("receivers").map_or(&[][..], Node::entries) {
        let creator = entry.key().split('/').next() == Some("receiver_creator");
        let discovery = entry.value().entry("discovery");
        let enabled = discovery.and_then(|found| found.value().get("enabled")).and_then(Node::as_bool);
        if let Some(discovery) =
            discovery.filter(|_| creator && enabled == Some(true) && takes_logs(entry.key()))
        {
            let name = "file_log".to_owned();
            read.uses.push(Use {
                class: Class::Receiver,
                name,
                place: discovery.place().clone(),
                settings: None,
            });
        }
    }
}
