//! A service: extensions and pipelines that run together.

use std::{mem, pin::pin, sync::Arc, thread::available_parallelism, time::Duration};

use tokio::{
    sync::{mpsc, watch},
    time::timeout,
};

use super::{
    Asked, Order, Setup,
    setup::{self, Checked},
};
use crate::{
    Field, Log, Phase, cli,
    context::Process,
    failure::{Failure, Failures},
    graph::{self, Graph, Leaving, Surroundings, Work},
    inventory::Inventory,
};

/// A service that runs, or did.
pub(super) struct Service {
    log: Log,
    process: Arc<Process>,
    graph: Graph,
    /// What former configurations left, and still sends what it holds.
    leaving: Vec<Leaving>,
    phase: watch::Sender<Phase>,
    failures: Failures,
    reports: mpsc::Receiver<Failure>,
    reporting: Option<Work>,
    /// What `service::telemetry` said.
    telemetry: u64,
}

/// How a service came to its end.
pub(super) enum Ended {
    ForGood,
    /// To start again with this configuration.
    ToRestart(Box<Checked>),
    /// What a changed configuration has does not start.
    Failed(String),
    /// The time to stop was over before what a changed configuration replaces had stopped.
    CutOff(String),
}

impl Service {
    /// Starts everything.
    ///
    /// # Errors
    /// What did not start; what had started by then was stopped, `within` a time if there is one.
    pub(super) async fn start(setup: Setup, within: Option<Duration>) -> Result<Self, String> {
        let Setup { log, process, graph, phase, failures, reports, reporting, telemetry } = setup;
        let cpus = available_parallelism().map_or(1, usize::from);
        let (name, version) = (process.build.name, process.build.version);
        log.info(&format!("Starting {name}..."), &[("Version", version.into()), ("NumCPU", cpus.into())]);
        let leaving = Vec::new();
        let mut service =
            Self { log, process, graph, leaving, phase, failures, reports, reporting, telemetry };
        service.log.info("Starting extensions...", &[]);
        match service.graph.start(&service.log, &service.failures).await {
            Ok(_) => {
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

    /// Returns when the service is to end.
    pub(super) async fn run(&mut self, asked: Asked<'_>, orders: &mut mpsc::Receiver<Order>) -> Ended {
        let mut waiting = None;
        loop {
            let order = tokio::select! {
                biased;
                order = async { waiting }, if waiting.is_some() => order,
                order = orders.recv() => order,
                failure = self.reports.recv() => {
                    if let Some(Failure { log, error }) = failure {
                        let fields = [("error", error.to_string().into())];
                        log.error("Asynchronous error received, terminating process", &fields);
                    }
                    return Ended::ForGood;
                }
            };
            waiting = None;
            // Without a sender nobody will ever stop the service, so it stops now.
            let Some(order) = order else { return Ended::ForGood };
            self.log.info("Received signal from OS", &[("signal", order.as_str().into())]);
            if order != Order::Hangup {
                return Ended::ForGood;
            }
            let log = self.log.clone();
            let mut reload = pin!(self.reload(asked));
            let ended = tokio::select! {
                ended = &mut reload => ended,
                order = orders.recv() => {
                    waiting = order;
                    match asked.shutdown_timeout.filter(|_| order != Some(Order::Hangup)) {
                        // What stops for the new configuration would stop now anyway, so its time counts.
                        Some(within) => timeout(within, reload).await.unwrap_or_else(|_| {
                            Some(Ended::CutOff(cut_off(&log, within, vec!["reload".into()], 0)))
                        }),
                        None => reload.await,
                    }
                }
            };
            if let Some(ended) = ended {
                return ended;
            }
        }
    }

    /// Goes over to the configuration as it is now, if it can be used; what it does not change runs on. `None` if the
    /// service runs on.
    async fn reload(&mut self, asked: Asked<'_>) -> Option<Ended> {
        let checked = match setup::valid(asked).await {
            Ok(checked) => checked,
            Err(error) => {
                let message = "The new config cannot be used, going on with the one that is running";
                self.log.error(message, &[("error", error.into())]);
                return None;
            }
        };
        if checked.config.telemetry_stamp() != self.telemetry {
            self.log.warn("Config updated, restart service", &[]);
            return Some(Ended::ToRestart(Box::new(checked)));
        }
        // What cannot be opened anew goes on as it is.
        if let Err(error) = self.log.reopen(&checked.config.service.telemetry.logs) {
            self.log.warn("The log goes on where it was", &[("error", error.into())]);
        }
        checked.tell(&self.log);
        let (config, registry) = (&checked.config, asked.registry);
        let around = Surroundings { config, registry, process: &self.process, log: &self.log };
        let mut graph = match graph::build(around, Some(&self.graph)) {
            Ok(graph) => graph,
            Err(error) => return Some(Ended::Failed(error.to_string())),
        };
        self.process.keep_config(|| cli::redacted(config, registry));
        let changes = graph.inherit(&mut self.graph);
        let (what, done) = if changes.only_receivers {
            (
                "Config updated, performing partial receiver reload",
                "Partial receiver reload completed successfully",
            )
        } else {
            ("Config updated, performing partial reload", "Partial reload completed successfully")
        };
        self.log.info(what, &[("stop", Field::List(changes.stop)), ("start", Field::List(changes.start))]);
        let old = mem::replace(&mut self.graph, graph);
        self.leaving.retain(|leaving| !leaving.task.is_finished());
        for leaving in &mut self.leaving {
            leaving.drained().await;
        }
        match self.graph.succeed(old, &self.log, &self.failures).await {
            Ok(leaving) => {
                self.leaving.extend(leaving);
                self.process.statuses.tidy();
            }
            Err(text) => return Some(Ended::Failed(text)),
        }
        self.process.keep(Inventory::new(checked.config, asked.registry, asked.idle_gates));
        self.log.info(done, &[]);
        None
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
        let mut running = self.graph.running();
        let mut held = self.graph.held();
        for leaving in self.leaving.iter().filter(|leaving| !leaving.task.is_finished()) {
            running.extend(leaving.names.iter().map(|name| format!("former {name}")));
            held += leaving.exporters.iter().map(|exporter| exporter.it.held()).sum::<usize>();
        }
        if running.is_empty() {
            running.push("service::telemetry".into());
        }
        Err(cut_off(&self.log, within, running, held))
    }

    async fn stop_all(&mut self) {
        self.graph.stop_receivers().await;
        // What they hold may go to what is to stop next.
        for leaving in self.leaving.iter_mut().filter(|leaving| !leaving.task.is_finished()) {
            let _ = (&mut leaving.task).await;
        }
        self.graph.stop_parts().await;
        self.log.info("Stopping extensions...", &[]);
        self.graph.stop_extensions().await;
        self.log.info("Shutdown complete.", &[]);
        // Last, so that what was counted and logged until now is still reported.
        if let Some(reporting) = &mut self.reporting {
            reporting.end().await;
        }
    }
}

/// Logs what is cut off and how many items are lost with it; the text to end with.
fn cut_off(log: &Log, within: Duration, running: Vec<String>, held: usize) -> String {
    let text = format!("shutdown timed out after {within:?} while {} was still running", running.join(", "));
    let took = format!("{within:?}").into();
    let fields = [("timeout", took), ("running", Field::List(running)), ("lost_items", held.into())];
    log.error("Shutdown timed out, cutting off what is still running", &fields);
    text
}
