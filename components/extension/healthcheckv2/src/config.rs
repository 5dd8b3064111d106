//! The extension's settings (Go's `internal/healthcheck.Config`).

use slimcol_config::{Duration, Problems, Section, Settings};
use slimcol_net::{grpc::server::GrpcServerConfig, http::server::HttpServerConfig};

/// The keys of `healthcheckv2`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) use_v2: bool,
    pub(crate) legacy: Legacy,
    /// Only if it is written.
    pub(crate) http: Option<HttpConfig>,
    /// Only if it is written.
    pub(crate) grpc: Option<GrpcServerConfig>,
    pub(crate) health: Option<ComponentHealth>,
}

/// What holds without `use_v2`.
#[derive(Clone, Debug)]
pub(crate) struct Legacy {
    pub(crate) server: HttpServerConfig,
    pub(crate) path: String,
    /// What to answer instead of JSON.
    pub(crate) bodies: Option<Bodies>,
}

/// `response_body`.
#[derive(Clone, Debug)]
pub(crate) struct Bodies {
    pub(crate) healthy: String,
    pub(crate) unhealthy: String,
}

/// `http`.
#[derive(Clone, Debug)]
pub(crate) struct HttpConfig {
    pub(crate) server: HttpServerConfig,
    pub(crate) status: PathConfig,
    pub(crate) config: PathConfig,
}

/// `http.status` and `http.config`.
#[derive(Clone, Debug)]
pub(crate) struct PathConfig {
    pub(crate) enabled: bool,
    pub(crate) path: String,
    pub(crate) verbose: bool,
}

/// `component_health`.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ComponentHealth {
    pub(crate) include_permanent: bool,
    pub(crate) include_recoverable: bool,
    pub(crate) recovery: Duration,
}

const ENDPOINT_REQUIRED: &str = "http endpoint required";
const INVALID_PATH: &str = "path must start with /";

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        from.section::<PipelineCheck>("check_collector_pipeline");
        Self {
            use_v2: from.get("use_v2", false),
            http: from.when_written("http"),
            grpc: from.when_written::<Grpc>("grpc").map(|grpc| grpc.0),
            health: from.when_written("component_health"),
            legacy: Legacy {
                path: from.get("path", "/".to_owned()),
                bodies: from.optional("response_body", false).into_option(),
                server: HttpServerConfig::read_over(server(), from),
            },
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("serverconfig", &self.legacy.server);
        if !self.use_v2 {
            if self.legacy.server.endpoint.is_empty() {
                problems.add("endpoint", ENDPOINT_REQUIRED);
            } else if !self.legacy.path.starts_with('/') {
                problems.add("path", INVALID_PATH);
            }
            return;
        }
        if self.http.is_none() && self.grpc.is_none() {
            problems.add("use_v2", "must specify at least one protocol");
        }
        if let Some(http) = &self.http {
            problems.within("http", http);
            if http.server.endpoint.is_empty() {
                problems.add("http.endpoint", ENDPOINT_REQUIRED);
            }
            for (key, page) in [("http.status.path", &http.status), ("http.config.path", &http.config)] {
                if page.enabled && !page.path.starts_with('/') {
                    problems.add(key, INVALID_PATH);
                }
            }
        }
        if let Some(grpc) = &self.grpc {
            problems.within("grpc", grpc);
            if grpc.endpoint.is_empty() {
                problems.add("grpc.endpoint", "grpc endpoint required");
            }
        }
    }
}

impl Settings for HttpConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            status: from.section("status"),
            config: from.section_with("config", |from| PathConfig::read_over(from, false, "/config")),
            server: HttpServerConfig::read_over(server(), from),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        problems.within("serverconfig", &self.server);
    }
}

impl Settings for PathConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self::read_over(from, true, "/status")
    }
}

impl PathConfig {
    fn read_over(from: &mut Section<'_>, enabled: bool, path: &str) -> Self {
        // Components say nothing in attributes yet.
        from.get("include_attributes", true);
        Self {
            enabled: from.get("enabled", enabled),
            path: from.get("path", path.to_owned()),
            verbose: from.get("verbose", false),
        }
    }
}

struct Grpc(GrpcServerConfig);

impl Settings for Grpc {
    fn read(from: &mut Section<'_>) -> Self {
        let mut defaults = GrpcServerConfig::default();
        "localhost:13132".clone_into(&mut defaults.endpoint);
        Self(GrpcServerConfig::read_over(defaults, from))
    }
}

impl Settings for ComponentHealth {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            include_permanent: from.get("include_permanent_errors", false),
            include_recoverable: from.get("include_recoverable_errors", false),
            recovery: from.get("recovery_duration", Duration::default()),
        }
    }
}

impl Settings for Bodies {
    fn read(from: &mut Section<'_>) -> Self {
        Self { healthy: from.get("healthy", String::new()), unhealthy: from.get("unhealthy", String::new()) }
    }
}

/// `check_collector_pipeline`, which Go's extension takes for old configurations' sake and ignores.
struct PipelineCheck;

impl Settings for PipelineCheck {
    fn read(from: &mut Section<'_>) -> Self {
        from.get("enabled", false);
        from.get("interval", String::new());
        from.get("exporter_failure_threshold", 0);
        Self
    }
}

/// Go's extension has no time limits and closes every connection after its answer.
fn server() -> HttpServerConfig {
    let mut server = HttpServerConfig::default();
    "localhost:13133".clone_into(&mut server.endpoint);
    server.read_header_timeout = Duration::default();
    server.write_timeout = Duration::default();
    server.keepalive.enabled = false;
    server
}
