//! A receiver or an extension in a test.

use slimcol_service::{Context, Factory, Log, Outputs, Signals, Stop, StopHandle};
use tokio::task::JoinHandle;

use crate::LogLines;

/// A receiver or an extension that was made from YAML, started, and runs.
#[derive(Debug)]
pub struct Source {
    stop: StopHandle,
    running: JoinHandle<Result<(), String>>,
    log: LogLines,
}

impl Source {
    /// What it logged.
    pub fn log(&self) -> &LogLines {
        &self.log
    }

    /// Stops it and returns once all that it had begun is done.
    ///
    /// # Errors
    /// What its work ended with, a panic too.
    pub async fn stop(self) -> Result<(), String> {
        self.stop.stop();
        self.ended().await
    }

    /// Returns once its work has ended by itself.
    ///
    /// # Errors
    /// As [`Source::stop`].
    pub async fn ended(self) -> Result<(), String> {
        self.running.await.map_err(|e| e.to_string())?
    }
}

/// Makes a receiver from its section of a configuration and starts it. It serves the signals that `to` has.
///
/// # Errors
/// What is wrong with the section, as users would see it, or what making or starting failed with.
pub async fn receiver_from_yaml(factory: &Factory, yaml: &str, to: Outputs) -> Result<Source, String> {
    let signals = to.signals();
    let (log, lines) = Log::capture();
    let cx = Context::standalone(factory.info.name, signals, log);
    source_from_yaml(factory, yaml, &cx, to).await.map(|source| Source { log: LogLines(lines), ..source })
}

/// Makes an extension from its section of a configuration and starts it.
///
/// # Errors
/// As [`receiver_from_yaml`].
pub async fn extension_from_yaml(factory: &Factory, yaml: &str) -> Result<Source, String> {
    let (log, lines) = Log::capture();
    let cx = Context::standalone(factory.info.name, Signals::NONE, log);
    source_from_yaml(factory, yaml, &cx, Outputs::default())
        .await
        .map(|source| Source { log: LogLines(lines), ..source })
}

/// Makes a receiver or an extension with a context of the test's own and starts it. [`Source::log`] is then empty: the log
/// is the context's.
///
/// # Errors
/// As [`receiver_from_yaml`].
pub async fn source_from_yaml(
    factory: &Factory,
    yaml: &str,
    cx: &Context,
    to: Outputs,
) -> Result<Source, String> {
    let it = factory.source_alone(yaml, cx).map_err(|e| e.to_string())?;
    let (handle, stop) = Stop::new();
    let running = it.start(to, stop).await.map_err(|e| e.to_string())?;
    let running = tokio::spawn(async move { running.ended().await.map_err(|e| e.to_string()) });
    Ok(Source { stop: handle, running, log: LogLines(Log::capture().1) })
}
