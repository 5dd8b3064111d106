//! What an exporter counts of itself, by Go's `exporterhelper` names.

use std::sync::{
    Arc, Mutex, PoisonError, Weak,
    atomic::{AtomicU64, Ordering::Relaxed},
};

use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    Code, Context, Refused,
    meter::{Counters, Family, Histogram, Labels, Meter, MetricsLevel, Shape, bounds},
};

use crate::{failure::interrupted, queue::Queue};

const fn family(name: &'static str, unit: &'static str, shape: Shape, help: &'static str) -> Family {
    let scope = "go.opentelemetry.io/collector/exporter/exporterhelper";
    Family { name, unit, help, scope, shape, level: MetricsLevel::Basic }
}

/// What is only worth measuring to who looks closely: a number and the bytes with it.
const fn sizes(names: [&'static str; 2], helps: [&'static str; 2]) -> [Family; 2] {
    let [items, bytes] = names;
    [
        Family {
            level: MetricsLevel::Detailed,
            ..family(items, "{units}", Shape::Histogram(bounds::ITEMS), helps[0])
        },
        Family {
            level: MetricsLevel::Detailed,
            ..family(bytes, "By", Shape::Histogram(bounds::BYTES), helps[1])
        },
    ]
}

static QUEUED: [Family; 2] = sizes(
    ["otelcol_exporter_enqueue_size", "otelcol_exporter_enqueue_size_bytes"],
    [
        "Number of units in the request added to the sending queue. Only available on detailed level. [Development]",
        "Number of bytes in the request added to the sending queue. Only available on detailed level. [Development]",
    ],
);
static BATCHED: [Family; 2] = sizes(
    ["otelcol_exporter_queue_batch_send_size", "otelcol_exporter_queue_batch_send_size_bytes"],
    [
        "Number of units in the batch. Only recorded when batching is enabled. Only available on detailed level. \
         [Development]",
        "Number of bytes in batch that was sent. Only recorded when batching is enabled. Only available on detailed \
         level. [Development]",
    ],
);

/// One of each by signal.
macro_rules! by_signal {
    ($(#[$doc:meta])* $list:ident, $what:literal, $before:literal, $after:literal) => {
        static $list: [Family; 3] = [
            family(
                concat!("otelcol_exporter_", $what, "_spans"),
                "{spans}",
                Shape::Counter,
                concat!("Number of spans ", $after, " [Alpha]"),
            ),
            family(
                concat!("otelcol_exporter_", $what, "_metric_points"),
                "{datapoints}",
                Shape::Counter,
                concat!("Number of metric points ", $after, " [Alpha]"),
            ),
            family(
                concat!("otelcol_exporter_", $what, "_log_records"),
                "{records}",
                Shape::Counter,
                concat!("Number of ", $before, " ", $after, " [Alpha]"),
            ),
        ];
    };
}

by_signal!(SENT, "sent", "log record", "successfully sent to destination.");
by_signal!(
    FAILED,
    "send_failed",
    "log records",
    "in failed attempts to send to destination. At detailed telemetry level, includes attributes: error.type (semantic \
     convention), error.permanent."
);
by_signal!(NOT_QUEUED, "enqueue_failed", "log records", "failed to be added to the sending queue.");

static IN_FLIGHT: Family = family(
    "otelcol_exporter_in_flight_requests",
    "{requests}",
    Shape::UpDown,
    "Number of export requests currently in-flight (including retry backoff). [Development]",
);
static QUEUE_SIZE: Family = family(
    "otelcol_exporter_queue_size",
    "{batches}",
    Shape::Gauge,
    "Current size of the retry queue (in batches). [Alpha]",
);
static QUEUE_CAPACITY: Family = family(
    "otelcol_exporter_queue_capacity",
    "{batches}",
    Shape::Gauge,
    "Fixed capacity of the retry queue (in batches). [Alpha]",
);

/// An exporter's instruments for one signal.
#[derive(Debug)]
pub(crate) struct Counts {
    sent: Counters,
    failed: Failed,
    not_queued: Counters,
    queued: Sizes,
    batched: Sizes,
    in_flight: Arc<AtomicU64>,
}

/// How many items requests have, and how many bytes.
#[derive(Debug)]
struct Sizes([Histogram; 2]);

/// What could not be sent; why is told at the level `detailed` only.
#[derive(Debug)]
enum Failed {
    Plainly(Counters),
    /// By error and whether it is for good: as many as there are codes, twice.
    ByReason {
        meter: Meter,
        family: &'static Family,
        labels: Labels,
        known: Mutex<Vec<(Reason, Counters)>>,
    },
}

type Reason = (String, bool);

/// Counts a request for as long as it is on its way.
pub(crate) struct InFlight<'a>(&'a AtomicU64);

impl Counts {
    /// The instruments for `signal`; `labels` say where data is sent to.
    pub(crate) fn new(signal: Signal, labels: Labels, cx: &Context) -> Self {
        let meter = cx.meter();
        let in_flight = Arc::<AtomicU64>::default();
        if cx.signals().has(signal) {
            let shown = Arc::downgrade(&in_flight);
            let read = move || shown.upgrade().map(|shown| number(shown.load(Relaxed)));
            meter.observe(&IN_FLIGHT, &[data_type(signal)], read);
        }
        let at = signal as usize;
        let (sent, not_queued) =
            (meter.counters(&[&SENT[at]], &labels), meter.counters(&[&NOT_QUEUED[at]], &[]));
        let queued = Sizes::new(&meter, &QUEUED, &[]);
        let batched = Sizes::new(&meter, &BATCHED, &labels);
        let failed = if meter.measures(MetricsLevel::Detailed) {
            Failed::ByReason { meter, family: &FAILED[at], labels, known: Mutex::default() }
        } else {
            Failed::Plainly(meter.counters(&[&FAILED[at]], &labels))
        };
        Self { sent, failed, not_queued, queued, batched, in_flight }
    }

    /// A request is on its way until what is returned is dropped.
    pub(crate) fn begin(&self) -> InFlight<'_> {
        self.in_flight.fetch_add(1, Relaxed);
        InFlight(&self.in_flight)
    }

    /// A request of so many items has been sent or given up.
    pub(crate) fn ended(&self, items: usize, outcome: &Result<(), Refused>) {
        match outcome {
            Ok(()) => self.sent.add(0, items),
            Err(refused) => {
                self.sent.add(0, 0);
                self.failed.add(items, refused);
            }
        }
    }

    /// How large a request is that is to be queued; `None` if nobody wants to know.
    pub(crate) fn size(&self, data: &Data) -> Option<[usize; 2]> {
        self.queued.of(data)
    }

    /// A request of this size got into the queue.
    pub(crate) fn queued(&self, size: Option<[usize; 2]>) {
        self.queued.record(size);
    }

    /// A request has been made of several that were queued.
    pub(crate) fn batched(&self, data: &Data) {
        self.batched.record(self.batched.of(data));
    }

    /// So many items did not get into the queue.
    pub(crate) fn refused(&self, items: usize) {
        self.not_queued.add(0, items);
    }
}

impl Sizes {
    fn new(meter: &Meter, families: &'static [Family; 2], labels: &[(&'static str, String)]) -> Self {
        Self(families.each_ref().map(|family| meter.histogram(family, labels)))
    }

    fn of(&self, data: &Data) -> Option<[usize; 2]> {
        self.0[0].is_kept().then(|| [data.items(), data.byte_len()])
    }

    fn record(&self, size: Option<[usize; 2]>) {
        if let Some(size) = size {
            self.0.iter().zip(size).for_each(|(histogram, size)| histogram.record(size));
        }
    }
}

impl Failed {
    #[cold]
    fn add(&self, items: usize, refused: &Refused) {
        match self {
            Self::Plainly(counters) => counters.add(0, items),
            Self::ByReason { meter, family, labels, known } => {
                let reason = (error_type(refused), refused.is_permanent());
                let mut known = known.lock().unwrap_or_else(PoisonError::into_inner);
                if let Some((_, counters)) = known.iter().find(|(known, _)| *known == reason) {
                    return counters.add(0, items);
                }
                let mut labels = labels.clone();
                labels.push(("error.type", reason.0.clone()));
                labels.push(("error.permanent", reason.1.to_string()));
                let counters = meter.counters(&[*family], &labels);
                counters.add(0, items);
                known.push((reason, counters));
            }
        }
    }
}

impl Drop for InFlight<'_> {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Relaxed);
    }
}

/// Shows how full the queue of `signal` is.
pub(crate) fn watch_queue(signal: Signal, queue: &Arc<Queue>, cx: &Context) {
    let (meter, labels) = (cx.meter(), [data_type(signal)]);
    for (family, read) in
        [(&QUEUE_SIZE, Queue::size as fn(&Queue) -> usize), (&QUEUE_CAPACITY, Queue::capacity)]
    {
        let queue: Weak<Queue> = Arc::downgrade(queue);
        meter.observe(family, &labels, move || queue.upgrade().map(|queue| number(read(&queue) as u64)));
    }
}

fn data_type(signal: Signal) -> (&'static str, String) {
    ("data_type", signal.as_str().to_owned())
}

#[allow(clippy::cast_precision_loss, reason = "no queue is that large")]
fn number(of: u64) -> f64 {
    of as f64
}

/// Go's name for what went wrong.
fn error_type(refused: &Refused) -> String {
    if interrupted(refused) {
        return "Shutdown".to_owned();
    }
    match refused.code {
        None | Some(Code::Ok) => "_OTHER".to_owned(),
        Some(Code::DeadlineExceeded) => "Deadline_Exceeded".to_owned(),
        Some(code) => format!("{code:?}"),
    }
}
