//! A collector that sends everything to two sinks, over gRPC and over HTTP, on wires that fail.

use std::time::Duration;

use super::{Fault, Sink, Wire, send};
use crate::kit::{
    collector::{Collector, Stopped},
    distros,
};

/// How many numbers a request has.
pub(crate) const PER_REQUEST: u64 = 10;

/// Far longer than anything that is waited for, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

/// What a collector logs when it will try again.
const RETRY: &str = "Will retry the request after interval.";

#[derive(Debug)]
pub(crate) struct Rig {
    pub(crate) collector: Collector,
    /// gRPC, HTTP.
    pub(crate) ends: [End; 2],
    sent: u64,
}

/// One exporter and what it sends to. Each has one request under way at a time.
#[derive(Debug)]
pub(crate) struct End {
    pub(crate) protocol: Protocol,
    pub(crate) sink: Sink,
    pub(crate) wire: Wire,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Protocol {
    Grpc,
    Http,
}

/// How long the exporters wait for an answer, and how long they try; `0` is for ever.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Times {
    pub(crate) timeout: &'static str,
    pub(crate) give_up: &'static str,
}

impl Default for Times {
    fn default() -> Self {
        Self { timeout: "20s", give_up: "0" }
    }
}

impl Protocol {
    /// The exporter that speaks it.
    pub(crate) const fn exporter(self) -> &'static str {
        match self {
            Self::Grpc => "otlp_grpc",
            Self::Http => "otlp_http",
        }
    }
}

impl End {
    fn new(protocol: Protocol) -> Self {
        let sink = match protocol {
            Protocol::Grpc => Sink::start_grpc(),
            Protocol::Http => Sink::start(),
        };
        Self { protocol, wire: Wire::to(sink.address()), sink }
    }

    /// Whether a line is about this exporter and contains `text`.
    fn says(&self, line: &str, text: &str) -> bool {
        line.contains(&format!("\"otelcol.component.id\": \"{}\"", self.protocol.exporter()))
            && line.contains(text)
    }
}

impl Rig {
    pub(crate) fn start(times: Times) -> Self {
        let ends = [Protocol::Grpc, Protocol::Http].map(End::new);
        let collector = Collector::start(&distros::contrib().binary, &yaml(&ends, times));
        Self { collector, ends, sent: 0 }
    }

    /// Sends so many requests, each of which is acknowledged.
    pub(crate) fn send(&mut self, requests: u64) {
        for _ in 0..requests {
            let range = self.sent..self.sent + PER_REQUEST;
            self.sent = range.end;
            assert_eq!(send(self.collector.http(), range).map(|(status, _)| status), Some(200));
        }
    }

    /// Does the same to both wires.
    pub(crate) fn fault(&self, fault: Fault) {
        for end in &self.ends {
            end.wire.fault(fault);
        }
    }

    /// Waits until each exporter has failed so many times more than when it was called.
    pub(crate) fn fails(&self, times: usize) {
        for end in &self.ends {
            self.end_fails(end, times);
        }
    }

    /// The same of one exporter.
    pub(crate) fn end_fails(&self, end: &End, times: usize) {
        let log = self.collector.log();
        let before = log.count(|line| end.says(line, RETRY));
        log.until(before + times, |line| end.says(line, RETRY));
    }

    /// How often an exporter wanted to try again because of something with `text` in it.
    pub(crate) fn retries(&self, end: &End, text: &str) -> u64 {
        self.collector.log().count(|line| end.says(line, RETRY) && line.contains(text)) as u64
    }

    /// Waits until all that was sent has come to both ends.
    pub(crate) fn expect(&self) {
        let sent: Vec<u64> = (0..self.sent).collect();
        for end in &self.ends {
            let lost = end.sink.missing(&sent, PATIENCE);
            assert!(lost.is_empty(), "{} of {} lost by {:?}: {lost:?}", lost.len(), self.sent, end.protocol);
        }
    }

    /// Expects all that was sent, no more of it twice than `repeated` says of each end, that the collector never had
    /// more than `mib` of memory, and that it stops in order without having logged an error.
    pub(crate) fn finish(self, mib: u64, repeated: impl Fn(&Self, &End) -> u64) {
        self.finish_with_errors(mib, repeated).expect_clean();
    }

    /// The same of a collector that logged errors.
    pub(crate) fn finish_with_errors(self, mib: u64, repeated: impl Fn(&Self, &End) -> u64) -> Stopped {
        self.expect();
        for end in &self.ends {
            let (was, most) = (end.sink.repeated(), repeated(&self, end));
            eprintln!("{:?}: {} sent, 0 lost, {was} came twice (at most {most})", end.protocol, self.sent);
            assert!(was <= most, "{was} came twice by {:?}, at most {most} may", end.protocol);
        }
        let peak = self.collector.peak_mib();
        eprintln!("{peak} MiB at most");
        assert!(peak <= mib, "{peak} MiB");
        let stopped = self.collector.stop();
        assert_eq!(stopped.code, Some(0), "{:#?}", stopped.log);
        assert!(!stopped.log.iter().any(|line| line.contains("panic")), "{:#?}", stopped.log);
        stopped
    }
}

/// Requests are not batched, so that each is one of the exporters too.
fn yaml(ends: &[End; 2], Times { timeout, give_up }: Times) -> String {
    let [grpc, http] = ends.each_ref().map(|end| end.wire.address());
    let both = format!(
        "compression: none, timeout: {timeout}, sending_queue: {{num_consumers: 1, queue_size: 100000}}, \
         retry_on_failure: {{initial_interval: 10ms, max_interval: 30ms, max_elapsed_time: {give_up}}}"
    );
    format!(
        "
receivers:
  otlp: {{protocols: {{http: {{endpoint: 127.0.0.1:0}}}}}}
exporters:
  otlp_grpc: {{endpoint: '{grpc}', tls: {{insecure: true}}, {both}}}
  otlp_http: {{endpoint: 'http://{http}', {both}}}
service:
  telemetry: {{metrics: {{level: none}}, logs: {{sampling: {{enabled: false}}}}}}
  pipelines:
    logs: {{receivers: [otlp], exporters: [otlp_grpc, otlp_http]}}
"
    )
}
