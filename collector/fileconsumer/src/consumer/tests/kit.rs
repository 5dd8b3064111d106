//! A consumer over a folder, a clock that stands still, and what was taken.

use std::{
    collections::BTreeMap,
    fs::File,
    io::Write,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
    time::{Duration, SystemTime},
};

use bytes::Bytes;
use slimcol_config::from_yaml;
use slimcol_service::{BoxError, BoxFuture, Change, Log, Store};

use crate::{Attributes, Batch, Closing, Config, Consume, Consumer, Offsets};

pub(super) struct Rig {
    pub(super) dir: Arc<tempfile::TempDir>,
    pub(super) consumer: Consumer,
    pub(super) sink: Sink,
    pub(super) store: Arc<Memory>,
    pub(super) now: SystemTime,
    yaml: String,
    log: Arc<Mutex<Vec<String>>>,
}

#[derive(Default)]
pub(super) struct Sink {
    tokens: Mutex<Vec<String>>,
    /// Offsets and numbers of the tokens.
    pub(super) places: Mutex<Vec<(u64, u64)>>,
    pub(super) fail: Mutex<Option<String>>,
    /// Closes the consumer when it has given tokens so many times.
    pub(super) closing_after: Mutex<Option<(usize, Closing)>>,
    /// What happens once, while tokens are taken.
    pub(super) meanwhile: Mutex<Option<Box<dyn FnOnce() + Send>>>,
    /// Keeps what it gets.
    kept: Mutex<Vec<Bytes>>,
    pub(super) attributes: Mutex<Attributes>,
}

impl Consume for Sink {
    fn consume<'a>(&'a self, batch: Batch<'a>) -> BoxFuture<'a, Result<(), BoxError>> {
        Box::pin(async move {
            let name = batch.file.get("log.file.name").and_then(|name| name.as_str()).unwrap_or_default();
            for token in batch.tokens() {
                let body = batch.body(token);
                self.tokens.lock().unwrap().push(format!("{name}:{}", String::from_utf8_lossy(&body)));
                self.places.lock().unwrap().push((token.offset, token.record));
                self.kept.lock().unwrap().push(body);
            }
            *self.attributes.lock().unwrap() = Attributes::clone(batch.file);
            if let Some(happens) = self.meanwhile.lock().unwrap().take() {
                happens();
            }
            if let Some((left, closing)) = &mut *self.closing_after.lock().unwrap() {
                *left -= 1;
                if *left == 0 {
                    closing.close();
                }
            }
            self.fail.lock().unwrap().clone().map_or(Ok(()), |why| Err(why.into()))
        })
    }

    fn header(&self, line: &str, attributes: &mut Attributes) -> Result<(), BoxError> {
        let (key, value) = line.trim_start_matches('#').split_once('=').ok_or("no pair")?;
        attributes.insert(key.to_owned(), value.into());
        Ok(())
    }
}

impl Rig {
    /// A consumer of the `.log` files in a new folder.
    pub(super) async fn new(yaml: &str) -> Self {
        Self::over(Arc::new(tempfile::tempdir().unwrap()), Arc::default(), yaml).await
    }

    async fn over(dir: Arc<tempfile::TempDir>, store: Arc<Memory>, yaml: &str) -> Self {
        let here = dir.path().to_str().unwrap();
        let whole = if yaml.contains("include:") {
            yaml.to_owned()
        } else {
            format!("include: [HERE/*.log], {yaml}")
        };
        let config: Config = from_yaml(&format!("{{{}}}", whole.replace("HERE", here))).unwrap();
        let (log, lines) = Log::capture();
        let offsets = Offsets::new(Arc::clone(&store) as Arc<dyn Store>, "file_input");
        let consumer = Consumer::new(&config, Some(offsets), log).await.unwrap();
        let sink = Sink::default();
        Self { dir, consumer, sink, store, now: SystemTime::now(), yaml: yaml.to_owned(), log: lines }
    }

    /// The same after the process was killed.
    pub(super) async fn restarted(self) -> Self {
        let yaml = self.yaml.clone();
        self.restarted_with(&yaml).await
    }

    pub(super) async fn restarted_with(self, yaml: &str) -> Self {
        let now = self.now;
        Self { now, ..Self::over(self.dir, self.store, yaml).await }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    /// Polls, and gives the tokens that were taken, each behind its file's name.
    pub(super) async fn poll(&mut self) -> Vec<String> {
        self.consumer.poll_at(self.now, &self.sink).await;
        std::mem::take(&mut *self.sink.tokens.lock().unwrap())
    }

    pub(super) fn wait(&mut self, millis: u64) {
        self.now += Duration::from_millis(millis);
    }

    pub(super) fn log(&self) -> Vec<String> {
        let here = self.dir.path().to_str().unwrap();
        std::mem::take(&mut *self.log.lock().unwrap())
            .into_iter()
            .map(|line| line.replace(here, "HERE"))
            .collect()
    }
}

/// Appends to a file.
pub(super) fn write(path: &Path, text: impl AsRef<[u8]>) {
    let mut file = File::options().create(true).append(true).open(path).unwrap();
    file.write_all(text.as_ref()).unwrap();
}

/// A store that forgets with its rig.
#[derive(Default)]
pub(super) struct Memory(pub(super) Mutex<BTreeMap<Bytes, Bytes>>);

impl Store for Memory {
    fn keys(&self) -> BoxFuture<'_, Result<Vec<(Bytes, u64)>, BoxError>> {
        let kept = self.0.lock().unwrap();
        let keys = kept.iter().map(|(key, value)| (key.clone(), value.len() as u64)).collect();
        Box::pin(async { Ok(keys) })
    }

    fn get<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, BoxError>> {
        Box::pin(async { Ok(self.0.lock().unwrap().get(key).cloned()) })
    }

    fn apply(&self, changes: Vec<Change>) -> BoxFuture<'_, Result<(), BoxError>> {
        let mut kept = self.0.lock().unwrap();
        for change in changes {
            match change {
                Change::Set(key, pieces) => drop(kept.insert(key, pieces.concat().into())),
                Change::Delete(key) => drop(kept.remove(&key)),
            }
        }
        Box::pin(async { Ok(()) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {})
    }
}
