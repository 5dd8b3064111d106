//! What the collector reads from and writes to: pages of metrics, and two endpoints of remote write.

use std::{
    io::{BufReader, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use slimcol_compression::Compression;
use slimcol_testing::remote_written;

use super::protobuf;
use crate::kit::served::Request;

const PATIENCE: Duration = Duration::from_mins(1);

/// What was written to both endpoints: for each request its series and metadata, a line for each.
type Written = (Mutex<[Vec<Vec<String>>; 2]>, Condvar);

/// A server for one test, which serves until the test ends.
pub(super) struct Site {
    pub(super) address: SocketAddr,
    gone: Arc<AtomicBool>,
    written: Arc<Written>,
}

impl Site {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let (gone, written) = (Arc::new(AtomicBool::new(false)), Arc::new(Written::default()));
        let site = Self { address, gone: gone.clone(), written: written.clone() };
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let (gone, written) = (gone.clone(), written.clone());
                std::thread::spawn(move || serve(&stream.unwrap(), &gone, &written));
            }
        });
        site
    }

    /// From now on nearly nothing is on the pages any more.
    pub(super) fn empty(&self) {
        self.gone.store(true, Ordering::SeqCst);
    }

    /// The lines of the first request to the endpoint that has a line which `wanted` accepts.
    pub(super) fn written(&self, endpoint: usize, wanted: impl Fn(&str) -> bool) -> Vec<String> {
        let find = |all: &[Vec<Vec<String>>; 2]| {
            all[endpoint].iter().find(|lines| lines.iter().any(|line| wanted(line))).cloned()
        };
        let all = self.written.0.lock().unwrap();
        let (all, _) = self.written.1.wait_timeout_while(all, PATIENCE, |all| find(all).is_none()).unwrap();
        find(&all).unwrap_or_else(|| panic!("nothing like it was written: {all:#?}"))
    }
}

/// Answers the requests of one connection.
fn serve(stream: &TcpStream, gone: &AtomicBool, (written, news): &Written) {
    let mut reader = BufReader::new(stream);
    while let Some(request) = Request::read(&mut reader) {
        let target = request.target().to_owned();
        let endpoint = ["/v1", "/v2"].iter().position(|path| *path == target);
        let (kind, page) = if let Some(endpoint) = endpoint {
            let body = Compression::Snappy.decompress(&request.body, 1 << 24).unwrap();
            written.lock().unwrap()[endpoint].push(remote_written(&body, endpoint == 1));
            news.notify_all();
            ("text/plain", Vec::new())
        } else {
            page(&target, gone.load(Ordering::SeqCst))
        };
        let head =
            format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: {}\r\n\r\n", page.len());
        let mut stream = stream;
        if stream.write_all(&[head.as_bytes(), &page].concat()).is_err() {
            return;
        }
    }
}

/// The page of a job.
fn page(target: &str, gone: bool) -> (&'static str, Vec<u8>) {
    let text = |all: &str, rest: &str| if gone { rest } else { all }.as_bytes().to_vec();
    match target {
        "/text" => {
            let page = text(include_str!("pages/text.txt"), "# TYPE t_left gauge\nt_left 1\n");
            ("text/plain; version=0.0.4; charset=utf-8", page)
        }
        "/openmetrics" => {
            let page = text(include_str!("pages/openmetrics.txt"), "# TYPE o_left gauge\no_left 1\n# EOF\n");
            ("application/openmetrics-text; version=1.0.0; charset=utf-8", page)
        }
        "/protobuf" => {
            let page = if gone { protobuf::rest() } else { protobuf::page() };
            (
                "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
                page,
            )
        }
        other => panic!("nothing is at {other}"),
    }
}
