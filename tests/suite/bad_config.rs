//! Configurations that must not start: exit code 1, the Go collector's message, the place, and what was likely meant.

use std::{net::TcpListener, path::Path, process::Command, time::Duration};

use crate::kit::{
    command::{Ended, run},
    distros,
};

const DEADLINE: Duration = Duration::from_secs(20);
const DECODING: &str = "Error: failed to get config: cannot unmarshal the configuration: decoding failed due to the \
     following error(s):\n\n";

/// Runs the core collector in a directory where `config.yaml` is `yaml`.
fn start(command: &[&str], yaml: &str) -> Ended {
    start_of(&distros::core().binary, command, yaml)
}

fn start_of(binary: &Path, command: &[&str], yaml: &str) -> Ended {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("config.yaml"), yaml).unwrap();
    let mut collector = Command::new(binary);
    run(collector.current_dir(dir.path()).args(command).args(["--config", "config.yaml"]), DEADLINE)
}

/// `expected` is all of standard error, without the trailing newline.
fn refused(yaml: &str, expected: &str) {
    let ended = start(&[], yaml);
    assert_eq!((ended.code, &*ended.stdout), (Some(1), ""), "{yaml}\n{}", ended.stderr);
    assert_eq!(ended.stderr, format!("{expected}\n"), "{yaml}");
}

#[test]
fn an_unknown_type_is_refused() {
    refused(
        "\
receivers:
  otlp: {protocols: {grpc: }}
exporters:
  debgu:
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debgu]}
",
        &format!(
            "{DECODING}\
'exporters' unknown type: \"debgu\" for id: \"debgu\" (valid values: [debug file kafka nop otlp otlp_grpc otlp_http otlphttp prometheus prometheus_remote_write prometheusremotewrite zipkin])
 --> config.yaml:4:3
  |
4 |   debgu:
  |   ^^^^^ did you mean `debug`?"
        ),
    );
}

#[test]
fn unknown_keys_are_refused_wherever_they_are() {
    refused(
        "\
receivers:
  otlp: {protocols: {grpc: }}
exporters:
  debug:
    verbositi: basic
  otlp_grpc:
    endpoint: localhost:4317
    sending_queue:
      queue_sze: 5
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug, otlp_grpc]}
",
        &format!(
            "{DECODING}\
'exporters' error reading configuration for \"debug\": has invalid keys: verbositi
 --> config.yaml:5:5
  |
5 |     verbositi: basic
  |     ^^^^^^^^^ did you mean `verbosity`?

'exporters' error reading configuration for \"otlp_grpc\": 'sending_queue' has invalid keys: queue_sze
 --> config.yaml:9:7
  |
9 |       queue_sze: 5
  |       ^^^^^^^^^ did you mean `queue_size`?"
        ),
    );
}

#[test]
fn an_unknown_section_is_refused() {
    refused(
        "\
receivers:
  otlp: {protocols: {grpc: }}
exporter:
  debug:
",
        &format!(
            "{DECODING}\
has invalid keys: exporter
 --> config.yaml:3:1
  |
3 | exporter:
  | ^^^^^^^^ did you mean `exporters`?"
        ),
    );
}

#[test]
fn a_value_of_the_wrong_type_is_refused() {
    refused(
        "\
receivers:
  otlp:
    protocols:
      grpc:
        endpoint: 5
exporters: {debug: }
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [debug]}
",
        &format!(
            "{DECODING}\
'receivers' error reading configuration for \"otlp\": 'protocols.grpc.endpoint' expected type 'string', got \
unconvertible type 'int'
 --> config.yaml:5:19
  |
5 |         endpoint: 5
  |                   ^"
        ),
    );
}

#[test]
fn dangling_references_are_refused_all_at_once() {
    refused(
        "\
receivers:
  otlp: {protocols: {grpc: }}
processors: {batch: }
exporters: {debug: }
service:
  extensions: [health_chek]
  pipelines:
    traces:
      receivers: [otpl]
      processors: [batsch]
      exporters: [debug/two]
",
        "\
Error: invalid configuration: service::extensions: references extension \"health_chek\" which is not configured
 --> config.yaml:6:16
  |
6 |   extensions: [health_chek]
  |                ^^^^^^^^^^^

service::pipelines::traces: references receiver \"otpl\" which is not configured
 --> config.yaml:9:19
  |
9 |       receivers: [otpl]
  |                   ^^^^ did you mean `otlp`?

service::pipelines::traces: references processor \"batsch\" which is not configured
  --> config.yaml:10:20
   |
10 |       processors: [batsch]
   |                    ^^^^^^ did you mean `batch`?

service::pipelines::traces: references exporter \"debug/two\" which is not configured
  --> config.yaml:11:19
   |
11 |       exporters: [debug/two]
   |                   ^^^^^^^^^",
    );
}

#[test]
fn extensions_that_components_want_have_to_run() {
    // What does not run wants nothing, nor does what is off.
    let yaml = "\
receivers:
  otlp: {protocols: {http: {endpoint: 127.0.0.1:0, auth: {authenticator: basicauth/b}}}}
  file_log: {include: [x], storage: file_storage/chk}
  otlp/unused: {protocols: {http: {endpoint: 127.0.0.1:0, auth: {authenticator: nobody}}}}
exporters:
  otlp_grpc:
    endpoint: localhost:4317
    tls: {insecure: true}
    sending_queue: {storage: file_storag}
  otlp_http:
    endpoint: http://localhost:4318
    sending_queue: {enabled: false, storage: nobody}
extensions:
  file_storage: {directory: /tmp}
  basicauth/b: {htpasswd: {inline: 'a:b'}}
service:
  extensions: [file_storage]
  pipelines:
    logs: {receivers: [otlp, file_log], exporters: [otlp_grpc, otlp_http]}
";
    let expected = "\
Error: receivers::otlp::protocols::http::auth::authenticator: failed to resolve authenticator \"basicauth/b\": authenticator not found
 --> config.yaml:2:74
  |
2 |   otlp: {protocols: {http: {endpoint: 127.0.0.1:0, auth: ****************************}}}
  |                                                                          ^^^^^^^^^^^ `service::extensions` does not list `basicauth/b`

receivers::file_log::storage: storage extension 'file_storage/chk' not found
 --> config.yaml:3:37
  |
3 |   file_log: {include: [x], storage: file_storage/chk}
  |                                     ^^^^^^^^^^^^^^^^ did you mean `file_storage`?

exporters::otlp_grpc::sending_queue::storage: no storage client extension found
 --> config.yaml:9:30
  |
9 |     sending_queue: {storage: file_storag}
  |                              ^^^^^^^^^^^ did you mean `file_storage`?";
    let ended = start_of(&distros::contrib().binary, &["validate"], yaml);
    assert_eq!((ended.code, ended.stderr.trim_end()), (Some(1), expected));
}

#[test]
fn a_pipeline_of_no_signal_is_refused() {
    refused(
        "\
receivers:
  otlp: {protocols: {grpc: }}
exporters: {debug: }
service:
  pipelines:
    tracez: {receivers: [otlp], exporters: [debug]}
",
        &format!(
            "{DECODING}\
'service.pipelines' in \"tracez\" id: unknown pipeline signal: \"tracez\"
 --> config.yaml:6:5
  |
6 |     tracez: {{receivers: [otlp], exporters: [debug]}}
  |     ^^^^^^ did you mean `traces`?"
        ),
    );
}

#[test]
fn what_components_refuse_is_told_with_its_line() {
    refused(
        "\
receivers:
  otlp:
processors:
  batch:
    send_batch_size: 10
    send_batch_max_size: 5
exporters:
  otlp_grpc:
  otlp_http:
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [otlp_grpc, otlp_http]}
",
        "\
Error: invalid configuration: receivers::otlp: must specify at least one protocol when using the OTLP receiver
 --> config.yaml:2:3
  |
2 |   otlp:
  |   ^^^^

processors::batch: send_batch_max_size must be greater or equal to send_batch_size
 --> config.yaml:6:26
  |
6 |     send_batch_max_size: 5
  |                          ^

exporters::otlp_grpc: requires a non-empty \"endpoint\"
 --> config.yaml:8:3
  |
8 |   otlp_grpc:
  |   ^^^^^^^^^

exporters::otlp_http: at least one endpoint must be specified
 --> config.yaml:9:3
  |
9 |   otlp_http:
  |   ^^^^^^^^^",
    );
}

#[test]
fn a_connector_used_for_a_signal_it_does_not_support_is_refused() {
    let ended = start(
        &["validate"],
        "\
receivers:
  otlp: {protocols: {grpc: }}
exporters: {debug: }
connectors: {forward: }
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [forward]}
    logs: {receivers: [forward], exporters: [debug]}
",
    );
    assert_eq!((ended.code, &*ended.stdout), (Some(1), ""));
    assert_eq!(
        ended.stderr,
        "\
Error: failed to build pipelines: connector \"forward\" used as exporter in [traces] pipeline but not used in any \
supported receiver pipeline
 --> config.yaml:7:45
  |
7 |     traces: {receivers: [otlp], exporters: [forward]}
  |                                             ^^^^^^^

connector \"forward\" used as receiver in [logs] pipeline but not used in any supported exporter pipeline
 --> config.yaml:8:24
  |
8 |     logs: {receivers: [forward], exporters: [debug]}
  |                        ^^^^^^^
"
    );
}

#[test]
fn what_is_no_configuration_is_refused() {
    for (yaml, expected) in [
        (
            "hello\n",
            "Error: failed to get config: cannot resolve the configuration: retrieved value (type=string) cannot be \
             used as a Conf",
        ),
        ("", "Error: invalid configuration: empty configuration file"),
        (
            "receivers:\n  otlp:\n  otlp:\n",
            "Error: failed to get config: cannot resolve the configuration: retrieved value (type=string) cannot be \
             used as a Conf: assuming string type since contents are not valid YAML: yaml: unmarshal errors:\n  \
             line 3: mapping key \"otlp\" already defined at line 2",
        ),
        (
            "receivers: ${foo:bar}\n",
            "Error: failed to get config: cannot resolve the configuration: scheme \"foo\" is not supported for uri \
             \"foo:bar\"",
        ),
    ] {
        let ended = start(&[], yaml);
        assert_eq!((ended.code, &*ended.stdout), (Some(1), ""), "{yaml}");
        assert!(ended.stderr.starts_with(expected), "{yaml}: {}", ended.stderr);
    }
    let ended = run(Command::new(&distros::core().binary).args(["--config", "/no/such.yaml"]), DEADLINE);
    assert_eq!(ended.code, Some(1));
    assert_eq!(
        ended.stderr,
        "Error: failed to get config: cannot resolve the configuration: cannot retrieve the configuration: unable to \
         read the file file:/no/such.yaml: open /no/such.yaml: no such file or directory\n"
    );
}

#[test]
fn validating_says_the_same_without_the_prefix() {
    let yaml = "receivers: {otlp: {protocols: {grpc: }}}\nexporters: {debug: }\nservice: {}\n";
    let ended = start(&["validate"], yaml);
    assert_eq!((ended.code, &*ended.stdout), (Some(1), ""));
    let message =
        "Error: service::pipelines: service must have at least one pipeline\n --> config.yaml:1:1\n";
    assert!(ended.stderr.starts_with(message), "{}", ended.stderr);
}

#[test]
fn a_port_in_use_ends_the_start() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let ended = start(
        &[],
        &format!(
            "\
receivers:
  otlp: {{protocols: {{grpc: {{endpoint: '{address}'}}}}}}
exporters: {{debug: }}
service:
  telemetry: {{metrics: {{level: none}}}}
  pipelines:
    traces: {{receivers: [otlp], exporters: [debug]}}
"
        ),
    );
    assert_eq!((ended.code, &*ended.stdout), (Some(1), ""));
    let problem = format!("listen tcp {address}: bind: address already in use");
    let last = format!("Error: cannot start pipelines: failed to start \"otlp\" receiver: {problem}\n");
    assert!(ended.stderr.ends_with(&last), "{}", ended.stderr);
    let logged = ended.stderr.lines().find(|line| line.contains("\tFailed to start component\t")).unwrap();
    assert!(
        logged.contains("\terror\t") && logged.contains(&format!("\"error\": \"{problem}\"")),
        "{logged}"
    );
    assert!(logged.contains("\"type\": \"Receiver\", \"id\": \"otlp\""), "{logged}");
}

#[test]
fn secrets_are_not_shown() {
    let ended = start(
        &[],
        "\
receivers:
  otlp: {protocols: {grpc: }}
exporters:
  otlp_http: {endpoint: 'http://localhost:4318', headers: {authorization: Bearer hunter2}, compresion: gzip}
service:
  pipelines:
    traces: {receivers: [otlp], exporters: [otlp_http]}
",
    );
    assert_eq!(ended.code, Some(1));
    assert!(ended.stderr.contains("has invalid keys: compresion\n --> config.yaml:4:"), "{}", ended.stderr);
    assert!(!ended.stderr.contains("hunter2"), "{}", ended.stderr);
}
