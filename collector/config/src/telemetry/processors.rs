//! Who exports the collector's own spans and log lines (the declarative configuration's `processors`, version 0.3).

use std::time::Duration;

use super::otlp::{Otlp, exporter};
use crate::{NoSettings, Section};

/// One of `processors`.
#[derive(Clone, Debug)]
pub struct TelemetryProcessor {
    /// How long what there is waits for more.
    pub delay: Duration,
    /// How long sending may take.
    pub timeout: Duration,
    /// How much waits; what is more is dropped.
    pub most: usize,
    /// How much is sent at a time.
    pub batch: usize,
    /// Where to; `None` for the standard output.
    pub otlp: Option<Otlp>,
}

impl TelemetryProcessor {
    /// Reads a processor of `what`, as messages name it, that waits for `delay` milliseconds if nothing else is said.
    pub(super) fn read(from: &mut Section<'_>, what: &str, delay: i64) -> Self {
        // `simple`: each by itself and at once.
        let mut all = Self {
            delay: Duration::ZERO,
            timeout: Duration::from_secs(30),
            most: 2048,
            batch: 1,
            otlp: None,
        };
        match (from.has("batch"), from.has("simple")) {
            (true, true) => {
                from.node("batch");
                from.node("simple");
                from.error("", format_args!("must not specify multiple {what} processor type"));
            }
            (true, false) => {
                from.section_with("batch", |batch| {
                    let millis = Duration::from_millis;
                    // Not so often that it would be all the collector does.
                    all.delay = millis(number(batch, "schedule_delay", "schedule delay", delay).max(1));
                    all.timeout = millis(number(batch, "export_timeout", "export timeout", 30_000));
                    let size = |number| usize::try_from(number).unwrap_or(usize::MAX).max(1);
                    all.most = size(number(batch, "max_queue_size", "queue size", 2048));
                    all.batch = size(number(batch, "max_export_batch_size", "batch size", 512)).min(all.most);
                    all.otlp = exporter(batch, what);
                    NoSettings
                });
            }
            (false, true) => {
                from.section_with("simple", |simple| {
                    all.otlp = exporter(simple, what);
                    NoSettings
                });
            }
            (false, false) => {
                let message =
                    format_args!("unsupported {what} processor type, must be one of simple or batch");
                from.error("", message);
            }
        }
        all
    }
}

/// A number that is not negative, called `name` in messages.
fn number(from: &mut Section<'_>, key: &'static str, name: &str, default: i64) -> u64 {
    let number: i64 = from.get(key, default);
    u64::try_from(number).unwrap_or_else(|_| {
        from.error(key, format_args!("invalid {name} {number}"));
        0
    })
}
