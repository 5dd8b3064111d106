//! How long requests take and how large they are, of servers and clients: the metrics of level `detailed` that Go has from
//! `otelhttp` and `otelgrpc`.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use super::{Family, Histogram, Labels, Meter, MetricsLevel, Shape};
use crate::Context;

/// How many sets of labels one server or client counts apart: hosts' names are the senders' to choose. What is beyond counts
/// together, as in Go.
pub const MOST: usize = 200;

/// The Go packages that have such metrics, and make spans of requests.
pub const HTTP_SCOPE: &str = "go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp";
/// The same for gRPC.
pub const GRPC_SCOPE: &str = "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc/otelgrpc";

/// In seconds.
static TIMES: [f64; 14] = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1.0, 2.5, 5.0, 7.5, 10.0];
/// In bytes: Go's where nobody chose any.
static SIZES: [f64; 15] =
    [0.0, 5.0, 10.0, 25.0, 50.0, 75.0, 100.0, 250.0, 500.0, 750.0, 1000.0, 2500.0, 5000.0, 7500.0, 10_000.0];

/// The names of labels, in the order in which [`Requests::count`] takes their values.
static HTTP_LABELS: [&str; 9] = [
    "http.request.method",
    "server.address",
    "server.port",
    "url.scheme",
    "network.protocol.name",
    "network.protocol.version",
    "http.response.status_code",
    "http.route",
    "error.type",
];
static GRPC_LABELS: [&str; 5] =
    ["rpc.system.name", "rpc.method", "rpc.response.status_code", "server.address", "server.port"];

/// What is counted of one sort of requests: the time first, then sizes.
#[derive(Debug)]
pub struct Sort {
    families: &'static [Family],
    labels: &'static [&'static str],
}

const fn time(name: &'static str, help: &'static str, scope: &'static str) -> Family {
    Family { name, unit: "s", help, scope, shape: Shape::Histogram(&TIMES), level: MetricsLevel::Detailed }
}

const fn size(name: &'static str, help: &'static str) -> Family {
    Family { unit: "By", shape: Shape::Histogram(&SIZES), ..time(name, help, HTTP_SCOPE) }
}

/// What HTTP servers answer: the sizes are those of request and response.
pub static HTTP_SERVER: Sort = Sort {
    families: &[
        time("http.server.request.duration", "Duration of HTTP server requests.", HTTP_SCOPE),
        size("http.server.request.body.size", "Size of HTTP server request bodies."),
        size("http.server.response.body.size", "Size of HTTP server response bodies."),
    ],
    labels: &HTTP_LABELS,
};

/// What HTTP clients ask: the size is the request's.
pub static HTTP_CLIENT: Sort = Sort {
    families: &[
        time("http.client.request.duration", "Duration of HTTP client requests.", HTTP_SCOPE),
        size("http.client.request.body.size", "Size of HTTP client request bodies."),
    ],
    labels: &HTTP_LABELS,
};

/// What gRPC's servers answer.
pub static GRPC_SERVER: Sort = Sort {
    families: &[time(
        "rpc.server.call.duration",
        "Measures the duration of an incoming Remote Procedure Call (RPC).",
        GRPC_SCOPE,
    )],
    labels: &GRPC_LABELS,
};

/// What gRPC's clients ask.
pub static GRPC_CLIENT: Sort = Sort {
    families: &[time(
        "rpc.client.call.duration",
        "Measures the duration of an outgoing Remote Procedure Call (RPC).",
        GRPC_SCOPE,
    )],
    labels: &GRPC_LABELS,
};

/// The instruments of one server or client.
#[derive(Debug)]
pub struct Requests {
    sort: &'static Sort,
    meter: Meter,
    known: Mutex<Vec<Known>>,
}

/// The instruments of one set of labels.
#[derive(Debug)]
struct Known {
    values: Vec<String>,
    histograms: Vec<Histogram>,
}

impl Requests {
    /// The instruments of what `cx` runs; `None` if nobody wants to know.
    #[inline(never)]
    pub fn new(sort: &'static Sort, cx: &Context) -> Option<Arc<Self>> {
        // They carry no component's id: those of all servers, or clients, are one.
        let meter = Meter::new(cx.meters().clone(), None);
        meter
            .measures(MetricsLevel::Detailed)
            .then(|| Arc::new(Self { sort, meter, known: Mutex::default() }))
    }

    /// Whether these are calls of gRPC.
    pub fn are_calls(&self) -> bool {
        self.sort.families.len() == 1
    }

    /// Counts a request. A label without a value is none.
    #[cold]
    #[inline(never)]
    pub fn count(&self, values: &[&str], time: Duration, sizes: [usize; 2]) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let at = known.iter().position(|one| one.values == values).unwrap_or_else(|| {
            if known.len() <= MOST {
                let one = self.make(if known.len() < MOST { values } else { &[] });
                known.push(one);
            }
            known.len() - 1
        });
        // The time is the first.
        for (at, histogram) in known[at].histograms.iter().enumerate() {
            match at.checked_sub(1) {
                None => histogram.record_time(time),
                Some(at) => histogram.record(sizes[at]),
            }
        }
    }

    /// The instruments that have these values; without any, those of all that are not told apart.
    fn make(&self, values: &[&str]) -> Known {
        let mut known = Known { values: Vec::new(), histograms: Vec::new() };
        let mut labels = Labels::new();
        for (name, value) in self.sort.labels.iter().zip(values) {
            known.values.push((*value).to_owned());
            if !value.is_empty() {
                labels.push((name, (*value).to_owned()));
            }
        }
        if values.is_empty() {
            labels.push(("otel.metric.overflow", "true".to_owned()));
        }
        for family in self.sort.families {
            known.histograms.push(self.meter.histogram(family, &labels));
        }
        known
    }
}
