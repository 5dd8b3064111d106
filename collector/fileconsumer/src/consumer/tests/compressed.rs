//! Files that are gzip, or become it.

use std::{fs, io::Write};

use flate2::{Compression, write::GzEncoder};

use super::{
    NOTHING,
    kit::{Rig, write},
};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[tokio::test]
async fn compressed_files_are_read() {
    for how in ["gzip", "auto"] {
        let mut rig = Rig::new(&format!("start_at: beginning, compression: {how}")).await;
        write(&rig.path("a.log"), gzip("one\ntwo"));
        // The last line's end is not waited for.
        assert_eq!(rig.poll().await, ["a.log:one", "a.log:two"], "{how}");
        assert_eq!(rig.poll().await, NOTHING);
        write(&rig.path("a.log"), gzip("three\n"));
        assert_eq!(rig.poll().await, ["a.log:three"]);
        let mut rig = rig.restarted().await;
        write(&rig.path("a.log"), gzip("four\n"));
        assert_eq!(rig.poll().await, ["a.log:four"]);
    }
}

#[tokio::test]
async fn only_what_is_compressed_is_decompressed() {
    let mut rig = Rig::new("start_at: beginning, compression: auto").await;
    write(&rig.path("a.log"), "plain\n");
    write(&rig.path("b.log"), gzip("packed\n"));
    assert_eq!(rig.poll().await, ["a.log:plain", "b.log:packed"]);
    let mut rig = Rig::new("start_at: beginning, compression: gzip").await;
    write(&rig.path("a.log"), "plain\n");
    assert_eq!(rig.poll().await, NOTHING);
    assert!(rig.log().iter().any(|line| line.starts_with("error\tfailed during scan")));
    assert_eq!(rig.poll().await, NOTHING);
    assert_eq!(rig.log(), NOTHING);
}

#[tokio::test]
async fn a_file_that_is_compressed_when_it_is_put_aside_goes_on() {
    let mut rig = Rig::new("start_at: beginning, include: ['HERE/a.log*'], compression: auto").await;
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    write(&rig.path("a.log.1.gz"), gzip("one\ntwo\n"));
    fs::remove_file(rig.path("a.log")).unwrap();
    assert_eq!(rig.poll().await, ["a.log.1.gz:two"]);
    assert_eq!(rig.poll().await, NOTHING);
}

#[tokio::test]
async fn a_file_that_is_still_being_compressed_is_read_to_its_end_later() {
    let mut rig = Rig::new("start_at: beginning, compression: gzip").await;
    let lines: Vec<_> = (0..50_000).map(|n| format!("line {n}\n")).collect();
    let packed = gzip(&lines.concat());
    let (first, second) = packed.split_at(packed.len() / 2);
    write(&rig.path("a.log"), first);
    let mut all = rig.poll().await;
    assert!(!all.is_empty() && all.len() < 50_000, "{}", all.len());
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("a.log"), second);
    all.extend(rig.poll().await);
    assert_eq!(all.len(), 50_000);
    assert_eq!(all[49_999], "a.log:line 49999");
    assert_eq!(rig.poll().await, NOTHING);
}

#[tokio::test]
async fn damage_before_the_first_line_is_told_once() {
    for how in ["gzip", "auto"] {
        let mut rig = Rig::new(&format!("start_at: beginning, compression: {how}")).await;
        let whole = gzip("one\ntwo\n");
        let mut broken = whole.clone();
        broken[10..].fill(0xff);
        fs::write(rig.path("a.log"), &broken).unwrap();
        rig.log();
        assert_eq!(rig.poll().await, NOTHING);
        assert_eq!(
            rig.log(),
            [
                "error\tFailed creating fingerprint\t{\"error\": \"corrupt deflate stream\", \"path\": \"HERE/a.log\"}"
            ]
        );
        assert_eq!(rig.poll().await, NOTHING);
        assert_eq!(rig.log(), NOTHING);
        // One that has only begun is not wrong.
        fs::write(rig.path("b.log"), &whole[..10]).unwrap();
        assert_eq!(rig.poll().await, NOTHING);
        assert_eq!(rig.log(), NOTHING);
        fs::write(rig.path("a.log"), &whole).unwrap();
        assert_eq!(rig.poll().await, ["a.log:one", "a.log:two"]);
        assert!(rig.log()[0].starts_with("info\tPreviously unreadable file is now readable"));
    }
}
