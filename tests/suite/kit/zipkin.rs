//! The real Zipkin, with its storage in memory.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    daemon::{Daemon, free_address},
    http, maven,
};

/// Listening is not all; Java starts slowly on a busy machine.
const DEADLINE: Duration = Duration::from_mins(3);

/// A Zipkin on this machine; killed when dropped.
#[derive(Debug)]
pub(crate) struct Zipkin {
    _daemon: Daemon,
    address: SocketAddr,
}

impl Zipkin {
    /// Starts one, if the machine has what it takes; if not, says so loudly, or panics where `CI` is `true`.
    pub(crate) fn start() -> Option<Self> {
        let (mut java, jar) = maven::jar("io.zipkin:zipkin-server:3.5.1:jar:exec")?;
        let address = free_address();
        java.args(["-Xmx256m", "-jar"])
            .arg(jar)
            .arg("--armeria.ports[0].ip=127.0.0.1")
            .arg(format!("--armeria.ports[0].port={}", address.port()))
            .arg("--armeria.ports[0].protocols=http");
        let zipkin = Self { _daemon: Daemon::start(&mut java, &[address]), address };
        let deadline = Instant::now() + DEADLINE;
        while http::get(address, "/health").status != 200 {
            assert!(Instant::now() < deadline, "Zipkin was not well within {DEADLINE:?}");
            std::thread::sleep(Duration::from_millis(200));
        }
        Some(zipkin)
    }

    /// Where spans are posted to.
    pub(crate) fn url(&self) -> String {
        format!("http://{}/api/v2/spans", self.address)
    }

    /// The spans that it has of a service, in the hour before `end`, milliseconds since 1970, once there are `count`.
    pub(crate) fn spans(&self, service: &str, end: u64, count: usize) -> Vec<Value> {
        let path = format!("/api/v2/traces?serviceName={service}&endTs={end}&lookback=3600000&limit=1000");
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let traces: Vec<Vec<Value>> =
                serde_json::from_slice(&http::get(self.address, &path).body).unwrap();
            let spans: Vec<Value> = traces.into_iter().flatten().collect();
            if spans.len() >= count || Instant::now() > deadline {
                return spans;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}
