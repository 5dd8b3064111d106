//! The components that listen, with the sockets that each opens: as the Go components' documentation has them.

use super::Protocol::{self, Tcp, Udp};

/// A kind of component that listens.
pub(super) struct Listener {
    section: &'static str,
    /// Its name and its former ones.
    kinds: &'static [&'static str],
    pub(super) sockets: &'static [Socket],
}

/// A socket that a component opens.
pub(super) struct Socket {
    /// Where its settings stand in the component's.
    pub(super) path: &'static [&'static str],
    /// The key of its address there.
    pub(super) key: &'static str,
    /// Its port if there is no address.
    pub(super) port: Option<u16>,
    pub(super) protocol: Protocol,
    /// Whether it is one of several of which those that are named are opened.
    pub(super) choice: bool,
}

/// The listener of a kind.
pub(super) fn of(section: &str, kind: &str) -> Option<&'static Listener> {
    LISTENERS.iter().find(|listener| listener.section == section && listener.kinds.contains(&kind))
}

#[rustfmt::skip]
const LISTENERS: &[Listener] = &[
    receiver(&["otlp"], &[choice(&["protocols", "grpc"], 4317, Tcp), choice(&["protocols", "http"], 4318, Tcp)]),
    receiver(&["otel_arrow", "otelarrow"], &[on(&["protocols", "grpc"], 4317)]),
    receiver(&["jaeger"], &[
        choice(&["protocols", "grpc"], 14250, Tcp), choice(&["protocols", "thrift_http"], 14268, Tcp),
        choice(&["protocols", "thrift_compact"], 6831, Udp), choice(&["protocols", "thrift_binary"], 6832, Udp),
    ]),
    receiver(&["zipkin"], &[on(&[], 9411)]),
    receiver(&["skywalking"], &[choice(&["protocols", "grpc"], 11800, Tcp), choice(&["protocols", "http"], 12800, Tcp)]),
    receiver(&["loki"], &[choice(&["protocols", "grpc"], 3600, Tcp), choice(&["protocols", "http"], 3500, Tcp)]),
    receiver(&["aws_firehose", "awsfirehose"], &[on(&[], 4433)]),
    receiver(&["aws_xray", "awsxray"], &[udp(&[], 2000), on(&["proxy_server"], 2000)]),
    receiver(&["carbon"], &[on(&[], 2003)]),
    receiver(&["collectd"], &[on(&[], 8081)]),
    receiver(&["datadog"], &[on(&[], 8126)]),
    receiver(&["envoy_als", "envoyals"], &[on(&[], 19001)]),
    receiver(&["faro"], &[on(&[], 8080)]),
    receiver(&["fluent_forward", "fluentforward"], &[stated(&[], "endpoint", Tcp)]),
    receiver(&["influxdb"], &[on(&[], 8086)]),
    receiver(&["libhoney"], &[on(&["http"], 8080)]),
    receiver(&["netflow"], &[Socket { key: "port", ..udp(&[], 2055) }]),
    receiver(&["prometheus_remote_write", "prometheusremotewrite"], &[on(&[], 9090)]),
    receiver(&["sapm"], &[on(&[], 7276)]),
    receiver(&["signalfx"], &[on(&[], 9943)]),
    receiver(&["splunk_hec", "splunkhec"], &[on(&[], 8088)]),
    receiver(&["statsd"], &[udp(&[], 8125)]),
    receiver(&["syslog"], &[stated(&["tcp"], "listen_address", Tcp), stated(&["udp"], "listen_address", Udp)]),
    receiver(&["tcp_log", "tcplog"], &[stated(&[], "listen_address", Tcp)]),
    receiver(&["udp_log", "udplog"], &[stated(&[], "listen_address", Udp)]),
    receiver(&["wavefront"], &[on(&[], 2003)]),
    receiver(&["webhook_event", "webhookevent"], &[stated(&[], "endpoint", Tcp)]),
    extension(&["health_check"], &[on(&[], 13133)]),
    extension(&["health_check_v2", "healthcheckv2"], &[
        stated(&[], "endpoint", Tcp), choice(&["http"], 13133, Tcp), choice(&["grpc"], 13132, Tcp),
    ]),
    extension(&["http_forwarder"], &[on(&["ingress"], 6060)]),
    extension(&["jaeger_remote_sampling", "jaegerremotesampling"], &[choice(&["http"], 5778, Tcp), choice(&["grpc"], 14250, Tcp)]),
    extension(&["aws_proxy", "awsproxy"], &[on(&[], 2000)]),
    extension(&["pprof"], &[on(&[], 1777)]),
    extension(&["zpages"], &[on(&[], 55679)]),
    Listener { section: "exporters", kinds: &["prometheus"], sockets: &[stated(&[], "endpoint", Tcp)] },
];

const fn receiver(kinds: &'static [&'static str], sockets: &'static [Socket]) -> Listener {
    Listener { section: "receivers", kinds, sockets }
}

const fn extension(kinds: &'static [&'static str], sockets: &'static [Socket]) -> Listener {
    Listener { section: "extensions", kinds, sockets }
}

/// A socket for TCP that is always opened.
const fn on(path: &'static [&'static str], port: u16) -> Socket {
    Socket { path, key: "endpoint", port: Some(port), protocol: Tcp, choice: false }
}

/// The same for UDP.
const fn udp(path: &'static [&'static str], port: u16) -> Socket {
    Socket { protocol: Udp, ..on(path, port) }
}

/// One of several protocols.
const fn choice(path: &'static [&'static str], port: u16, protocol: Protocol) -> Socket {
    Socket { protocol, choice: true, ..on(path, port) }
}

/// A socket that is opened where an address stands, and has no port of its own.
const fn stated(path: &'static [&'static str], key: &'static str, protocol: Protocol) -> Socket {
    Socket { path, key, port: None, protocol, choice: false }
}
