//! A service: extensions and pipelines that run together.

use std::{thread::available_parallelism, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

use super::{Order, Setup};
use crate::{
    Field, Log, Phase,
    failure::{Failure, Failures},
    graph::{self, Graph, Pipelines, Placed, Started, Work},
};

/// A service that runs, or did.
pub(super) struct Service {
    log: Log,
    /// In the order in which they started.
    extensions: Vec<Placed<Work>>,
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
    /// What did not start; what had started by then was stopped, `within` a time if there is one.
    pub(super) async fn start(setup: Setup, within: Option<Duration>) -> Result<Self, String> {
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
                // What did not start is the reason to tell, whatever becomes of the rest.
                let _ = service.stop(within).await;
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
            let started = graph::start_extension(extension, &self.failures).await.map_err(|error| {
                log.error("Failed to start extension", &[("error", error.to_string().into())]);
                format!("failed to start extensions: {error}")
            })?;
            self.extensions.push(started);
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

    /// Stops everything in order. Without a limit it takes its time: what is still held may need it to be sent.
    ///
    /// # Errors
    /// What was still running when the time `within` which everything has to stop was over. It is cut off; what it held in
    /// memory is lost, what a storage has stays there.
    pub(super) async fn stop(mut self, within: Option<Duration>) -> Result<(), String> {
        self.log.info("Starting shutdown...", &[]);
        self.phase.send_replace(Phase::Stopping);
        // Failures from now on are only logged.
        self.reports.close();
        let Some(within) = within else {
            self.stop_all().await;
            return Ok(());
        };
        if timeout(within, self.stop_all()).await.is_ok() {
            return Ok(());
        }
        let (running, held) = (self.running(), self.pipelines.held());
        let text =
            format!("shutdown timed out after {within:?} while {} was still running", running.join(", "));
        let fields = [
            ("timeout", format!("{within:?}").into()),
            ("running", Field::List(running)),
            ("lost_items", held.into()),
        ];
        self.log.error("Shutdown timed out, cutting off what is still running", &fields);
        Err(text)
    }

    async fn stop_all(&mut self) {
        self.pipelines.stop().await;
        self.log.info("Stopping extensions...", &[]);
        while let Some(extension) = self.extensions.last_mut() {
            extension.it.end().await;
            self.extensions.pop();
        }
        // Last, so that what was counted until now is still reported.
        if let Some(reporting) = &mut self.reporting {
            reporting.end().await;
        }
        self.log.info("Shutdown complete.", &[]);
    }

    /// What has not stopped, in the order in which it would.
    fn running(&self) -> Vec<String> {
        let mut running = self.pipelines.running();
        running.extend(self.extensions.iter().rev().map(Placed::name));
        if running.is_empty() {
            running.push("service::telemetry".into());
        }
        running
    }
}
