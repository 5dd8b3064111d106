//! The configurations that people begin with, unchanged: what the collectors made of them alone do.

use std::{
    fs::{self, OpenOptions},
    io::Write,
    path::{Path, PathBuf},
    process::Command,
};

use serde_json::{Value, json};

use crate::kit::{
    collector::Collector,
    distros::{root, slimcol_in},
    records,
};

/// What the collector of another test listens on stays free.
const QUIET: &str = "--set=service.telemetry.metrics.level=none";

#[test]
fn json_lines_become_records_in_a_file_and_on_the_console() {
    let folder = tempfile::tempdir().unwrap();
    let config = copied("log-collector.yaml", folder.path());
    slimcol_in(folder.path(), &["build", "--from-config", "log-collector.yaml"]).expect_success();
    let logs = tempfile::tempdir().unwrap();
    let old = logs.path().join("cndt-0.json");
    fs::write(&old, "{\"said\":\"before\"}\n").unwrap();
    let mut command = Command::new(folder.path().join("log-collector/log-collector"));
    command.arg("--config").arg(&config).arg(QUIET).env("LOG_DIR", logs.path());
    let collector = Collector::run(&mut command, tempfile::tempdir().unwrap());

    // What was there at the first look is not new; what comes afterwards is, in a file that was not there and in one that was.
    collector.line("Started watching file");
    fs::write(logs.path().join("cndt-1.json"), "{\"key1\":\"value2\",\"key2\":{\"a\":[1,true,null]}}\n")
        .unwrap();
    let records = |count| collector.log().until(count, |line| line.starts_with("Body: Str({"));
    records(1);
    let mut file = OpenOptions::new().append(true).open(&old).unwrap();
    file.write_all(b"{\"key1\":\"value1\",\"key2\":2.5}\n").unwrap();
    records(2);
    let stopped = collector.stop();
    stopped.expect_clean();

    let received = records::of_file(&logs.path().join("all.json"));
    let list = json!({"kvlistValue": {"values": [
        {"key": "a", "value": {"arrayValue": {"values": [{"doubleValue": 1.0}, {"boolValue": true}, {}]}}}]}});
    let expected = [
        ("cndt-0.json", "{\"key1\":\"value1\",\"key2\":2.5}", "value1", json!({"doubleValue": 2.5})),
        ("cndt-1.json", "{\"key1\":\"value2\",\"key2\":{\"a\":[1,true,null]}}", "value2", list),
    ];
    assert_eq!(received.len(), expected.len(), "{received:#?}");
    for (name, body, key1, key2) in expected {
        let record = |record: &&Value| record["logRecords"]["body"]["stringValue"] == body;
        let record = &received.iter().find(record).unwrap_or_else(|| panic!("no {body} in {received:#?}"))["logRecords"];
        let attribute = |key: &str| {
            let all = record["attributes"].as_array().unwrap();
            let mut found = all.iter().filter(|attribute| attribute["key"] == key);
            let value = found.next().map(|attribute| attribute["value"].clone());
            assert!(found.next().is_none(), "twice {key} in {record:#}");
            value
        };
        assert_eq!(attribute("log.file.name"), Some(json!({"stringValue": name})));
        assert_eq!(attribute("key1"), Some(json!({"stringValue": key1})));
        assert_eq!(attribute("key2"), Some(key2));
        assert_eq!(attribute("said"), None);
    }
    for line in [
        "     -> log.file.name: Str(cndt-0.json)",
        "     -> key1: Str(value1)",
        "     -> key2: Double(2.5)",
        "     -> key2: Map({\"a\":[1,true,null]})",
    ] {
        assert!(stopped.log.iter().any(|logged| logged == line), "no {line:?} in {:#?}", stopped.log);
    }

    // The Operator's resource names the same collector, and means the same components, so that nothing is compiled again.
    let components =
        || Command::new(folder.path().join("log-collector/log-collector")).arg("components").output();
    let from_yaml = components().unwrap();
    fs::remove_dir_all(folder.path().join("log-collector")).unwrap();
    copied("operator-log-collector.yaml", folder.path());
    slimcol_in(folder.path(), &["build", "--from-config", "operator-log-collector.yaml"]).expect_success();
    assert!(from_yaml.status.success());
    assert_eq!(components().unwrap().stdout, from_yaml.stdout);
}

/// A configuration, copied to where a new user has it.
fn copied(name: &str, folder: &Path) -> PathBuf {
    let to = folder.join(name);
    fs::copy(root().join("tests/suite/hands_on").join(name), &to).unwrap();
    to
}
