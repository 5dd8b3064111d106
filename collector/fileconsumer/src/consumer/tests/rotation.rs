//! Files that are moved, copied and truncated while they are followed.

use std::fs::{self, File};

use super::{
    NOTHING,
    kit::{Rig, write},
};

#[tokio::test]
async fn a_moved_file_goes_on() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    write(&rig.path("a.log"), "two\n");
    fs::rename(rig.path("a.log"), rig.path("a.1.log")).unwrap();
    write(&rig.path("a.log"), "three\n");
    assert_eq!(rig.poll().await, ["a.1.log:two", "a.log:three"]);
    assert_eq!(rig.poll().await, NOTHING);
}

#[tokio::test]
async fn a_file_that_was_moved_out_of_sight_is_read_to_its_end() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    write(&rig.path("a.log"), "two\n");
    fs::rename(rig.path("a.log"), rig.path("gone")).unwrap();
    assert_eq!(rig.poll().await, ["a.log:two"]);
    write(&rig.path("gone"), "three\n");
    assert_eq!(rig.poll().await, NOTHING);
    // It is remembered for some polls.
    fs::rename(rig.path("gone"), rig.path("back.log")).unwrap();
    assert_eq!(rig.poll().await, ["back.log:three"]);
}

#[tokio::test]
async fn a_file_that_was_moved_out_of_sight_and_made_anew_loses_nothing() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    write(&rig.path("a.log"), "two\n");
    fs::rename(rig.path("a.log"), rig.path("gone")).unwrap();
    write(&rig.path("a.log"), "three\n");
    assert_eq!(rig.poll().await, ["a.log:two", "a.log:three"]);
}

#[tokio::test]
async fn a_copied_and_truncated_file_starts_anew() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "one\n");
    assert_eq!(rig.poll().await, ["a.log:one"]);
    write(&rig.path("a.log"), "two\n");
    fs::copy(rig.path("a.log"), rig.path("z.log")).unwrap();
    File::options().write(true).open(rig.path("a.log")).unwrap().set_len(0).unwrap();
    assert_eq!(rig.poll().await, ["z.log:two"]);
    write(&rig.path("a.log"), "three, longer than what was there\n");
    assert_eq!(rig.poll().await, ["a.log:three, longer than what was there"]);
    assert_eq!(rig.poll().await, NOTHING);
}

#[tokio::test]
async fn a_file_that_is_copied_and_truncated_while_it_is_read_loses_nothing() {
    // Longer than what is read at a time, with another beginning.
    let lines = |name: &str| (0..50_000).map(|number| format!("{name} {number:06}")).collect::<Vec<_>>();
    let text = |lines: &[String]| lines.join("\n") + "\n";
    for more in [0, 10, 50_000] {
        let mut rig = Rig::new("start_at: beginning").await;
        let (old, new) = (lines("old"), lines("new"));
        let (path, copy) = (rig.path("a.log"), rig.path("z.log"));
        write(&path, text(&old));
        let later = text(&new[..more]);
        *rig.sink.meanwhile.lock().unwrap() = Some(Box::new(move || {
            fs::copy(&path, &copy).unwrap();
            File::options().write(true).open(&path).unwrap().set_len(0).unwrap();
            write(&path, if more > 0 { &later } else { "" });
        }));
        let mut read = Vec::new();
        for _ in 0..3 {
            let tokens = rig.poll().await;
            read.extend(tokens.iter().map(|token| token.split_once(':').unwrap().1.to_owned()));
        }
        let mut expected = old;
        expected.extend_from_slice(&new[..more]);
        expected.sort();
        read.sort();
        assert!(read == expected, "{} lines of {} with {more} more", read.len(), expected.len());
    }
}

#[tokio::test]
async fn copies_before_the_truncation_are_the_same_file() {
    let mut rig = Rig::new("start_at: beginning").await;
    write(&rig.path("a.log"), "one\n");
    fs::copy(rig.path("a.log"), rig.path("z.log")).unwrap();
    assert_eq!(rig.poll().await, ["a.log:one"]);
    File::create(rig.path("a.log")).unwrap();
    assert_eq!(rig.poll().await, NOTHING);
    write(&rig.path("a.log"), "other\n");
    assert_eq!(rig.poll().await, ["a.log:other"]);
}

#[tokio::test]
async fn a_truncated_file_that_begins_alike_is_as_configured() {
    let beginning = "the same first line\n";
    let cases: [(&str, &[&str], &[&str]); 3] = [
        ("ignore", &[], &["a.log:4"]),
        ("read_whole_file", &["a.log:the same first line", "a.log:3"], &["a.log:444", "a.log:4"]),
        ("read_new", &[], &["a.log:444", "a.log:4"]),
    ];
    for (what, then, later) in cases {
        let mut rig =
            Rig::new(&format!("start_at: beginning, fingerprint_size: 16, on_truncate: {what}")).await;
        write(&rig.path("a.log"), format!("{beginning}1\n22\n"));
        assert_eq!(rig.poll().await.len(), 3);
        File::create(rig.path("a.log")).unwrap();
        write(&rig.path("a.log"), format!("{beginning}3\n"));
        assert_eq!(rig.poll().await, then, "{what}");
        write(&rig.path("a.log"), "444\n4\n");
        let all = rig.poll().await;
        assert!(all.ends_with(&later.iter().map(|t| (*t).to_owned()).collect::<Vec<_>>()), "{what}: {all:?}");
    }
}

#[tokio::test]
async fn a_beginning_grows() {
    let mut rig = Rig::new("start_at: beginning, fingerprint_size: 16").await;
    write(&rig.path("a.log"), "1\n");
    write(&rig.path("b.log"), "1\n2\n");
    assert_eq!(rig.poll().await, ["a.log:1", "b.log:1", "b.log:2"]);
    write(&rig.path("a.log"), "3\n");
    write(&rig.path("b.log"), "4\n");
    assert_eq!(rig.poll().await, ["a.log:3", "b.log:4"]);
    for number in 0..20 {
        write(&rig.path("a.log"), format!("{number}\n"));
        assert_eq!(rig.poll().await, [format!("a.log:{number}")]);
    }
}

#[tokio::test]
async fn nothing_is_lost_or_twice_whatever_the_rotation() {
    // Every third poll moves, every fifth copies and truncates.
    let mut rig = Rig::new("include: ['HERE/a.log*'], start_at: beginning, fingerprint_size: 100").await;
    let (mut written, mut read) = (Vec::new(), Vec::new());
    let take = |all: Vec<String>| all.into_iter().map(|token| token.split_once(':').unwrap().1.to_owned());
    for round in 0..60 {
        let path = rig.path("a.log");
        for line in 0..round % 7 {
            let line = format!("round {round} line {line} {}", "x".repeat(round * 3));
            write(&path, format!("{line}\n"));
            written.push(line);
        }
        if round % 3 == 0 && path.exists() {
            fs::rename(&path, rig.path(&format!("a.log.{round}"))).unwrap();
        } else if round % 5 == 0 && path.exists() {
            fs::copy(&path, rig.path(&format!("a.log.c{round}"))).unwrap();
            File::create(&path).unwrap();
        }
        read.extend(take(rig.poll().await));
    }
    read.extend(take(rig.poll().await));
    read.sort();
    written.sort();
    assert_eq!(read, written);
}
