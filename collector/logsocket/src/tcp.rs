//! Lines of connections.

use std::{
    future::pending,
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering::Relaxed},
    },
};

use slimcol_config::{ByteSize, Duration, Problems, Section, Settings};
use slimcol_fileconsumer::{Cutter, TextConfig};
use slimcol_logreceiver::Intake;
use slimcol_net::{
    split_endpoint,
    tcp::{Connection, Converse, TcpServer},
    tls::ServerTls,
};
use slimcol_service::{
    BoxError, Context, Log, Stop,
    meter::{Counters, Family, MetricsLevel, Shape},
};
use tokio::time::{Instant, sleep_until};

use crate::entries::{about, add};

/// The least that `max_log_size` may be, and what it is otherwise.
const LEAST: i64 = 64 << 10;
const USUAL: i64 = 1 << 20;

/// The keys of Go's `tcp_input`.
#[derive(Clone, Debug)]
pub struct TcpConfig {
    /// Host and port.
    pub listen_address: String,
    /// Without it connections are not encrypted.
    pub tls: Option<ServerTls>,
    /// What is longer is cut.
    pub max_log_size: ByteSize,
    /// Whether entries tell both ends of their connection.
    pub add_attributes: bool,
    /// All of a connection is one entry.
    pub one_log_per_packet: bool,
    /// How text is cut.
    pub text: TextConfig,
    /// How many connections at a time; 0 is as many as there may be.
    pub max_connections: i64,
    /// A connection that brings no entry for so long is closed; zero is never.
    pub connection_idle_timeout: Duration,
}

/// A socket that is listened on.
#[derive(Debug)]
pub struct TcpInput {
    server: TcpServer,
    config: TcpConfig,
    cutter: Cutter,
    log: Log,
    counts: Counts,
}

/// How many connections there are, and were too many.
#[derive(Debug)]
struct Counts {
    active: Arc<AtomicU32>,
    refused: Counters,
}

/// What all connections share.
struct Lines {
    intake: Arc<Intake>,
    input: Shared,
    stop: Stop,
}

struct Shared {
    config: TcpConfig,
    cutter: Cutter,
    log: Log,
    counts: Counts,
}

const fn family(name: &'static str, help: &'static str, shape: Shape) -> Family {
    let scope = "github.com/open-telemetry/opentelemetry-collector-contrib/pkg/stanza/operator/input/tcp";
    Family { name, unit: "1", help, scope, shape, level: MetricsLevel::Basic }
}

static ACTIVE: Family = family(
    "otelcol_tcp_input_active_connections",
    "Number of active TCP connections. [Development]",
    Shape::UpDown,
);
static REFUSED: Family = family(
    "otelcol_tcp_input_refused_connections",
    "Number of TCP connections refused because the max_connections limit was reached. [Development]",
    Shape::Counter,
);

impl Settings for TcpConfig {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            listen_address: from.get("listen_address", String::new()),
            tls: from.when_written("tls"),
            max_log_size: from.get("max_log_size", ByteSize(USUAL)),
            add_attributes: from.get("add_attributes", false),
            one_log_per_packet: from.get("one_log_per_packet", false),
            text: from.squash(),
            max_connections: from.get("max_connections", 0),
            connection_idle_timeout: from.get("connection_idle_timeout", Duration::default()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if let Some(tls) = &self.tls {
            problems.within("tls", tls);
        }
        if let Err((key, message)) = self.check() {
            problems.add(key, message);
        }
    }
}

/// Why an address is none that can be listened on, in Go's words.
pub(crate) fn address(endpoint: &str) -> Result<(), String> {
    if endpoint.is_empty() {
        return Err("missing required parameter 'listen_address'".to_owned());
    }
    split_endpoint(endpoint)
        .map(drop)
        .map_err(|why| format!("failed to resolve listen_address: address {endpoint}: {why}"))
}

impl TcpConfig {
    fn longest(&self) -> i64 {
        if self.max_log_size.0 == 0 { USUAL } else { self.max_log_size.0 }
    }

    fn check(&self) -> Result<(), (&'static str, String)> {
        if self.longest() < LEAST {
            let message = format!(
                "invalid value for parameter 'max_log_size', must be equal to or greater than {LEAST} bytes"
            );
            return Err(("max_log_size", message));
        }
        address(&self.listen_address).map_err(|why| ("listen_address", why))?;
        self.cutter().map_err(|why| (self.text.blamed(), why))?;
        if self.max_connections < 0 {
            let message = "invalid value for parameter 'max_connections', must be greater than or equal to 0";
            return Err(("max_connections", message.to_owned()));
        }
        Ok(())
    }

    fn cutter(&self) -> Result<Cutter, String> {
        let cutter = Cutter::new(&self.text, ByteSize(self.longest()).bytes())?;
        Ok(if self.one_log_per_packet { cutter.whole() } else { cutter })
    }
}

impl TcpInput {
    /// Listens. `counted` says that entries have their length before them, whatever the configuration says of lines.
    ///
    /// # Errors
    /// The address cannot be listened on.
    pub async fn bind(config: TcpConfig, counted: bool, cx: &Context) -> Result<Self, BoxError> {
        let cutter = config.cutter()?;
        let cutter = if counted && !config.one_log_per_packet { cutter.counted() } else { cutter };
        let what = if config.tls.is_some() { "tls" } else { "tcp" };
        let server = TcpServer::bind(&config.listen_address, config.tls.as_ref()).await.map_err(|why| {
            format!("failed to listen on interface: failed to configure {what} listener: {why}")
        })?;
        let labels = [("port", config.listen_address.clone())];
        let active = Arc::new(AtomicU32::new(0));
        let there = Arc::downgrade(&active);
        cx.meter().observe(&ACTIVE, &labels, move || there.upgrade().map(|n| n.load(Relaxed).into()));
        let counts = Counts { active, refused: cx.meter().counters(&[&REFUSED], &labels) };
        let log = cx.log().clone();
        log.info("Starting stanza receiver", &[("endpoint", server.endpoint().into())]);
        Ok(Self { server, config, cutter, log, counts })
    }

    /// Takes entries from connections until told to stop.
    ///
    /// # Errors
    /// None so far.
    pub async fn run(self, intake: Intake, stop: Stop) -> Result<(), BoxError> {
        let Self { server, config, cutter, log, counts } = self;
        let intake = Arc::new(intake);
        let shared = Shared { config, cutter, log: log.clone(), counts };
        let lines = Lines { intake: intake.clone(), input: shared, stop: stop.clone() };
        intake.beside(server.serve(Arc::new(lines), log, stop)).await;
        Ok(())
    }
}

impl Converse for Lines {
    fn admit(&self, open: usize) -> bool {
        let most = usize::try_from(self.input.config.max_connections).unwrap_or_default();
        if most == 0 || open < most {
            return true;
        }
        let fields = [("max_connections", most.into()), ("current_connections", open.into())];
        self.input.log.warn("Max connections reached, waiting before accepting new connections", &fields);
        self.input.counts.refused.add(0, 1);
        false
    }

    async fn converse(&self, connection: Connection) {
        self.input.counts.active.fetch_add(1, Relaxed);
        self.talk(connection).await;
        self.input.counts.active.fetch_sub(1, Relaxed);
    }
}

impl Lines {
    async fn talk(&self, mut connection: Connection) {
        let Shared { config, cutter, log, .. } = &self.input;
        let (peer, local) = (connection.peer(), connection.local());
        let about = if config.add_attributes { about("IP.TCP", peer, local) } else { Vec::new() };
        let mut stop = self.stop.clone();
        let mut cutting = cutter.stream();
        let mut deadline = self.deadline();
        loop {
            let read = tokio::select! {
                // What has no end yet is not waited for.
                () = stop.wait() => return,
                read = connection.read(cutting.room()) => read.map_err(|error| error.to_string()),
                () = passed(deadline) => Err(format!("read tcp {local}->{peer}: i/o timeout")),
            };
            let last = !matches!(read, Ok(1..));
            let mut entries = Vec::new();
            let cut = cutting.tokens(last).map_err(|_| "bufio.Scanner: token too long".to_owned());
            if let Ok(tokens) = &cut {
                add(&mut entries, tokens, cutter.is_bytes(), &about, &self.intake, log);
            }
            if !entries.is_empty() {
                deadline = self.deadline();
                // What is given up is logged, and the sender cannot be asked for it again.
                let _ = self.intake.take(entries).await;
            }
            for error in [read.err(), cut.as_ref().err().cloned()].into_iter().flatten() {
                log.error("Scanner error", &[("error", error.into())]);
            }
            if last || cut.is_err() {
                return;
            }
        }
    }

    fn deadline(&self) -> Option<Instant> {
        let time = self.input.config.connection_idle_timeout.std();
        Some(time).filter(|time| !time.is_zero()).and_then(|time| Instant::now().checked_add(time))
    }
}

/// Returns at a time, or never.
async fn passed(deadline: Option<Instant>) {
    match deadline {
        Some(deadline) => sleep_until(deadline).await,
        None => pending().await,
    }
}
