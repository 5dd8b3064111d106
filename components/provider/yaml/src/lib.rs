//! The `yaml` provider: configuration on the command line, `--config 'yaml:processors::batch::timeout: 7s'`.

use slimcol_config::Retrieved;
use slimcol_service::{BoxError, Factory, Info, Provider, Stability};

/// Makes this provider available to a collector.
pub static FACTORY: Factory = Factory::provider::<Yaml>();

/// The location itself as configuration.
#[derive(Debug)]
pub struct Yaml;

impl Provider for Yaml {
    const INFO: Info = Info {
        stability: Stability::Stable,
        ..Info::new("yaml", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    async fn retrieve(location: &str) -> Result<Retrieved, BoxError> {
        Ok(Retrieved { text: location.into(), name: "yaml:".into(), warning: None })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(flavor = "current_thread")]
    async fn the_location_is_the_text_and_not_the_name() {
        let retrieved = Yaml::retrieve("exporters::otlp::headers: {token: x}").await.unwrap();
        assert_eq!(retrieved.text, "exporters::otlp::headers: {token: x}");
        assert_eq!(retrieved.name, "yaml:");
    }
}
