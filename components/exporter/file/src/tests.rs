mod grouping;

use std::{fs, os::unix::fs::PermissionsExt, path::Path, time::Duration};

use slimcol_compression::Compression;
use slimcol_pdata::{Data, Signal};
use slimcol_testing::{Part, assert_metadata, exporter_from_yaml, numbered, numbers};
use tempfile::TempDir;
use tokio::time::sleep;

use crate::FACTORY;

/// An exporter to `data.json` in a directory of its own, with more keys.
async fn file(keys: &str) -> (TempDir, Part) {
    let dir = tempfile::tempdir().unwrap();
    let part = start(dir.path(), keys).await.unwrap();
    (dir, part)
}

async fn start(dir: &Path, keys: &str) -> Result<Part, String> {
    let path = dir.join("data.json");
    exporter_from_yaml(&FACTORY, &format!("{{path: {}, {keys}}}", path.display())).await
}

/// What was written.
fn read(dir: &TempDir) -> Vec<u8> {
    fs::read(dir.path().join("data.json")).unwrap()
}

fn json(data: &Data) -> Vec<u8> {
    let mut json = Vec::new();
    data.write_json(&mut json);
    json
}

/// The messages of a file in which each has its length before it.
fn messages(mut bytes: &[u8]) -> Vec<&[u8]> {
    let mut messages = Vec::new();
    while let Some((length, rest)) = bytes.split_first_chunk() {
        let (message, rest) = rest.split_at(u32::from_be_bytes(*length) as usize);
        messages.push(message);
        bytes = rest;
    }
    assert!(bytes.is_empty());
    messages
}

#[test]
fn metadata_agrees() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

#[tokio::test]
async fn lines_are_gos() {
    let (dir, part) = file("").await;
    for (signal, json) in [
        (Signal::Traces, include_str!("../tests/data/tr.json")),
        (Signal::Metrics, include_str!("../tests/data/me.json")),
        (Signal::Logs, include_str!("../tests/data/lo.json")),
    ] {
        part.push(Data::from_json(signal, json.as_bytes()).unwrap()).await.unwrap();
    }
    part.stop().await;
    assert_eq!(String::from_utf8(read(&dir)).unwrap(), include_str!("../tests/data/expected.jsonl"));
    assert_eq!(fs::metadata(dir.path().join("data.json")).unwrap().permissions().mode() & 0o777, 0o644);
    let refused = part.push(numbered(0..1)).await.unwrap_err();
    assert!(!refused.is_permanent());
}

#[tokio::test]
async fn protobuf_has_its_length_before_it() {
    let (dir, part) = file("format: proto").await;
    let joined = Data::concat(vec![numbered(0..3), numbered(3..5)]).unwrap();
    part.push(joined.clone()).await.unwrap();
    part.push(numbered(5..6)).await.unwrap();
    part.stop().await;
    let bytes = read(&dir);
    let messages = messages(&bytes);
    assert_eq!(messages, [&joined.bytes()[..], &numbered(5..6).bytes()[..]]);
}

#[tokio::test]
async fn messages_can_be_compressed() {
    for format in ["json", "proto"] {
        let (dir, part) =
            file(&format!("format: {format}, compression: zstd, compression_params: {{level: 6}}")).await;
        for first in [0, 10] {
            part.push(numbered(first..first + 10)).await.unwrap();
        }
        part.stop().await;
        let bytes = read(&dir);
        let plain: Vec<_> = messages(&bytes)
            .iter()
            .map(|message| Compression::Zstd.decompress(message, 1 << 20).unwrap())
            .collect();
        let expected = [numbered(0..10), numbered(10..20)].map(|data| match format {
            "json" => json(&data),
            _ => data.bytes().to_vec(),
        });
        assert_eq!(plain, expected, "{format}");
    }
}

#[tokio::test(start_paused = true)]
async fn data_waits_in_memory_for_the_interval() {
    let (dir, part) = file("flush_interval: 5s").await;
    sleep(Duration::from_millis(100)).await;
    part.push(numbered(0..1)).await.unwrap();
    assert!(read(&dir).is_empty());
    sleep(Duration::from_secs(5)).await;
    assert!(!read(&dir).is_empty());
    part.stop().await;
}

#[tokio::test]
async fn a_file_that_is_there_is_emptied_or_continued() {
    let dir = tempfile::tempdir().unwrap();
    for (append, lines) in [("false", 1), ("true", 2), ("false", 1)] {
        let part = start(dir.path(), &format!("append: {append}")).await.unwrap();
        part.push(numbered(0..1)).await.unwrap();
        part.stop().await;
        assert_eq!(String::from_utf8(read(&dir)).unwrap().lines().count(), lines);
    }
}

#[tokio::test]
async fn large_payloads_stay_in_order_with_small_ones() {
    let (dir, part) = file("format: proto").await;
    let payloads = [numbered(0..2), numbered(2..20_000), numbered(20_000..20_001), numbered(20_001..30_000)];
    for payload in &payloads {
        part.push(payload.clone()).await.unwrap();
    }
    part.stop().await;
    let bytes = read(&dir);
    assert_eq!(messages(&bytes), payloads.iter().map(Data::bytes).collect::<Vec<_>>());
}

#[tokio::test]
async fn files_are_rotated() {
    let (dir, part) = file("format: proto, rotation: {max_megabytes: 1, max_backups: 2}").await;
    // Six records of about half a MiB.
    let record = 40_000;
    for i in 0..8 {
        part.push(numbered(i * record..(i + 1) * record)).await.unwrap();
    }
    part.stop().await;
    let mut names: Vec<_> = fs::read_dir(dir.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
    names.sort();
    assert_eq!(names.len(), 3, "{names:?}");
    let mut found = Vec::new();
    for name in &names {
        let bytes = fs::read(name).unwrap();
        assert!(bytes.len() <= 1 << 20, "{} in {}", bytes.len(), name.display());
        for message in messages(&bytes) {
            found.extend(numbers(&Data::from_bytes(Signal::Logs, message.to_vec().into()).unwrap()));
        }
    }
    // The newest six of eight, and each as a whole.
    assert_eq!(found, (2 * record..8 * record).collect::<Vec<_>>());
}

#[tokio::test]
async fn a_start_fails_in_gos_words() {
    let dir = tempfile::tempdir().unwrap();
    let error = start(&dir.path().join("none"), "").await.unwrap_err();
    assert_eq!(error, format!("open {}/none/data.json: no such file or directory", dir.path().display()));
    let error = start(dir.path(), "encoding: otlp_json/x").await.unwrap_err();
    assert_eq!(error, "unknown encoding \"otlp_json/x\"");
    let made = dir.path().join("a/b");
    start(&made, "create_directory: true, directory_permissions: '0700'").await.unwrap().stop().await;
    assert_eq!(fs::metadata(&made).unwrap().permissions().mode() & 0o777, 0o700);
}

#[tokio::test]
async fn a_full_disk_refuses_and_may_be_tried_again() {
    // The device that is always full.
    let yaml = "{path: /dev/full, rotation: {}}";
    let part = exporter_from_yaml(&FACTORY, yaml).await.unwrap();
    let refused = part.push(numbered(0..1)).await.unwrap_err();
    assert_eq!(refused.to_string(), "write /dev/full: no space left on device");
    assert!(!refused.is_permanent());
    part.stop().await;
    // Without rotation the record waits until there is no room for another.
    let part = exporter_from_yaml(&FACTORY, "path: /dev/full").await.unwrap();
    part.push(numbered(0..1)).await.unwrap();
    part.push(numbered(0..10_000)).await.unwrap_err();
    part.stop().await;
    assert!(part.log().count("Failed to write to file\t{\"error\": \"no space left on device\"") >= 1);
}
