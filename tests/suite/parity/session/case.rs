//! Sessions as they are written.

use std::{collections::BTreeSet, fs, io::Write, path::PathBuf};

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder, ZlibEncoder},
};
use slimcol_pdata::{Data, Signal};

use crate::parity::case::entries;

/// One collector and what it is asked.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) name: String,
    pub(super) path: PathBuf,
    pub(super) config: String,
    /// The file that the collector writes, whose lines belong to the outcomes.
    pub(super) file: Option<String>,
    /// What the metrics must have in them before they are looked at.
    pub(super) until: Option<String>,
    pub(super) cases: Vec<Case>,
}

/// One thing that is asked.
#[derive(Debug)]
pub(super) struct Case {
    pub(super) title: String,
    /// The line of the log to wait for before it is asked.
    pub(super) waits: Option<String>,
    pub(super) ask: Ask,
    pub(super) backend: Reply,
    pub(super) ours: Outcome,
    /// `None` if a live Go collector is not asked.
    pub(super) gos: Option<Outcome>,
    pub(super) differs: bool,
}

#[derive(Debug)]
pub(super) enum Ask {
    Http(Request),
    Grpc(Request),
    /// The metric that the title names.
    Metric,
}

#[derive(Debug, Default)]
pub(super) struct Request {
    /// Method and target, or the gRPC method.
    pub(super) what: String,
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: Option<Vec<u8>>,
    /// Whether gRPC's prefix says that the message is compressed.
    pub(super) flagged: bool,
    /// gRPC: the body goes without a prefix.
    pub(super) bare: bool,
}

/// What the backend answers, by either protocol.
#[derive(Clone, Debug, Default)]
pub(super) struct Reply {
    /// The HTTP status, 200 if it is 0.
    pub(super) status: u16,
    pub(super) headers: Vec<(String, String)>,
    /// Hexadecimal.
    pub(super) body: Vec<u8>,
    /// The gRPC status.
    pub(super) code: u16,
    pub(super) message: String,
    /// The delay of a `RetryInfo`, in seconds.
    pub(super) retry: Option<u8>,
}

/// What came of a case, in keys and values as they are written.
pub(super) type Outcome = Vec<(String, String)>;

/// The keys of an outcome.
pub(super) const OUTCOME: [&str; 12] = [
    "status",
    "has",
    "answer",
    "answer-hex",
    "refusal",
    "code",
    "message",
    "line",
    "type",
    "help",
    "labels",
    "absent",
];

/// Every session there is.
pub(super) fn all() -> Vec<Session> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/suite/parity/sessions");
    let mut files: Vec<_> = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files.into_iter().map(session).collect()
}

fn session(path: PathBuf) -> Session {
    let text = fs::read_to_string(&path).unwrap();
    let mut parts = text.split("\n## ");
    let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
    let mut session =
        Session { name, path, config: String::new(), file: None, until: None, cases: Vec::new() };
    for (key, value) in entries(parts.next().unwrap()) {
        match key.as_str() {
            "config" => session.config = value,
            "file" => session.file = Some(value),
            "until" => session.until = Some(value),
            key => panic!("{}: unknown key {key}", session.name),
        }
    }
    session.cases = parts.map(|part| case(&session.name, part)).collect();
    let titles: BTreeSet<_> = session.cases.iter().map(|case| &case.title).collect();
    assert_eq!(titles.len(), session.cases.len(), "{}: two cases of the same title", session.name);
    session
}

fn case(session: &str, text: &str) -> Case {
    let (title, body) = text.split_once('\n').unwrap_or((text, ""));
    let mut case = Case {
        title: title.to_owned(),
        waits: None,
        ask: Ask::Metric,
        backend: Reply::default(),
        ours: Outcome::new(),
        gos: None,
        differs: false,
    };
    let mut gos = Outcome::new();
    let mut source = String::new();
    let mut request = Request::default();
    let mut wrap: fn(Request) -> Ask = |_| Ask::Metric;
    let mut pack = String::new();
    for (key, value) in entries(body) {
        if OUTCOME.contains(&key.as_str()) {
            case.ours.push((key, value));
            continue;
        }
        let pair =
            || value.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())).unwrap();
        match key.as_str() {
            "waits" => case.waits = Some(value),
            "http" => (request.what, wrap) = (value, Ask::Http),
            "grpc" => (request.what, wrap) = (service(&value), Ask::Grpc),
            "header" => request.headers.push(pair()),
            "json" => request.give("application/json", value.into_bytes()),
            "proto" => {
                let signal = signal_of(&request.what);
                let data = Data::from_json(signal, value.as_bytes()).unwrap();
                request.give("application/x-protobuf", data.bytes().to_vec());
            }
            // A log record with so long a body.
            "long" => {
                let body = "x".repeat(value.parse().unwrap());
                let json = format!(
                    r#"{{"resourceLogs":[{{"scopeLogs":[{{"logRecords":[{{"body":{{"stringValue":"{body}"}}}}]}}]}}]}}"#
                );
                request.give("application/json", json.into_bytes());
            }
            "text" => request.body = Some(value.into_bytes()),
            "hex" => request.give("application/x-protobuf", hex(&value)),
            "zeros" => request.give("application/x-protobuf", vec![0; value.parse().unwrap()]),
            "bare-hex" => (request.body, request.bare) = (Some(hex(&value)), true),
            "flagged" => request.flagged = true,
            "pack" => pack = value,
            "backend" => case.backend.status = value.parse().unwrap(),
            "backend-header" => case.backend.headers.push(pair()),
            "backend-body" => case.backend.body = hex(&value),
            "backend-code" => {
                let (code, message) = value.split_once(' ').unwrap_or((&value, ""));
                (case.backend.code, case.backend.message) = (code.parse().unwrap(), message.to_owned());
            }
            "backend-retry" => case.backend.retry = Some(value.parse().unwrap()),
            "differs" => case.differs = true,
            "source" => source = value,
            key => match key.strip_prefix("go-").filter(|key| OUTCOME.contains(key)) {
                Some(key) => gos.push((key.to_owned(), value)),
                None => panic!("{session}: {title}: unknown key {key}"),
            },
        }
    }
    if let Some(body) = &mut request.body {
        *body = packed(&pack, body);
    }
    case.ask = wrap(request);
    assert!(
        ["live", "ours"].contains(&source.as_str()),
        "{session}: {title}: where does the outcome come from? {source:?}"
    );
    // A difference that is none any more must not stay written down.
    assert!(!case.differs || case.ours != gos, "{session}: {title}: what differs?");
    case.gos = (source == "live").then(|| if case.differs { gos } else { case.ours.clone() });
    case
}

impl Request {
    /// Gives it a body and, unless it has one, a content type.
    fn give(&mut self, content_type: &str, body: Vec<u8>) {
        self.body = Some(body);
        if !self.headers.iter().any(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
            self.headers.push(("Content-Type".to_owned(), content_type.to_owned()));
        }
    }
}

/// The method that takes a signal, or the one that is written.
fn service(value: &str) -> String {
    let service = match value {
        "traces" => "trace.v1.TraceService",
        "metrics" => "metrics.v1.MetricsService",
        "logs" => "logs.v1.LogsService",
        "profiles" => "profiles.v1development.ProfilesService",
        _ => return value.to_owned(),
    };
    format!("/opentelemetry.proto.collector.{service}/Export")
}

fn signal_of(what: &str) -> Signal {
    let names = [("trace", Signal::Traces), ("metric", Signal::Metrics), ("log", Signal::Logs)];
    names.into_iter().find(|(name, _)| what.contains(name)).unwrap().1
}

fn hex(text: &str) -> Vec<u8> {
    let digits: Vec<u32> = text.chars().filter_map(|c| c.to_digit(16)).collect();
    digits.chunks(2).map(|pair| u8::try_from(pair[0] << 4 | pair[1]).unwrap()).collect()
}

fn packed(how: &str, body: &[u8]) -> Vec<u8> {
    fn all<W: Write>(mut encoder: W, body: &[u8]) -> W {
        encoder.write_all(body).unwrap();
        encoder
    }
    let level = Compression::default();
    match how {
        "" => body.to_vec(),
        "gzip" => all(GzEncoder::new(Vec::new(), level), body).finish().unwrap(),
        "half of gzip" => {
            let whole = packed("gzip", body);
            whole[..whole.len() / 2].to_vec()
        }
        "zlib" => all(ZlibEncoder::new(Vec::new(), level), body).finish().unwrap(),
        "raw deflate" => all(DeflateEncoder::new(Vec::new(), level), body).finish().unwrap(),
        how => panic!("cannot pack as {how}"),
    }
}
