//! The exporter's keys.

use slimcol_config::{Duration, Leaf, Node, Problems, Section, Settings, Shape, Shown};
use slimcol_net::{
    Compression,
    http::client::{HttpClientConfig, HttpClientDefaults},
};

/// The exporter's section without what the exporter helper reads.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) client: HttpClientConfig,
    pub(crate) traces_endpoint: String,
    pub(crate) metrics_endpoint: String,
    pub(crate) logs_endpoint: String,
    profiles_endpoint: String,
    pub(crate) encoding: Encoding,
}

/// How requests are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Encoding {
    Proto,
    Json,
}

impl Encoding {
    pub(crate) const fn content_type(self) -> &'static str {
        match self {
            Self::Proto => "application/x-protobuf",
            Self::Json => "application/json",
        }
    }
}

impl Leaf for Encoding {
    const SHAPE: Shape = Shape::Words(&["proto", "json"]);

    fn show(&self) -> Shown {
        Shown::text(match self {
            Self::Proto => "proto",
            Self::Json => "json",
        })
    }

    fn leaf(node: &Node) -> Result<Self, String> {
        match String::leaf(node)?.as_str() {
            "proto" => Ok(Self::Proto),
            "json" => Ok(Self::Json),
            other => Err(format!("invalid encoding type: {other}")),
        }
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            client: HttpClientConfig::read_with(
                from,
                HttpClientDefaults {
                    timeout: Duration::secs(30),
                    compression: Compression::Gzip,
                    write_buffer_size: 512 << 10,
                },
            ),
            traces_endpoint: from.get("traces_endpoint", String::new()),
            metrics_endpoint: from.get("metrics_endpoint", String::new()),
            logs_endpoint: from.get("logs_endpoint", String::new()),
            // Read so that configurations load: profiles are no signal here.
            profiles_endpoint: from.get("profiles_endpoint", String::new()),
            encoding: from.get("encoding", Encoding::Proto),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let endpoints = [
            &self.client.endpoint,
            &self.traces_endpoint,
            &self.metrics_endpoint,
            &self.logs_endpoint,
            &self.profiles_endpoint,
        ];
        if endpoints.iter().all(|endpoint| endpoint.is_empty()) {
            problems.add("endpoint", "at least one endpoint must be specified");
        }
        problems.within("clientconfig", &self.client);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn says_what_is_wrong_as_go_does() {
        for (yaml, message) in [
            ("{}", "at least one endpoint must be specified"),
            ("{endpoint: 'http://a', encoding: xml}", "invalid encoding type: xml"),
            ("{endpoint: 'http://a', compression: foo}", "unsupported compression type \"foo\""),
            (
                "{endpoint: 'http://a', compression: snappy, compression_params: {level: 3}}",
                "clientconfig: unsupported parameters {Level:3} for compression type \"snappy\"",
            ),
            (
                "{endpoint: 'http://a', idle_conn_timeout: 1s, keepalive: {max_idle_conns: 3}}",
                "cannot use deprecated keepalive fields (idle_conn_timeout) alongside the 'keepalive' section",
            ),
        ] {
            let error = slimcol_config::from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(message), "{yaml}: {error}");
        }
    }

    #[test]
    fn reads_every_key() {
        let yaml = "
endpoint: https://a.example
proxy_url: http://user:secret@proxy:3128
tls: {insecure: true, ca_file: /x}
read_buffer_size: 1
write_buffer_size: 2
timeout: 7s
headers: [{name: X-Key, value: secret}]
auth: {authenticator: oauth2}
compression: zstd
compression_params: {level: 7}
max_idle_conns: 1
max_idle_conns_per_host: 2
max_conns_per_host: 3
idle_conn_timeout: 4s
disable_keep_alives: true
http2_read_idle_timeout: 5s
http2_ping_timeout: 6s
cookies: {}
force_attempt_http2: false
middlewares: [{id: m}]
traces_endpoint: http://b
metrics_endpoint: http://c
logs_endpoint: http://d
profiles_endpoint: http://e
encoding: json
";
        let config: Config = slimcol_config::from_yaml(yaml).unwrap();
        assert!(!format!("{config:?}").contains("secret"));
        assert_eq!((config.encoding, config.client.timeout), (Encoding::Json, Duration::secs(7)));
        for yaml in [
            "endpoint: http://a\nkeepalive: {idle_conn_timeout: 1s}",
            "endpoint: http://a\nkeepalive: {enabled: false}",
        ] {
            slimcol_config::from_yaml::<Config>(yaml).unwrap();
        }
    }
}
