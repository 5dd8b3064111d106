//! From a directory with nothing but a configuration in it to the collector for that configuration.

use std::{
    fs,
    net::{Ipv4Addr, SocketAddr},
    path::Path,
    process::Command,
    time::Duration,
};

use slimcol_bench::Sink;
use slimcol_testing::generate;

use crate::kit::{collector::Collector, distros::slimcol_in, http};

const PATIENCE: Duration = Duration::from_secs(20);
const SPANS: usize = 100;

/// Traces to a backend whose address only the machine that runs it knows, under the exporter's old name.
const CONFIG: &str = "
receivers:
  otlp:
    protocols:
      http: {endpoint: '127.0.0.1:0'}
processors: {}
exporters:
  debug: {}
  otlp:
    endpoint: ${env:JAEGER_ENDPOINT}
    tls:
      insecure: true
service:
  telemetry: {metrics: {level: none}}
  pipelines:
    traces:
      receivers: [otlp]
      processors: []
      exporters: [debug, otlp]
";

#[test]
fn a_configuration_becomes_the_collector_that_runs_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap();
    fs::write(path.join("traces.yaml"), CONFIG).unwrap();
    let built = slimcol_in(&path, &["build", "--from-config", "traces.yaml"]).expect_success();
    let binary = path.join("traces/traces");
    assert!(built.stdout.starts_with(&format!("{}: ", binary.display())), "{}", built.stdout);
    let note =
        "note: traces.yaml could not be validated to the end: JAEGER_ENDPOINT is not there on this machine\n";
    assert!(built.stderr.contains(note), "{}", built.stderr);
    assert_eq!(components(&binary), ["otlp", "debug", "otlp_grpc", "env", "file", "yaml"]);
    passes_spans(Command::new(&binary).arg("--config").arg(path.join("traces.yaml")));

    // The same components, so that nothing is compiled; what only a component knows is found by asking it.
    let wrong = CONFIG.replace("insecure:", "insecur:");
    fs::write(path.join("traces.yaml"), wrong).unwrap();
    let refused = slimcol_in(&path, &["build", "--from-config", "traces.yaml"]);
    assert_eq!(refused.code, Some(2), "{}", refused.stderr);
    let expected = format!(
        "error: the collector `{}` was built, and refuses traces.yaml:\n\
         failed to get config: cannot unmarshal the configuration: decoding failed due to the following error(s):\n\n\
         'exporters' error reading configuration for \"otlp\": 'tls' has invalid keys: insecur\n  \
         --> traces.yaml:12:7\n   |\n12 |       insecur: true\n   |       ^^^^^^^ did you mean `insecure`?\n",
        binary.display()
    );
    assert!(refused.stderr.ends_with(&expected), "{}", refused.stderr);

    // The Operator's resource, with the configuration built in.
    let indented = CONFIG.trim_start().replace('\n', "\n    ");
    let resource = format!(
        "apiVersion: opentelemetry.io/v1alpha1\nkind: OpenTelemetryCollector\nmetadata: {{name: edge}}\nspec:\n  config: \
         |\n    {indented}\n"
    );
    fs::write(path.join("resource.yaml"), resource).unwrap();
    slimcol_in(&path, &["build", "--from-config", "resource.yaml", "--embed-config"]).expect_success();
    passes_spans(&mut Command::new(path.join("edge/edge")));
}

/// Sends spans to the collector that `command` starts, and expects them at the backend.
fn passes_spans(command: &mut Command) {
    let sink = Sink::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).unwrap();
    let command = command.env("JAEGER_ENDPOINT", sink.address.to_string());
    let collector = Collector::run(command, tempfile::tempdir().unwrap());
    http::export(collector.http(), "/v1/traces", &generate::traces(1, SPANS));
    let all = u64::try_from(SPANS).unwrap();
    assert_eq!(sink.received().wait(all, PATIENCE), all);
    collector.stop().expect_clean();
}

/// What the collector says is built in.
fn components(binary: &Path) -> Vec<String> {
    let output = Command::new(binary).arg("components").output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let name = |line: &str| {
        let (key, name) = line.trim_start().trim_start_matches("- ").split_once(": ")?;
        (line.starts_with("    - ") && matches!(key, "name" | "scheme")).then(|| name.to_owned())
    };
    text.lines().filter_map(name).collect()
}
