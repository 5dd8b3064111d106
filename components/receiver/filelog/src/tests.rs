use std::{fs, io::Write, path::Path};

use slimcol_service::{Outputs, Refused};
use slimcol_testing::{Sink as Pipelines, assert_metadata, log_records, receiver_from_yaml};

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

/// A receiver of everything that ends in `.log` in a folder.
fn yaml(dir: &Path, more: &str) -> String {
    format!("{{include: ['{}/*.log'], start_at: beginning, poll_interval: 5ms, {more}}}", dir.display())
}

/// All records so far as JSON, each without the time at which it was read.
fn records(sink: &Pipelines) -> Vec<String> {
    let without_time = |mut record: serde_json::Value| {
        assert!(record.as_object_mut().unwrap().remove("observedTimeUnixNano").is_some());
        record.to_string()
    };
    log_records(&sink.data()).into_iter().map(without_time).collect()
}

#[tokio::test]
async fn lines_become_records_as_they_are_written() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.log");
    fs::write(&path, "one\ntwo\n").unwrap();
    let sink = Pipelines::new();
    let receiver = receiver_from_yaml(&FACTORY, &yaml(dir.path(), ""), sink.outputs()).await.unwrap();
    sink.wait_items(2).await;
    fs::OpenOptions::new().append(true).open(&path).unwrap().write_all("drei: \u{fc}\n".as_bytes()).unwrap();
    sink.wait_items(3).await;
    receiver.stop().await.unwrap();
    let record = |body: &str| {
        format!(
            r#"{{"attributes":[{{"key":"log.file.name","value":{{"stringValue":"a.log"}}}}],"body":{{"stringValue":"{body}"}}}}"#
        )
    };
    assert_eq!(records(&sink), [record("one"), record("two"), record("drei: \u{fc}")]);
}

#[tokio::test]
async fn entries_pass_through_operators_and_get_attributes() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.log"), "{\"level\":\"warn\",\"n\":1}\n").unwrap();
    let sink = Pipelines::new();
    let more = "include_file_name: false, include_file_record_number: true, include_file_record_offset: true, \
                attributes: {who: me}, operators: [{type: json_parser, severity: {parse_from: attributes.level}}]";
    let receiver = receiver_from_yaml(&FACTORY, &yaml(dir.path(), more), sink.outputs()).await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    assert_eq!(
        records(&sink),
        [
            r#"{"attributes":[{"key":"who","value":{"stringValue":"me"}},{"key":"log.file.record_number","value":{"intValue":"1"}},{"key":"log.file.record_offset","value":{"intValue":"0"}},{"key":"level","value":{"stringValue":"warn"}},{"key":"n","value":{"doubleValue":1}}],"body":{"stringValue":"{\"level\":\"warn\",\"n\":1}"},"severityNumber":13,"severityText":"warn"}"#
        ]
    );
}

#[tokio::test]
async fn what_operators_hold_back_comes_in_time_and_at_the_end() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("a.log");
    fs::write(&path, "one\n two\n").unwrap();
    let more = |period: &str| {
        format!(
            "include_file_path: true, operators: [{{type: recombine, combine_field: body, is_first_entry: 'not (body startsWith \" \")', \
             force_flush_period: {period}}}], preserve_leading_whitespaces: true"
        )
    };
    let sink = Pipelines::new();
    let receiver =
        receiver_from_yaml(&FACTORY, &yaml(dir.path(), &more("10ms")), sink.outputs()).await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    assert!(records(&sink)[0].contains(r#""stringValue":"one\n two""#), "{:?}", records(&sink));

    let sink = Pipelines::new();
    fs::write(&path, "one\n two\nthree\n").unwrap();
    let receiver =
        receiver_from_yaml(&FACTORY, &yaml(dir.path(), &more("1h")), sink.outputs()).await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    let all = records(&sink);
    assert_eq!(all.len(), 2);
    assert!(all[1].contains(r#""stringValue":"three""#), "{all:?}");
}

#[tokio::test]
async fn headers_tell_of_the_whole_file() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.log"), "#env: test\nx\n").unwrap();
    let sink = Pipelines::new();
    let more = "include_file_name: false, header: {pattern: '^#', metadata_operators: \
                [{type: regex_parser, regex: '^#(?P<key>\\w+): (?P<env>\\w+)'}]}";
    let receiver = receiver_from_yaml(&FACTORY, &yaml(dir.path(), more), sink.outputs()).await.unwrap();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    let records = records(&sink);
    assert_eq!(records.len(), 1);
    assert!(records[0].contains(r#"{"key":"env","value":{"stringValue":"test"}}"#), "{records:?}");
    assert!(records[0].contains(r#""body":{"stringValue":"x"}"#), "{records:?}");
}

#[tokio::test]
async fn what_is_refused_is_dropped_or_tried_again() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.log"), "one\n").unwrap();
    let sink = Pipelines::new();
    sink.refuse_with(|| Refused::retryable("full"));
    let more = "retry_on_failure: {enabled: true, initial_interval: 1ms, max_interval: 2ms}";
    let receiver = receiver_from_yaml(&FACTORY, &yaml(dir.path(), more), sink.outputs()).await.unwrap();
    while sink.refused() < 3 {
        tokio::task::yield_now().await;
    }
    sink.accept();
    sink.wait_items(1).await;
    receiver.stop().await.unwrap();
    assert_eq!(sink.items(), 1);

    let sink = Pipelines::new();
    sink.refuse_with(|| Refused::retryable("full"));
    let receiver = receiver_from_yaml(&FACTORY, &yaml(dir.path(), ""), sink.outputs()).await.unwrap();
    while sink.refused() < 1 {
        tokio::task::yield_now().await;
    }
    sink.accept();
    fs::OpenOptions::new().append(true).open(dir.path().join("a.log")).unwrap().write_all(b"two\n").unwrap();
    sink.wait_items(1).await;
    assert_eq!(receiver.log().count("ConsumeLogs() failed"), 1);
    receiver.stop().await.unwrap();
    assert!(records(&sink)[0].contains("two"), "the first line was dropped, as in Go");
}

#[tokio::test]
async fn a_stop_does_not_wait_for_what_is_refused() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("a.log"), "one\n").unwrap();
    let sink = Pipelines::new();
    sink.refuse_with(|| Refused::retryable("full"));
    let more =
        "retry_on_failure: {enabled: true, initial_interval: 1h, max_interval: 1h, max_elapsed_time: 0}";
    let receiver = receiver_from_yaml(&FACTORY, &yaml(dir.path(), more), sink.outputs()).await.unwrap();
    while sink.refused() < 1 {
        tokio::task::yield_now().await;
    }
    receiver.stop().await.unwrap();
    assert_eq!(sink.items(), 0);
}

#[tokio::test]
async fn mistakes_are_named() {
    for (yaml, message) in [
        ("", "'include' must be specified"),
        ("{include: [a], start_at: middle}", "invalid start_at location 'middle'"),
        ("{include: [a], operators: [{type: nix}]}", "unsupported type 'nix'"),
        ("{include: [a], operators: [{type: json_parser, output: x}]}", "operator 'x' does not exist"),
        ("{include: [a], inclde: [a]}", "has invalid keys: inclde"),
        ("{include: [a], storage: file_storage}", "storage extension 'file_storage' not found"),
        (
            "{include: [a], start_at: beginning, header: {pattern: x}}",
            "at least one operator must be specified",
        ),
    ] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn what_is_no_operator_is_told_once() {
    for yaml in ["{include: [a], operators: [json_parser]}", "{include: [a], operators: [{type: 3}]}"] {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains("operators[0]") && !error.contains("missing"), "{yaml}: {error}");
    }
}

/// Settings, and what is said of them.
const WRONG: &[(&str, &str)] = &[
    ("{include: 5}", "'include' source data must be an array or slice, got int"),
    ("{include: ['[']}", "include: parse glob: syntax error in pattern"),
    ("{include: [a], exclude: ['[']}", "exclude: parse glob: syntax error in pattern"),
    ("{include: [a], exclude_older_than: x}", "'exclude_older_than' time: invalid duration"),
    ("{include: [a], poll_interval: x}", "'poll_interval' time: invalid duration"),
    ("{include: [a], force_flush_period: x}", "'force_flush_period' time: invalid duration"),
    ("{include: [a], max_log_size: 0}", "'max_log_size' must be positive"),
    ("{include: [a], max_concurrent_files: 0}", "'max_concurrent_files' must be positive"),
    ("{include: [a], max_batches: -1}", "'max_batches' must not be negative"),
    ("{include: [a], fingerprint_size: 1}", "'fingerprint_size' must be at least 16 bytes"),
    ("{include: [a], initial_buffer_size: x}", "'initial_buffer_size' invalid byte size 'x'"),
    ("{include: [a], encoding: klingon}", "unsupported encoding 'klingon'"),
    ("{include: [a], delete_after_read: true}", "'delete_after_read' cannot be used with 'start_at: end'"),
    (
        "{include: [a], acquire_fs_lock: x}",
        "'acquire_fs_lock' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{include: [a], include_file_record_number: x}",
        "'include_file_record_number' expected type 'bool', got unconvertible type 'string'",
    ),
    (
        "{include: [a], on_truncate: x}",
        "invalid on_truncate 'x': must be 'ignore', 'read_whole_file' or 'read_new'",
    ),
    (
        "{include: [a], max_log_size_behavior: x}",
        "invalid max_log_size_behavior 'x': must be 'split' or 'truncate'",
    ),
    (
        "{include: [a], polls_to_archive: x}",
        "'polls_to_archive' expected type 'int64', got unconvertible type 'string'",
    ),
    (
        "{include: [a], multiline: {line_start_pattern: '('}}",
        "compile line start regex: error parsing regexp: missing closing ): `(?m)(`",
    ),
    (
        "{include: [a], ordering_criteria: {sort_by: [{sort_type: numeric, regex_key: x}]}}",
        "'regex' must be specified when 'sort_by' is specified",
    ),
    (
        "{include: [a], ordering_criteria: {regex: '(', sort_by: [{sort_type: numeric, regex_key: x}]}}",
        "compile regex: error parsing regexp: missing closing ): `(`",
    ),
    (
        "{include: [a], ordering_criteria: {regex: a, sort_by: [{sort_type: odd}]}}",
        "'sort_type' must be numeric, alphabetical or timestamp, not 'odd'",
    ),
    (
        "{include: [a], ordering_criteria: {regex: a, sort_by: [{regex_key: x}]}}",
        "'sort_type' must be specified",
    ),
    (
        "{include: [a], ordering_criteria: {regex: '(?P<x>a)', sort_by: [{sort_type: timestamp, regex_key: x}]}}",
        "timestamp sort: layout must be specified",
    ),
    (
        "{include: [a], ordering_criteria: {regex: '(?P<x>a)', sort_by: [{sort_type: timestamp, regex_key: x, layout: '%Y', location: X/Y}]}}",
        "timestamp sort: load location X/Y: unknown time zone X/Y",
    ),
    (
        "{include: [a], ordering_criteria: {group_by: '('}}",
        "compile group_by regex: error parsing regexp: missing closing ): `(`",
    ),
    ("{include: [a], header: {pattern: a}}", "'header' cannot be specified with 'start_at: end'"),
    (
        "{include: [a], start_at: beginning, header: {pattern: '(', metadata_operators: [{type: noop}]}}",
        "invalid config for 'header': failed to compile 'pattern': error parsing regexp: missing closing ): `(`",
    ),
    (
        "{include: [a], start_at: beginning, header: {pattern: a, metadata_operators: [{type: nix}]}}",
        "invalid config for 'header': 'type' unsupported type 'nix'",
    ),
    (
        "{include: [a], start_at: beginning, header: {pattern: a, metadata_operators: [{type: regex_parser}]}}",
        "invalid config for 'header': failed to build pipeline: missing required field 'regex'",
    ),
];

#[tokio::test]
async fn every_key_says_what_is_wrong_with_it() {
    for (yaml, message) in WRONG.iter().copied() {
        let error = receiver_from_yaml(&FACTORY, yaml, Outputs::default()).await.unwrap_err();
        assert!(error.contains(message), "{yaml}: {error}");
    }
}
