//! Any changes, any damage to the files, any ends: nothing panics, no value comes back that was never there, and without damage
//! everything is there.
#![no_main]

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::PathBuf,
    sync::Arc,
    sync::atomic::{AtomicBool, Ordering::Relaxed},
};

use libfuzzer_sys::fuzz_target;
use slimcol_filestore::log::{Log, Options};
use slimcol_service::Change;

const SMALL: Options = Options { fsync: false, max_size: 0, least_segment: 200, most_segment: 800, at_a_time: 3 };

/// The bytes of the input, one after the other; zeros after the last.
struct Input<'a>(&'a [u8]);

impl Input<'_> {
    fn byte(&mut self) -> u8 {
        let (first, rest) = self.0.split_first().unwrap_or((&0, &[]));
        self.0 = rest;
        *first
    }

    fn number(&mut self) -> usize {
        usize::from(self.byte()) << 8 | usize::from(self.byte())
    }
}

struct Rig {
    folder: tempfile::TempDir,
    found: Arc<AtomicBool>,
}

impl Rig {
    fn open(&self) -> Log {
        let found = self.found.clone();
        let report = Box::new(move |_| found.store(true, Relaxed));
        Log::open(self.folder.path().to_owned(), SMALL, report).unwrap()
    }

    fn files(&self) -> Vec<PathBuf> {
        let mut files: Vec<_> =
            fs::read_dir(self.folder.path()).unwrap().map(|entry| entry.unwrap().path()).collect();
        files.sort();
        files
    }
}

fuzz_target!(|bytes: &[u8]| {
    let memory = if fs::exists("/dev/shm").unwrap() { "/dev/shm" } else { "/tmp" };
    let rig = Rig { folder: tempfile::tempdir_in(memory).unwrap(), found: Arc::default() };
    let mut input = Input(bytes);
    let mut log = rig.open();
    let (mut model, mut history) = (BTreeMap::new(), BTreeSet::new());
    let mut damaged = false;
    for turn in 0..40_u8 {
        if input.0.is_empty() {
            break;
        }
        match input.byte() % 8 {
            0..4 => {
                let changes = (0..input.byte() % 4).map(|_| {
                    let key = vec![input.byte() % 16];
                    let len = input.byte();
                    if len < 64 {
                        model.remove(&key);
                        return Change::Delete(key.into());
                    }
                    let value: Vec<u8> = (64..len).map(|i| i ^ turn).collect();
                    history.insert((key.clone(), value.clone()));
                    model.insert(key.clone(), value.clone());
                    Change::Set(key.into(), vec![value.into()])
                });
                log.write(&[changes.collect()]).remove(0).unwrap();
            }
            4 => {
                drop(log);
                log = rig.open();
            }
            5 => {
                // Damage to what is read may fail it; nothing is lost by that.
                let _ = log.compact();
            }
            kind => {
                drop(log);
                let files = rig.files();
                if let Some(file) = files.get(input.number() % files.len().max(1)) {
                    let mut content = fs::read(file).unwrap();
                    let at = input.number() % content.len().max(1);
                    match kind {
                        6 => content.truncate(at),
                        _ if content.is_empty() => {}
                        _ => content[at] ^= input.byte(),
                    }
                    fs::write(file, content).unwrap();
                    damaged = true;
                }
                log = rig.open();
            }
        }
    }
    drop(log);
    let log = rig.open();
    let mut now = BTreeMap::new();
    for (key, len) in log.keys() {
        let value = log.get(&key).unwrap().unwrap();
        assert_eq!(value.len() as u64, len);
        assert!(history.contains(&(key.to_vec(), value.to_vec())), "a value from nowhere");
        now.insert(key.to_vec(), value.to_vec());
    }
    if !damaged {
        assert!(!rig.found.load(Relaxed), "damage that nobody did");
        assert_eq!(now, model);
    }
});
