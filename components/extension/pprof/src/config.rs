//! The extension's settings.

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::http::server::HttpServerConfig;

/// The keys of `pprof`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) server: HttpServerConfig,
    /// Whether a fraction is set: there is nothing that blocks as goroutines do.
    pub(crate) fractions: bool,
    /// The file that gets the profile of the whole run, or nothing.
    pub(crate) save_to_file: String,
}

/// `dialer`, which Go's address settings bring along and a server has no use for.
struct Dialer;

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        // Go's extension has no time limits: a profile takes as long as it is asked to.
        let mut server = HttpServerConfig::default();
        server.endpoint = from.get("endpoint", "localhost:1777".to_owned());
        server.read_header_timeout = Duration::default();
        server.write_timeout = Duration::default();
        let Dialer = from.section("dialer");
        let fractions: [i64; 2] =
            ["block_profile_fraction", "mutex_profile_fraction"].map(|key| from.get(key, 0));
        Self {
            server,
            fractions: fractions.iter().any(|fraction| *fraction != 0),
            save_to_file: from.get("save_to_file", String::new()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.server.endpoint.is_empty() {
            problems.add("endpoint", "bad config: endpoint must be specified");
        }
    }
}

impl Settings for Dialer {
    fn read(from: &mut Section<'_>) -> Self {
        from.get("timeout", Duration::default());
        Self
    }
}
