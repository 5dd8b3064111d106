//! The gRPC server's settings.

use slimcol_config::{Duration, Optional, Problems, Section, Settings};

use crate::{
    admission::MAX_CONNECTIONS,
    connections::{Http2, Manner},
    listen::{Dialer, Transport},
    reference::{Auth, Middleware},
    tls::ServerTls,
};

/// The largest message where nothing else is configured, gRPC's default.
const MAX_MESSAGE: usize = 4 << 20;

/// The keys of a gRPC server (Go's `configgrpc.ServerConfig`). The defaults are Go's too; a component changes those that
/// it has others for and reads with [`Self::read_over`].
#[derive(Clone, Debug)]
pub struct GrpcServerConfig {
    /// `endpoint`: `host:port`, or a path if `transport` is `unix`.
    pub endpoint: String,
    /// `transport`.
    pub transport: Transport,
    /// `tls`: off for plain text.
    pub tls: Optional<ServerTls>,
    /// `max_recv_msg_size_mib`, both as sent and decompressed; 0 for 4.
    pub max_recv_msg_size_mib: i64,
    /// `max_concurrent_streams` of a connection; 0 for 1024 (Go: any number). Senders wait with what is beyond.
    pub max_concurrent_streams: u32,
    /// `include_metadata`: whether requests' headers go with their data.
    pub include_metadata: bool,
    pub(super) auth: Option<Auth>,
    pub(super) middlewares: Vec<Middleware>,
    keepalive: Parameters,
    /// Sizes of Go's buffers: read and checked, but there are none here.
    buffers: [(&'static str, isize); 2],
}

/// `keepalive.server_parameters`; zero means Go's default.
#[derive(Clone, Copy, Debug, Default)]
struct Parameters {
    max_connection_idle: Duration,
    max_connection_age: Duration,
    max_connection_age_grace: Duration,
    time: Duration,
    timeout: Duration,
}

impl Default for GrpcServerConfig {
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            transport: Transport::Tcp,
            tls: Optional::Off,
            max_recv_msg_size_mib: 0,
            max_concurrent_streams: 0,
            include_metadata: false,
            auth: None,
            middlewares: Vec::new(),
            keepalive: Parameters::default(),
            buffers: [("read_buffer_size", 0), ("write_buffer_size", 0)],
        }
    }
}

impl Settings for GrpcServerConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_over(Self::default(), from)
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        const MOST: i64 = i64::MAX / 1024 / 1024;
        if !(0..=MOST).contains(&self.max_recv_msg_size_mib) {
            let message = format_args!(
                "invalid max_recv_msg_size_mib value, must be between 1 and {MOST}: {}",
                self.max_recv_msg_size_mib
            );
            problems.add("max_recv_msg_size_mib", message);
        }
        for (key, size) in self.buffers {
            if size < 0 {
                problems.add(key, format_args!("invalid {key} value: {size}"));
            }
        }
        problems.within_optional("tls", &self.tls);
    }
}

impl GrpcServerConfig {
    /// Reads the keys; `defaults` stand for those that are not written.
    pub fn read_over(defaults: Self, from: &mut Section<'_>) -> Self {
        let terse = from.terse(true);
        from.section::<Dialer>("dialer");
        let keepalive = from.optional::<Keepalive>("keepalive", true).into_option();
        let config = Self {
            endpoint: from.get("endpoint", defaults.endpoint),
            transport: from.get("transport", defaults.transport),
            tls: from.nullable("tls"),
            max_recv_msg_size_mib: from.get("max_recv_msg_size_mib", defaults.max_recv_msg_size_mib),
            max_concurrent_streams: from.get("max_concurrent_streams", defaults.max_concurrent_streams),
            include_metadata: from.get("include_metadata", defaults.include_metadata),
            auth: from.nullable("auth").into_option(),
            middlewares: from.list("middlewares"),
            keepalive: keepalive.map(|section| section.0).unwrap_or_default(),
            buffers: defaults.buffers.map(|(key, size)| (key, from.get(key, size))),
        };
        from.terse(terse);
        config
    }

    /// The same with another default of `read_buffer_size`.
    #[must_use]
    pub fn with_read_buffer(mut self, bytes: isize) -> Self {
        self.buffers[0].1 = bytes;
        self
    }

    /// The limit for a message in bytes.
    pub(super) fn max_message(&self) -> usize {
        match usize::try_from(self.max_recv_msg_size_mib) {
            Ok(0) | Err(_) => MAX_MESSAGE,
            Ok(mib) => mib.saturating_mul(1 << 20),
        }
    }

    pub(super) fn manner(&self) -> Manner {
        let defaults = Http2::default();
        let or = |time: Duration, default| if time.is_zero() { default } else { time.std() };
        let http2 = Http2 {
            max_streams: self.max_concurrent_streams,
            ping: or(self.keepalive.time, defaults.ping),
            ping_timeout: or(self.keepalive.timeout, defaults.ping_timeout),
        };
        Manner {
            http1: false,
            max_connections: MAX_CONNECTIONS,
            http2,
            header_timeout: std::time::Duration::ZERO,
            idle_timeout: self.keepalive.max_connection_idle.std(),
            write_timeout: std::time::Duration::ZERO,
            keep_alive: true,
            max_age: self.keepalive.max_connection_age.std(),
            max_age_grace: self.keepalive.max_connection_age_grace.std(),
        }
    }
}

struct Keepalive(Parameters);

impl Settings for Keepalive {
    fn read(from: &mut Section<'_>) -> Self {
        // The enforcement policy hangs up on clients that ping often; HTTP/2's own flood control does that here.
        from.optional::<EnforcementPolicy>("enforcement_policy", true);
        Self(from.optional("server_parameters", true).into_option().unwrap_or_default())
    }
}

impl Settings for Parameters {
    fn read(from: &mut Section<'_>) -> Self {
        let mut time = |key| from.get(key, Duration::default());
        Self {
            max_connection_idle: time("max_connection_idle"),
            max_connection_age: time("max_connection_age"),
            max_connection_age_grace: time("max_connection_age_grace"),
            time: time("time"),
            timeout: time("timeout"),
        }
    }
}

struct EnforcementPolicy;

impl Settings for EnforcementPolicy {
    fn read(from: &mut Section<'_>) -> Self {
        from.get("min_time", Duration::default());
        from.get("permit_without_stream", false);
        Self
    }
}
