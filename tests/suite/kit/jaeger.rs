//! The real Jaeger, with its storage in memory.

use std::{
    net::SocketAddr,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{
    daemon::{Daemon, free_address},
    gopher, http,
};

/// A Jaeger on this machine; killed when dropped.
#[derive(Debug)]
pub(crate) struct Jaeger {
    _daemon: Daemon,
    otlp: SocketAddr,
    query: SocketAddr,
}

impl Jaeger {
    /// Starts one, if the machine has what it takes; if not, says so loudly, or panics where `CI` is `true`.
    pub(crate) fn start() -> Option<Self> {
        // The last version that Go's proxy has under a name of its own; the pages of its UI are not in the module.
        let mut command = gopher::published("github.com/jaegertracing/jaeger", "v1.76.0", "cmd/all-in-one")?;
        let [otlp, query] = [free_address(), free_address()];
        command
            .arg(format!("--collector.otlp.grpc.host-port={otlp}"))
            .arg(format!("--query.http-server.host-port={query}"));
        for other in [
            "collector.otlp.http",
            "collector.grpc-server",
            "collector.http-server",
            "query.grpc-server",
            "admin.http",
        ] {
            command.arg(format!("--{other}.host-port={}", free_address()));
        }
        Some(Self { _daemon: Daemon::start(&mut command, &[otlp, query]), otlp, query })
    }

    /// Where it takes OTLP over gRPC.
    pub(crate) fn otlp(&self) -> SocketAddr {
        self.otlp
    }

    /// The traces that it has of a service, begun between two times in microseconds since 1970, once there are `count`.
    pub(crate) fn traces(&self, service: &str, (start, end): (u64, u64), count: usize) -> Vec<Value> {
        let path = format!("/api/traces?service={service}&start={start}&end={end}&limit=1000");
        let deadline = Instant::now() + Duration::from_secs(30);
        loop {
            let answer: Value = serde_json::from_slice(&http::get(self.query, &path).body).unwrap();
            let traces = answer["data"].as_array().cloned().unwrap_or_default();
            if traces.len() >= count || Instant::now() > deadline {
                return traces;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    }
}
