//! The life of a collector: configuration, start, signals, restart, stop.

mod identity;
mod orders;
mod service;
mod setup;

use std::time::Duration;

use slimcol_config::Config;
use tokio::{runtime, sync::mpsc};

use self::{
    orders::Order,
    service::{Ended, Service},
    setup::Setup,
};
use crate::{Build, registry::Registry};

/// Where the configuration comes from, and what else the command line says.
#[derive(Clone, Copy)]
pub(crate) struct Asked<'a> {
    pub(crate) build: &'a Build,
    pub(crate) registry: Registry,
    /// All `--config`.
    pub(crate) configs: &'a [String],
    /// All `--set`.
    pub(crate) sets: &'a [String],
    /// Feature gates that were set and change nothing.
    pub(crate) idle_gates: &'a [&'static str],
    /// How long a shutdown may take; `None` is as long as it takes.
    pub(crate) shutdown_timeout: Option<Duration>,
}

/// Reads and checks the configuration and makes every component, without starting any; the configuration.
///
/// # Errors
/// The text for the user.
pub(crate) fn validate(asked: Asked<'_>) -> Result<Config, String> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(setup::validate(asked))
}

/// Reads the configuration, and checks it if `valid` is asked for.
///
/// # Errors
/// The text for the user.
pub(crate) fn read(asked: Asked<'_>, valid: bool) -> Result<Config, String> {
    let runtime = runtime::Builder::new_current_thread().enable_all().build().map_err(|e| e.to_string())?;
    runtime.block_on(setup::read(asked, valid))
}

/// Runs the collector until a signal or a failure ends it.
///
/// # Errors
/// The text for the user.
pub(crate) fn run(asked: Asked<'_>) -> Result<(), String> {
    // As many workers as the cgroup gives CPUs, which is what tokio asks the standard library for.
    let runtime = runtime::Builder::new_multi_thread().enable_all().build().map_err(|e| e.to_string())?;
    let outcome = runtime
        .block_on(serve(asked, || orders::listen().map_err(|e| format!("cannot listen for signals: {e}"))));
    // Everything that matters has been awaited; a blocking read of a dead file system must not hold the exit.
    runtime.shutdown_background();
    outcome
}

/// Runs one service after the other: a hangup goes over to the configuration as it is then, which needs another service if
/// how the collector reports on itself changes.
///
/// `listen` is called once there is something to stop: until then a signal ends the process at once.
async fn serve(
    asked: Asked<'_>,
    listen: impl FnOnce() -> Result<mpsc::Receiver<Order>, String>,
) -> Result<(), String> {
    let mut setup = Setup::read(asked).await?;
    let mut orders = listen()?;
    loop {
        let mut service = Service::start(setup, asked.shutdown_timeout).await?;
        let ended = service.run(asked, &mut orders).await;
        if let Ended::CutOff(text) = ended {
            return Err(text);
        }
        let stopped = service.stop(asked.shutdown_timeout).await;
        match ended {
            Ended::ForGood => return stopped,
            Ended::Failed(text) | Ended::CutOff(text) => return Err(text),
            Ended::ToRestart(checked) => {
                stopped?;
                let again = Setup::make(asked, *checked).await;
                setup = again.map_err(|text| format!("failed to setup configuration components: {text}"))?;
            }
        }
    }
}

#[cfg(test)]
mod tests;
