//! The `transform` processor: changes telemetry by statements in OTTL.
//!
//! ```yaml
//! processors:
//!   transform:
//!     trace_statements:
//!       - set(span.attributes["env"], "production")
//!       - delete_key(span.attributes, "user_agent.original")
//! ```
//!
//! Statements are compiled once. Records that no statement changes are copied as they are encoded.

mod config;

use slimcol_ottleval::Group;
use slimcol_ottlfuncs::of_statements;
use slimcol_pdata::Signal;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Log, Next, Payload, Processor, Refused, Signals, Stability,
    meter::Processed,
};

pub use self::config::{Config, Statements};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::processor::<Transform>();

/// The processor of one pipeline.
#[derive(Debug)]
pub struct Transform {
    groups: Vec<Group>,
    log: Log,
    counts: Processed,
}

impl Component for Transform {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::ALL,
        mutates: true,
        stability: Stability::Beta,
        ..Info::new("transform", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let mut groups = Vec::new();
        for signal in cx.signals().iter() {
            let (levels, statements) = (of_statements(signal), config.of(signal));
            groups.append(&mut statements.compile(levels, config.error_mode)?);
            for (context, texts) in statements.given() {
                levels.advise(context, texts, true, cx.log());
            }
        }
        Ok(Self { groups, log: cx.log().clone(), counts: Processed::new(cx) })
    }
}

impl Processor for Transform {
    async fn process(&self, mut payload: Payload, next: &Next) -> Result<(), Refused> {
        let (begun, incoming) = (self.counts.begin(), payload.data.items());
        for group in &self.groups {
            if let Err(fault) = group.run(&mut payload.data, &payload.client, &self.log) {
                let what = match payload.data.signal() {
                    Signal::Traces => "failed processing traces",
                    Signal::Metrics => "failed processing metrics",
                    Signal::Logs => "failed processing logs",
                };
                self.log.error(what, &[("error", fault.to_string().into())]);
                self.counts.count(begun, incoming, 0);
                return Err(Refused::retryable(fault));
            }
        }
        self.counts.count(begun, incoming, payload.data.items());
        next.consume(payload).await
    }
}

#[cfg(test)]
mod tests;
