//! The receiver's settings.

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::http::server::HttpServerConfig;

/// The receiver's section.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) server: HttpServerConfig,
    /// Whether tags that are written as numbers or booleans become such.
    pub(crate) parse_string_tags: bool,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let mut defaults = HttpServerConfig::default();
        "localhost:9411".clone_into(&mut defaults.endpoint);
        // As in Go. What a connection does between requests is limited by `keepalive.idle_timeout` all the same.
        defaults.write_timeout = Duration::default();
        defaults.read_header_timeout = Duration::default();
        Self {
            server: HttpServerConfig::read_over(defaults, from),
            parse_string_tags: from.get("parse_string_tags", false),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("serverconfig", &self.server);
    }
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn defaults_and_mistakes() {
        let config: Config = from_yaml("").unwrap();
        assert_eq!((config.server.endpoint.as_str(), config.parse_string_tags), ("localhost:9411", false));
        assert!(config.server.read_header_timeout.is_zero() && config.server.write_timeout.is_zero());
        let config: Config =
            from_yaml("{endpoint: ':0', parse_string_tags: true, cors: {allowed_origins: [a]}}").unwrap();
        assert!(config.parse_string_tags && config.server.cors.is_some());
        for (yaml, text) in [
            ("{parse_string_tag: true}", "has invalid keys: parse_string_tag"),
            (
                "{parse_string_tags: x}",
                "'parse_string_tags' expected type 'bool', got unconvertible type 'string'",
            ),
            ("{endpoint: [a]}", "'endpoint' expected type 'string', got unconvertible type '[]interface {}'"),
            (
                "{max_request_body_size: x}",
                "'max_request_body_size' expected type 'int64', got unconvertible type 'string'",
            ),
            ("{tls: {}}", "TLS configuration must include both certificate and key for server connections"),
        ] {
            let error = from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(text), "{yaml}: {error}");
        }
    }
}
