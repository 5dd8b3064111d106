//! What the processor counts of itself, by the Go processor's names.

use std::sync::{
    Arc,
    atomic::{AtomicU32, Ordering::Relaxed},
};

use slimcol_pdata::Data;
use slimcol_service::{
    Context,
    meter::{Counters, Family, Histogram, MetricsLevel, Shape, bounds},
};

const fn family(
    name: &'static str,
    unit: &'static str,
    shape: Shape,
    level: MetricsLevel,
    help: &'static str,
) -> Family {
    let scope = "go.opentelemetry.io/collector/processor/batchprocessor";
    Family { name, unit, help, scope, shape, level }
}

static SIZE: Family = family(
    "otelcol_processor_batch_batch_send_size",
    "{units}",
    Shape::Histogram(bounds::ITEMS),
    MetricsLevel::Normal,
    "Number of units in the batch [Development]",
);
static BYTES: Family = family(
    "otelcol_processor_batch_batch_send_size_bytes",
    "By",
    Shape::Histogram(bounds::BYTES),
    MetricsLevel::Detailed,
    "Number of bytes in batch that was sent. Only available on detailed level. [Development]",
);
static FULL: Family = family(
    "otelcol_processor_batch_batch_size_trigger_send",
    "{times}",
    Shape::Counter,
    MetricsLevel::Normal,
    "Number of times the batch was sent due to a size trigger [Development]",
);
static LATE: Family = family(
    "otelcol_processor_batch_timeout_trigger_send",
    "{times}",
    Shape::Counter,
    MetricsLevel::Normal,
    "Number of times the batch was sent due to a timeout trigger [Development]",
);
static CARDINALITY: Family = family(
    "otelcol_processor_batch_metadata_cardinality",
    "{combinations}",
    Shape::UpDown,
    MetricsLevel::Normal,
    "Number of distinct metadata value combinations being processed [Development]",
);

/// Why a batch is sent.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Trigger {
    Full,
    Late,
}

/// A processor's instruments.
#[derive(Clone, Debug)]
pub(crate) struct Counts {
    size: Histogram,
    bytes: Histogram,
    full: Counters,
    late: Counters,
    shards: Arc<AtomicU32>,
}

/// A batch's size, which is counted when it has been sent.
#[derive(Clone, Copy)]
pub(crate) struct Size {
    items: usize,
    bytes: usize,
}

impl Counts {
    pub(crate) fn new(cx: &Context) -> Self {
        let meter = cx.meter();
        let shards = Arc::<AtomicU32>::default();
        let shown = Arc::downgrade(&shards);
        meter.observe(&CARDINALITY, &[], move || shown.upgrade().map(|shown| shown.load(Relaxed).into()));
        Self {
            size: meter.histogram(&SIZE, &[]),
            bytes: meter.histogram(&BYTES, &[]),
            full: meter.counters(&[&FULL], &[]),
            late: meter.counters(&[&LATE], &[]),
            shards,
        }
    }

    /// There is one more line of batches.
    pub(crate) fn shard(&self) {
        self.shards.fetch_add(1, Relaxed);
    }

    pub(crate) fn size(&self, of: &Data) -> Size {
        Size { items: of.items(), bytes: if self.bytes.is_kept() { of.byte_len() } else { 0 } }
    }

    /// A batch has been sent.
    pub(crate) fn sent(&self, trigger: Trigger, size: Size) {
        match trigger {
            Trigger::Full => self.full.add(0, 1),
            Trigger::Late => self.late.add(0, 1),
        }
        self.size.record(size.items);
        self.bytes.record(size.bytes);
    }
}
