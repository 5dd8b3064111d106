//! Starting and stopping what a graph consists of.

use std::sync::Arc;

use super::{Graph, Placed, Source, Work};
use crate::{BoxError, Kind, Log, Next, Outputs, Status, Stop, contain, factory::Part, failure::Failures};

impl Graph {
    /// Starts what does not run yet: extensions, then pipelines from their ends to their beginnings, so that whoever gives
    /// data finds the next one ready. What has started when something fails is there to be stopped. What is returned ends
    /// once nobody is on the ways that the doors of running receivers led so far.
    ///
    /// # Errors
    /// The Go collector's text, which was logged as well.
    pub(crate) async fn start(&mut self, log: &Log, failures: &Failures) -> Result<Vec<Stop>, String> {
        for extension in &mut self.extensions {
            let Some(it) = extension.it.take_made() else { continue };
            let (log, status) = (&extension.log, extension.status.clone());
            let (handle, stop) = Stop::new();
            log.info("Extension is starting...", &[]);
            let started = Work::start(handle, it.start(stop), log, failures, status).await;
            let work = started.map_err(|error| {
                log.error("Failed to start extension", &[("error", error.to_string().into())]);
                format!("failed to start extensions: {error}")
            })?;
            log.info("Extension started.", &[]);
            extension.it = Source::Runs(work);
        }
        let left = self.start_pipelines(log, failures).await;
        left.map_err(|text| format!("cannot start pipelines: {text}"))
    }

    async fn start_pipelines(&mut self, log: &Log, failures: &Failures) -> Result<Vec<Stop>, String> {
        for part in self.exporters.iter_mut().chain(self.middle.iter_mut().rev()).filter(|part| !part.runs) {
            part.status.set(Status::Starting);
            let outcome = contain(part.it.start()).await.unwrap_or_else(|panicked| Err(panicked.into()));
            part.status.started(&outcome);
            outcome.map_err(|error| failed(log, part.kind, &part.id, &error))?;
            part.runs = true;
        }
        let doors = self.receivers.iter().flat_map(|receiver| &receiver.it.doors);
        let left = doors.filter_map(|(_, door, next)| door.lead(Some(next.clone()))).collect();
        for receiver in &mut self.receivers {
            let Some(it) = receiver.it.source.take_made() else { continue };
            let outputs = receiver.it.doors.iter().fold(Outputs::default(), |outputs, (signal, door, _)| {
                outputs.with(*signal, Next(door.clone()))
            });
            let (status, (handle, stop)) = (receiver.status.clone(), Stop::new());
            let work = Work::start(handle, it.start(outputs, stop), &receiver.log, failures, status).await;
            let work = work.map_err(|error| failed(log, receiver.kind, &receiver.id, &error))?;
            receiver.it.source = Source::Runs(work);
        }
        Ok(left)
    }

    /// Stops the receivers, all at a time.
    pub(crate) async fn stop_receivers(&mut self) {
        for work in self.receivers.iter_mut().filter_map(|receiver| receiver.it.source.work()) {
            work.ask_to_stop();
        }
        for receiver in &mut self.receivers {
            receiver.it.source.end().await;
        }
    }

    /// Stops what comes behind the receivers, in the data's direction, so that what one still holds finds the next one
    /// running. There is no deadline: who holds data may need the time to send it. What has not stopped when the future is
    /// dropped is still there, as with all of this.
    pub(crate) async fn stop_parts(&mut self) {
        stop_each(&mut self.middle.iter_mut()).await;
        stop_each(&mut self.exporters.iter_mut().rev()).await;
    }

    /// Stops the extensions, each before those that started before it.
    pub(crate) async fn stop_extensions(&mut self) {
        for extension in self.extensions.iter_mut().rev() {
            extension.it.end().await;
        }
    }

    /// What has not stopped, in the order in which it would.
    pub(crate) fn running(&self) -> Vec<String> {
        let receivers = self.receivers.iter().filter(|receiver| receiver.it.source.runs()).map(Placed::name);
        let parts = self.middle.iter().chain(self.exporters.iter().rev());
        let parts = parts.filter(|part| part.runs).map(Placed::name);
        let extensions = self.extensions.iter().rev().filter(|extension| extension.it.runs());
        receivers.chain(parts).chain(extensions.map(Placed::name)).collect()
    }

    /// How many items there are that only the memory has.
    pub(crate) fn held(&self) -> usize {
        self.exporters.iter().filter(|part| part.runs).map(|part| part.it.held()).sum()
    }
}

impl<T> Source<T> {
    /// Returns once it has stopped, if it runs.
    async fn end(&mut self) {
        if let Some(work) = self.work() {
            work.end().await;
            *self = Self::Gone;
        }
    }
}

/// Stops those of `parts` that run, one after the other.
pub(super) async fn stop_each(parts: &mut (dyn Iterator<Item = &mut Placed<Arc<dyn Part>>> + Send)) {
    for part in parts.filter(|part| part.runs) {
        part.status.set(Status::Stopping);
        match contain(part.it.stop()).await {
            Ok(()) => part.status.set(Status::Stopped),
            Err(panicked) => {
                part.status.permanent(&panicked);
                part.log.error("Failed to stop component", &[("error", panicked.to_string().into())]);
            }
        }
        part.runs = false;
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
