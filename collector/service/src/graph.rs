//! The graph: components made from a configuration and wired to each other.
//!
//! A receiver, an exporter and a connector are one instance an id, whatever pipelines and signals name them; a processor is
//! one instance a pipeline. A connector's instance stands behind each signal that it takes in with the pipelines that it can
//! reach from there, so that a configuration is a cycle here if and only if it is one for the Go collector.

mod build;
mod check;
mod connect;
mod guard;
mod lane;
mod make;
mod shown;
mod work;

use std::sync::Arc;

use crate::{
    BoxError, Kind, Log, Outputs, Status, StatusReporter, contain,
    factory::{AnyExtension, AnyReceiver, Part},
    failure::Failures,
};

use self::lane::Lane;

pub(crate) use self::{
    build::build,
    check::check,
    make::Surroundings,
    shown::{described, shown},
    work::{Work, start_extension},
};

/// All components of a configuration, not yet started.
pub(crate) struct Graph {
    /// In the order in which they start.
    pub(crate) extensions: Vec<Placed<Box<dyn AnyExtension>>>,
    pub(crate) pipelines: Pipelines,
}

/// The components of the pipelines, not yet started.
pub(crate) struct Pipelines {
    receivers: Vec<Placed<(Box<dyn AnyReceiver>, Outputs)>>,
    /// Processors and connectors, each before those that it gives data to.
    middle: Vec<Placed<Arc<dyn Part>>>,
    exporters: Vec<Placed<Arc<dyn Part>>>,
}

/// A component and how to speak of it.
pub(crate) struct Placed<T> {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) log: Log,
    pub(crate) status: StatusReporter,
    pub(crate) it: T,
}

impl<T> Placed<T> {
    /// The same component in another form.
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Placed<U> {
        Placed { id: self.id, kind: self.kind, log: self.log, status: self.status, it: change(self.it) }
    }

    /// What it is called in messages (`exporter otlp_grpc`).
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.kind.as_str(), self.id)
    }
}

/// What of the pipelines runs.
#[derive(Default)]
pub(crate) struct Started {
    receivers: Vec<Placed<Work>>,
    /// In the order in which they started.
    parts: Vec<Placed<Arc<dyn Part>>>,
}

impl Pipelines {
    /// Starts everything, from the ends of the pipelines to their beginnings, so that whoever gives data finds the next
    /// one ready. What has started when something fails is in `started`, to be stopped.
    ///
    /// # Errors
    /// The Go collector's text, which was logged as well.
    pub(crate) async fn start(
        self,
        started: &mut Started,
        log: &Log,
        failures: &Failures,
    ) -> Result<(), String> {
        for part in self.exporters.into_iter().chain(self.middle.into_iter().rev()) {
            part.status.set(Status::Starting);
            let outcome = contain(part.it.start()).await.unwrap_or_else(|panicked| Err(panicked.into()));
            part.status.started(&outcome);
            outcome.map_err(|error| failed(log, part.kind, &part.id, &error))?;
            started.parts.push(part);
        }
        for receiver in self.receivers {
            let (kind, id) = (receiver.kind, receiver.id.clone());
            let work = work::start_receiver(receiver, failures).await;
            started.receivers.push(work.map_err(|error| failed(log, kind, &id, &error))?);
        }
        Ok(())
    }
}

impl Started {
    /// Stops everything in the data's direction, so that what one still holds finds the next one running. There is no
    /// deadline: who holds data may need the time to send it. What has not stopped when the future is dropped is still there.
    pub(crate) async fn stop(&mut self) {
        for receiver in &self.receivers {
            receiver.it.ask_to_stop();
        }
        while let Some(receiver) = self.receivers.first_mut() {
            receiver.it.end().await;
            self.receivers.remove(0);
        }
        while let Some(part) = self.parts.last() {
            part.status.set(Status::Stopping);
            match contain(part.it.stop()).await {
                Ok(()) => part.status.set(Status::Stopped),
                Err(panicked) => {
                    part.status.permanent(&panicked);
                    part.log.error("Failed to stop component", &[("error", panicked.to_string().into())]);
                }
            }
            self.parts.pop();
        }
    }

    /// What has not stopped, in the data's direction.
    pub(crate) fn running(&self) -> Vec<String> {
        let receivers = self.receivers.iter().map(Placed::name);
        receivers.chain(self.parts.iter().rev().map(Placed::name)).collect()
    }

    /// How many items there are that only the memory has.
    pub(crate) fn held(&self) -> usize {
        self.parts.iter().map(|part| part.it.held()).sum()
    }
}

/// Logs that a component did not start and gives the text to end with.
fn failed(log: &Log, kind: Kind, id: &str, error: &BoxError) -> String {
    let kind = kind.as_str();
    let capital = format!("{}{}", kind[..1].to_ascii_uppercase(), &kind[1..]);
    log.error(
        "Failed to start component",
        &[("error", error.to_string().into()), ("type", capital.into()), ("id", id.into())],
    );
    format!("failed to start \"{id}\" {kind}: {error}")
}

#[cfg(test)]
mod tests;
