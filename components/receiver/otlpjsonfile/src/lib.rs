//! The `otlp_json_file` receiver: reads OTLP from files of JSON lines, as the `file` exporter writes them.
//!
//! ```yaml
//! receivers:
//!   otlp_json_file:
//!     include: [/var/lib/otelcol/*.json]
//! ```

mod config;
mod sink;

use slimcol_fileconsumer::{Consumer, Offsets};
use slimcol_logreceiver::store;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

use self::{config::Config, sink::Sink};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<OtlpJsonFile>();

/// By what the Go collector names the store.
const KIND: &str = "otlpjsonfile";

/// Reads OTLP from files.
#[derive(Debug)]
struct OtlpJsonFile {
    config: Config,
    cx: Context,
}

impl Component for OtlpJsonFile {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["otlpjsonfile"],
        signals: Signals::ALL,
        stability: Stability::Alpha,
        ..Info::new("otlp_json_file", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { config, cx: cx.clone() })
    }
}

impl Receiver for OtlpJsonFile {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        let Self { config, cx } = self;
        let offsets = match &config.storage {
            Some(id) => Some(store(id, KIND, &cx).await?),
            None => None,
        };
        // Go keeps them without an operator's name, since there is none.
        let kept = offsets.clone().map(|store| Offsets::new(store, ""));
        let consumer = Consumer::new(&config.file, kept, cx.log().clone()).await?;
        let consumer = if config.replay { consumer.replaying() } else { consumer };
        consumer.show(&cx.meter());
        let sink = Sink::new(to, &cx);
        Ok(Running::new(async move {
            let closing = consumer.closing();
            let outcome = closing.bound(async move { consumer.follow(&sink).await }, stop).await;
            if let Some(store) = offsets {
                store.close().await;
            }
            outcome
        }))
    }
}

#[cfg(test)]
mod tests;
