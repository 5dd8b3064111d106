use std::{fs, os::unix::fs::PermissionsExt as _, path::Path};

use slimcol_service::Outputs;
use slimcol_testing::{Sink as Pipelines, assert_metadata, log_records, receiver_from_yaml};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

/// A program that does what `script` says where `journalctl` is to be run.
fn program(dir: &Path, script: &str) -> String {
    let path = dir.join("journalctl");
    fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
    path.display().to_string()
}

fn line(number: u32, message: &str) -> String {
    format!(
        r#"{{"__CURSOR":"c{number}","__REALTIME_TIMESTAMP":"{}","MESSAGE":{message}}}"#,
        1_600_000_000_000_000_u64 + u64::from(number)
    )
}

/// The records so far: time, attributes and body.
fn records(sink: &Pipelines) -> Vec<String> {
    let record = |record: &serde_json::Value| {
        let attributes =
            record["attributes"].as_array().map(|a| format!("{} ", a[0]["key"].as_str().unwrap()));
        let fields = record["body"]["kvlistValue"]["values"].as_array().unwrap();
        let fields: Vec<_> = fields
            .iter()
            .map(|field| {
                format!(
                    "{}={}",
                    field["key"].as_str().unwrap(),
                    field["value"]["stringValue"].as_str().unwrap_or("?")
                )
            })
            .collect();
        let time = record["timeUnixNano"].as_str().unwrap();
        format!("{time} {}{}", attributes.unwrap_or_default(), fields.join(" "))
    };
    log_records(&sink.data()).iter().map(record).collect()
}

#[tokio::test]
async fn entries_become_records_and_the_program_is_started_again_where_it_was() {
    let dir = tempfile::tempdir().unwrap();
    let asked = dir.path().join("asked");
    let script = format!(
        "echo \"$@\" >> {asked}\necho gone >&2\ncat <<'END'\n{}\nnonsense\n{}\nEND\n",
        line(1, r#""one""#),
        line(2, "[116,119,111]"),
        asked = asked.display(),
    );
    let program = program(dir.path(), &script);
    let sink = Pipelines::new();
    let yaml = format!("{{journalctl_path: '{program}', convert_message_bytes: true, start_at: beginning}}");
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    sink.wait_items(4).await;
    receiver.log().all();
    assert_eq!(receiver.log().count("Failed to parse journal entry"), 2);
    assert!(receiver.log().count("Received from journalctl stderr") >= 1);
    receiver.stop().await.unwrap();
    assert_eq!(
        records(&sink)[..2],
        ["1600000000000001000 __CURSOR=c1 MESSAGE=one", "1600000000000002000 __CURSOR=c2 MESSAGE=two"]
    );
    let asked = fs::read_to_string(asked).unwrap();
    let asked: Vec<_> = asked.lines().collect();
    assert_eq!(asked[0], "--utc --output=json --follow --no-tail --priority info");
    assert_eq!(asked[1], "--utc --output=json --follow --no-tail --priority info --after-cursor c2");
}

#[tokio::test]
async fn what_was_read_can_be_told_and_a_stop_ends_the_program() {
    let dir = tempfile::tempdir().unwrap();
    let script = format!(
        "echo $$ > {}/pid\ncat <<'END'\n{}\nEND\nexec sleep 1000",
        dir.path().display(),
        line(1, "null")
    );
    let program = program(dir.path(), &script);
    let sink = Pipelines::new();
    let yaml = format!("{{journalctl_path: '{program}', include_log_record_original: true}}");
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    assert_eq!(records(&sink), ["1600000000000001000 log.record.original __CURSOR=c1 MESSAGE=?"]);
    let pid = fs::read_to_string(dir.path().join("pid")).unwrap();
    assert!(!Path::new(&format!("/proc/{}", pid.trim())).exists());
}

#[tokio::test]
async fn what_cannot_be_started_is_an_error() {
    for (path, why) in [
        ("no-such-journalctl", r#"exec: "no-such-journalctl": executable file not found in $PATH"#),
        ("/no/such/journalctl", "fork/exec /no/such/journalctl: no such file or directory"),
    ] {
        let yaml = format!("journalctl_path: {path}");
        let error = receiver_from_yaml(&FACTORY, &yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(&format!("journalctl command failed: start journalctl: {why}")), "{error}");
    }
}

#[tokio::test]
async fn the_root_must_be_a_folder() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/Cargo.toml");
    for (root, why) in [
        (
            "/no/such",
            r#"cannot access root_path "/no/such": stat /no/such: no such file or directory"#.to_owned(),
        ),
        (file, format!("root_path {file:?} is not a directory")),
    ] {
        let yaml = format!("{{journalctl_path: /bin/true, root_path: {root}}}");
        let error = receiver_from_yaml(&FACTORY, &yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(&why), "{error}");
    }
}

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in [
        ("{directory: 5}", "'directory' expected type 'string', got unconvertible type 'int'"),
        (
            "{files: [{}]}",
            "'files[0]' expected type 'string', got unconvertible type 'map[string]interface {}'",
        ),
        (
            "{units: [{}]}",
            "'units[0]' expected type 'string', got unconvertible type 'map[string]interface {}'",
        ),
        ("{identifiers: 5}", "'identifiers' source data must be an array or slice, got int"),
        ("{matches: a}", "'matches' source data must be an array or slice, got string"),
        (
            "{matches: [a]}",
            "'matches[0]' expected type 'map[string]interface {}', got unconvertible type 'string'",
        ),
        ("{matches: [{A: 5}]}", "'matches[0][A]' expected type 'string', got unconvertible type 'int'"),
        ("{priority: 9}", "'priority' expected type 'string', got unconvertible type 'int'"),
        ("{grep: [a]}", "'grep' expected type 'string', got unconvertible type '[]interface {}'"),
        ("{namespace: [a]}", "'namespace' expected type 'string', got unconvertible type '[]interface {}'"),
        ("{journalctl_path: 5}", "'journalctl_path' expected type 'string', got unconvertible type 'int'"),
        ("{dmesg: maybe}", "'dmesg' expected type 'bool', got unconvertible type 'string'"),
        ("{all: maybe}", "'all' expected type 'bool', got unconvertible type 'string'"),
        ("{merge: maybe}", "'merge' expected type 'bool', got unconvertible type 'string'"),
        (
            "{convert_message_bytes: maybe}",
            "'convert_message_bytes' expected type 'bool', got unconvertible type 'string'",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
