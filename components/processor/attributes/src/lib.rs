//! The `attributes` processor: changes the attributes of spans, data points and log records.
//!
//! ```yaml
//! processors:
//!   attributes:
//!     include: {match_type: strict, services: [shop]}
//!     actions:
//!       - {key: db.statement, action: delete}
//!       - {key: user.email, action: hash}
//! ```
//!
//! Only items that an action changes are opened; the others are copied as they are encoded.

mod change;
mod config;

use slimcol_actions::{Actions, Logs, Metrics, Selection, Spans};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Log, Next, Payload, Processor, Refused, Signals, Stability,
};

pub use self::config::Config;

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<Attributes>();

/// The processor of one pipeline.
#[derive(Debug)]
pub struct Attributes {
    actions: Actions,
    chosen: Chosen,
    log: Log,
}

/// What is changed, as far as the pipeline's signal has it.
#[derive(Debug)]
struct Chosen {
    spans: Option<Selection<Spans>>,
    logs: Option<Selection<Logs>>,
    metrics: Option<Selection<Metrics>>,
}

impl Chosen {
    fn new(config: &Config, signals: Signals) -> Result<Self, String> {
        let (include, exclude) = (config.include.as_ref(), config.exclude.as_ref());
        let has = |signal| signals.has(signal);
        let spans = has(Signal::Traces).then(|| Selection::new(include, exclude, Spans::new));
        let logs = has(Signal::Logs).then(|| Selection::new(include, exclude, Logs::new));
        let metrics = has(Signal::Metrics).then(|| Selection::new(include, exclude, Metrics::new));
        Ok(Self { spans: spans.transpose()?, logs: logs.transpose()?, metrics: metrics.transpose()? })
    }
}

impl Component for Attributes {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        mutates: true,
        stability: Stability::Beta,
        ..Info::new("attributes", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self {
            actions: Actions::new(&config.actions)?,
            chosen: Chosen::new(&config, cx.signals())?,
            log: cx.log().clone(),
        })
    }
}

impl Processor for Attributes {
    async fn process(&self, mut payload: Payload, next: &Next) -> Result<(), Refused> {
        match (&mut payload.data, &self.chosen) {
            (Data::Traces(traces), Chosen { spans: Some(chosen), .. }) => {
                self.change_spans(traces, chosen, &payload.client);
            }
            (Data::Logs(logs), Chosen { logs: Some(chosen), .. }) => {
                self.change_logs(logs, chosen, &payload.client);
            }
            (Data::Metrics(metrics), Chosen { metrics: Some(chosen), .. }) => {
                self.change_points(metrics, chosen, &payload.client);
            }
            _ => {}
        }
        next.consume(payload).await
    }
}

#[cfg(test)]
mod tests;
