//! The `nop` receiver: it listens to nothing and receives nothing. It fills the place of a receiver where a pipeline must
//! have one, in tests and where all data comes from elsewhere.
//!
//! ```yaml
//! receivers:
//!   nop:
//! ```
//!
//! It has no settings.

use slimcol_config::NoSettings;
use slimcol_service::{
    BoxError, Component, Context, Factory, Info, Outputs, Receiver, Running, Signals, Stability, Stop,
};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::receiver::<Nop>();

/// Receives nothing.
#[derive(Debug)]
struct Nop;

impl Component for Nop {
    type Config = NoSettings;
    const INFO: Info = Info {
        signals: Signals::ALL,
        stability: Stability::Beta,
        ..Info::new("nop", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(_: NoSettings, _: &Context) -> Result<Self, BoxError> {
        Ok(Self)
    }
}

impl Receiver for Nop {
    async fn start(self, _: Outputs, _: Stop) -> Result<Running, BoxError> {
        Ok(Running::idle())
    }
}

#[cfg(test)]
mod tests {
    use slimcol_testing::{Sink, assert_metadata, receiver_from_yaml};

    use super::*;

    #[test]
    fn metadata() {
        assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
    }

    #[tokio::test]
    async fn it_ends_by_itself_having_given_nothing() {
        let sink = Sink::new();
        let receiver = receiver_from_yaml(&FACTORY, "", sink.outputs()).await.unwrap();
        receiver.ended().await.unwrap();
        assert!(sink.payloads().is_empty());
    }

    #[tokio::test]
    async fn it_has_no_settings() {
        let refused = receiver_from_yaml(&FACTORY, "endpoint: x", Outputs::default()).await.unwrap_err();
        assert_eq!(refused, "has invalid keys: endpoint");
    }
}
