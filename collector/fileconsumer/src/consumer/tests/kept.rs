//! What outlives the process.

use std::fs;

use super::{
    NOTHING,
    kit::{Rig, write},
};

#[tokio::test]
async fn a_restart_goes_on_at_the_offset() {
    let mut rig = Rig::new("start_at: end").await;
    write(&rig.path("a.log"), "old\n");
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    let mut rig = rig.restarted().await;
    write(&rig.path("a.log"), "two\n");
    // Any offset at all makes new files be read whole.
    write(&rig.path("b.log"), "b\n");
    assert_eq!(rig.poll().await, ["a.log:two", "b.log:b"]);
    assert_eq!(rig.sink.places.lock().unwrap()[0], (8, 2));
    let resumed = "info\tResuming from previously known offset(s). 'start_at' setting is not applicable.";
    assert!(rig.log()[0].starts_with(resumed));
}

#[tokio::test]
async fn a_rotation_meanwhile_loses_nothing() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    write(&rig.path("a.log"), "two\n");
    fs::rename(rig.path("a.log"), rig.path("z.log")).unwrap();
    write(&rig.path("a.log"), "three\n");
    let mut rig = rig.restarted().await;
    assert_eq!(rig.poll().await, ["a.log:three", "z.log:two"]);
}

#[tokio::test]
async fn a_kill_repeats_one_batch_at_most() {
    // Lines of 64 bytes: a window holds 4096.
    let mut rig = Rig::new("start_at: beginning").await;
    let lines: Vec<_> = (0..20_000).map(|n| format!("{n:063}\n")).collect();
    write(&rig.path("a.log"), lines.concat());
    *rig.sink.closing_after.lock().unwrap() = Some((1, rig.consumer.closing()));
    let first = rig.poll().await;
    assert!(!first.is_empty() && first.len() < 20_000, "{}", first.len());
    // Nothing was saved at the end of the poll, which there was not.
    let mut rig = rig.restarted().await;
    let second = rig.poll().await;
    assert_eq!(first.len() + second.len(), 20_000);
    assert_eq!(second[0], format!("a.log:{:063}", first.len()));
}

#[tokio::test]
async fn a_kill_repeats_nothing_of_the_files_before() {
    let mut rig = Rig::new("start_at: beginning").await;
    for name in ["a.log", "b.log", "c.log"] {
        write(&rig.path(name), format!("{name}\n"));
    }
    *rig.sink.closing_after.lock().unwrap() = Some((2, rig.consumer.closing()));
    assert_eq!(rig.poll().await, ["a.log:a.log", "b.log:b.log"]);
    let mut rig = rig.restarted().await;
    assert_eq!(rig.poll().await, ["c.log:c.log"]);
    let keys: Vec<_> = rig.store.0.lock().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["file_input.knownFiles"]);
}

#[tokio::test(start_paused = true)]
async fn it_follows_until_it_is_closed() {
    let rig = Rig::new("start_at: beginning, poll_interval: 1s").await;
    write(&rig.path("a.log"), "one\n");
    let start = tokio::time::Instant::now();
    *rig.sink.closing_after.lock().unwrap() = Some((1, rig.consumer.closing()));
    rig.consumer.follow(&rig.sink).await;
    assert_eq!(start.elapsed(), std::time::Duration::from_secs(1));
    assert_eq!(rig.sink.places.lock().unwrap().len(), 1);
    let keys: Vec<_> = rig.store.0.lock().unwrap().keys().cloned().collect();
    assert_eq!(keys, ["file_input.knownFiles"]);
}

#[tokio::test]
async fn offsets_of_the_go_collector_are_taken_over() {
    let rig = Rig::new("start_at: end").await;
    write(&rig.path("a.log"), "one\ntwo\n");
    let json = "1\n{\"Fingerprint\":{\"first_bytes\":\"b25lCg==\"},\"Offset\":4,\"RecordNum\":1,\"FileAttributes\":{}}\n";
    rig.store.0.lock().unwrap().insert("file_input.knownFiles".into(), json.into());
    let mut rig = rig.restarted().await;
    assert_eq!(rig.poll().await, ["a.log:two"]);
}

#[tokio::test]
async fn what_was_kept_must_make_sense() {
    let rig = Rig::new("start_at: end").await;
    rig.store.0.lock().unwrap().insert("file_input.knownFiles".into(), "{}".into());
    let offsets = crate::Offsets::new(rig.store.clone(), "file_input");
    let config = slimcol_config::from_yaml("{include: [x]}").unwrap();
    let error = crate::Consumer::new(&config, Some(offsets), slimcol_service::Log::none()).await.unwrap_err();
    let expected = "read known files from database: the offsets are neither protobuf nor JSON";
    assert_eq!(error.to_string(), expected);
}

#[tokio::test]
async fn another_fingerprint_size_is_adapted_to() {
    let mut rig = Rig::new("start_at: beginning, fingerprint_size: 100").await;
    write(&rig.path("a.log"), format!("{}\n", "x".repeat(200)));
    assert_eq!(rig.poll().await.len(), 1);
    let mut rig = rig.restarted_with("start_at: beginning, fingerprint_size: 1000").await;
    write(&rig.path("a.log"), "two\n");
    assert_eq!(rig.poll().await, ["a.log:two"]);
}

#[tokio::test]
async fn files_come_back_from_the_archive() {
    for (polls, expected) in [(0, ["x.log:one", "x.log:two"].as_slice()), (10, &["x.log:two"])] {
        let yaml = format!("start_at: beginning, polls_to_archive: {polls}");
        let mut rig = Rig::new(&yaml).await;
        write(&rig.path("a.log"), "one\n");
        assert_eq!(rig.poll().await, ["a.log:one"]);
        fs::rename(rig.path("a.log"), rig.path("gone")).unwrap();
        for _ in 0..8 {
            assert_eq!(rig.poll().await, NOTHING);
        }
        let mut rig = rig.restarted().await;
        assert_eq!(rig.poll().await, NOTHING);
        write(&rig.path("gone"), "two\n");
        fs::rename(rig.path("gone"), rig.path("x.log")).unwrap();
        assert_eq!(rig.poll().await, expected, "{polls}");
        fs::rename(rig.path("x.log"), rig.path("gone")).unwrap();
        // The ring goes round, and then it is forgotten.
        for _ in 0..20 {
            rig.poll().await;
        }
        fs::rename(rig.path("gone"), rig.path("y.log")).unwrap();
        assert_eq!(rig.poll().await, ["y.log:one", "y.log:two"]);
    }
}
