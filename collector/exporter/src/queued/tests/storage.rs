//! A storage in memory, which a test can make fail.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering::Relaxed},
    },
};

use bytes::Bytes;
use slimcol_service::{BoxError, BoxFuture, Change, Owner, Storage, Store};

/// What outlives an exporter.
#[derive(Clone, Debug, Default)]
pub(super) struct Disk(Arc<Inner>);

#[derive(Debug, Default)]
struct Inner {
    owners: Mutex<Vec<Owner>>,
    values: Mutex<BTreeMap<Bytes, Bytes>>,
    full: AtomicBool,
    open: AtomicBool,
}

impl Disk {
    /// Keeps nothing more, or does again.
    pub(super) fn full(&self, full: bool) {
        self.0.full.store(full, Relaxed);
    }

    /// Who asked for a store.
    pub(super) fn owners(&self) -> Vec<Owner> {
        self.0.owners.lock().unwrap().clone()
    }

    /// How many values there are.
    pub(super) fn len(&self) -> usize {
        self.0.values.lock().unwrap().len()
    }

    /// Changes the `n`th value.
    pub(super) fn spoil(&self, n: usize, change: impl FnOnce(&mut Vec<u8>)) {
        let mut values = self.0.values.lock().unwrap();
        let value = values.values_mut().nth(n).unwrap();
        let mut bytes = value.to_vec();
        change(&mut bytes);
        *value = bytes.into();
    }

    /// Whether an exporter has it open.
    pub(super) fn is_open(&self) -> bool {
        self.0.open.load(Relaxed)
    }
}

impl Storage for Disk {
    fn open(&self, owner: Owner) -> BoxFuture<'_, Result<Arc<dyn Store>, BoxError>> {
        self.0.owners.lock().unwrap().push(owner);
        self.0.open.store(true, Relaxed);
        Box::pin(async { Ok(Arc::new(self.clone()) as Arc<dyn Store>) })
    }
}

impl Store for Disk {
    fn keys(&self) -> BoxFuture<'_, Result<Vec<(Bytes, u64)>, BoxError>> {
        let values = self.0.values.lock().unwrap();
        let keys = values.iter().map(|(key, value)| (key.clone(), value.len() as u64)).collect();
        Box::pin(async { Ok(keys) })
    }

    fn get<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, BoxError>> {
        let value = self.0.values.lock().unwrap().get(key).cloned();
        Box::pin(async { Ok(value) })
    }

    fn apply(&self, changes: Vec<Change>) -> BoxFuture<'_, Result<(), BoxError>> {
        Box::pin(async move {
            tokio::task::yield_now().await;
            let mut values = self.0.values.lock().unwrap();
            for change in changes {
                match change {
                    Change::Set(..) if self.0.full.load(Relaxed) => {
                        return Err("no space left on device".into());
                    }
                    Change::Set(key, pieces) => drop(values.insert(key, pieces.concat().into())),
                    Change::Delete(key) => drop(values.remove(&key)),
                }
            }
            Ok(())
        })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        self.0.open.store(false, Relaxed);
        Box::pin(async {})
    }
}
