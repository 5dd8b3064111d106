//! From the command line to everything that a service is made of.

use std::sync::Arc;

use slimcol_config::{Config, Error, Issue, MetricsLevel, Note, Telemetry};
use tokio::sync::{mpsc, watch};

use super::{Asked, identity};
use crate::{
    Build, Log, Phase, cli,
    context::Process,
    failure::{Failure, Failures},
    graph::{self, Graph, Surroundings, Work},
    inventory::Inventory,
    meter::Meters,
    telemetry,
};

/// A service that was made and not started.
pub(super) struct Setup {
    pub(super) log: Log,
    pub(super) process: Arc<Process>,
    pub(super) graph: Graph,
    pub(super) phase: watch::Sender<Phase>,
    pub(super) failures: Failures,
    pub(super) reports: mpsc::Receiver<Failure>,
    /// What reports the collector's own metrics.
    pub(super) reporting: Option<Work>,
    /// What `service::telemetry` says.
    pub(super) telemetry: u64,
}

/// How far a configuration is looked into.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// It can be read.
    Readable,
    /// It makes sense, as Go's `print-config` wants it.
    Valid,
    /// A collector can start with it.
    Runnable,
}

/// A configuration in which everything is fine by itself.
pub(super) struct Checked {
    pub(super) config: Config,
    notes: Vec<Note>,
    warnings: Vec<Issue>,
}

/// Reads and checks the configuration and makes every component.
pub(super) async fn validate(asked: Asked<'_>) -> Result<Config, String> {
    let checked = check(asked, "").await?;
    rehearse(asked, &checked)?;
    Ok(checked.config)
}

/// The configuration as it is now, if a collector can run with it: for one that runs and would go over to it.
pub(super) async fn valid(asked: Asked<'_>) -> Result<Checked, String> {
    let checked = check(asked, "invalid configuration: ").await?;
    rehearse(asked, &checked)?;
    Ok(checked)
}

/// Makes every component, and drops it.
fn rehearse(asked: Asked<'_>, checked: &Checked) -> Result<(), String> {
    let (_, phase) = watch::channel(Phase::Starting);
    let process = Process::new(*asked.build, phase, Failures::new().0, Meters::new(MetricsLevel::None));
    let around = Surroundings {
        config: &checked.config,
        registry: asked.registry,
        process: &process,
        log: &Log::none(),
    };
    graph::build(around, None).map(drop).map_err(|e| e.to_string())
}

/// Reads the configuration, and checks it if `valid` is asked for, as `print-config` does: without making anything.
pub(super) async fn read(asked: Asked<'_>, valid: bool) -> Result<Config, String> {
    let extent = if valid { Extent::Valid } else { Extent::Readable };
    check_to(extent, asked, "invalid configuration: ").await.map(|checked| checked.config)
}

impl Setup {
    /// Reads and checks the configuration, opens the log and makes every component.
    pub(super) async fn read(asked: Asked<'_>) -> Result<Self, String> {
        let checked = check(asked, "invalid configuration: ").await?;
        Self::make(asked, checked).await
    }

    /// Opens the log and makes every component.
    pub(super) async fn make(asked: Asked<'_>, checked: Checked) -> Result<Self, String> {
        let configured = &checked.config.service.telemetry;
        let resource = identity::resource(asked.build, &configured.resource);
        let log = Log::open(&configured.logs, &resource).inspect_err(|_| checked.tell(&Log::fallback()))?;
        let lines = telemetry::lines(asked.build, &configured.logs);
        let log = log.exported_to(&lines);
        checked.tell(&log);
        tell_of_telemetry(&log, asked.build, configured);
        for gate in asked.idle_gates {
            log.warn("Feature gate has no effect in this build", &[("gate", (*gate).into())]);
        }
        let (phase, phases) = watch::channel(Phase::Starting);
        let (failures, reports) = Failures::new();
        let meters = Meters::new(telemetry::level(asked.build, &configured.metrics));
        let process = Process::new(*asked.build, phases, failures.clone(), meters);
        // Before anything is made, as two collectors that report at one address should notice early.
        let mut reporting = telemetry::open(configured, resource, lines, &log, &process, &failures).await?;
        let around =
            Surroundings { config: &checked.config, registry: asked.registry, process: &process, log: &log };
        let graph = match graph::build(around, None) {
            Ok(graph) => graph,
            Err(issue) => {
                // What was reported until now may say more.
                if let Some(reporting) = &mut reporting {
                    reporting.end().await;
                }
                return Err(issue.to_string());
            }
        };
        process.keep_config(|| cli::redacted(&checked.config, asked.registry));
        let telemetry = checked.config.telemetry_stamp();
        process.keep(Inventory::new(checked.config, asked.registry, asked.idle_gates));
        Ok(Self { log, process, graph, phase, failures, reports, reporting, telemetry })
    }
}

/// Loads the configuration and looks for everything that is wrong with it. `context` stands before what validation finds.
async fn check(asked: Asked<'_>, context: &str) -> Result<Checked, String> {
    check_to(Extent::Runnable, asked, context).await
}

/// The same, as far as wanted.
async fn check_to(extent: Extent, asked: Asked<'_>, context: &str) -> Result<Checked, String> {
    // Whoever names a configuration wants that one, not a mixture.
    let built_in = asked.build.config.filter(|_| asked.configs.is_empty());
    let loaded = slimcol_config::load(built_in, asked.configs, asked.sets, &asked.registry).await;
    let loaded = loaded.map_err(|e| e.to_string())?;
    let (config, findings) = Config::read(loaded.root);
    let components = graph::check(&config, asked.registry);
    let warnings = findings.warnings.into_iter().chain(components.warnings).collect();
    let checked = Checked { config, notes: loaded.notes, warnings };
    let fail = |error: Error| {
        // What was noticed on the way may well be the reason.
        checked.tell(&Log::fallback());
        Err(error.to_string())
    };
    let unreadable: Vec<Issue> = findings.issues.into_iter().chain(components.unreadable).collect();
    if !unreadable.is_empty() {
        return fail(Error::decoding(unreadable));
    }
    let mut invalid = Vec::new();
    if extent != Extent::Readable {
        invalid.extend(checked.config.validate());
        invalid.extend(components.invalid);
    }
    if extent == Extent::Runnable {
        invalid.extend(components.unmet);
    }
    if !invalid.is_empty() {
        return fail(Error::invalid(invalid).context(context));
    }
    Ok(checked)
}

impl Checked {
    /// Logs what came up while it was read.
    pub(super) fn tell(&self, log: &Log) {
        for Note { warning, message, name } in &self.notes {
            let fields = [("name", name.into())];
            if *warning { log.warn(message, &fields) } else { log.info(message, &fields) }
        }
        for issue in &self.warnings {
            let place = issue.place.as_ref().map(|place| ("at", place.to_string().into()));
            log.warn(&issue.message, place.as_slice());
        }
    }
}

/// Says what of `service::telemetry` is off, and what is asked for and not there.
fn tell_of_telemetry(log: &Log, build: &Build, configured: &Telemetry) {
    let Telemetry { logs, metrics, traces, resource } = configured;
    if metrics.level == MetricsLevel::None {
        log.info("Internal metrics telemetry disabled", &[]);
    } else if build.readers.is_none() {
        log.info("Internal metrics are not served by this build", &[]);
    }
    if !telemetry::exports(traces) {
        log.info("Internal trace telemetry disabled", &[]);
    }
    let idle = [
        ("service::telemetry::logs::processors", !logs.sent_by().is_empty() && build.readers.is_none()),
        ("service::telemetry::traces::processors", telemetry::exports(traces) && build.readers.is_none()),
        ("service::telemetry::traces::sampler", traces.sampler.is_some()),
        ("service::telemetry::traces::limits", traces.limits.is_some()),
    ];
    for (key, _) in idle.into_iter().filter(|(_, written)| *written) {
        log.warn("Setting has no effect in this build", &[("key", key.into())]);
    }
    if resource.legacy {
        let message = "Using legacy service.telemetry.resource inline map format; \
                       use service.telemetry.resource.attributes instead";
        log.warn(message, &[]);
    }
}
