mod aggregation;
mod grpc;
mod http;

use std::sync::{Arc, Mutex};

use slimcol_pdata::Signal;
use slimcol_service::{Context, Log, Outputs, Signals};
use slimcol_testing::{Source, assert_metadata, extension_from_yaml, source_from_yaml};

use super::*;

/// The extension beside a component of its name that is part of pipelines for traces and for logs.
struct Rig {
    source: Source,
    cx: Context,
    lines: Arc<Mutex<Vec<String>>>,
}

impl Rig {
    async fn start(yaml: &str) -> Self {
        let (log, lines) = Log::capture();
        let signals = Signals::TRACES.or(Signals::LOGS);
        let cx = Context::standalone("it", signals, log);
        let source = source_from_yaml(&FACTORY, yaml, &cx, Outputs::default()).await.unwrap();
        Self { source, cx, lines }
    }

    /// Where it listens for `protocol`.
    fn endpoint(&self, protocol: &str) -> String {
        let start = format!("{{\"protocol\": \"{protocol}\", \"endpoint\": \"");
        let lines = self.lines.lock().unwrap();
        let rest = lines.iter().find_map(|line| Some(line.split_once(&start)?.1)).unwrap();
        rest.split('"').next().unwrap().to_owned()
    }

    /// Lets the component complain about logs.
    fn complain(&self) {
        self.cx.status().of(Signal::Logs).recoverable(&"no route");
    }
}

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        ("endpoint: ''", "http endpoint required"),
        ("path: health", "path must start with /"),
        ("use_v2: true", "must specify at least one protocol"),
        ("{use_v2: true, http: {endpoint: ''}}", "http endpoint required"),
        ("{use_v2: true, grpc: {endpoint: ''}}", "grpc endpoint required"),
        ("{use_v2: true, http: {status: {path: x}}}", "path must start with /"),
        ("{use_v2: true, http: {config: {enabled: true, path: x}}}", "path must start with /"),
        ("{use_v2: true, http: {stauts: {}}}", "has invalid keys: stauts"),
        ("{use_v2: true, component_health: {recovery_duration: 5x}, http: }", "unknown unit"),
        ("{use_v2: true, grpc: {max_recv_msg_size_mib: -1}}", "invalid max_recv_msg_size_mib value"),
        (
            "{use_v2: true, grpc: {endpoint: 'localhost:0', auth: {authenticator: a}}}",
            "failed to resolve authenticator \"a\": authenticator not found",
        ),
    ] {
        let error = extension_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn what_is_switched_off_may_be_wrong() {
    let yaml = "{use_v2: true, http: {endpoint: 'localhost:0', status: {enabled: false, path: x}}, path: y, endpoint: ''}";
    Rig::start(yaml).await.source.stop().await.unwrap();
}
