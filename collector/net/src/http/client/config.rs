//! The HTTP client's settings (Go's `confighttp.ClientConfig`).

use slimcol_compression::Compression;
use slimcol_config::{Duration, Field, Headers, Leaf, Optional, Problems, Section, Settings, Shape, Shown};

use crate::{
    http::client::proxy::ProxyRules,
    reference::{Auth, Middleware},
    tls::ClientTls,
};

/// The keys of an HTTP client.
#[derive(Clone, Debug)]
pub struct HttpClientConfig {
    /// `endpoint`: the URL that the component starts from.
    pub endpoint: String,
    /// `timeout`: how long a request may take in all, redirects and reading the response included; zero is for ever.
    pub timeout: Duration,
    pub(crate) proxy_url: ProxyUrl,
    pub(crate) tls: ClientTls,
    pub(crate) headers: Headers,
    pub(crate) auth: Option<Auth>,
    pub(crate) middlewares: Vec<Middleware>,
    pub(crate) compression: Compression,
    pub(crate) compression_level: i32,
    pub(crate) keep_alive: KeepAlive,
    pub(crate) max_conns_per_host: i64,
    pub(crate) http2: Http2,
    pub(crate) cookies: bool,
}

/// A proxy's URL, which may hold a password and therefore does not show.
#[derive(Clone, Default)]
pub(crate) struct ProxyUrl(pub(crate) String);

impl std::fmt::Debug for ProxyUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.0.is_empty() { "\"\"" } else { "[REDACTED]" })
    }
}

/// How idle connections are kept.
#[derive(Clone, Copy, Debug)]
pub(crate) struct KeepAlive {
    pub(crate) disabled: bool,
    pub(crate) idle_conn_timeout: Duration,
    /// Zero is without limit.
    pub(crate) max_idle_conns: i64,
    /// Zero: only the limit for all hosts counts.
    pub(crate) max_idle_conns_per_host: i64,
}

impl Default for KeepAlive {
    fn default() -> Self {
        Self {
            disabled: false,
            idle_conn_timeout: Duration::secs(90),
            max_idle_conns: 100,
            max_idle_conns_per_host: 0,
        }
    }
}

/// What concerns HTTP/2 only.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Http2 {
    /// Whether it is offered in TLS handshakes.
    pub(crate) attempt: bool,
    /// Silence after which to ask for a sign of life; zero is never.
    pub(crate) read_idle_timeout: Duration,
    /// How long to wait for it; zero is 15 s.
    pub(crate) ping_timeout: Duration,
}

/// Defaults that differ from component to component.
#[derive(Clone, Copy, Debug, Default)]
pub struct HttpClientDefaults {
    /// `timeout`.
    pub timeout: Duration,
    /// `compression`.
    pub compression: Compression,
    /// `write_buffer_size`, bytes. Read for compatibility: requests are written from where they lie.
    pub write_buffer_size: isize,
}

/// The keys that the `keepalive` section replaces.
const FLAT: [&str; 4] =
    ["idle_conn_timeout", "max_idle_conns", "max_idle_conns_per_host", "disable_keep_alives"];

impl HttpClientConfig {
    /// The settings of a client that has none of its own but these: for extensions that ask servers for something.
    pub fn over(tls: ClientTls, timeout: Duration) -> Self {
        Self { timeout, tls, ..Self::default() }
    }

    /// The same with the TLS settings of `other`, and with its proxy if it has one.
    #[must_use]
    pub fn towards(mut self, other: &Self) -> Self {
        self.tls = other.tls.clone();
        if !other.proxy_url.0.is_empty() {
            self.proxy_url = other.proxy_url.clone();
        }
        self
    }

    /// Reads the keys with the component's own defaults.
    pub fn read_with(from: &mut Section<'_>, defaults: HttpClientDefaults) -> Self {
        let terse = from.terse(true);
        // Sizes of Go's buffers; there are none here.
        from.get("read_buffer_size", 0isize);
        from.get("write_buffer_size", defaults.write_buffer_size);
        let config = Self {
            endpoint: from.get("endpoint", String::new()),
            timeout: from.get("timeout", defaults.timeout),
            proxy_url: ProxyUrl(from.get("proxy_url", String::new())),
            tls: from.section("tls"),
            headers: from.get("headers", Headers::default()),
            auth: Auth::read_from(from),
            middlewares: from.list("middlewares"),
            compression: from.get("compression", defaults.compression),
            compression_level: from.section::<CompressionParams>("compression_params").level,
            keep_alive: keep_alive(from),
            max_conns_per_host: from.get("max_conns_per_host", 0),
            http2: Http2 {
                attempt: from.get("force_attempt_http2", true),
                read_idle_timeout: from.get("http2_read_idle_timeout", Duration::default()),
                ping_timeout: from.get("http2_ping_timeout", Duration::default()),
            },
            cookies: from.nullable::<Cookies>("cookies").is_on(),
        };
        from.terse(terse);
        config
    }

    /// The proxy that is configured, or those of the environment.
    pub(crate) fn proxies(&self) -> Result<ProxyRules, String> {
        if self.proxy_url.0.is_empty() {
            Ok(ProxyRules::from_env())
        } else {
            ProxyRules::only(&self.proxy_url.0)
        }
    }
}

impl Default for HttpClientConfig {
    /// What an empty section gives.
    fn default() -> Self {
        Self {
            endpoint: String::new(),
            timeout: Duration::default(),
            proxy_url: ProxyUrl::default(),
            tls: ClientTls::default(),
            headers: Headers::default(),
            auth: None,
            middlewares: Vec::new(),
            compression: Compression::None,
            compression_level: 0,
            keep_alive: KeepAlive::default(),
            max_conns_per_host: 0,
            http2: Http2 {
                attempt: true,
                read_idle_timeout: Duration::default(),
                ping_timeout: Duration::default(),
            },
            cookies: false,
        }
    }
}

impl Settings for HttpClientConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_with(from, HttpClientDefaults::default())
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if self.compression.is_on()
            && let Err(error) = self.compression.check_level(self.compression_level)
        {
            problems.add("compression_params.level", error);
        }
        problems.within("tls", &self.tls);
    }
}

/// The section, or the flat keys that it replaces.
fn keep_alive(from: &mut Section<'_>) -> KeepAlive {
    let sectioned = from.has("keepalive");
    let flat: Vec<&'static str> = FLAT.into_iter().filter(|key| from.has(key)).collect();
    if sectioned && !flat.is_empty() {
        let error = format!(
            "confighttp.ClientConfig: cannot use deprecated keepalive fields ({}) alongside the 'keepalive' section; \
             migrate to the 'keepalive' section",
            flat.join(", ")
        );
        from.error("keepalive", error);
    }
    let off = KeepAlive { disabled: true, ..KeepAlive::default() };
    let section = match from.optional("keepalive", true) {
        Optional::On(section) => section,
        Optional::Off => off,
    };
    let kept = KeepAlive {
        disabled: from.get("disable_keep_alives", section.disabled),
        idle_conn_timeout: from.get("idle_conn_timeout", section.idle_conn_timeout),
        max_idle_conns: from.get("max_idle_conns", section.max_idle_conns),
        max_idle_conns_per_host: from.get("max_idle_conns_per_host", section.max_idle_conns_per_host),
    };
    for key in FLAT {
        from.print_as(key, &|| None);
    }
    from.print_as("keepalive", &|| (!kept.disabled).then(|| kept.shown()));
    if !sectioned {
        for key in flat {
            let instead = if key == "disable_keep_alives" { "keepalive::enabled" } else { key };
            let instead = if instead == key { format!("keepalive::{key}") } else { instead.to_owned() };
            from.warn(key, format_args!("'{key}' is deprecated; use '{instead}' instead"));
        }
    }
    kept
}

impl KeepAlive {
    /// The section as it would be written.
    fn shown(&self) -> Shown {
        let fields = [
            ("idle_conn_timeout", Shape::Duration, self.idle_conn_timeout.show()),
            ("max_idle_conns", Shape::Int, self.max_idle_conns.show()),
            ("max_idle_conns_per_host", Shape::Int, self.max_idle_conns_per_host.show()),
        ];
        let fields = fields.into_iter().filter(|(_, _, value)| !value.is_zero());
        Shown::Map(fields.map(|(key, shape, value)| Field::new(key, shape, value)).collect())
    }
}

impl Settings for KeepAlive {
    fn read(from: &mut Section<'_>) -> Self {
        let default = Self::default();
        Self {
            disabled: false,
            idle_conn_timeout: from.get("idle_conn_timeout", default.idle_conn_timeout),
            max_idle_conns: from.get("max_idle_conns", default.max_idle_conns),
            max_idle_conns_per_host: from.get("max_idle_conns_per_host", default.max_idle_conns_per_host),
        }
    }
}

struct CompressionParams {
    level: i32,
}

impl Settings for CompressionParams {
    fn read(from: &mut Section<'_>) -> Self {
        Self { level: from.get("level", 0) }
    }
}

/// The `cookies` section, which has no keys but `enabled`.
struct Cookies;

impl Settings for Cookies {
    fn read(_: &mut Section<'_>) -> Self {
        Self
    }
}
