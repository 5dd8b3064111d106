//! The extension as components use it.

use std::{path::Path, time::Duration};

use bytes::Bytes;
use slimcol_config::from_yaml;
use slimcol_service::{Change, Log as Lines, Signals};
use slimcol_testing::{assert_metadata, extension_from_yaml};
use tempfile::TempDir;
use tokio::time::Instant;

use super::*;

#[test]
fn metadata() {
    assert_metadata(&FACTORY, env!("CARGO_MANIFEST_DIR"));
}

/// The storage below `folder`, with more keys, and what it logs.
fn storage(folder: &Path, more: &str) -> (Arc<dyn Storage>, Arc<std::sync::Mutex<Vec<String>>>) {
    let (log, lines) = Lines::capture();
    let config: Config = from_yaml(&format!("{{directory: {}, {more}}}", folder.display())).unwrap();
    let extension =
        FileStorage::new(config, &Context::standalone("file_storage", Signals::NONE, log)).unwrap();
    (extension.offers().storage().unwrap().clone(), lines)
}

fn owner(part: &str) -> Owner {
    Owner { kind: "exporter", id: "otlp/b".to_owned(), part: part.to_owned() }
}

fn set(key: u32, value: &'static [u8]) -> Vec<Change> {
    vec![Change::Set(key.to_be_bytes()[..].to_vec().into(), vec![Bytes::from_static(value)])]
}

#[tokio::test]
async fn things_outlive_their_store() {
    let folder = TempDir::new().unwrap();
    for fsync in [false, true] {
        let (storage, lines) = storage(
            folder.path(),
            &format!("fsync: {fsync}, compaction: {{on_start: {fsync}, directory: /tmp}}"),
        );
        let store = storage.open(owner("logs")).await.unwrap();
        store.apply(set(1, b"one")).await.unwrap();
        store.apply(set(2, b"two")).await.unwrap();
        store.apply(vec![Change::Delete(1_u32.to_be_bytes()[..].to_vec().into())]).await.unwrap();
        store.close().await;
        assert_eq!(store.apply(set(3, b"")).await.unwrap_err().to_string(), "the storage is closed");
        let store = storage.open(owner("logs")).await.unwrap();
        assert_eq!(store.keys().await.unwrap(), [(Bytes::from_static(&[0, 0, 0, 2]), 3)]);
        assert_eq!(store.get(&[0, 0, 0, 2]).await.unwrap().unwrap(), "two");
        assert_eq!(store.get(&[0, 0, 0, 1]).await.unwrap(), None);
        let other = storage.open(owner("traces")).await.unwrap();
        assert!(other.keys().await.unwrap().is_empty());
        store.close().await;
        assert!(lines.lock().unwrap().is_empty(), "{lines:?}");
    }
    assert!(folder.path().join("exporter_otlp_b_logs.store/lock").is_file());
}

#[tokio::test]
async fn many_write_at_once() {
    let folder = TempDir::new().unwrap();
    let (storage, _) = storage(folder.path(), "fsync: true");
    let store = storage.open(owner("")).await.unwrap();
    let writers: Vec<_> = (0..200)
        .map(|i| {
            let store = store.clone();
            tokio::spawn(async move { store.apply(set(i, b"value")).await })
        })
        .collect();
    for writer in writers {
        writer.await.unwrap().unwrap();
    }
    store.close().await;
    let store = storage.open(owner("")).await.unwrap();
    assert_eq!(store.keys().await.unwrap().len(), 200);
}

#[tokio::test]
async fn a_store_has_one_user() {
    let folder = TempDir::new().unwrap();
    let (storage, _) = storage(folder.path(), "timeout: 100ms");
    let store = storage.open(owner("logs")).await.unwrap();
    let begun = Instant::now();
    let error = storage.open(owner("logs")).await.err().unwrap().to_string();
    assert!(begun.elapsed() >= Duration::from_millis(100));
    let expected = format!(
        "timeout: another process uses {}/exporter_otlp_b_logs.store (waited 100ms)",
        folder.path().display()
    );
    assert_eq!(error, expected);
    store.close().await;
    storage.open(owner("logs")).await.unwrap();
}

#[tokio::test]
async fn damage_is_said_once_and_skipped() {
    let folder = TempDir::new().unwrap();
    let (storage, lines) = storage(folder.path(), "");
    let store = storage.open(owner("logs")).await.unwrap();
    for i in 0..3 {
        store.apply(set(i, b"a value of some length")).await.unwrap();
    }
    store.close().await;
    let file = folder.path().join("exporter_otlp_b_logs.store/0000000001.log");
    let mut bytes = std::fs::read(&file).unwrap();
    let middle = bytes.len() / 2 + 20;
    bytes[middle] ^= 1;
    std::fs::write(&file, bytes).unwrap();
    let store = storage.open(owner("logs")).await.unwrap();
    assert_eq!(store.keys().await.unwrap().len(), 2);
    let lines = lines.lock().unwrap();
    let [line] = &lines[..] else { panic!("{lines:?}") };
    let said = "error\tThe storage is damaged. What cannot be read was skipped, everything else is there.\t{\"file\": ";
    assert!(line.starts_with(said) && line.contains("0000000001.log\", \"offset\": "), "{line}");
}

#[tokio::test]
async fn what_the_go_collector_left_is_left_alone() {
    let folder = TempDir::new().unwrap();
    let go = folder.path().join("exporter_otlp_b_logs");
    std::fs::write(&go, "bbolt").unwrap();
    let (storage, lines) = storage(folder.path(), "");
    storage.open(owner("logs")).await.unwrap();
    assert!(lines.lock().unwrap()[0].starts_with("warn\tThere is a store of another collector"));
    assert_eq!(std::fs::read_to_string(&go).unwrap(), "bbolt");
}

#[tokio::test]
async fn a_directory_is_made_if_asked_for() {
    use std::os::unix::fs::PermissionsExt;

    let folder = TempDir::new().unwrap();
    let inner = folder.path().join("a/b");
    let yaml =
        format!("{{directory: {}, create_directory: true, directory_permissions: '0700'}}", inner.display());
    let source = extension_from_yaml(&FACTORY, &yaml).await.unwrap();
    assert_eq!(std::fs::metadata(&inner).unwrap().permissions().mode() & 0o777, 0o700);
    source.stop().await.unwrap();
}

#[tokio::test]
async fn mistakes() {
    for (yaml, text) in [
        (
            "directory: /not/there",
            "directory must exist: stat /not/there: no such file or directory. You can enable the create_directory option \
             to automatically create it",
        ),
        ("directory: /etc/hostname", "/etc/hostname is not a directory"),
        ("directory: /etc/hostname/x", "problem accessing configured directory: /etc/hostname/x, err: stat "),
        (
            "{directory: /tmp, compaction: {on_start: true, directory: /not/there}}",
            "directory must exist: stat ",
        ),
        (
            "{directory: /tmp, compaction: {max_transaction_size: -1}}",
            "max transaction size for compaction cannot be less than 0",
        ),
        (
            "{directory: /tmp, compaction: {directory: /tmp, on_rebound: true, check_interval: 0s}}",
            "compaction check interval must be positive when rebound compaction is set",
        ),
        (
            "{directory: /x, create_directory: true, directory_permissions: '9'}",
            "directory_permissions value must be a valid octal representation",
        ),
        (
            "{directory: /x, create_directory: true, directory_permissions: '1777'}",
            "directory_permissions contain invalid bits for file access",
        ),
        ("{directory: /tmp, max_size: -1}", "max_size cannot be less than 0"),
        (
            "{directory: /tmp, max_size: 1048576, compaction: {on_rebound: true, directory: /tmp}}",
            "max_size must not be less than compaction rebound_needed_threshold_mib",
        ),
        ("{directory: /tmp, fsnyc: true}", "has invalid keys: fsnyc"),
    ] {
        let error = extension_from_yaml(&FACTORY, yaml).await.unwrap_err();
        assert!(error.contains(text), "{yaml}: {error}");
    }
}

#[tokio::test]
async fn what_cannot_be_opened_is_put_aside_if_that_is_wanted() {
    let folder = TempDir::new().unwrap();
    let store = folder.path().join("exporter_otlp_b_logs.store");
    for (round, backup) in [".backup", ".backup~"].into_iter().enumerate() {
        // Where a segment should be.
        fs::create_dir_all(store.join("0000000001.log/inside")).unwrap();
        let (careful, lines) = storage(folder.path(), "");
        let error = careful.open(owner("logs")).await.err().unwrap().to_string();
        assert_eq!(error, "cannot open exporter_otlp_b_logs: is a directory");
        assert!(lines.lock().unwrap().is_empty());
        let (storage, lines) = storage(folder.path(), "recreate: true");
        let opened = storage.open(owner("logs")).await.unwrap();
        opened.apply(set(1, b"one")).await.unwrap();
        assert_eq!(opened.keys().await.unwrap().len(), 1);
        opened.close().await;
        let backup = folder.path().join(format!("exporter_otlp_b_logs.store{backup}"));
        assert!(backup.join("0000000001.log/inside").is_dir(), "{round}");
        let line = format!(
            "error\tThe storage cannot be opened. It was put aside, and a new one begun.\t{{\"error\": \"is a directory\", \
             \"backup\": \"{}\"}}",
            backup.display()
        );
        assert_eq!(*lines.lock().unwrap(), [line]);
        fs::remove_dir_all(&store).unwrap();
    }
}

#[tokio::test]
async fn settings_that_change_nothing_are_named_at_start() {
    let folder = TempDir::new().unwrap();
    let said = async |more: &str| {
        let yaml = format!("{{directory: {0}, compaction: {{{more}}}}}", folder.path().display());
        let extension = extension_from_yaml(&FACTORY, &yaml).await.unwrap();
        extension.log().all().join("\n")
    };
    assert_eq!(said("max_transaction_size: 10").await, "");
    let dir = folder.path().display();
    let line =
        said(&format!("on_rebound: true, directory: {dir}, check_interval: 1s, cleanup_on_start: true"))
            .await;
    assert!(
        line.ends_with("{\"keys\": \"on_rebound, directory, check_interval, cleanup_on_start\"}"),
        "{line}"
    );
}
