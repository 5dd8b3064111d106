//! The exporter's keys.

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::{
    Compression,
    http::client::{HttpClientConfig, HttpClientDefaults},
};

/// What users can set.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The HTTP client's keys, `endpoint` among them.
    pub(crate) client: HttpClientConfig,
}

impl Settings for Config {
    // A key that is not asked for is an error with its place in the user's file.
    fn read(from: &mut Section<'_>) -> Self {
        let defaults = HttpClientDefaults {
            timeout: Duration::secs(30),
            compression: Compression::Gzip,
            write_buffer_size: 512 << 10,
        };
        Self { client: HttpClientConfig::read_with(from, defaults) }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.client.endpoint.is_empty() {
            problems.add("endpoint", "endpoint must be specified");
        }
        problems.within("clientconfig", &self.client);
    }
}
