//! A service: extensions and pipelines that run together.

use std::thread::available_parallelism;

use tokio::sync::{mpsc, watch};

use super::{Order, Setup};
use crate::{
    Log, Phase,
    failure::{Failure, Failures},
    graph::{self, Graph, Pipelines, Started, Work},
};

/// A service that runs, or did.
pub(super) struct Service {
    log: Log,
    /// In the order in which they started.
    extensions: Vec<Work>,
    pipelines: Started,
    phase: watch::Sender<Phase>,
    failures: Failures,
    reports: mpsc::Receiver<Failure>,
    reporting: Option<Work>,
}

/// How a service came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ended {
    ForGood,
    ToRestart,
}

impl Service {
    /// Starts everything.
    ///
    /// # Errors
    /// What did not start; what had started by then was stopped.
    pub(super) async fn start(setup: Setup) -> Result<Self, String> {
        let Setup { log, graph, phase, failures, reports, reporting, version, name } = setup;
        let cpus = available_parallelism().map_or(1, usize::from);
        log.info(&format!("Starting {name}..."), &[("Version", version.into()), ("NumCPU", cpus.into())]);
        let mut service = Self {
            log,
            extensions: Vec::new(),
            pipelines: Started::default(),
            phase,
            failures,
            reports,
            reporting,
        };
        match service.start_all(graph).await {
            Ok(()) => {
                service.phase.send_replace(Phase::Ready);
                service.log.info("Everything is ready. Begin running and processing data.", &[]);
                Ok(service)
            }
            Err(text) => {
                service.stop().await;
                Err(text)
            }
        }
    }

    async fn start_all(&mut self, graph: Graph) -> Result<(), String> {
        let Graph { extensions, pipelines } = graph;
        self.log.info("Starting extensions...", &[]);
        for extension in extensions {
            let log = extension.log.clone();
            log.info("Extension is starting...", &[]);
            let work = graph::start_extension(extension, &self.failures).await.map_err(|error| {
                log.error("Failed to start extension", &[("error", error.to_string().into())]);
                format!("failed to start extensions: {error}")
            })?;
            self.extensions.push(work);
            log.info("Extension started.", &[]);
        }
        let started = Pipelines::start(pipelines, &mut self.pipelines, &self.log, &self.failures).await;
        started.map_err(|text| format!("cannot start pipelines: {text}"))
    }

    /// Returns when the service is to end.
    pub(super) async fn run(&mut self, orders: &mut mpsc::Receiver<Order>) -> Ended {
        let order = tokio::select! {
            order = orders.recv() => order,
            failure = self.reports.recv() => {
                if let Some(Failure { log, error }) = failure {
                    let fields = [("error", error.to_string().into())];
                    log.error("Asynchronous error received, terminating process", &fields);
                }
                return Ended::ForGood;
            }
        };
        // Without a sender nobody will ever stop the service, so it stops now.
        let Some(order) = order else { return Ended::ForGood };
        self.log.info("Received signal from OS", &[("signal", order.as_str().into())]);
        if order != Order::Hangup {
            return Ended::ForGood;
        }
        self.log.warn("Config updated, restart service", &[]);
        Ended::ToRestart
    }

    /// Stops everything in order. There is no deadline: what is still held may need its time to be sent.
    pub(super) async fn stop(self) {
        self.log.info("Starting shutdown...", &[]);
        self.phase.send_replace(Phase::Stopping);
        // Failures from now on are only logged.
        drop(self.reports);
        self.pipelines.stop().await;
        self.log.info("Stopping extensions...", &[]);
        for extension in self.extensions.into_iter().rev() {
            extension.stop().await;
        }
        // Last, so that what was counted until now is still reported.
        if let Some(reporting) = self.reporting {
            reporting.stop().await;
        }
        self.log.info("Shutdown complete.", &[]);
    }
}
