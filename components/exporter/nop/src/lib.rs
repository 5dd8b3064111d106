//! The `nop` exporter: it takes all data and drops it. It ends a pipeline whose data nobody wants, and measures what the
//! rest of a pipeline costs.
//!
//! ```yaml
//! exporters:
//!   nop:
//! ```
//!
//! It has no settings.

use slimcol_config::NoSettings;
use slimcol_service::{
    BoxError, Component, Context, Exporter, Factory, Info, Payload, Refused, Signals, Stability,
};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::exporter::<Nop>();

/// Drops what it is given.
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

impl Exporter for Nop {
    async fn export(&self, _: Payload) -> Result<(), Refused> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use slimcol_pdata::{Data, Signal};
    use slimcol_testing::{assert_metadata, exporter_from_yaml};

    use super::*;

    #[test]
    fn metadata() {
        assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
    }

    #[tokio::test]
    async fn it_takes_every_signal() {
        let exporter = exporter_from_yaml(&FACTORY, "").await.unwrap();
        for signal in Signal::ALL {
            exporter.push(Data::from_json(signal, b"{}").unwrap()).await.unwrap();
        }
        exporter.stop().await;
        assert_eq!(exporter.log().all(), [""; 0]);
    }

    #[tokio::test]
    async fn it_has_no_settings() {
        assert_eq!(exporter_from_yaml(&FACTORY, "a: 1").await.unwrap_err(), "has invalid keys: a");
    }
}
