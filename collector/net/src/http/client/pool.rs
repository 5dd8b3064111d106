//! Connections that wait for their next request.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError, Weak},
    time::Duration,
};

use tokio::{
    sync::{OwnedSemaphorePermit, Semaphore},
    time::{Instant, sleep_until},
};

use crate::http::client::{config::KeepAlive, connection::Connection};

/// How many hosts' limits are remembered before those of idle hosts are forgotten.
const MANY_HOSTS: usize = 64;

/// What tells connections apart that cannot stand in for each other: scheme, host, port and proxy.
pub(crate) type Key = Arc<str>;

/// The idle connections of a client, oldest first.
#[derive(Debug)]
pub(crate) struct Pool {
    state: Mutex<State>,
    /// `None`: connections are not kept.
    idle_timeout: Option<Duration>,
    forever: bool,
    max_idle: usize,
    max_idle_per_host: usize,
    max_per_host: Option<usize>,
}

#[derive(Debug, Default)]
struct State {
    idle: Vec<Idle>,
    limits: HashMap<Key, Arc<Semaphore>>,
    /// Whether a task waits for the oldest to expire.
    sweeping: bool,
}

#[derive(Debug)]
struct Idle {
    key: Key,
    connection: Connection,
    since: Instant,
}

impl Pool {
    /// A pool with these limits, zero meaning none.
    pub(crate) fn new(keep: KeepAlive, max_per_host: i64) -> Arc<Self> {
        let limit = |n: i64| usize::try_from(n).ok().filter(|n| *n > 0);
        Arc::new(Self {
            state: Mutex::default(),
            idle_timeout: (!keep.disabled).then(|| keep.idle_conn_timeout.std()),
            forever: keep.idle_conn_timeout.is_zero(),
            max_idle: limit(keep.max_idle_conns).unwrap_or(usize::MAX),
            max_idle_per_host: limit(keep.max_idle_conns_per_host).unwrap_or(usize::MAX),
            max_per_host: limit(max_per_host),
        })
    }

    /// Whether connections serve more than one request.
    pub(crate) fn keeps(&self) -> bool {
        self.idle_timeout.is_some()
    }

    /// Waits until one more request to this host may begin; holds its place until dropped.
    pub(crate) async fn place(&self, key: &Key) -> Option<OwnedSemaphorePermit> {
        let max = self.max_per_host?;
        let limit = {
            let mut state = self.lock();
            if state.limits.len() >= MANY_HOSTS {
                state.limits.retain(|_, limit| limit.available_permits() < max);
            }
            Arc::clone(state.limits.entry(key.clone()).or_insert_with(|| Arc::new(Semaphore::new(max))))
        };
        // It is never closed.
        limit.acquire_owned().await.ok()
    }

    /// A connection that can take a request; the youngest, as it is the least likely to be closed by the server.
    pub(crate) fn take(&self, key: &Key) -> Option<Connection> {
        let mut state = self.lock();
        while let Some(index) = state.idle.iter().rposition(|idle| idle.key == *key) {
            if let Some(shared) = state.idle[index].connection.share() {
                if !shared.is_closed() {
                    return Some(shared);
                }
                state.idle.remove(index);
            } else {
                let idle = state.idle.remove(index);
                if !idle.connection.is_closed() && !self.expired(idle.since) {
                    return Some(idle.connection);
                }
            }
        }
        None
    }

    /// Keeps a connection for later, if the limits allow it.
    pub(crate) fn put(self: &Arc<Self>, key: &Key, connection: Connection) {
        if !self.keeps() || connection.is_closed() {
            return;
        }
        let mut state = self.lock();
        state.idle.retain(|idle| !idle.connection.is_closed());
        if connection.share().is_some()
            && state.idle.iter().any(|i| i.key == *key && i.connection.share().is_some())
        {
            return;
        }
        if state.idle.iter().filter(|idle| idle.key == *key).count() >= self.max_idle_per_host {
            return;
        }
        if state.idle.len() >= self.max_idle {
            state.idle.remove(0);
        }
        state.idle.push(Idle { key: key.clone(), connection, since: Instant::now() });
        if !state.sweeping && !self.forever {
            state.sweeping = true;
            tokio::spawn(sweep(Arc::downgrade(self)));
        }
    }

    fn expired(&self, since: Instant) -> bool {
        !self.forever && self.idle_timeout.is_some_and(|timeout| since.elapsed() >= timeout)
    }

    /// Closes what has expired; the time of the next to do so.
    fn sweep(&self) -> Option<Instant> {
        let mut state = self.lock();
        // A connection that many requests share counts as idle from when it was opened: closing it here only means
        // that later requests open another.
        state.idle.retain(|idle| !self.expired(idle.since) && !idle.connection.is_closed());
        let next = state.idle.first().and_then(|oldest| oldest.since.checked_add(self.idle_timeout?));
        state.sweeping = next.is_some();
        next
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Closes idle connections in time, until there are none left.
async fn sweep(pool: Weak<Pool>) {
    while let Some(next) = pool.upgrade().and_then(|pool| pool.sweep()) {
        sleep_until(next).await;
    }
}
