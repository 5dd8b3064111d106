//! What validation finds.

use std::fmt;

use crate::{Issue, Node, Optional, Place, Settings};

/// Problems of one component's validation; paths are relative to the component (`sending_queue.queue_size`).
#[derive(Debug)]
pub struct Problems<'a> {
    node: Option<&'a Node>,
    /// Where the component itself stands, for problems that have no key.
    place: Option<Place>,
    /// What stands before the path (`exporters::otlp: sending_queue: `).
    base: String,
    /// Go joins the names of what it validates with `::`.
    path: Vec<String>,
    found: Vec<Issue>,
}

impl<'a> Problems<'a> {
    /// The problems of what was read from `node`, which stands at `place`; `path` is its path in Go's messages
    /// (`exporters::otlp`).
    pub fn new(node: Option<&'a Node>, place: Option<Place>, path: &str) -> Self {
        let path = if path.is_empty() { Vec::new() } else { vec![path.into()] };
        Self { node, place, base: String::new(), path, found: Vec::new() }
    }

    /// `message` is Go's text without the `exporters::otlp: ` prefix. `path` locates the line; empty for the component
    /// itself.
    pub fn add(&mut self, path: &str, message: impl fmt::Display) {
        let message = format!("{}{message}", self.prefix());
        let place = self.locate(path);
        self.found.push(Issue::new(message).at(place));
    }

    /// Validates a part whose messages Go prefixes (`clientconfig` gives `exporters::otlp_grpc::clientconfig: …`).
    pub fn within(&mut self, prefix: &str, part: &impl Settings) {
        let mut path = self.path.clone();
        path.push(prefix.into());
        self.inner(prefix, self.base.clone(), path, part);
    }

    /// Validates a section that can be off, if it is on. Go starts a new path below it
    /// (`exporters::otlp::sending_queue: batch: …`).
    pub fn within_optional(&mut self, key: &str, part: &Optional<impl Settings>) {
        let Optional::On(part) = part else { return };
        let mut path = self.path.clone();
        path.push(key.into());
        let base = format!("{}{}: ", self.base, path.join("::"));
        self.inner(key, base, Vec::new(), part);
    }

    /// All that was found.
    pub fn finish(self) -> Vec<Issue> {
        self.found
    }

    fn inner(&mut self, key: &str, base: String, path: Vec<String>, part: &impl Settings) {
        // A squashed part has no key of its own: its fields stand right here.
        let entry = self.node.and_then(|n| n.entry(key));
        let node = entry.map(|e| &e.value).or(self.node);
        let place = entry.map(|e| e.place.clone()).or_else(|| self.place.clone());
        let mut inner = Problems { node, place, base, path, found: Vec::new() };
        part.validate(&mut inner);
        self.found.append(&mut inner.found);
    }

    fn prefix(&self) -> String {
        if self.path.is_empty() {
            self.base.clone()
        } else {
            format!("{}{}: ", self.base, self.path.join("::"))
        }
    }

    /// The place of the deepest part of a path that is written (`rules[1].name`).
    fn locate(&self, path: &str) -> Option<Place> {
        let mut place = self.place.clone().or_else(|| self.node.map(|n| n.place().clone()));
        let mut node = self.node;
        for part in path.split('.').filter(|part| !part.is_empty()) {
            let (key, index) = part.split_once('[').unwrap_or((part, ""));
            let Some(entry) = node.and_then(|n| n.entry(key)) else { break };
            let index = index.strip_suffix(']').and_then(|index| index.parse::<usize>().ok());
            let item = index.and_then(|index| entry.value.items()?.get(index));
            place = Some(item.map_or(entry.value_place(), Node::place).clone());
            node = Some(item.unwrap_or(&entry.value));
        }
        place
    }
}
