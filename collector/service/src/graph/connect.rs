//! How pipelines hang together through connectors: whether each connector has both its ends, and an order in which data
//! only goes forward.

use slimcol_config::{ComponentId, Issue, Place, Reference};
use slimcol_pdata::Signal;

use super::Lane;
use crate::Info;

/// A connector that the configuration declares.
#[derive(Clone, Copy, Debug)]
pub(super) struct Link<'a> {
    pub(super) id: &'a ComponentId,
    pub(super) info: &'a Info,
}

impl Link<'_> {
    /// Whether data of `from` comes to `to` through the connector.
    pub(super) fn joins(&self, from: &Lane, to: &Lane) -> bool {
        from.exports_to(self.id) && to.receives_from(self.id) && self.info.connects(from.signal, to.signal)
    }
}

/// A connector must be named as an exporter and as a receiver, and each pipeline that names it must have a counterpart
/// whose signal the connector can get to or from.
pub(super) fn check_ends(lanes: &[Lane], links: &[Link<'_>]) -> Vec<Issue> {
    let mut issues = Vec::new();
    for link in links {
        for signal in Signal::ALL {
            let exporting = |lane: &&Lane| lane.signal == signal && lane.exports_to(link.id);
            let receiving = |lane: &&Lane| lane.signal == signal && lane.receives_from(link.id);
            let lonely = |lane: &Lane| !lanes.iter().any(|to| link.joins(lane, to));
            if lanes.iter().find(exporting).is_some_and(lonely) {
                let place = lanes.iter().filter(exporting).find_map(|lane| place(&lane.exporters, link.id));
                let named = names(lanes.iter().filter(exporting));
                issues.push(Issue::new(unused(link.id, "exporter", &named, "receiver")).at(place));
            }
            let lonely = |lane: &Lane| !lanes.iter().any(|from| link.joins(from, lane));
            if lanes.iter().find(receiving).is_some_and(lonely) {
                let place = lanes.iter().filter(receiving).find_map(|lane| place(&lane.receivers, link.id));
                let named = names(lanes.iter().filter(receiving));
                issues.push(Issue::new(unused(link.id, "receiver", &named, "exporter")).at(place));
            }
        }
    }
    issues
}

fn unused(id: &ComponentId, used_as: &str, pipelines: &str, other: &str) -> String {
    format!(
        "connector \"{id}\" used as {used_as} in [{pipelines}] pipeline but not used in any supported {other} pipeline"
    )
}

fn names<'a>(lanes: impl Iterator<Item = &'a Lane>) -> String {
    lanes.map(|lane| lane.id.as_str()).collect::<Vec<_>>().join(" ")
}

fn place(all: &[Reference], id: &ComponentId) -> Option<Place> {
    all.iter().find(|reference| reference.id == *id).map(|reference| reference.place.clone())
}

/// The pipelines by index, each before those that it gives data to.
///
/// # Errors
/// The cycle, in the Go collector's words.
pub(super) fn order(lanes: &[Lane], links: &[Link<'_>]) -> Result<Vec<usize>, Issue> {
    let mut walk =
        Walk { lanes, links, state: vec![State::New; lanes.len()], path: Vec::new(), done: Vec::new() };
    // From the last, so that what does not hang together stays in the order written.
    for lane in (0..lanes.len()).rev() {
        walk.visit(lane)?;
    }
    walk.done.reverse();
    Ok(walk.done)
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum State {
    New,
    Open,
    Done,
}

/// A depth-first walk along the data's way.
struct Walk<'a> {
    lanes: &'a [Lane],
    links: &'a [Link<'a>],
    state: Vec<State>,
    /// The pipelines from the start of the walk to here, and the connector out of each.
    path: Vec<(usize, Option<Link<'a>>)>,
    done: Vec<usize>,
}

impl Walk<'_> {
    fn visit(&mut self, at: usize) -> Result<(), Issue> {
        match self.state[at] {
            State::Done => return Ok(()),
            State::Open => return Err(self.cycle(at)),
            State::New => self.state[at] = State::Open,
        }
        self.path.push((at, None));
        for to in (0..self.lanes.len()).rev() {
            for link in self.links {
                if link.joins(&self.lanes[at], &self.lanes[to]) {
                    if let Some(last) = self.path.last_mut() {
                        last.1 = Some(*link);
                    }
                    self.visit(to)?;
                }
            }
        }
        self.path.pop();
        self.state[at] = State::Done;
        self.done.push(at);
        Ok(())
    }

    /// The cycle that ends where it began, at pipeline `at`; told from the connector into it.
    fn cycle(&self, at: usize) -> Issue {
        let start = self.path.iter().position(|step| step.0 == at).unwrap_or_default();
        let steps = &self.path[start..];
        let mut told = Vec::new();
        for (i, (lane, _)) in steps.iter().enumerate() {
            let before = steps[(i + steps.len() - 1) % steps.len()];
            let lane = &self.lanes[*lane];
            told.extend(before.1.map(|link| {
                format!("connector \"{}\" ({} to {})", link.id, self.lanes[before.0].signal, lane.signal)
            }));
            told.extend(
                lane.processors.iter().map(|p| format!("processor \"{}\" in pipeline \"{}\"", p.id, lane.id)),
            );
        }
        told.extend(told.first().cloned());
        let back = steps.last().and_then(|step| place(&self.lanes[step.0].exporters, step.1?.id));
        Issue::new(format!("cycle detected: {}", told.join(" -> "))).at(back)
    }
}

#[cfg(test)]
mod tests;
