//! The real Prometheus, which is written to and scrapes.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use serde_json::Value;
use tempfile::TempDir;

use super::{
    daemon::{Daemon, free_address},
    http, programs,
};

const PATIENCE: Duration = Duration::from_mins(1);

/// A Prometheus on this machine; killed when dropped.
#[derive(Debug)]
pub(crate) struct Prometheus {
    _daemon: Daemon,
    address: SocketAddr,
    _data: TempDir,
}

impl Prometheus {
    /// Starts one that scrapes `targets` every second, if the machine has it; if not, says so loudly, or panics where `CI` is
    /// `true`.
    pub(crate) fn start(targets: &[SocketAddr]) -> Option<Self> {
        let mut command = programs::find("prometheus", "prometheus")?;
        let data = tempfile::tempdir().unwrap();
        let config = data.path().join("prometheus.yml");
        let targets: Vec<String> = targets.iter().map(|target| format!("'{target}'")).collect();
        let yaml = format!(
            "global: {{scrape_interval: 1s}}\nscrape_configs: [{{job_name: page, honor_labels: true, static_configs: \
             [{{targets: [{}]}}]}}]\n",
            targets.join(", ")
        );
        std::fs::write(&config, yaml).unwrap();
        let address = free_address();
        command
            .arg(format!("--config.file={}", config.display()))
            .arg(format!("--storage.tsdb.path={}", data.path().join("data").display()))
            .arg(format!("--web.listen-address={address}"))
            .arg("--web.enable-remote-write-receiver")
            .arg("--enable-feature=native-histograms,exemplar-storage");
        let daemon = Daemon::start(&mut command, &[address]);
        // It listens, and answers 503, before its storage is open.
        let begun = Instant::now();
        while http::get(address, "/-/ready").status != 200 {
            assert!(begun.elapsed() < PATIENCE, "Prometheus is not ready");
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(Self { _daemon: daemon, address, _data: data })
    }

    /// Where samples are written to.
    pub(crate) fn write_url(&self) -> String {
        format!("http://{}/api/v1/write", self.address)
    }

    /// What the API answers to `path` now.
    pub(crate) fn now(&self, path: &str) -> Vec<Value> {
        let answer: Value = serde_json::from_slice(&http::get(self.address, path).body).unwrap_or_default();
        let data = &answer["data"];
        data["result"].as_array().or(data.as_array()).cloned().unwrap_or_default()
    }

    /// The same, as soon as there is any result.
    pub(crate) fn ask(&self, path: &str) -> Vec<Value> {
        let begun = Instant::now();
        loop {
            let results = self.now(path);
            if !results.is_empty() {
                return results;
            }
            assert!(begun.elapsed() < PATIENCE, "nothing at {path}");
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}

/// The path that asks a query.
pub(crate) fn query(text: &str) -> String {
    let byte = |byte: u8| match byte {
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    };
    let escaped: String = text.bytes().map(byte).collect();
    format!("/api/v1/query?query={escaped}")
}
