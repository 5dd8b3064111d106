//! The HTTP server's settings.

use slimcol_config::{Duration, Headers, Optional, Problems, Section, Settings, Shown};

use super::cors::CorsConfig;
use crate::{
    listen::{Dialer, Transport},
    reference::{Auth, Middleware},
    tls::ServerTls,
};

/// What a body may be where nothing else is configured: 20 MiB.
const MAX_BODY: i64 = 20 << 20;

/// The keys of an HTTP server (Go's `confighttp.ServerConfig`). The defaults are Go's too; a component changes those that
/// it has others for and reads with [`Self::read_over`].
#[derive(Clone, Debug)]
pub struct HttpServerConfig {
    /// `endpoint`: `host:port`, or a path if `transport` is `unix`.
    pub endpoint: String,
    /// `transport`.
    pub transport: Transport,
    /// `tls`: off for plain text.
    pub tls: Optional<ServerTls>,
    /// `cors`.
    pub cors: Option<CorsConfig>,
    pub(super) auth: Option<Auth>,
    /// `auth.request_params`: parts of the query that the authenticator sees as headers.
    pub(super) auth_params: Vec<String>,
    pub(super) middlewares: Vec<Middleware>,
    /// `max_request_body_size`, bytes, both as sent and decompressed; 0 or less for 20 MiB.
    pub max_request_body_size: i64,
    /// `compression_algorithms`: what requests may be compressed with, by name; `""` is not at all.
    pub compression_algorithms: Vec<String>,
    /// `include_metadata`: whether requests' headers go with their data.
    pub include_metadata: bool,
    /// `response_headers`: set on every answer that does not have them itself.
    pub response_headers: Headers,
    /// `read_timeout`: for a request's body; zero for any time.
    pub read_timeout: Duration,
    /// `read_header_timeout`: for a request's head; zero for any time.
    pub read_header_timeout: Duration,
    /// `write_timeout`: from a request's head to its answer, and as long again for the far end to take that; zero for any
    /// time.
    pub write_timeout: Duration,
    /// `keepalive` and the deprecated keys for the same.
    pub keepalive: Keepalive,
}

/// What becomes of a connection between two requests.
#[derive(Clone, Debug)]
pub struct Keepalive {
    /// Whether there can be a second request at all.
    pub enabled: bool,
    /// How long to wait for it, up to twice that; zero for any time.
    pub idle_timeout: Duration,
    /// What to warn of when the server starts.
    pub(super) deprecations: Vec<&'static str>,
}

impl Default for HttpServerConfig {
    fn default() -> Self {
        let algorithms = ["", "gzip", "zstd", "zlib", "snappy", "deflate", "lz4", "x-snappy-framed"];
        Self {
            endpoint: String::new(),
            transport: Transport::Tcp,
            tls: Optional::Off,
            cors: None,
            auth: None,
            auth_params: Vec::new(),
            middlewares: Vec::new(),
            max_request_body_size: 0,
            compression_algorithms: algorithms.map(str::to_owned).to_vec(),
            include_metadata: false,
            response_headers: Headers::default(),
            read_timeout: Duration::default(),
            read_header_timeout: Duration::secs(60),
            write_timeout: Duration::secs(30),
            keepalive: Keepalive::default(),
        }
    }
}

impl Default for Keepalive {
    fn default() -> Self {
        Self { enabled: true, idle_timeout: Duration::secs(60), deprecations: Vec::new() }
    }
}

impl Settings for HttpServerConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_over(Self::default(), from)
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within_optional("tls", &self.tls);
    }
}

impl HttpServerConfig {
    /// Reads the keys; `defaults` stand for those that are not written.
    pub fn read_over(defaults: Self, from: &mut Section<'_>) -> Self {
        let terse = from.terse(true);
        from.section::<Dialer>("dialer");
        let auth = from.nullable::<ServerAuth>("auth").into_option();
        let (auth, auth_params) = auth.map(|auth| (auth.who, auth.params)).unzip();
        let config = Self {
            endpoint: from.get("endpoint", defaults.endpoint),
            transport: from.get("transport", defaults.transport),
            tls: from.nullable("tls"),
            cors: from.nullable("cors").into_option(),
            auth,
            auth_params: auth_params.unwrap_or_default(),
            middlewares: from.list("middlewares"),
            max_request_body_size: from.get("max_request_body_size", defaults.max_request_body_size),
            compression_algorithms: from.get("compression_algorithms", defaults.compression_algorithms),
            include_metadata: from.get("include_metadata", defaults.include_metadata),
            response_headers: from.get("response_headers", defaults.response_headers),
            read_timeout: from.get("read_timeout", defaults.read_timeout),
            read_header_timeout: {
                from.terse(false);
                from.get("read_header_timeout", defaults.read_header_timeout)
            },
            write_timeout: from.get("write_timeout", defaults.write_timeout),
            keepalive: {
                from.terse(true);
                defaults.keepalive.read_over(from)
            },
        };
        if !from.has("compression_algorithms") {
            // Go has no list then, which is all of them.
            from.print_as("compression_algorithms", &|| None);
        }
        from.terse(terse);
        config
    }

    /// The limit for a body in bytes.
    pub(super) fn body_limit(&self) -> usize {
        let size = if self.max_request_body_size > 0 { self.max_request_body_size } else { MAX_BODY };
        usize::try_from(size).unwrap_or(usize::MAX)
    }
}

impl Keepalive {
    /// Go's `unmarshalPrioritizeKeepalive`: the section or the deprecated keys, but not both. Deprecated keys that say
    /// what holds anyway count as not written.
    fn read_over(self, from: &mut Section<'_>) -> Self {
        let idle: Duration = from.get("idle_timeout", Duration::default());
        let enabled = from.get("keep_alives_enabled", true);
        let mut deprecations = Vec::new();
        if !idle.is_zero() {
            deprecations.push("'idle_timeout' is deprecated; use 'keepalive::idle_timeout' instead");
        }
        if !enabled {
            deprecations.push(
                "'keep_alives_enabled' is deprecated; set 'keepalive::enabled' to false to disable keep-alives",
            );
        }
        let written = from.has("keepalive");
        let section = from.optional::<KeepaliveSection>("keepalive", true).into_option();
        if written && !deprecations.is_empty() {
            from.error(
                "keepalive",
                "confighttp.ServerConfig: cannot use deprecated keepalive fields (idle_timeout, keep_alives_enabled) \
                 alongside the 'keepalive' section; migrate to the 'keepalive' section",
            );
        }
        let kept = match section {
            _ if !deprecations.is_empty() => {
                let idle_timeout = if idle.is_zero() { self.idle_timeout } else { idle };
                Self { enabled: self.enabled && enabled, idle_timeout, deprecations }
            }
            None => Self { enabled: false, ..self },
            Some(KeepaliveSection(Some(idle_timeout))) => Self { enabled: true, idle_timeout, deprecations },
            Some(KeepaliveSection(None)) => Self { enabled: self.enabled || written, ..self },
        };
        for key in ["idle_timeout", "keep_alives_enabled"] {
            from.print_as(key, &|| None);
        }
        from.print_as("keepalive", &|| {
            kept.enabled.then(|| Shown::map([("idle_timeout", Shown::Duration(kept.idle_timeout))]))
        });
        kept
    }
}

struct KeepaliveSection(Option<Duration>);

impl Settings for KeepaliveSection {
    fn read(from: &mut Section<'_>) -> Self {
        Self(from.find("idle_timeout"))
    }
}

/// `auth` of a server: `request_params` name query parameters that the authenticator sees as headers.
struct ServerAuth {
    who: Auth,
    params: Vec<String>,
}

impl Settings for ServerAuth {
    fn read(from: &mut Section<'_>) -> Self {
        Self { params: from.get("request_params", Vec::new()), who: from.squash() }
    }
}

#[cfg(test)]
mod tests;
