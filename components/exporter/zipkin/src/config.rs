//! The exporter's keys.

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::{
    Compression,
    http::client::{HttpClientConfig, HttpClientDefaults},
};

/// The exporter's section without what the exporter helper reads.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) client: HttpClientConfig,
    pub(crate) format: String,
    /// What names services without a name; only if it is written.
    pub(crate) default_service_name: Option<String>,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let defaults = HttpClientDefaults {
            timeout: Duration::secs(5),
            compression: Compression::None,
            write_buffer_size: 512 << 10,
        };
        let client = HttpClientConfig::read_with(from, defaults);
        let format = from.get("format", "json".to_owned());
        let service = from.get("default_service_name", "<missing service name>".to_owned());
        let default_service_name = from.has("default_service_name").then_some(service);
        Self { client, format, default_service_name }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.client.endpoint.is_empty() {
            problems.add("endpoint", "endpoint required");
        }
        problems.within("clientconfig", &self.client);
    }
}
