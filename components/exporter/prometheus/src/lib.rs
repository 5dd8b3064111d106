//! The `prometheus` exporter: serves the newest points of all series on a page that Prometheus reads.
//!
//! ```yaml
//! exporters:
//!   prometheus:
//!     endpoint: localhost:8889
//! ```
//!
//! Points go into a table by series, where delta points are added up; a page is made of a copy of it, so that who reads
//! does not stop who sends.

mod config;
mod gather;
mod labels;
mod merge;
mod negotiate;
mod point;
mod protobuf;
mod store;
mod text;

use std::sync::{Arc, Mutex, PoisonError};

use bytes::Bytes;
use http::{
    HeaderValue, StatusCode,
    header::{CONTENT_ENCODING, CONTENT_TYPE},
};
use slimcol_compression::Compression;
use slimcol_config::Section;
use slimcol_exporter::{Delivery, Push, Queued};
use slimcol_net::http::server::{HttpHandler, HttpRequest, HttpResponse, HttpServer, plain};
use slimcol_pdata::Data;
use slimcol_service::{
    BoxError, Context, Factory, Info, Payload, Refused, Signals, Stability, Stop, StopHandle,
};
use tokio::{
    task::JoinHandle,
    time::{Instant, MissedTickBehavior, interval_at},
};

pub use self::config::Config;
use self::{gather::Names, negotiate::Format, store::Store};

/// The component, as a generated `main` lists it.
pub static FACTORY: Factory = Factory::exporter::<Queued<Prometheus>>();

/// The exporter.
#[derive(Debug)]
pub struct Prometheus {
    table: Arc<Table>,
    cx: Context,
    serving: Mutex<Option<(StopHandle, JoinHandle<()>)>>,
}

/// What pages are made of.
#[derive(Debug)]
struct Table {
    store: Store,
    names: Names,
    config: Config,
}

impl Push for Prometheus {
    type Config = Config;
    const INFO: Info = Info {
        signals: Signals::METRICS,
        stability: Stability::Beta,
        ..Info::new("prometheus", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };
    // The port is its alone.
    const OVERLAPS: bool = false;

    fn delivery(section: &mut Section<'_>) -> Delivery {
        Delivery::queue_only(section)
    }

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let log = cx.log();
        let store = Store::new(&config, log.clone());
        let namespace = match config.namespace.as_str() {
            "" => String::new(),
            namespace => match store.namer.label(namespace) {
                Ok(name) => name.into_owned(),
                Err(why) => {
                    log.error("failed to build namespace, ignoring", &[("error", why.into())]);
                    String::new()
                }
            },
        };
        let names = Names::new(namespace, config.metric_expiration.std(), log.clone());
        let table = Arc::new(Table { store, names, config });
        Ok(Self { table, cx: cx.clone(), serving: Mutex::default() })
    }

    async fn start(&self) -> Result<(), BoxError> {
        let server = HttpServer::bind(&self.table.config.server, &self.cx).await?;
        self.cx.log().debug("Serving metrics", &[("endpoint", server.endpoint().into())]);
        let (handle, stop) = Stop::new();
        let table = self.table.clone();
        let task = tokio::spawn(async move {
            tokio::select! {
                () = server.serve(Site(table.clone()), stop) => {}
                never = table.clean() => match never {},
            }
        });
        *self.serving.lock().unwrap_or_else(PoisonError::into_inner) = Some((handle, task));
        Ok(())
    }

    async fn push(&self, payload: Payload) -> Result<(), Refused> {
        if let Data::Metrics(metrics) = &payload.data {
            self.table.store.take(metrics, Instant::now());
        }
        Ok(())
    }

    async fn stop(&self) {
        let serving = self.serving.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Some((handle, task)) = serving {
            handle.stop();
            // What a panic was is reported where it was.
            let _ = task.await;
        }
    }
}

impl Table {
    /// Forgets what is too old, also if nobody reads.
    async fn clean(&self) -> std::convert::Infallible {
        let every = self.config.metric_expiration.std();
        if every.is_zero() {
            return std::future::pending().await;
        }
        let mut clock = interval_at(Instant::now() + every, every);
        clock.set_missed_tick_behavior(MissedTickBehavior::Delay);
        loop {
            let now = clock.tick().await;
            self.store.expire(now);
            self.names.expire(now);
        }
    }

    /// The page as the reader likes it.
    fn page(&self, request: &HttpRequest) -> HttpResponse {
        let now = Instant::now();
        self.store.expire(now);
        let (format, escaping) = negotiate::format(request.headers(), self.config.enable_open_metrics);
        let families = self.names.gather(self.store.all(), now);
        let timed = self.config.send_timestamps;
        let page = match format {
            Format::Protobuf => protobuf::write(&families, escaping, timed),
            _ => text::write(&families, format, escaping, timed).into_bytes(),
        };
        self.names.expire(now);
        let packed = negotiate::gzip(request.headers()).then(|| Compression::Gzip.compress(1, &[&page]));
        let gzip = packed.is_some();
        let mut response = HttpResponse::new(Bytes::from(packed.unwrap_or(page)));
        let headers = response.headers_mut();
        let media = HeaderValue::try_from(format.media_type(escaping));
        headers.insert(CONTENT_TYPE, media.unwrap_or(HeaderValue::from_static("text/plain")));
        if gzip {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static("gzip"));
        }
        response
    }
}

/// Serves the page.
struct Site(Arc<Table>);

impl HttpHandler for Site {
    async fn handle(&self, request: HttpRequest) -> HttpResponse {
        if request.path() != "/metrics" {
            return plain(StatusCode::NOT_FOUND, "404 page not found");
        }
        self.0.page(&request)
    }

    fn route<'a>(&'a self, path: &'a str) -> Option<&'a str> {
        (path == "/metrics").then_some(path)
    }
}

#[cfg(test)]
mod tests;
