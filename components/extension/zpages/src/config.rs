//! The extension's settings.

use slimcol_config::{Problems, Section, Settings};
use slimcol_net::http::server::HttpServerConfig;

/// The keys of `zpages`, those of an HTTP server among them.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) server: HttpServerConfig,
    pub(crate) expvar: bool,
}

/// `expvar`.
struct Expvar {
    enabled: bool,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let mut server = HttpServerConfig::default();
        "localhost:55679".clone_into(&mut server.endpoint);
        let expvar: Expvar = from.section("expvar");
        Self { expvar: expvar.enabled, server: HttpServerConfig::read_over(server, from) }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("serverconfig", &self.server);
        if self.server.endpoint.is_empty() {
            problems.add("endpoint", "\"endpoint\" is required when using the \"zpages\" extension");
        }
    }
}

impl Settings for Expvar {
    fn read(from: &mut Section<'_>) -> Self {
        Self { enabled: from.get("enabled", false) }
    }
}
