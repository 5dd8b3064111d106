//! From the statuses of components to those of pipelines, and of the collector (Go's `pkg/status`).

use std::{
    collections::BTreeMap,
    time::{Instant, SystemTime},
};

use slimcol_service::{Instance, Kind, Status, StatusEvent};

/// A status and what it is the sum of.
#[derive(Clone, Debug)]
pub(crate) struct Aggregate {
    pub(crate) event: StatusEvent,
    pub(crate) parts: BTreeMap<String, Self>,
}

/// Which error is told if there are both.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Priority {
    Permanent,
    Recoverable,
}

/// The extensions, which are something like a pipeline here.
const EXTENSIONS: &str = "extensions";

/// The collector: its pipelines and its extensions, and what they consist of.
pub(crate) fn collector(all: Vec<(Instance, StatusEvent)>, priority: Priority) -> Aggregate {
    let mut groups: BTreeMap<String, BTreeMap<String, Aggregate>> = BTreeMap::new();
    for (instance, event) in all {
        let component = format!("{}:{}", instance.kind.as_str(), instance.id);
        let names = match instance.kind {
            Kind::Extension => vec![EXTENSIONS.to_owned()],
            _ => instance.pipelines.iter().map(|pipeline| group(pipeline)).collect(),
        };
        for name in names {
            let part = Aggregate { event: event.clone(), parts: BTreeMap::new() };
            groups.entry(name).or_default().insert(component.clone(), part);
        }
    }
    let groups = groups.into_iter().map(|(name, parts)| (name, sum(parts, priority))).collect();
    sum(groups, priority)
}

impl Aggregate {
    /// The part that `scope` names: a pipeline, the extensions, or everything if it is empty.
    pub(crate) fn within(mut self, scope: &str) -> Option<Self> {
        match scope {
            "" => Some(self),
            EXTENSIONS => self.parts.remove(EXTENSIONS),
            pipeline => self.parts.remove(&group(pipeline)),
        }
    }
}

fn group(pipeline: &str) -> String {
    format!("pipeline:{pipeline}")
}

/// What most needs to be known of all parts. An error is as old as the first of its kind, which is likely to have caused the
/// others and is the first that should be over; everything else is as old as the latest.
fn sum(parts: BTreeMap<String, Aggregate>, priority: Priority) -> Aggregate {
    let events: Vec<&StatusEvent> = parts.values().map(|part| &part.event).collect();
    let status = status(&events, priority);
    let matching = events.iter().filter(|event| event.status == status);
    let event = match events.iter().max_by_key(|event| event.clock) {
        Some(_) if status.is_error() => {
            matching.min_by_key(|event| event.clock).map(|event| (*event).clone())
        }
        Some(last) => Some(StatusEvent { status, error: None, at: last.at, clock: last.clock }),
        None => None,
    };
    let nothing = || StatusEvent { status, error: None, at: SystemTime::now(), clock: Instant::now() };
    Aggregate { event: event.unwrap_or_else(nothing), parts }
}

fn status(events: &[&StatusEvent], priority: Priority) -> Status {
    let Some(first) = events.first() else { return Status::None };
    if events.iter().all(|event| event.status == first.status) {
        return first.status;
    }
    let errors = match priority {
        Priority::Permanent => [Status::PermanentError, Status::RecoverableError],
        Priority::Recoverable => [Status::RecoverableError, Status::PermanentError],
    };
    let mut ranking =
        [Status::FatalError, Status::Starting, Status::Stopping, Status::Stopped].into_iter().chain(errors);
    match ranking.find(|status| events.iter().any(|event| event.status == *status)) {
        // Some have stopped, so the whole is on its way there.
        Some(Status::Stopped) => Status::Stopping,
        found => found.unwrap_or(Status::None),
    }
}
