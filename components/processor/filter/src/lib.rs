//! The `filter` processor: drops spans, span events, metrics, data points and log records.
//!
//! ```yaml
//! processors:
//!   filter:
//!     trace_conditions:
//!       - span.attributes["url.path"] == "/health"
//!       - resource.attributes["host.name"] == "localhost"
//! ```
//!
//! What stays is copied as it is encoded.

mod conditions;
mod config;
mod counts;
mod properties;

use slimcol_actions::{Logs, Selection, Spans};
use slimcol_ottlfuncs::of_conditions;
use slimcol_pdata::{Data, Signal};
use slimcol_service::{
    BoxError, Client, Component, Context, Factory, Info, Log, Next, Payload, Processor, Refused, Signals,
    Stability,
    meter::{Counters, Processed},
};

pub use self::config::{Conditions, Config, Given, LogMatch, MetricMatch, Never, SeverityMatch};
use self::{conditions::Stage, properties::MetricRules};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<Filter>();

/// The processor of one pipeline.
#[derive(Debug)]
pub struct Filter {
    rules: Rules,
    log: Log,
    counts: Processed,
    filtered: Counters,
}

/// What is dropped of the pipeline's signal.
#[derive(Debug)]
enum Rules {
    Nothing,
    Conditions(Vec<Stage>),
    Spans(Selection<Spans>),
    Logs(Selection<Logs>),
    Metrics(Box<MetricRules>),
}

impl Rules {
    fn new(config: &Config, signal: Signal) -> Result<Self, String> {
        let stages = config.stages(signal)?;
        if !stages.is_empty() {
            return Ok(Self::Conditions(stages));
        }
        Ok(match signal {
            Signal::Traces => {
                let (include, exclude) = (config.spans.include.as_ref(), config.spans.exclude.as_ref());
                let selection = Selection::new(include, exclude, Spans::new)?;
                if selection.all() { Self::Nothing } else { Self::Spans(selection) }
            }
            Signal::Metrics => {
                MetricRules::new(config)?.map_or(Self::Nothing, |rules| Self::Metrics(Box::new(rules)))
            }
            Signal::Logs => {
                let properties = |of: &Option<LogMatch>| {
                    of.as_ref().map(LogMatch::properties).transpose().map(Option::flatten)
                };
                let (include, exclude) =
                    (properties(&config.logs.include)?, properties(&config.logs.exclude)?);
                let selection = Selection::new(include.as_ref(), exclude.as_ref(), Logs::new)
                    .map_err(|error| format!("failed to build skip matcher: {error}"))?;
                if selection.all() { Self::Nothing } else { Self::Logs(selection) }
            }
        })
    }

    fn run(&self, data: &mut Data, sender: &Client, log: &Log) -> Result<(), String> {
        match (self, data) {
            (Self::Conditions(stages), data) => {
                let failed = stages.iter().filter_map(|stage| stage.run(data, sender, log).err());
                let failed: Vec<_> = failed.collect();
                return if failed.is_empty() { Ok(()) } else { Err(failed.join("; ")) };
            }
            (Self::Spans(selection), Data::Traces(traces)) => properties::spans(traces, selection),
            (Self::Logs(selection), Data::Logs(logs)) => properties::logs(logs, selection),
            (Self::Metrics(rules), Data::Metrics(metrics)) => return rules.run(metrics),
            _ => {}
        }
        Ok(())
    }
}

impl Component for Filter {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        mutates: true,
        stability: Stability::Alpha,
        ..Info::new("filter", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let signal = cx.signals().iter().next().unwrap_or(Signal::Traces);
        for (context, texts) in config.advised(signal) {
            of_conditions(signal).advise(context, texts, false, cx.log());
        }
        Ok(Self {
            rules: Rules::new(&config, signal)?,
            log: cx.log().clone(),
            counts: Processed::new(cx),
            filtered: counts::filtered(cx),
        })
    }
}

impl Processor for Filter {
    async fn process(&self, mut payload: Payload, next: &Next) -> Result<(), Refused> {
        let (begun, incoming) = (self.counts.begin(), payload.data.items());
        if !matches!(self.rules, Rules::Nothing) {
            let result = self.rules.run(&mut payload.data, &payload.client, &self.log);
            self.filtered.add(0, incoming - payload.data.items().min(incoming));
            if let Err(error) = result {
                let what = match payload.data.signal() {
                    Signal::Traces => "failed processing traces",
                    Signal::Metrics => "failed processing metrics",
                    Signal::Logs => "failed processing logs",
                };
                self.log.error(what, &[("error", error.as_str().into())]);
                self.counts.count(begun, incoming, 0);
                return Err(Refused::retryable(error));
            }
            if payload.data.byte_len() == 0 {
                self.counts.count(begun, incoming, 0);
                return Ok(());
            }
        }
        self.counts.count(begun, incoming, payload.data.items());
        next.consume(payload).await
    }
}

#[cfg(test)]
mod tests;
