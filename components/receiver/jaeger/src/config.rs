//! The receiver's settings.

use slimcol_config::{Duration, Optional, Problems, Section, Settings};
use slimcol_net::{grpc::server::GrpcServerConfig, http::server::HttpServerConfig, split_endpoint};

/// So many workers at most.
const WORKERS: i64 = 10_000;

/// The receiver's section: at least one protocol is on.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) protocols: Protocols,
}

/// `protocols`.
#[derive(Clone, Debug)]
pub(crate) struct Protocols {
    pub(crate) grpc: Optional<GrpcServerConfig>,
    pub(crate) thrift_http: Optional<HttpServerConfig>,
    pub(crate) thrift_binary: Optional<UdpConfig>,
    pub(crate) thrift_compact: Optional<UdpConfig>,
}

/// A protocol over UDP.
#[derive(Clone, Debug)]
pub(crate) struct UdpConfig {
    pub(crate) endpoint: String,
    /// How many packets may wait for a worker.
    pub(crate) queue_size: i64,
    /// Bytes; of a longer packet the rest is lost.
    pub(crate) max_packet_size: i64,
    /// How many packets are worked on at a time.
    pub(crate) workers: i64,
    /// Bytes that the kernel keeps; 0 for its own default.
    pub(crate) socket_buffer_size: i64,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let protocols = from.section("protocols");
        if from.node("remote_sampling").is_some() {
            from.error(
                "remote_sampling",
                "remote sampling config detected in the Jaeger receiver; use the `jaegerremotesampling` extension instead",
            );
        }
        Self { protocols }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let Protocols { grpc, thrift_http, thrift_binary, thrift_compact } = &self.protocols;
        if !grpc.is_on() && !thrift_http.is_on() && !thrift_binary.is_on() && !thrift_compact.is_on() {
            problems.add("protocols", "must specify at least one protocol when using the Jaeger receiver");
        }
        problems.within("protocols", &self.protocols);
    }
}

impl Settings for Protocols {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            grpc: from.optional_with("grpc", false, |from| {
                let mut defaults = GrpcServerConfig::default();
                "localhost:14250".clone_into(&mut defaults.endpoint);
                GrpcServerConfig::read_over(defaults, from)
            }),
            thrift_http: from.optional_with("thrift_http", false, |from| {
                let mut defaults = HttpServerConfig::default();
                "localhost:14268".clone_into(&mut defaults.endpoint);
                // As in Go. What a connection does between requests is limited by `keepalive.idle_timeout` all the same.
                defaults.write_timeout = Duration::default();
                defaults.read_header_timeout = Duration::default();
                HttpServerConfig::read_over(defaults, from)
            }),
            thrift_binary: from
                .optional_with("thrift_binary", false, |from| UdpConfig::read_at("localhost:6832", from)),
            thrift_compact: from.optional("thrift_compact", false),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let udp = |config: &UdpConfig| config.endpoint.clone();
        for (key, name, endpoint) in [
            ("grpc", "gRPC", self.grpc.as_ref().map(|config| config.endpoint.clone())),
            ("thrift_http", "Thrift HTTP", self.thrift_http.as_ref().map(|config| config.endpoint.clone())),
            ("thrift_binary", "Thrift UDP Binary", self.thrift_binary.as_ref().map(udp)),
            ("thrift_compact", "Thrift UDP Compact", self.thrift_compact.as_ref().map(udp)),
        ] {
            if let Some(Err(why)) = endpoint.map(|endpoint| port(&endpoint)) {
                let message = format!("invalid port number for the {name} endpoint: {why}");
                problems.add(&format!("{key}.endpoint"), message);
            }
        }
        problems.within_optional("thrift_binary", &self.thrift_binary);
        problems.within_optional("thrift_compact", &self.thrift_compact);
        problems.within_optional("grpc", &self.grpc);
        problems.within_optional("thrift_http", &self.thrift_http);
    }
}

impl Settings for UdpConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_at("localhost:6831", from)
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.queue_size < 0 {
            problems.add("queue_size", "`queue_size` must not be negative");
        }
        if self.max_packet_size < 1 {
            problems.add("max_packet_size", "`max_packet_size` must be positive");
        }
        // What Go says when it starts.
        if self.workers < 1 {
            let workers = self.workers;
            problems.add(
                "workers",
                format_args!("number of processors must be greater than 0, called with {workers}"),
            );
        }
        if self.workers > WORKERS {
            problems.add("workers", format_args!("`workers` must be at most {WORKERS}"));
        }
    }
}

impl UdpConfig {
    /// Reads the keys; `endpoint` stands for one that is not written.
    fn read_at(endpoint: &str, from: &mut Section<'_>) -> Self {
        Self {
            endpoint: from.get("endpoint", endpoint.to_owned()),
            queue_size: from.get("queue_size", 1000),
            max_packet_size: from.get("max_packet_size", 65_000),
            workers: from.get("workers", 10),
            socket_buffer_size: from.get("socket_buffer_size", 0),
        }
    }
}

/// Says whether an endpoint has a port that can be sent to.
fn port(endpoint: &str) -> Result<(), String> {
    let (_, port) = split_endpoint(endpoint)
        .map_err(|why| format!("endpoint is not formatted correctly: address {endpoint}: {why}"))?;
    let number = port.parse::<i64>().map_err(|_| {
        format!("endpoint port is not a number: strconv.ParseInt: parsing {port:?}: invalid syntax")
    })?;
    if (1..=65535).contains(&number) {
        Ok(())
    } else {
        Err("port number must be between 1 and 65535".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use slimcol_config::from_yaml;

    use super::*;

    #[test]
    fn null_sections_are_on_with_defaults() {
        let config: Config =
            from_yaml("protocols: {grpc: , thrift_http: , thrift_compact: , thrift_binary: }").unwrap();
        let Protocols { grpc, thrift_http, thrift_binary, thrift_compact } = config.protocols;
        assert_eq!(grpc.as_ref().unwrap().endpoint, "localhost:14250");
        assert_eq!(thrift_http.as_ref().unwrap().endpoint, "localhost:14268");
        assert_eq!(thrift_compact.as_ref().unwrap().endpoint, "localhost:6831");
        let binary = thrift_binary.as_ref().unwrap();
        assert_eq!(binary.endpoint, "localhost:6832");
        let rest = (binary.queue_size, binary.max_packet_size, binary.workers, binary.socket_buffer_size);
        assert_eq!(rest, (1000, 65_000, 10, 0));
        let config: Config =
            from_yaml("protocols: {thrift_compact: {workers: 100, queue_size: 100_000}}").unwrap();
        assert!(!config.protocols.grpc.is_on());
        assert_eq!(config.protocols.thrift_compact.as_ref().unwrap().queue_size, 100_000);
    }

    #[test]
    fn mistakes() {
        for (yaml, text) in [
            ("", "must specify at least one protocol when using the Jaeger receiver"),
            ("protocols:", "must specify at least one protocol when using the Jaeger receiver"),
            ("protocols: {thrift_htttp: }", "has invalid keys: thrift_htttp"),
            (
                "protocols: {grpc: {endpoint: localhost}}",
                "invalid port number for the gRPC endpoint: endpoint is not formatted correctly: address localhost: missing port in address",
            ),
            (
                "protocols: {thrift_http: {endpoint: 'localhost:x'}}",
                "invalid port number for the Thrift HTTP endpoint: endpoint port is not a number: strconv.ParseInt: parsing \"x\": invalid syntax",
            ),
            (
                "protocols: {thrift_binary: {endpoint: 'localhost:65536'}}",
                "invalid port number for the Thrift UDP Binary endpoint: port number must be between 1 and 65535",
            ),
            (
                "protocols: {thrift_compact: {endpoint: 'localhost:0'}}",
                "invalid port number for the Thrift UDP Compact endpoint: port number must be between 1 and 65535",
            ),
            (
                "{protocols: {grpc: }, remote_sampling: {strategy_file: x}}",
                "remote sampling config detected in the Jaeger receiver; use the `jaegerremotesampling` extension instead",
            ),
        ] {
            let error = from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(text), "{yaml}: {error}");
        }
    }

    #[test]
    fn every_key_says_what_is_wrong_with_it() {
        for (yaml, message) in [
            (
                "protocols: {grpc: {tls: {cert_file: a}}}",
                "TLS configuration must include both certificate and key",
            ),
            (
                "protocols: {thrift_binary: {endpoint: 'a:1', queue_size: x}}",
                "'protocols.thrift_binary.queue_size' expected type 'int64', got unconvertible type 'string'",
            ),
            (
                "protocols: {thrift_binary: {endpoint: 'a:1', max_packet_size: x}}",
                "'protocols.thrift_binary.max_packet_size' expected type 'int64', got unconvertible type 'string'",
            ),
            (
                "protocols: {thrift_binary: {endpoint: 'a:1', workers: x}}",
                "'protocols.thrift_binary.workers' expected type 'int64', got unconvertible type 'string'",
            ),
            (
                "protocols: {thrift_binary: {endpoint: 'a:1', workers: 10001}}",
                "protocols::thrift_binary: `workers` must be at most 10000",
            ),
            (
                "protocols: {thrift_binary: {endpoint: 'a:1', workers: 0}}",
                "protocols::thrift_binary: number of processors must be greater than 0, called with 0",
            ),
            (
                "protocols: {thrift_compact: {endpoint: 'a:1', queue_size: -1}}",
                "protocols::thrift_compact: `queue_size` must not be negative",
            ),
            (
                "protocols: {thrift_compact: {endpoint: 'a:1', max_packet_size: 0}}",
                "protocols::thrift_compact: `max_packet_size` must be positive",
            ),
            (
                "protocols: {thrift_binary: {endpoint: 'a:1', socket_buffer_size: x}}",
                "'protocols.thrift_binary.socket_buffer_size' expected type 'int64', got unconvertible type 'string'",
            ),
            ("{protocols: {grpc: }, nope: 1}", "has invalid keys: nope"),
        ] {
            let error = from_yaml::<Config>(yaml).unwrap_err();
            assert!(error.contains(message), "{yaml}: {error}");
        }
    }
}
