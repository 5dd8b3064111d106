//! What the processor counts of itself, by the Go processor's names.

use slimcol_service::{
    Context,
    meter::{Counters, Family, MetricsLevel, Shape},
};

use crate::sampler::Policy;

const fn family(name: &'static str, help: &'static str) -> Family {
    let scope =
        "github.com/open-telemetry/opentelemetry-collector-contrib/processor/probabilisticsamplerprocessor";
    Family { name, unit: "1", help, scope, shape: Shape::Counter, level: MetricsLevel::Normal }
}

static SPANS: Family = family(
    "otelcol_processor_probabilistic_sampler_count_traces_sampled",
    "Count of traces that were sampled or not [Development]",
);
static RECORDS: Family = family(
    "otelcol_processor_probabilistic_sampler_count_logs_sampled",
    "Count of logs that were sampled or not [Development]",
);

/// The counters: for each policy that of what was not sampled and that of what was.
#[derive(Debug)]
pub(crate) struct Counts(Vec<[Counters; 2]>);

impl Counts {
    /// Counters of spans, or else of log records; `attribute` is what those are hashed by.
    pub(crate) fn new(cx: &Context, spans: bool, attribute: &str) -> Self {
        let family = if spans { &SPANS } else { &RECORDS };
        let policies = [
            "missing_randomness",
            "trace_id_hash",
            attribute,
            "trace_id_w3c",
            "sampling_randomness",
            "sampling_priority",
        ];
        let counters = |policy: &str| {
            ["false", "true"].map(|sampled| {
                let labels = [("policy", policy.to_owned()), ("sampled", sampled.to_owned())];
                cx.meter().counters(&[family], &labels)
            })
        };
        Self(policies.into_iter().map(counters).collect())
    }

    pub(crate) fn add(&self, policy: Policy, sampled: bool) {
        let place = match policy {
            Policy::Missing => 0,
            Policy::TraceHash => 1,
            Policy::AttributeHash => 2,
            Policy::TraceBits => 3,
            Policy::Given => 4,
            Policy::Priority => 5,
        };
        self.0[place][usize::from(sampled)].add(0, 1);
    }
}
