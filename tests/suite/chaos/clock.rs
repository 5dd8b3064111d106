//! Somebody sets the machine's clock, by days and decades, while timers run, connections are kept and files are watched.
//!
//! A clock that jumped for everybody would harm the tests beside this one, and static programs load nothing that could lie
//! to them. So a tracer answers one collector's questions for the time of day: `tests/python/clock.py`.

use std::{
    fs,
    path::PathBuf,
    process::Command,
    time::{Duration, Instant},
};

use rcgen::{CertificateParams, KeyPair, date_time_ymd};

use crate::kit::{
    collector::Collector,
    distros,
    http::post,
    numbers::{Fault, PER_REQUEST, Sink, Wire},
};

/// What a collector needs anyway, and TLS.
const MIB: u64 = 30;

/// Longer than any timer here, and far shorter than any jump.
const PATIENCE: Duration = Duration::from_secs(20);

const DAY: i64 = 24 * 60 * 60;
const DECADE: i64 = 3652 * DAY;

/// Hours, days and decades to and fro, and back to what it is.
const JUMPS: [i64; 8] = [0, DAY, -DAY, 7 * DECADE / 2, -3600, -2 * DECADE, DECADE, 0];

/// How many are sent at a time.
const REQUESTS: u64 = 3;

#[test]
fn jumps_of_the_clock_stop_nothing() {
    if std::env::consts::ARCH != "x86_64" {
        eprintln!("NOT RUN: the clock can only be turned on x86-64");
        return;
    }
    let sink = Sink::start();
    let (certificate, key) = certificate();
    let gateway = gateway(&sink, &certificate, &key);
    let wire = Wire::to(gateway.grpc());
    let turned = Turned::start(&wire, &certificate);
    let mut sent = 0;
    for (turn, offset) in JUMPS.into_iter().enumerate() {
        // The far end dies, so that data waits for a retry; the clock jumps meanwhile.
        wire.fault(Fault::Dead);
        sent += turned.send(sent);
        let retries = |line: &str| line.contains("Will retry the request");
        let before = turned.collector.log().count(retries);
        turned.collector.log().until(before + 2, retries);
        turned.turn(offset);
        turned.collector.log().until(before + 4, retries);
        wire.fault(Fault::None);
        // What comes now waits in the batch, until its timer fires.
        sent += turned.send(sent);
        let begun = Instant::now();
        let lost = sink.missing(&(0..sent).collect::<Vec<_>>(), PATIENCE);
        assert!(
            lost.is_empty(),
            "{} of {sent} have not come {:?} after a jump to {offset} s: {lost:?}",
            lost.len(),
            begun.elapsed()
        );
        turned.changes_token(&format!("token-{turn}"));
    }
    let peak = turned.collector.peak_mib();
    let stopped = turned.collector.stop();
    stopped.expect_clean();
    // It was another time indeed.
    let year = |line: &str| line[..4].parse::<i32>().unwrap();
    let now = year(&gateway.line("Everything is ready"));
    let years: Vec<i32> = stopped.log.iter().map(|line| year(line) - now).collect();
    let (past, future) = (years.iter().min().unwrap(), years.iter().max().unwrap());
    assert!((-21..=-19).contains(past) && (34..=36).contains(future), "{past} {future}");
    eprintln!(
        "{sent} sent, 0 lost, {} came twice, from {past} to {future} years, {peak} MiB",
        sink.repeated()
    );
    // Nothing was under way when the far end died, but maybe the answer to the last batch.
    assert!(sink.repeated() <= 2 * JUMPS.len() as u64 * REQUESTS * PER_REQUEST);
    assert!(peak <= MIB, "{peak} MiB");
    gateway.stop().expect_clean();
}

/// A collector whose clock can be turned.
struct Turned {
    collector: Collector,
    offset: PathBuf,
    token: PathBuf,
}

impl Turned {
    /// It batches, sends over TLS with keepalive, and wants a token that is in a file.
    fn start(to: &Wire, certificate: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        let path = |name: &str| dir.path().join(name);
        let [offset, token, ca, config] = ["offset", "token", "ca.pem", "config.yaml"].map(path);
        fs::write(&offset, 0_i64.to_ne_bytes()).unwrap();
        fs::write(&token, "the-first-token").unwrap();
        fs::write(&ca, certificate).unwrap();
        let yaml = format!(
            "
extensions:
  bearertokenauth: {{filename: '{}'}}
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0, auth: {{authenticator: bearertokenauth}}}}}}}}
processors: {{batch: {{timeout: 100ms}}}}
exporters:
  otlp_grpc:
    endpoint: '{}'
    tls: {{ca_file: '{}', reload_interval: 1s}}
    keepalive: {{time: 10s, timeout: 5s, permit_without_stream: true}}
    retry_on_failure: {{initial_interval: 20ms, max_interval: 100ms, max_elapsed_time: 10m}}
service:
  extensions: [bearertokenauth]
  telemetry: {{metrics: {{level: none}}, logs: {{sampling: {{enabled: false}}}}}}
  pipelines:
    logs: {{receivers: [otlp], processors: [batch], exporters: [otlp_grpc]}}
",
            token.display(),
            to.address(),
            ca.display()
        );
        fs::write(&config, yaml).unwrap();
        let mut command = Command::new("python3");
        command.arg(concat!(env!("CARGO_MANIFEST_DIR"), "/python/clock.py"));
        command.arg(&offset).arg(&distros::contrib().binary).arg("--config").arg(&config);
        Self { collector: Collector::run(&mut command, dir), offset, token }
    }

    /// Sets its clock so many seconds before or behind the right time.
    fn turn(&self, seconds: i64) {
        // In one write, so that there is never half a number.
        let file = fs::OpenOptions::new().write(true).open(&self.offset).unwrap();
        std::os::unix::fs::FileExt::write_at(&file, &(seconds * 1_000_000_000).to_ne_bytes(), 0).unwrap();
    }

    /// Sends requests with numbers from `first` on; how many numbers.
    fn send(&self, first: u64) -> u64 {
        for request in 0..REQUESTS {
            let first = first + request * PER_REQUEST;
            let token = fs::read_to_string(&self.token).unwrap();
            assert_eq!(self.post(&token, first..first + PER_REQUEST), 200);
        }
        REQUESTS * PER_REQUEST
    }

    fn post(&self, token: &str, numbers: std::ops::Range<u64>) -> u16 {
        let body = slimcol_testing::numbered(numbers).bytes();
        let authorization = format!("Bearer {token}");
        let headers = [("Content-Type", "application/x-protobuf"), ("Authorization", &*authorization)];
        post(self.collector.http(), "/v1/logs", &headers, &body).status
    }

    /// Another token counts soon, and the last one doesn't any more.
    fn changes_token(&self, token: &str) {
        let last = fs::read_to_string(&self.token).unwrap();
        fs::write(&self.token, token).unwrap();
        let end = Instant::now() + PATIENCE;
        while self.post(token, 0..0) != 200 {
            assert!(Instant::now() < end, "{token} is still not known");
            std::thread::sleep(Duration::from_millis(20));
        }
        assert_eq!(self.post(&last, 0..0), 401);
    }
}

/// The collector behind it, whose clock is right.
fn gateway(sink: &Sink, certificate: &str, key: &str) -> Collector {
    let dir = tempfile::tempdir().unwrap();
    let config = dir.path().join("config.yaml");
    let [certificate_file, key_file] =
        [("certificate.pem", certificate), ("key.pem", key)].map(|(name, text)| {
            let path = dir.path().join(name);
            fs::write(&path, text).unwrap();
            path
        });
    let yaml = format!(
        "
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: 127.0.0.1:0, tls: {{cert_file: '{}', key_file: '{}'}}}}}}}}
exporters:
  otlp_http: {{endpoint: 'http://{}', compression: none}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], exporters: [otlp_http]}}
",
        certificate_file.display(),
        key_file.display(),
        sink.address()
    );
    fs::write(&config, yaml).unwrap();
    Collector::run(Command::new(&distros::contrib().binary).arg("--config").arg(&config), dir)
}

/// Of this machine, for as long as the clock may say it is: an expired one would be refused, rightly.
fn certificate() -> (String, String) {
    let key = KeyPair::generate().unwrap();
    let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    params.not_before = date_time_ymd(1980, 1, 1);
    params.not_after = date_time_ymd(2400, 1, 1);
    (params.self_signed(&key).unwrap().pem(), key.serialize_pem())
}
