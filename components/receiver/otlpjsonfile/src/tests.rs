use std::{fmt::Write as _, fs};

use slimcol_pdata::{Data, Signal};
use slimcol_service::Outputs;
use slimcol_testing::{Sink as Pipelines, assert_metadata, generate, json, receiver_from_yaml};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn lines_go_to_the_pipelines_of_their_signal() {
    let dir = tempfile::tempdir().unwrap();
    let written = [
        Data::from_bytes(Signal::Traces, generate::traces(1, 5)).unwrap(),
        Data::from_bytes(Signal::Logs, generate::logs(2, 7)).unwrap(),
        Data::from_bytes(Signal::Metrics, generate::metrics(3, 4)).unwrap(),
    ];
    let mut text = String::from("not JSON with \"resourceSpans\" in it\n{}\n{\"resourceLogs\": []}\n");
    for data in &written {
        writeln!(text, "{}", json(data)).unwrap();
    }
    fs::write(dir.path().join("a.json"), text).unwrap();
    let sink = Pipelines::new();
    let yaml =
        format!("{{include: ['{}/*.json'], start_at: beginning, poll_interval: 5ms}}", dir.path().display());
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    sink.wait_items(written.iter().map(Data::items).sum()).await;
    assert_eq!(receiver.log().count("Failed to read a line"), 1);
    receiver.stop().await.unwrap();
    let found: Vec<_> = sink.data().iter().map(|data| (data.signal(), json(data))).collect();
    let written: Vec<_> = written.iter().map(|data| (data.signal(), json(data))).collect();
    assert_eq!(found, written);
}

#[tokio::test]
async fn files_are_read_again_and_again() {
    let dir = tempfile::tempdir().unwrap();
    let data = Data::from_bytes(Signal::Logs, generate::logs(2, 7)).unwrap();
    fs::write(dir.path().join("a.json"), format!("{}\n", json(&data))).unwrap();
    let sink = Pipelines::new();
    let yaml = format!(
        "{{include: ['{}/*.json'], start_at: beginning, poll_interval: 5ms, replay_file: true}}",
        dir.path().display()
    );
    let receiver = receiver_from_yaml(&FACTORY, &yaml, sink.outputs()).await.unwrap();
    sink.wait_items(3 * data.items()).await;
    receiver.stop().await.unwrap();
    assert!(sink.data().iter().all(|found| json(found) == json(&data)));
}

#[tokio::test]
async fn mistakes_are_named() {
    for (yaml, message) in [
        ("", "'include' must be specified"),
        ("{include: [a], operators: []}", "has invalid keys: operators"),
        (
            "{include: [a], start_at: beginning, header: {pattern: x}}",
            "'header' is not supported by this receiver",
        ),
        ("{include: [a], storage: file_storage}", "storage extension 'file_storage' not found"),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in [
        ("{include: []}", "'include' must be specified"),
        ("{include: ['[']}", "include: parse glob: syntax error in pattern"),
        ("{include: [a], start_at: x}", "invalid start_at location 'x'"),
        ("{include: [a], encoding: klingon}", "unsupported encoding 'klingon'"),
        ("{include: [a], poll_interval: x}", "'poll_interval' time: invalid duration"),
        (
            "{include: [a], replay_file: x}",
            "'replay_file' expected type 'bool', got unconvertible type 'string'",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
