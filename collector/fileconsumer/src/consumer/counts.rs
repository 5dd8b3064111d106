//! What the consumer tells of itself in the collector's metrics.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use slimcol_service::meter::{Family, Meter, MetricsLevel, Shape};

static OPEN: Family = family("otelcol_fileconsumer_open_files", "Number of open files [Development]");
static READING: Family =
    family("otelcol_fileconsumer_reading_files", "Number of open files that are being read [Development]");

const fn family(name: &'static str, help: &'static str) -> Family {
    Family {
        name,
        unit: "1",
        help,
        scope: "github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/fileconsumer",
        shape: Shape::UpDown,
        level: MetricsLevel::Basic,
    }
}

/// How many files there are. Cloning shares the numbers.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts(Arc<Numbers>);

#[derive(Debug, Default)]
struct Numbers {
    open: AtomicU32,
    reading: AtomicU32,
}

impl Counts {
    /// Shows the numbers as long as there is a consumer.
    pub(super) fn show(&self, meter: &Meter) {
        let (open, reading) = (Arc::downgrade(&self.0), Arc::downgrade(&self.0));
        meter.observe(&OPEN, &[], move || open.upgrade().map(|numbers| numbers.open.load(Relaxed).into()));
        meter.observe(&READING, &[], move || {
            reading.upgrade().map(|numbers| numbers.reading.load(Relaxed).into())
        });
    }

    /// So many files are known, which Go calls open.
    pub(super) fn open(&self, files: usize) {
        self.0.open.store(u32::try_from(files).unwrap_or(u32::MAX), Relaxed);
    }

    pub(super) fn reading(&self, files: u32) {
        self.0.reading.store(files, Relaxed);
    }
}
