//! A collector whose receivers are under attack, and a sink behind it that knows what came through.

use std::{path::Path, process::Command, time::Duration};

use rustix::process::{Signal, kill_process};
use slimcol_testing::numbered;

use super::{PER_REQUEST, Sink, send};
use crate::kit::{
    collector::Collector,
    distros,
    grpc::{LOGS, call, frame},
};

/// Far longer than anything that is waited for, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(30);

#[derive(Debug)]
pub(crate) struct Front {
    pub(crate) collector: Collector,
    sink: Sink,
    /// The next number.
    next: u64,
    acknowledged: Vec<u64>,
}

impl Front {
    /// With these keys besides the endpoint of its two servers, each with a comma before it.
    pub(crate) fn start(grpc: &str, http: &str) -> Self {
        Self::start_by(&mut Command::new(&distros::contrib().binary), grpc, http)
    }

    /// The same with less than the usual number of open files to begin with.
    pub(crate) fn start_with_files(files: u32, grpc: &str, http: &str) -> Self {
        let binary: &Path = &distros::contrib().binary;
        let mut command = Command::new("sh");
        command.args(["-c", &format!("ulimit -Sn {files}; exec \"$0\" \"$@\"")]).arg(binary);
        Self::start_by(&mut command, grpc, http)
    }

    fn start_by(command: &mut Command, grpc: &str, http: &str) -> Self {
        let sink = Sink::start();
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("config.yaml");
        std::fs::write(&config, yaml(&sink, grpc, http)).unwrap();
        let collector = Collector::run(command.arg("--config").arg(&config), dir);
        Self { collector, sink, next: 0, acknowledged: Vec::new() }
    }

    /// Takes so many numbers that nobody has used.
    pub(crate) fn numbers(&mut self, count: u64) -> std::ops::Range<u64> {
        self.next += count;
        self.next - count..self.next
    }

    /// These were acknowledged.
    pub(crate) fn acknowledged(&mut self, numbers: impl IntoIterator<Item = u64>) {
        self.acknowledged.extend(numbers);
    }

    /// Everybody else is served: sends so many requests over gRPC and as many over HTTP, which are all acknowledged.
    pub(crate) fn serves(&mut self, requests: u64) {
        for _ in 0..requests {
            let numbers = self.numbers(PER_REQUEST);
            let status =
                call(self.collector.grpc(), LOGS, None, frame(false, &numbered(numbers.clone()).bytes()));
            assert_eq!((status.code, &*status.message), (0, ""));
            self.acknowledged(numbers);
            let numbers = self.numbers(PER_REQUEST);
            let answer = send(self.collector.http(), numbers.clone());
            assert!(matches!(answer, Some((200, _))), "{answer:?}");
            self.acknowledged(numbers);
        }
    }

    /// Resident memory now, in MiB.
    pub(crate) fn mib(&self) -> u64 {
        self.status("VmRSS") / 1024
    }

    /// How many files the collector has open.
    pub(crate) fn files(&self) -> usize {
        let pid = self.collector.pid().as_raw_nonzero();
        std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
    }

    fn status(&self, name: &str) -> u64 {
        let pid = self.collector.pid().as_raw_nonzero();
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        slimcol_bench::procfs::kib(&status, name).unwrap()
    }

    /// Tells the collector to stop, does `meanwhile`, and expects that all that was acknowledged came, once.
    pub(crate) fn stops(mut self, meanwhile: impl FnOnce(&mut Self)) {
        kill_process(self.collector.pid(), Signal::TERM).unwrap();
        self.collector.line("Received signal from OS");
        meanwhile(&mut self);
        self.collector.ended().expect_clean();
        let lost = self.sink.missing(&self.acknowledged, PATIENCE);
        assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), self.acknowledged.len());
        assert_eq!(self.sink.repeated(), 0);
    }

    /// Expects that all that was acknowledged came, nothing came twice, the collector never had more than `mib` of memory
    /// and still stops in order without having logged an error.
    pub(crate) fn finish(mut self, mib: u64) {
        self.serves(2);
        let lost = self.sink.missing(&self.acknowledged, PATIENCE);
        assert!(lost.is_empty(), "{} of {} lost: {lost:?}", lost.len(), self.acknowledged.len());
        let peak = self.collector.peak_mib();
        eprintln!("{} acknowledged, 0 lost, {peak} MiB at most", self.acknowledged.len());
        assert!(peak <= mib, "{peak} MiB");
        self.collector.stop().expect_clean();
        assert_eq!(self.sink.repeated(), 0);
    }
}

fn yaml(sink: &Sink, grpc: &str, http: &str) -> String {
    format!(
        "
receivers:
  otlp:
    protocols:
      grpc: {{endpoint: 127.0.0.1:0{grpc}}}
      http: {{endpoint: 127.0.0.1:0{http}}}
exporters:
  otlp_http: {{endpoint: 'http://{}', compression: none}}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    logs: {{receivers: [otlp], exporters: [otlp_http]}}
",
        sink.address()
    )
}
