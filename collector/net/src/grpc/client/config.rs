//! The gRPC client's settings (Go's `configgrpc.ClientConfig`).

use slimcol_compression::Compression;
use slimcol_config::{Duration, Headers, Problems, Section, Settings};
use slimcol_service::meter::Labels;

use crate::{
    grpc::client::target::{Place, Target},
    http2::KeepAlive,
    reference::{Auth, Middleware},
    tls::ClientTls,
};

/// The balancers that Go's gRPC registers.
const BALANCERS: [&str; 2] = ["round_robin", "pick_first"];

/// The keys of a gRPC client.
#[derive(Clone, Debug)]
pub struct GrpcClientConfig {
    /// `endpoint`: `host:port`, with one of the schemes `http`, `https`, `dns`, `passthrough` and `unix` or none.
    pub endpoint: String,
    pub(crate) tls: ClientTls,
    pub(crate) compression: Compression,
    pub(crate) keep_alive: Option<KeepAlive>,
    pub(crate) wait_for_ready: bool,
    pub(crate) headers: Headers,
    pub(crate) user_agent: String,
    pub(crate) authority: String,
    pub(crate) auth: Option<Auth>,
    pub(crate) middlewares: Vec<Middleware>,
    balancer_name: String,
}

/// Defaults that differ from component to component.
#[derive(Clone, Copy, Debug)]
pub struct GrpcClientDefaults {
    /// `compression`.
    pub compression: Compression,
    /// Whether there are keep-alive pings without a `keepalive` section.
    pub keep_alive: bool,
    /// `write_buffer_size`, bytes. Read for compatibility: requests are written from where they lie.
    pub write_buffer_size: isize,
}

impl Default for GrpcClientDefaults {
    fn default() -> Self {
        Self { compression: Compression::None, keep_alive: true, write_buffer_size: 0 }
    }
}

impl GrpcClientConfig {
    /// Reads the keys with the component's own defaults.
    pub fn read_with(from: &mut Section<'_>, defaults: GrpcClientDefaults) -> Self {
        let terse = from.terse(true);
        // Sizes of Go's buffers; there are none here.
        from.get("read_buffer_size", 0isize);
        from.get("write_buffer_size", defaults.write_buffer_size);
        let config = Self {
            endpoint: from.get("endpoint", String::new()),
            tls: from.section("tls"),
            compression: from.get("compression", defaults.compression),
            keep_alive: if defaults.keep_alive {
                from.optional::<KeepAlive>("keepalive", true).into_option()
            } else {
                from.nullable::<KeepAlive>("keepalive").into_option()
            },
            wait_for_ready: from.get("wait_for_ready", false),
            headers: from.get("headers", Headers::default()),
            user_agent: from.get("user_agent", String::new()),
            authority: from.get("authority", String::new()),
            auth: Auth::read_from(from),
            middlewares: from.list("middlewares"),
            balancer_name: from.get("balancer_name", "round_robin".to_owned()),
        };
        from.terse(terse);
        config
    }

    /// Where calls go, as labels of a component's own metrics.
    pub fn server_labels(&self) -> Labels {
        match self.target().map(|target| target.place) {
            Ok(Place::Host { host, port }) => {
                vec![("server.address", host), ("server.port", port.to_string())]
            }
            _ => Labels::new(),
        }
    }

    /// The endpoint, taken apart; an empty one is an error here, though not one of validation in Go.
    pub(crate) fn target(&self) -> Result<Target, String> {
        Target::parse(&self.endpoint)
    }
}

impl Settings for GrpcClientConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_with(from, GrpcClientDefaults::default())
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        // That there is an endpoint at all is for the component to ask, as in Go.
        if let (false, Err(error)) = (self.endpoint.is_empty(), self.target()) {
            problems.add("endpoint", error);
        } else if !self.balancer_name.is_empty() && !BALANCERS.contains(&self.balancer_name.as_str()) {
            problems.add("balancer_name", format_args!("invalid balancer_name: {}", self.balancer_name));
        }
        problems.within("tls", &self.tls);
    }
}

impl Settings for KeepAlive {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            time: from.get("time", Duration::secs(10)).std(),
            timeout: from.get("timeout", Duration::secs(10)).std(),
            permit_without_stream: from.get("permit_without_stream", false),
        }
    }
}
