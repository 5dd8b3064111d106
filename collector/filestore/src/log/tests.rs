//! The log on its own: what comes back, after how it ended.

mod damage;
mod full;
mod model;

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use tempfile::TempDir;

use super::*;

/// A log in a folder that goes with it, and what it reported.
struct Rig {
    folder: TempDir,
    found: Arc<Mutex<Vec<Finding>>>,
    log: Option<Log>,
}

const SMALL: Options =
    Options { fsync: false, max_size: 0, least_segment: 256, most_segment: 1024, at_a_time: 3 };

impl Rig {
    fn new(options: Options) -> Self {
        let mut rig = Self { folder: TempDir::new().unwrap(), found: Arc::default(), log: None };
        rig.reopen(options);
        rig
    }

    fn reopen(&mut self, options: Options) {
        self.log = None;
        let found = self.found.clone();
        let report = Box::new(move |finding| found.lock().unwrap().push(finding));
        self.log = Some(Log::open(self.folder.path().to_owned(), options, report).unwrap());
    }

    fn log(&self) -> &Log {
        self.log.as_ref().unwrap()
    }

    fn set(&self, key: &str, value: &[u8]) {
        self.write(vec![set(key, value)]).unwrap();
    }

    fn delete(&self, key: &str) {
        self.write(vec![delete(key)]).unwrap();
    }

    fn write(&self, changes: Vec<Change>) -> io::Result<()> {
        self.log().write(&[changes]).remove(0)
    }

    fn get(&self, key: &str) -> Option<Bytes> {
        self.log().get(key.as_bytes()).unwrap()
    }

    /// Everything that is kept.
    fn all(&self) -> Vec<(Bytes, Bytes)> {
        let keys = self.log().keys().into_iter();
        keys.map(|(key, len)| {
            let value = self.log().get(&key).unwrap().unwrap();
            assert_eq!(value.len() as u64, len);
            (key, value)
        })
        .collect()
    }

    fn found(&self) -> Vec<Finding> {
        std::mem::take(&mut self.found.lock().unwrap())
    }

    /// The segments' files, the oldest first.
    fn files(&self) -> Vec<PathBuf> {
        files::numbers(self.folder.path()).unwrap().iter().map(|n| path(self.folder.path(), *n)).collect()
    }
}

fn set(key: &str, value: &[u8]) -> Change {
    // In two pieces, as payloads come.
    let (front, back) = value.split_at(value.len() / 2);
    Change::Set(
        Bytes::copy_from_slice(key.as_bytes()),
        vec![Bytes::copy_from_slice(front), Bytes::copy_from_slice(back)],
    )
}

fn delete(key: &str) -> Change {
    Change::Delete(Bytes::copy_from_slice(key.as_bytes()))
}

fn len(file: &Path) -> u64 {
    fs::metadata(file).unwrap().len()
}

#[test]
fn what_was_written_comes_back() {
    for fsync in [false, true] {
        let options = Options { fsync, ..Options::default() };
        let mut rig = Rig::new(options);
        rig.set("a", b"one");
        rig.write(vec![set("b", b""), set("c", &[7; 100_000]), delete("a"), delete("never")]).unwrap();
        rig.set("b", b"two");
        for _ in 0..2 {
            assert_eq!(rig.get("a"), None);
            assert_eq!(rig.get("b").unwrap(), "two");
            assert_eq!(rig.get("c").unwrap(), vec![7; 100_000]);
            assert_eq!(rig.log().keys(), [(Bytes::from("b"), 3), (Bytes::from("c"), 100_000)]);
            rig.reopen(options);
        }
        assert_eq!(rig.found(), []);
    }
}

#[test]
fn groups_are_written_together_and_apart() {
    let mut rig = Rig::new(Options::default());
    let groups = [vec![set("a", b"1")], vec![], vec![set("a", b"2"), set("b", b"3")]];
    assert!(rig.log().write(&groups).into_iter().all(|outcome| outcome.is_ok()));
    rig.reopen(Options::default());
    assert_eq!(rig.all(), [("a".into(), "2".into()), ("b".into(), "3".into())]);
}

#[test]
fn a_queue_leaves_nothing_behind() {
    let rig = Rig::new(SMALL);
    for i in 0..1000 {
        rig.set(&format!("{i}"), &[1; 100]);
        if i >= 5 {
            rig.delete(&format!("{}", i - 5));
        }
        assert!(rig.files().len() < 8, "{:?}", rig.files());
    }
    assert_eq!(rig.log().keys().len(), 5);
}

#[test]
fn an_empty_queue_gives_back_everything() {
    let rig = Rig::new(SMALL);
    rig.set("a", &[1; 190]);
    rig.delete("a");
    assert_eq!((rig.files(), rig.log().sizes()), (Vec::new(), (0, 0)));
    rig.set("b", &[2; 300]);
    assert_eq!(rig.all(), [("b".into(), vec![2; 300].into())]);
}

#[test]
fn one_that_stays_does_not_hold_the_rest() {
    let mut rig = Rig::new(SMALL);
    rig.set("stays", &[9; 200]);
    for i in 0..1000 {
        rig.set("position", format!("{i}").as_bytes());
        rig.set(&format!("{i}"), &[1; 100]);
        rig.delete(&format!("{i}"));
        let (total, _) = rig.log().sizes();
        assert!(total < 6000, "{i}: {total}");
    }
    rig.reopen(SMALL);
    assert_eq!(rig.all(), [("position".into(), "999".into()), ("stays".into(), vec![9; 200].into())]);
    assert_eq!(rig.found(), []);
}

#[test]
fn what_was_forgotten_does_not_return_with_an_older_value() {
    let mut rig = Rig::new(SMALL);
    rig.set("anchor", &[0; 400]);
    rig.set("key", &[1; 400]);
    rig.set("key", &[2; 400]);
    rig.delete("key");
    for i in 0..20 {
        rig.set(&format!("{i}"), &[3; 300]);
        rig.delete(&format!("{i}"));
    }
    rig.reopen(SMALL);
    assert_eq!(rig.get("key"), None);
    assert_eq!(rig.get("anchor").unwrap(), vec![0; 400]);
}

#[test]
fn compacting_leaves_only_what_is_kept() {
    let options = Options { least_segment: 1 << 10, ..Options::default() };
    let mut rig = Rig::new(options);
    for i in 0..100_u8 {
        rig.set("key", &[i; 500]);
    }
    rig.set("other", b"x");
    rig.log().compact().unwrap();
    let (total, live) = rig.log().sizes();
    assert!(total < live + 1100, "{total} {live}");
    rig.reopen(options);
    assert_eq!(rig.all(), [("key".into(), vec![99; 500].into()), ("other".into(), "x".into())]);
}
