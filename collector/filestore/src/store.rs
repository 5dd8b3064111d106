//! A store for components, on a log.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use slimcol_service::{BoxError, BoxFuture, Change, Store, go_error};
use tokio::{sync::oneshot, task::spawn_blocking};

use crate::{claim::Claim, log::Log};

/// One owner's store.
#[derive(Debug)]
pub struct FileStore {
    log: Arc<Log>,
    jobs: Arc<Jobs>,
    claim: Mutex<Option<Claim>>,
}

/// Changes that wait to be written.
#[derive(Debug, Default)]
struct Jobs(Mutex<State>);

#[derive(Debug, Default)]
struct State {
    waiting: Vec<Job>,
    /// Whether somebody writes, who will see to what comes in meanwhile.
    writing: bool,
    closed: bool,
}

#[derive(Debug)]
struct Job {
    changes: Vec<Change>,
    done: oneshot::Sender<Result<(), BoxError>>,
}

impl FileStore {
    /// A store on `log`, whose folder is claimed until the store is closed.
    pub fn new(log: Log, claim: Claim) -> Self {
        Self { log: Arc::new(log), jobs: Arc::default(), claim: Mutex::new(Some(claim)) }
    }

    /// Has `changes` written, with others that wait at the same time.
    fn submit(&self, changes: Vec<Change>) -> oneshot::Receiver<Result<(), BoxError>> {
        let (done, outcome) = oneshot::channel();
        let mut state = self.jobs.lock();
        if state.closed {
            // A receiver that has gone away does not matter.
            let _ = done.send(Err("the storage is closed".into()));
            return outcome;
        }
        state.waiting.push(Job { changes, done });
        if !state.writing {
            state.writing = true;
            let (log, jobs) = (self.log.clone(), self.jobs.clone());
            spawn_blocking(move || jobs.work(&log));
        }
        outcome
    }
}

impl Jobs {
    /// Writes until nothing waits. What came in during one write goes with the next one, so the busier it is the fewer
    /// calls to the kernel, and waits for the disk, there are for each change.
    fn work(&self, log: &Log) {
        let ended = Ended(self);
        loop {
            let jobs = {
                let mut state = self.lock();
                if state.waiting.is_empty() {
                    state.writing = false;
                    std::mem::forget(ended);
                    return;
                }
                std::mem::take(&mut state.waiting)
            };
            let (groups, done): (Vec<_>, Vec<_>) =
                jobs.into_iter().map(|job| (job.changes, job.done)).unzip();
            let outcomes = log.write(&groups);
            for (done, outcome) in done.into_iter().zip(outcomes) {
                let outcome = outcome.map_err(|error| format!("storage: {}", go_error(&error)).into());
                let _ = done.send(outcome);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Should writing panic, those who wait are told and the next one tries again.
struct Ended<'a>(&'a Jobs);

impl Drop for Ended<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.writing = false;
        state.waiting.clear();
    }
}

impl Store for FileStore {
    fn keys(&self) -> BoxFuture<'_, Result<Vec<(Bytes, u64)>, BoxError>> {
        Box::pin(async { Ok(self.log.keys()) })
    }

    fn get<'a>(&'a self, key: &'a [u8]) -> BoxFuture<'a, Result<Option<Bytes>, BoxError>> {
        let (log, key) = (self.log.clone(), key.to_vec());
        Box::pin(async move {
            let value = spawn_blocking(move || log.get(&key)).await?;
            value.map_err(|error| format!("storage: {}", go_error(&error)).into())
        })
    }

    fn apply(&self, changes: Vec<Change>) -> BoxFuture<'_, Result<(), BoxError>> {
        let outcome = self.submit(changes);
        Box::pin(async move { outcome.await.unwrap_or_else(|_| Err("storage: the write failed".into())) })
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        Box::pin(async {
            // An empty change is written behind all others, so these are done once it is.
            let last = self.submit(Vec::new());
            self.jobs.lock().closed = true;
            let _ = last.await;
            drop(self.claim.lock().unwrap_or_else(PoisonError::into_inner).take());
        })
    }
}
