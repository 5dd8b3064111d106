//! The `probabilistic_sampler` processor: samples spans and log records by chance, alike wherever it is done.
//!
//! ```yaml
//! processors:
//!   probabilistic_sampler:
//!     sampling_percentage: 15.3
//! ```

mod config;
mod counts;
mod hash;
mod records;
mod sampler;
mod spans;

use slimcol_pdata::{Data, Logs, Signal, Traces};
use slimcol_sampling::TraceState;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Next, Payload, Processor, Refused, Signals, Stability,
};

pub use self::config::Config;
use self::{counts::Counts, records::RecordCarrier, sampler::Sampler, spans::SpanCarrier};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<ProbabilisticSampler>();

/// The processor of one pipeline.
#[derive(Debug)]
pub struct ProbabilisticSampler {
    sampler: Sampler,
    /// The attribute that has a log record's own percentage.
    priority: String,
    precision: usize,
}

impl Component for ProbabilisticSampler {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::TRACES.or(Signals::LOGS),
        mutates: true,
        stability: Stability::Beta,
        ..Info::new("probabilistic_sampler", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let spans = cx.signals().has(Signal::Traces);
        let name = if spans { "traces sampler" } else { "logs sampler" };
        let counts = Counts::new(cx, spans, &config.from_attribute);
        Ok(Self {
            sampler: Sampler::new(&config, name, cx.log().clone(), counts),
            precision: usize::try_from(config.sampling_precision).unwrap_or_default(),
            priority: config.sampling_priority,
        })
    }
}

impl Processor for ProbabilisticSampler {
    async fn process(&self, mut payload: Payload, next: &Next) -> Result<(), Refused> {
        match &mut payload.data {
            Data::Traces(traces) => self.sample_spans(traces),
            Data::Logs(logs) => self.sample_records(logs),
            Data::Metrics(_) => {}
        }
        if payload.data.items() == 0 {
            return Ok(());
        }
        next.consume(payload).await
    }
}

impl ProbabilisticSampler {
    fn sample_spans(&self, traces: &mut Traces) {
        traces.edit(|tree| {
            tree.retain_entries(|entry| {
                let mut any = false;
                entry.retain_scopes(|scope| {
                    scope.retain_spans(|span| {
                        // Of a copy: it is set while it is looked at.
                        let state = span.view().trace_state().to_owned();
                        let (state, broken) = TraceState::parse(&state);
                        self.sampler.samples(&mut SpanCarrier { span, state, broken })
                    });
                    any |= scope.items() > 0;
                    scope.items() > 0
                });
                any
            });
        });
    }

    fn sample_records(&self, logs: &mut Logs) {
        logs.edit(|tree| {
            tree.retain_entries(|entry| {
                let mut any = false;
                entry.retain_scopes(|scope| {
                    scope.retain_log_records(|record| {
                        self.sampler.samples(&mut RecordCarrier::new(record, &self.priority, self.precision))
                    });
                    any |= scope.items() > 0;
                    scope.items() > 0
                });
                any
            });
        });
    }
}

#[cfg(test)]
mod tests;
