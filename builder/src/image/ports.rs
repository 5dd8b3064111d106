//! The ports that an image says it listens on: those that its configuration opens.
//!
//! Which component listens, where, and on which port when nobody says, stands in [`sockets`]. A component that is not there,
//! such as one of the user's own, adds nothing: whoever knows its port says so with `expose`.

mod sockets;

use std::{collections::BTreeSet, fmt};

use slimcol_config::Node;

use self::sockets::{Listener, Socket};
use super::shipped::Shipped;

/// A port and what is spoken on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Port {
    number: u16,
    protocol: Protocol,
}

/// What is spoken on a port.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Protocol {
    Tcp,
    Udp,
}

impl Port {
    /// Reads `4317`, `4317/tcp` or `514/udp`.
    pub(crate) fn parse(text: &str) -> Result<Self, String> {
        let (number, protocol) = text.split_once('/').unwrap_or((text, "tcp"));
        let protocol = match protocol {
            "tcp" => Some(Protocol::Tcp),
            "udp" => Some(Protocol::Udp),
            _ => None,
        };
        let number = number.parse().ok().filter(|number| *number != 0);
        match (number, protocol) {
            (Some(number), Some(protocol)) => Ok(Self { number, protocol }),
            _ => Err(format!("`{text}` is not a port: write `4317` or `514/udp`")),
        }
    }
}

impl fmt::Display for Port {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let protocol = match self.protocol {
            Protocol::Tcp => "tcp",
            Protocol::Udp => "udp",
        };
        write!(f, "{}/{protocol}", self.number)
    }
}

/// Every port that a collector opens which runs with `config`.
pub(super) fn of_configuration(config: &Shipped) -> BTreeSet<Port> {
    let mut ports = BTreeSet::new();
    for used in config.used() {
        if let Some(listener) = sockets::of(used.section, used.kind) {
            ports.extend(of_component(listener, used.settings));
        }
    }
    ports.extend(of_telemetry(config));
    ports
}

/// The ports that the components of a distribution have by themselves, for an image whose configuration comes later.
pub(super) fn of_components<'a>(components: impl IntoIterator<Item = (&'a str, &'a str)>) -> BTreeSet<Port> {
    let listeners = components.into_iter().filter_map(|(section, kind)| sockets::of(section, kind));
    let sockets = listeners.flat_map(|listener| listener.sockets);
    sockets.filter_map(|socket| Some(Port { number: socket.port?, protocol: socket.protocol })).collect()
}

fn of_component(listener: &Listener, settings: &Node) -> Vec<Port> {
    // A receiver of several protocols opens those that are named; naming none is naming all.
    let named = |socket: &&Socket| socket.choice && at(settings, socket.path).is_some();
    let any = listener.sockets.iter().any(|socket| named(&socket));
    let open = listener.sockets.iter().filter(|socket| !socket.choice || !any || named(socket));
    open.filter_map(|socket| of_socket(socket, at(settings, socket.path))).collect()
}

fn of_socket(socket: &Socket, settings: Option<&Node>) -> Option<Port> {
    let text = |key: &str| settings.and_then(|node| node.get(key)).and_then(Node::scalar_text);
    let protocol = match text("transport").as_deref() {
        None => socket.protocol,
        Some(transport) if transport.starts_with("udp") => Protocol::Udp,
        Some(transport) if transport.starts_with("tcp") => Protocol::Tcp,
        // A file is no port.
        Some(_) => return None,
    };
    let number = match text(socket.key) {
        Some(address) => number(&address)?,
        None => socket.port?,
    };
    Some(Port { number, protocol })
}

/// The collector's own metrics, where it is configured to be asked for them.
fn of_telemetry(config: &Shipped) -> Vec<Port> {
    let Some(metrics) = config.root().and_then(|root| at(root, &["service", "telemetry", "metrics"])) else {
        return Vec::new();
    };
    let text = |node: &Node, key: &str| node.get(key).and_then(Node::scalar_text);
    if text(metrics, "level").is_some_and(|level| level.eq_ignore_ascii_case("none")) {
        return Vec::new();
    }
    let readers = metrics.get("readers").and_then(Node::items).unwrap_or_default();
    let pulled = readers.iter().filter_map(|reader| at(reader, &["pull", "exporter", "prometheus"]));
    let asked = pulled.map(|prometheus| text(prometheus, "port"));
    let asked = asked.map(|port| port.as_deref().map_or(Some(8888), number));
    let older = text(metrics, "address").and_then(|address| number(&address));
    let numbers = asked.flatten().chain(older);
    numbers.map(|number| Port { number, protocol: Protocol::Tcp }).collect()
}

/// What stands at `path` below `node`, be it nothing but the key.
fn at<'n>(node: &'n Node, path: &[&str]) -> Option<&'n Node> {
    path.iter().try_fold(node, |node, key| node.get(key))
}

/// The port at the end of an address, also of one with a variable and a default in it.
fn number(address: &str) -> Option<u16> {
    let address = address.trim_end_matches('}');
    let digits = address.rsplit_once(':').map_or(address, |(_, port)| port).trim_start_matches('-');
    digits.parse().ok().filter(|number| *number != 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ports(config: &str) -> String {
        let ports = of_configuration(&Shipped::read(Some(config)));
        ports.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn addresses_of_what_listens_count_and_no_others() {
        let config = "receivers:\n  otlp:\n    protocols:\n      grpc: {endpoint: '${env:HOST:-localhost}:4317'}\n      \
                      http: {endpoint: '[::1]:14318'}\n  redis: {endpoint: 'localhost:6379'}\nexporters:\n  otlp: {endpoint: 'x:9999'}\n  \
                      prometheus: {endpoint: '0.0.0.0:8889'}\nextensions:\n  \
                      health_check: {endpoint: '${env:HEALTH:-localhost:23133}'}\n  opamp: {server: {ws: {endpoint: 'wss://x:4320'}}}\n";
        assert_eq!(ports(config), "4317/tcp 8889/tcp 14318/tcp 23133/tcp");
    }

    #[test]
    fn what_is_not_written_has_its_default() {
        for (config, expected) in [
            ("receivers: {otlp: }", "4317/tcp 4318/tcp"),
            ("receivers: {otlp: {protocols: }}", "4317/tcp 4318/tcp"),
            ("receivers: {otlp: {protocols: {http: }}}", "4318/tcp"),
            ("receivers: {otlp/2: {protocols: {grpc: {}, http: }}}", "4317/tcp 4318/tcp"),
            ("receivers: {jaeger: {protocols: {thrift_compact: , grpc: }}}", "6831/udp 14250/tcp"),
            ("receivers: {statsd: }", "8125/udp"),
            ("receivers: {statsd: {endpoint: 'localhost:1', transport: tcp}}", "1/tcp"),
            ("receivers: {statsd: {endpoint: /run/s, transport: unixgram}}", ""),
            ("receivers: {otlp: {protocols: {grpc: {transport: unix, endpoint: /run/s}}}}", ""),
            ("receivers: {syslog: {udp: {listen_address: '0.0.0.0:514'}}}", "514/udp"),
            ("receivers: {udp_log: {listen_address: '0.0.0.0:54525'}}", "54525/udp"),
            ("receivers: {awsxray: }", "2000/tcp 2000/udp"),
            ("extensions: {health_check: , zpages: , pprof: }", "1777/tcp 13133/tcp 55679/tcp"),
            (
                "service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {port: 9464}}}}]}}}",
                "9464/tcp",
            ),
            (
                "service: {telemetry: {metrics: {readers: [{pull: {exporter: {prometheus: {host: '::'}}}}]}}}",
                "8888/tcp",
            ),
            ("service: {telemetry: {metrics: {address: ':8888'}}}", "8888/tcp"),
            ("service: {telemetry: {metrics: {level: none, address: ':8888'}}}", ""),
            ("receivers: {host_metrics: }", ""),
            ("a: [", ""),
        ] {
            assert_eq!(ports(config), expected, "{config}");
        }
    }

    #[test]
    fn only_what_runs_listens() {
        let config = "receivers: {otlp: , zipkin: }\nextensions: {zpages: , pprof: }\n\
                      service: {extensions: [pprof], pipelines: {traces: {receivers: [zipkin], exporters: [debug]}}}";
        assert_eq!(ports(config), "1777/tcp 9411/tcp");
    }

    #[test]
    fn a_distribution_without_a_configuration_opens_what_it_may() {
        let components = [
            ("receivers", "otlp"),
            ("receivers", "tcp_log"),
            ("extensions", "zpages"),
            ("exporters", "otlp"),
        ];
        let ports: Vec<String> = of_components(components).iter().map(ToString::to_string).collect();
        assert_eq!(ports, ["4317/tcp", "4318/tcp", "55679/tcp"]);
    }

    #[test]
    fn ports_are_read_as_docker_reads_them() {
        for (text, full) in [("4317", "4317/tcp"), ("514/udp", "514/udp"), ("1/tcp", "1/tcp")] {
            assert_eq!(Port::parse(text).unwrap().to_string(), full);
        }
        for text in ["", "0", "65536", "a", "1/sctp", "1-2"] {
            assert_eq!(
                Port::parse(text).unwrap_err(),
                format!("`{text}` is not a port: write `4317` or `514/udp`")
            );
        }
    }
}
