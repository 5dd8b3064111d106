//! What all pipelines of one exporter write to.

use std::{
    path::Path,
    sync::{Mutex, MutexGuard, PoisonError},
};

use slimcol_pdata::{Data, view::ValueRef};
use slimcol_service::{Log, Refused, go_error};

use crate::{
    Config,
    grouped::{Grouped, make_directory},
    output::Output,
    record::Encoding,
};

/// The file or files, and how to write to them.
#[derive(Debug)]
pub(crate) struct Sink {
    config: Config,
    encoding: Encoding,
    log: Log,
    files: Mutex<Files>,
}

#[derive(Debug)]
enum Files {
    /// Not yet started, or stopped.
    Closed,
    One(Output),
    Grouped(Grouped),
}

impl Sink {
    pub(crate) fn new(config: Config, log: Log) -> Self {
        Self { encoding: Encoding::new(&config), config, log, files: Mutex::new(Files::Closed) }
    }

    /// Whether records wait in memory until they are flushed.
    pub(crate) fn is_buffered(&self) -> bool {
        self.config.rotation.is_none()
    }

    /// How long records wait.
    pub(crate) fn flush_interval(&self) -> std::time::Duration {
        self.config.flush_interval.std()
    }

    /// Opens what is written to.
    pub(crate) fn open(&self) -> Result<(), String> {
        let config = &self.config;
        if let Some(encoding) = &config.encoding {
            return Err(format!("unknown encoding {encoding:?}"));
        }
        *self.files() = if config.group_by.enabled {
            Files::Grouped(Grouped::new(config)?)
        } else {
            let path = Path::new(&config.path);
            if config.create_directory
                && let Some(dir) = path.parent().filter(|dir| !dir.as_os_str().is_empty())
            {
                make_directory(dir, config.directory_mode())?;
            }
            Files::One(Output::open(path, config, config.append)?)
        };
        Ok(())
    }

    /// Writes one payload.
    pub(crate) fn write(&self, data: &Data) -> Result<(), Refused> {
        if self.config.group_by.enabled {
            return self.write_groups(data);
        }
        // Encoding needs no lock.
        let record = self.encoding.record(data);
        match &mut *self.files() {
            Files::One(output) => output
                .write(&record)
                .map_err(|e| Refused::retryable(format!("write {}: {}", self.config.path, go_error(&e)))),
            _ => Err(closed()),
        }
    }

    /// Writes what waits in memory.
    pub(crate) fn flush(&self) {
        let failure = match &mut *self.files() {
            Files::Closed => None,
            Files::One(output) => output.flush().err().map(|error| (self.config.path.clone(), error)),
            Files::Grouped(grouped) => grouped.flush().err(),
        };
        if let Some((path, error)) = failure {
            self.log.error(
                "Failed to write to file",
                &[("error", go_error(&error).into()), ("path", path.into())],
            );
        }
    }

    /// Writes what waits in memory and closes.
    pub(crate) fn close(&self) {
        self.flush();
        *self.files() = Files::Closed;
    }

    /// Writes each group to its file. What could not be written is not tried again, as what could would be there twice.
    fn write_groups(&self, data: &Data) -> Result<(), Refused> {
        let attribute = &self.config.group_by.resource_attribute;
        let groups = data.clone().group_by_resource(|resource| {
            let value = resource.attributes().get(attribute);
            value.and_then(ValueRef::as_str).map(str::to_owned)
        });
        let mut failures = Vec::new();
        for (segment, part) in groups {
            let Some(segment) = segment else {
                self.log.debug(&format!("Resource does not contain {attribute} attribute, dropping it"), &[]);
                continue;
            };
            let record = self.encoding.record(&part);
            let Files::Grouped(grouped) = &mut *self.files() else { return Err(closed()) };
            failures.extend(grouped.write(&segment, &record, &self.config, &self.log).err());
        }
        if failures.is_empty() {
            Ok(())
        } else {
            Err(Refused::permanent(format!("Permanent error: {}", failures.join("\n"))))
        }
    }

    fn files(&self) -> MutexGuard<'_, Files> {
        self.files.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What is written to before the start or after the stop.
fn closed() -> Refused {
    Refused::retryable("the file exporter is not running")
}
