//! A far end, and what reports to it.

use std::{
    collections::BTreeMap,
    sync::{Mutex, mpsc},
    time::Duration,
};

use bytes::Bytes;
use http::StatusCode;
use slimcol_config::Telemetry;
use slimcol_net::http::server::{HttpHandler, HttpRequest, HttpResponse, HttpServer, HttpServerConfig};
use slimcol_pdata::{Data, Signal};
use slimcol_service::{Context, Log, Report, Signals, Stop, Waiting};

pub(crate) const PATIENCE: Duration = Duration::from_secs(20);

/// Hands on what is posted to it, as JSON behind its path.
struct Sink(Mutex<mpsc::Sender<String>>, Signal, StatusCode);

impl HttpHandler for Sink {
    async fn handle(&self, mut request: HttpRequest) -> HttpResponse {
        let body = request.body().await.unwrap();
        let mut line = format!("{} ", request.path()).into_bytes();
        Data::from_bytes(self.1, body).unwrap().write_json(&mut line);
        self.0.lock().unwrap().send(String::from_utf8(line).unwrap()).unwrap();
        let mut response = HttpResponse::new(Bytes::new());
        *response.status_mut() = self.2;
        response
    }
}

/// A server that answers with `status`, its address, and what it gets.
pub(crate) async fn sink(signal: Signal, status: StatusCode) -> (String, mpsc::Receiver<String>) {
    let cx = Context::standalone("sink", Signals::NONE, Log::none());
    let mut config = HttpServerConfig::default();
    "127.0.0.1:0".clone_into(&mut config.endpoint);
    let server = HttpServer::bind(&config, &cx).await.unwrap();
    let endpoint = server.endpoint().to_owned();
    let (send, got) = mpsc::channel();
    tokio::spawn(async move {
        let (_stopping, stop) = Stop::new();
        server.serve(Sink(Mutex::new(send), signal, status), stop).await;
    });
    (endpoint, got)
}

/// Runs what `telemetry` says, without metrics, while `work` goes on, and then until it ends; what it logged.
pub(crate) async fn report(telemetry: &str, work: impl AsyncFnOnce(&Context)) -> Vec<String> {
    let (log, lines) = Log::capture();
    let telemetry: Telemetry =
        slimcol_config::from_yaml(&format!("{{metrics: {{level: none}}, {telemetry}}}")).unwrap();
    let Telemetry { metrics, traces, logs, .. } = telemetry;
    let waiting: Vec<_> = logs.sent_by().iter().map(|one| Waiting::new(one.most, one.batch)).collect();
    let context = Context::standalone("telemetry", Signals::NONE, log.exported_to(&waiting));
    let resource = BTreeMap::from([("service.name".to_owned(), "x".to_owned())]);
    let (stopping, stop) = Stop::new();
    let report = Report { metrics, traces, logs, lines: waiting, resource, context: context.clone() };
    let running = tokio::spawn(crate::open(report, stop).await.unwrap().ended());
    work(&context).await;
    stopping.stop();
    tokio::time::timeout(PATIENCE, running).await.unwrap().unwrap().unwrap();
    let lines = lines.lock().unwrap();
    lines.clone()
}
