//! A real authorization server and `OpenID` Connect provider on the loopback.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Child, Stdio},
};

use serde_json::Value;
use slimcol_testing::RSA_KEY;
use tempfile::TempDir;

use super::{http, python};

/// What `otelcol` is known by.
pub(crate) const SECRET: &str = "secret-of-the-collector";

/// `python/issuer.py`, killed when dropped.
#[derive(Debug)]
pub(crate) struct Issuer {
    child: Child,
    address: SocketAddr,
    dir: TempDir,
}

impl Issuer {
    /// Starts one on a free port.
    pub(crate) fn start() -> Self {
        Self::start_on(0)
    }

    fn start_on(port: u16) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("signer.pem"), RSA_KEY).unwrap();
        let mut command = python::program("python");
        command.arg(format!("{}/python/issuer.py", env!("CARGO_MANIFEST_DIR")));
        command.arg(port.to_string()).arg(dir.path().join("signer.pem"));
        command.env("CLIENT_SECRET", SECRET).stdin(Stdio::null());
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let address = line.trim_end().rsplit(' ').next().and_then(|address| address.parse().ok());
        let address = address.unwrap_or_else(|| panic!("the issuer did not start: {line:?}"));
        Self { child, address, dir }
    }

    /// The address, as its tokens have it.
    pub(crate) fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The file with the key that `signer` is known by.
    pub(crate) fn key(&self) -> String {
        self.dir.path().join("signer.pem").display().to_string()
    }

    /// Changes it (`lifetime` of tokens, their `audience`, `rotate` to have new keys), and says how it is.
    pub(crate) fn tune(&self, change: &str) -> Value {
        serde_json::from_str(&self.post("/tune", change)).unwrap()
    }

    /// How many tokens it gave.
    pub(crate) fn issued(&self) -> u64 {
        self.tune("{}")["issued"].as_u64().unwrap()
    }

    /// A token as wished for.
    pub(crate) fn forge(&self, wish: &str) -> String {
        self.post("/forge", wish)
    }

    /// The port is then free to start another on.
    pub(crate) fn stop(mut self) -> Stopped {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
        Stopped(self.address.port())
    }

    fn post(&self, path: &str, body: &str) -> String {
        let answer = http::post(self.address, path, &[("Content-Type", "application/json")], body.as_bytes());
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }
}

impl Drop for Issuer {
    fn drop(&mut self) {
        // Both fail only if it is gone already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Where an issuer was.
#[derive(Debug)]
pub(crate) struct Stopped(u16);

impl Stopped {
    /// Starts one there, with keys of its own.
    pub(crate) fn start(self) -> Issuer {
        Issuer::start_on(self.0)
    }
}
