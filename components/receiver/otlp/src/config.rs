//! The receiver's settings.

use slimcol_config::{Duration, Leaf, Node, Optional, Problems, Section, Settings, Shape, Shown};
use slimcol_net::{grpc::server::GrpcServerConfig, http::server::HttpServerConfig};
use slimcol_pdata::Signal;

/// `protocols`: at least one of them is on.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) grpc: Optional<GrpcServerConfig>,
    pub(crate) http: Optional<HttpConfig>,
}

/// `protocols.http`.
#[derive(Clone, Debug)]
pub(crate) struct HttpConfig {
    pub(crate) server: HttpServerConfig,
    /// Where each signal is received, by [`Signal`].
    paths: [UrlPath; 3],
}

/// A path that starts with a slash, whatever was written.
#[derive(Clone, Debug)]
struct UrlPath(String);

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let protocols: Protocols = from.section("protocols");
        Self { grpc: protocols.grpc, http: protocols.http }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if !self.grpc.is_on() && !self.http.is_on() {
            problems.add("protocols", "must specify at least one protocol when using the OTLP receiver");
        }
        problems.within("protocols", &Protocols { grpc: self.grpc.clone(), http: self.http.clone() });
    }
}

struct Protocols {
    grpc: Optional<GrpcServerConfig>,
    http: Optional<HttpConfig>,
}

impl Settings for Protocols {
    fn read(from: &mut Section<'_>) -> Self {
        Self { grpc: from.optional_with("grpc", false, read_grpc), http: from.optional("http", false) }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within_optional("grpc", &self.grpc);
        problems.within_optional("http", &self.http);
    }
}

fn read_grpc(from: &mut Section<'_>) -> GrpcServerConfig {
    let mut defaults = GrpcServerConfig::default().with_read_buffer(512 << 10);
    "localhost:4317".clone_into(&mut defaults.endpoint);
    GrpcServerConfig::read_over(defaults, from)
}

impl Settings for HttpConfig {
    fn read(from: &mut Section<'_>) -> Self {
        let mut defaults = HttpServerConfig::default();
        "localhost:4318".clone_into(&mut defaults.endpoint);
        // Go's receiver has had no time limits since before there were defaults. What a connection does between requests,
        // or instead of one, is limited all the same: by `keepalive.idle_timeout`.
        defaults.write_timeout = Duration::default();
        defaults.read_header_timeout = Duration::default();
        let mut path = |key, default: &str| from.get(key, UrlPath(default.to_owned()));
        let paths = [
            path("traces_url_path", "/v1/traces"),
            path("metrics_url_path", "/v1/metrics"),
            path("logs_url_path", "/v1/logs"),
        ];
        Self { server: HttpServerConfig::read_over(defaults, from), paths }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("serverconfig", &self.server);
    }
}

impl HttpConfig {
    /// Where `signal` is received.
    pub(crate) fn path(&self, signal: Signal) -> &str {
        &self.paths[signal as usize].0
    }
}

impl Leaf for UrlPath {
    const SHAPE: Shape = Shape::Text;

    fn show(&self) -> Shown {
        self.0.show()
    }

    fn leaf(node: &Node) -> Result<Self, String> {
        let text = String::leaf(node)?;
        Ok(Self(if text.starts_with('/') { text } else { format!("/{text}") }))
    }
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn null_sections_are_on_with_defaults() {
        let config: Config = from_yaml("protocols: {grpc: , http: }").unwrap();
        assert_eq!(config.grpc.as_ref().unwrap().endpoint, "localhost:4317");
        let http = config.http.as_ref().unwrap();
        assert_eq!(http.server.endpoint, "localhost:4318");
        assert!(http.server.read_header_timeout.is_zero() && http.server.write_timeout.is_zero());
        assert_eq!(Signal::ALL.map(|s| http.path(s)), ["/v1/traces", "/v1/metrics", "/v1/logs"]);
    }

    #[test]
    fn one_protocol_is_enough_and_none_is_not() {
        let config: Config = from_yaml("protocols: {grpc: {enabled: false}, http: }").unwrap();
        assert!(!config.grpc.is_on() && config.http.is_on());
        for yaml in ["", "protocols:", "protocols: {}", "protocols: {grpc: {enabled: false}}"] {
            let error = from_yaml::<Config>(yaml).unwrap_err();
            assert!(
                error.ends_with("must specify at least one protocol when using the OTLP receiver"),
                "{error}"
            );
        }
    }

    #[test]
    fn paths_get_their_slash() {
        let config: Config = from_yaml("protocols: {http: {traces_url_path: custom/traces}}").unwrap();
        assert_eq!(config.http.as_ref().unwrap().path(Signal::Traces), "/custom/traces");
    }

    #[test]
    fn mistakes() {
        for (yaml, text) in [
            ("protocols: {grpc: {endpoitn: x}}", "has invalid keys: endpoitn"),
            ("protocols: {grpc: {transport: foo}}", "unsupported transport type \"foo\""),
            (
                "protocols: {grpc: {tls: {}}}",
                "protocols::grpc: tls: TLS configuration must include both certificate and key for server connections",
            ),
            (
                "protocols: {grpc: {max_recv_msg_size_mib: -1}}",
                "protocols::grpc: invalid max_recv_msg_size_mib value, must be between 1 and 8796093022207: -1",
            ),
            (
                "protocols: {grpc: {read_buffer_size: -1}}",
                "protocols::grpc: invalid read_buffer_size value: -1",
            ),
        ] {
            let error = from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(text), "{yaml}: {error}");
        }
    }
}
