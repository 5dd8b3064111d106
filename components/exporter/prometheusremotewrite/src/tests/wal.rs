//! What outlives the exporter.

use std::{fs, path::Path, time::Duration};

use slimcol_compression::Compression;
use slimcol_config::{parse, read};
use slimcol_pdata::Data;
use slimcol_testing::{Part, exporter_from_yaml, remote_written};

use super::{
    metrics,
    sending::{Sent, server},
};
use crate::{Config, FACTORY};

async fn part(url: &str, folder: &Path, more: &str) -> Result<Part, String> {
    let folder = folder.display();
    let yaml = format!("endpoint: {url}\ndisable_scope_info: true\nwal: {{directory: '{folder}/a/b'{more}}}");
    exporter_from_yaml(&FACTORY, &yaml).await
}

fn gauge(name: &str) -> Data {
    let gauge =
        format!(r#"{{"name":"{name}","gauge":{{"dataPoints":[{{"timeUnixNano":"1000000","asInt":"1"}}]}}}}"#);
    Data::Metrics(metrics("", &gauge))
}

/// The series of `count` requests.
async fn series(sent: &Sent, count: usize) -> Vec<String> {
    for _ in 0..1000 {
        if sent.lock().unwrap().len() >= count {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    let sent = sent.lock().unwrap();
    let bodies = sent.iter().map(|(_, body)| Compression::Snappy.decompress(body, 1 << 20).unwrap());
    bodies.flat_map(|body| remote_written(&body, false)).collect()
}

#[tokio::test]
async fn what_was_not_sent_is_sent_by_the_next_one() {
    let folder = tempfile::tempdir().unwrap();
    let (down, tried) = server(&[503]).await;
    let first = part(&down, folder.path(), "").await.unwrap();
    for name in ["a", "b", "c"] {
        first.push(gauge(name)).await.unwrap();
    }
    assert!(series(&tried, 1).await.contains(&"a{} 1@1".to_owned()));
    first.stop().await;
    assert!(folder.path().join("a/b/prom_remotewrite.store").is_dir());

    let (up, sent) = server(&[200]).await;
    let second = part(&up, folder.path(), ", buffer_size: 100").await.unwrap();
    assert_eq!(series(&sent, 3).await, ["a{} 1@1", "b{} 1@1", "c{} 1@1"]);
    let line = second.log().all().into_iter().find(|line| line.contains("These settings of wal")).unwrap();
    assert!(line.contains("\"keys\": \"buffer_size\""), "{line}");
    second.stop().await;

    // What was sent is forgotten.
    let (up, sent) = server(&[200]).await;
    let third = part(&up, folder.path(), "").await.unwrap();
    third.push(gauge("d")).await.unwrap();
    assert_eq!(series(&sent, 1).await, ["d{} 1@1"]);
    third.stop().await;
}

#[tokio::test]
async fn a_folder_is_one_exporters_alone_and_has_to_be_one() {
    let folder = tempfile::tempdir().unwrap();
    let (url, _) = server(&[200]).await;
    let first = part(&url, folder.path(), "").await.unwrap();
    let error = part(&url, folder.path(), "").await.unwrap_err();
    assert!(error.contains("timeout: another process uses"), "{error}");
    first.stop().await;
    part(&url, folder.path(), "").await.unwrap().stop().await;

    fs::write(folder.path().join("file"), "").unwrap();
    let error = part(&url, &folder.path().join("file"), "").await.unwrap_err();
    assert!(error.contains("failed to open WAL: not a directory"), "{error}");
    let error = part(&url, folder.path(), ", dir: x").await.unwrap_err();
    assert!(error.contains("has invalid keys: dir"), "{error}");
}

#[test]
fn every_key_says_what_is_wrong_with_it() {
    for (wal, at, expected) in [
        (
            "{directory: [a]}",
            "2:7",
            "'wal.directory' expected type 'string', got unconvertible type '[]interface {}'",
        ),
        (
            "{buffer_size: many}",
            "2:20",
            "'wal.buffer_size' expected type 'int64', got unconvertible type 'string'",
        ),
        ("{truncate_frequency: soon}", "2:27", "'wal.truncate_frequency' time: invalid duration"),
        ("{lag_record_frequency: 1x}", "2:29", "'wal.lag_record_frequency' time: unknown unit"),
        ("{folder: b}", "2:7", "'wal' has invalid keys: folder"),
        ("a", "2:6", "'wal' expected a map or struct, got \"string\""),
    ] {
        let node = parse("c.yaml", &format!("endpoint: http://a/b\nwal: {wal}\n")).unwrap();
        let issues = read::<Config>(&node).unwrap_err();
        let shown: Vec<_> = issues
            .iter()
            .map(|issue| format!("{}: {}", issue.place.as_ref().unwrap(), issue.message))
            .collect();
        assert_eq!(shown.len(), 1, "{shown:?}");
        let expected = format!("c.yaml:{at}: {expected}");
        assert!(shown[0].starts_with(&expected), "{} is not {expected}", shown[0]);
    }
    // What changes nothing need not make sense.
    for wal in [
        "{directory: a, truncate_frequency: -1s, buffer_size: -1}",
        "{directory: a, lag_record_frequency: 15}",
        "{}",
    ] {
        let node = parse("c.yaml", &format!("endpoint: http://a/b\nwal: {wal}\n")).unwrap();
        assert!(read::<Config>(&node).is_ok(), "{wal}");
    }
}
