//! The `forward` connector: it passes data from the pipelines that name it as an exporter to the pipelines of the same
//! signal that name it as a receiver, unchanged.
//!
//! ```yaml
//! connectors:
//!   forward:
//! service:
//!   pipelines:
//!     traces/in:
//!       receivers: [otlp]
//!       exporters: [forward]
//!     traces/out:
//!       receivers: [forward]
//!       processors: [batch]
//!       exporters: [otlp_grpc]
//! ```
//!
//! It has no settings. The sender hears what the pipelines behind answer.

use slimcol_config::NoSettings;
use slimcol_pdata::Signal::{Logs, Metrics, Traces};
use slimcol_service::{
    BoxError, Component, Connector, Context, Factory, Info, Payload, Refused, Routes, Signals, Stability,
};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::connector::<Forward>();

/// Passes data on.
#[derive(Debug)]
struct Forward;

impl Component for Forward {
    type Config = NoSettings;
    const INFO: Info = Info {
        signals: Signals::ALL,
        routes: &[(Traces, Traces), (Metrics, Metrics), (Logs, Logs)],
        stability: Stability::Beta,
        ..Info::new("forward", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(_: NoSettings, _: &Context) -> Result<Self, BoxError> {
        Ok(Self)
    }
}

impl Connector for Forward {
    async fn route(&self, payload: Payload, to: &Routes) -> Result<(), Refused> {
        match to.all(payload.data.signal()) {
            Some(next) => next.consume(payload).await,
            // The graph refuses a connector without a pipeline behind it, so there is nobody to miss the data.
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::{Data, Signal};
    use slimcol_testing::{Sink, assert_metadata, connector_from_yaml};

    use super::*;

    #[test]
    fn metadata() {
        assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
    }

    #[tokio::test]
    async fn every_signal_goes_to_the_pipelines_of_that_signal() {
        let sinks = Signal::ALL.map(|signal| (signal, Sink::new()));
        let routes = sinks.iter().map(|(signal, sink)| (*signal, signal.to_string(), sink.next())).collect();
        let forward = connector_from_yaml(&FACTORY, "", Routes::new(routes)).await.unwrap();
        for signal in Signal::ALL {
            forward.push(Data::from_json(signal, b"{}").unwrap()).await.unwrap();
        }
        for (signal, sink) in &sinks {
            assert_eq!(sink.data().iter().map(Data::signal).collect::<Vec<_>>(), [*signal]);
        }
    }

    #[tokio::test]
    async fn a_refusal_comes_back() {
        let sink = Sink::new();
        sink.refuse_with(|| Refused::retryable("full"));
        let forward = connector_from_yaml(&FACTORY, "", sink.routes()).await.unwrap();
        let refused = forward.push(Data::from_json(Logs, b"{}").unwrap()).await.unwrap_err();
        assert_eq!((refused.to_string().as_str(), refused.is_permanent()), ("full", false));
    }
}
