//! A processor, exporter or connector in a test.

use std::fmt;

use slimcol_pdata::Data;
use slimcol_service::{AlonePart, Context, Factory, Log, Next, Payload, Refused, Routes, Signals};

use crate::LogLines;

/// A component that was made from YAML and started.
pub struct Part {
    it: AlonePart,
    log: LogLines,
}

impl Part {
    /// Gives it data, from nobody known.
    pub async fn push(&self, data: Data) -> Result<(), Refused> {
        self.it.next().consume(Payload::from(data)).await
    }

    /// The way into it.
    pub fn next(&self) -> Next {
        self.it.next()
    }

    /// What it logged.
    pub fn log(&self) -> &LogLines {
        &self.log
    }

    /// Stops it: what it holds goes on.
    pub async fn stop(&self) {
        self.it.stop().await;
    }
}

impl fmt::Debug for Part {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Part")
    }
}

/// Makes an exporter that serves all the signals it can, from its section of a configuration, and starts it.
///
/// # Errors
/// What is wrong with the section, as users would see it, or what making or starting failed with.
pub async fn exporter_from_yaml(factory: &Factory, yaml: &str) -> Result<Part, String> {
    part_from_yaml(factory, yaml, factory.info.name, factory.info.signals, Routes::default()).await
}

/// Makes a processor in front of `next` from its section of a configuration and starts it.
///
/// # Errors
/// As [`exporter_from_yaml`].
pub async fn processor_from_yaml(factory: &Factory, yaml: &str, next: Next) -> Result<Part, String> {
    let routes =
        factory.info.signals.iter().map(|signal| (signal, signal.to_string(), next.clone())).collect();
    part_from_yaml(factory, yaml, factory.info.name, factory.info.signals, Routes::new(routes)).await
}

/// Makes a connector in front of `routes` from its section of a configuration and starts it.
///
/// # Errors
/// As [`exporter_from_yaml`].
pub async fn connector_from_yaml(factory: &Factory, yaml: &str, routes: Routes) -> Result<Part, String> {
    part_from_yaml(factory, yaml, factory.info.name, factory.info.signals, routes).await
}

/// Makes any part of a pipeline, as `id` and for `signals`, and starts it.
///
/// # Errors
/// As [`exporter_from_yaml`].
pub async fn part_from_yaml(
    factory: &Factory,
    yaml: &str,
    id: &str,
    signals: Signals,
    to: Routes,
) -> Result<Part, String> {
    let (log, lines) = Log::capture();
    let it =
        factory.part_alone(yaml, &Context::standalone(id, signals, log), to).map_err(|e| e.to_string())?;
    it.start().await.map_err(|e| e.to_string())?;
    Ok(Part { it, log: LogLines(lines) })
}
