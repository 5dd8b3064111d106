//! The exporter's keys.

use slimcol_config::{Duration, Leaf, Problems, Section, Settings};
use slimcol_net::{
    Compression,
    grpc::client::{GrpcClientConfig, GrpcClientDefaults},
};

/// How long one attempt may take, unless configured.
pub(crate) const TIMEOUT: Duration = Duration::secs(5);

/// The exporter's section without what the exporter helper reads.
#[derive(Clone, Debug)]
pub struct Config {
    pub(crate) client: GrpcClientConfig,
    /// The helper's `timeout`, which the server is told as well. Zero: none.
    pub(crate) timeout: std::time::Duration,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        // The helper reads this key and reports what is wrong with it.
        let timeout = from.here().and_then(|node| node.get("timeout")).map(Duration::leaf);
        Self {
            timeout: timeout.and_then(Result::ok).unwrap_or(TIMEOUT).std(),
            client: GrpcClientConfig::read_with(
                from,
                GrpcClientDefaults {
                    compression: Compression::Gzip,
                    keep_alive: false,
                    write_buffer_size: 512 << 10,
                },
            ),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let address = ["http://", "https://", "dns:///", "dns://"]
            .iter()
            .find_map(|scheme| self.client.endpoint.strip_prefix(scheme))
            .unwrap_or(&self.client.endpoint);
        if address.is_empty() {
            problems.add("endpoint", "requires a non-empty \"endpoint\"");
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
            ("{}", "requires a non-empty \"endpoint\""),
            ("endpoint: https://", "requires a non-empty \"endpoint\""),
            ("endpoint: localhost", "clientconfig: address localhost: missing port in address"),
            ("endpoint: localhost:abc", "clientconfig: invalid port \"abc\""),
            ("{endpoint: 'a:1', balancer_name: foo}", "clientconfig: invalid balancer_name: foo"),
            ("endpoint: unix://", "clientconfig: unix socket path cannot be empty"),
            ("{endpoint: 'a:1', compression: foo}", "unsupported compression type \"foo\""),
        ] {
            let error = slimcol_config::from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(message), "{yaml}: {error}");
        }
    }

    #[test]
    fn reads_every_key() {
        let yaml = "
endpoint: dns:///a.example:4317
compression: zstd
tls: {insecure: true}
keepalive: {time: 20s, timeout: 5s, permit_without_stream: true}
read_buffer_size: 1
write_buffer_size: 2
wait_for_ready: true
headers: {x-key: secret}
user_agent: me
balancer_name: pick_first
authority: b.example
auth: {authenticator: oauth2}
middlewares: [{id: m}]
";
        let config: Config = slimcol_config::from_yaml(yaml).unwrap();
        assert!(!format!("{config:?}").contains("secret"));
        assert_eq!(config.client.endpoint, "dns:///a.example:4317");
    }
}
