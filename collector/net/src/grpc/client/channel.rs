//! The connections of a gRPC client: one to each address of its endpoint, opened and reopened in the background, used
//! in turn (gRPC's `round_robin`).

use std::{
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    sync::{Notify, Semaphore, watch},
    task::{AbortHandle, JoinSet},
    time::{Instant, sleep_until},
};

use crate::{
    grpc::client::dialer::{Address, Dialer},
    http2::Connection,
};

/// How many attempts to connect may be under way at once.
const CONCURRENT_ATTEMPTS: usize = 8;
/// How many of a name's addresses are used.
const MAX_ADDRESSES: usize = 64;
/// The pause after a first failed attempt; each further one is longer by [`GROWTH`], up to [`LONGEST_PAUSE`].
///
/// Shorter than gRPC's second, as a refused connection costs next to nothing and every pause delays recovery.
const FIRST_PAUSE: Duration = Duration::from_millis(100);
const GROWTH: f64 = 1.6;
const LONGEST_PAUSE: Duration = Duration::from_mins(2);
/// A connection that dies younger than this without having been of use counts as a failed attempt: a far end that accepts
/// and hangs up must not be called in a tight loop.
const SHORT_LIFE: Duration = Duration::from_secs(1);

/// A client's connections. Dropping it stops connecting; calls under way go on.
#[derive(Debug)]
pub(crate) struct Channel {
    state: watch::Receiver<State>,
    wanted: Arc<Notify>,
    turn: AtomicUsize,
    task: AbortHandle,
}

/// What calls need to know.
#[derive(Clone, Debug, Default)]
struct State {
    ready: Arc<[Connection]>,
    /// Why there is no connection; `None` while the first attempts are under way, or those after a loss.
    failure: Option<Failure>,
}

#[derive(Clone, Debug)]
struct Failure {
    reason: Arc<str>,
    at: Instant,
}

impl Channel {
    /// Begins to connect. Must be called within a runtime.
    pub(crate) fn open(dialer: Dialer) -> Self {
        let (publish, state) = watch::channel(State::default());
        let wanted = Arc::new(Notify::new());
        let driver = Driver {
            dialer: Arc::new(dialer),
            links: Vec::new(),
            publish,
            closed: Arc::new(Notify::new()),
            wanted: Arc::clone(&wanted),
            unresolved: 0,
        };
        let task = tokio::spawn(driver.run()).abort_handle();
        Self { state, wanted, turn: AtomicUsize::new(0), task }
    }

    /// The next connection in turn. Waits while connecting; fails if that fails, with the reason, unless the call is to
    /// wait until it succeeds.
    pub(crate) async fn connection(&self, wait_for_ready: bool) -> Result<Connection, Arc<str>> {
        if let Some(connection) = self.pick(&self.state.borrow()) {
            return Ok(connection);
        }
        let mut state = self.state.clone();
        let mut attempted = false;
        loop {
            let seen = state.borrow_and_update().clone();
            if let Some(connection) = self.pick(&seen) {
                return Ok(connection);
            }
            if let (Some(failure), false) = (seen.failure, wait_for_ready) {
                if attempted || failure.at.elapsed() < FIRST_PAUSE {
                    return Err(failure.reason);
                }
                // Worth an attempt of its own: a far end that is back should not have to wait for a long pause to end.
                self.wanted.notify_one();
                attempted = true;
            }
            if state.changed().await.is_err() {
                return Err("grpc: the client connection is closing".into());
            }
        }
    }

    fn pick(&self, state: &State) -> Option<Connection> {
        let count = state.ready.len();
        let turn = self.turn.fetch_add(1, Ordering::Relaxed);
        (0..count).map(|i| &state.ready[turn.wrapping_add(i) % count]).find(|c| !c.is_closed()).cloned()
    }
}

impl Drop for Channel {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// The task that keeps the connections.
struct Driver {
    dialer: Arc<Dialer>,
    links: Vec<Link>,
    publish: watch::Sender<State>,
    /// Woken when a connection has closed.
    closed: Arc<Notify>,
    /// Woken when a call wants an attempt now.
    wanted: Arc<Notify>,
    /// Failed look-ups of the name in a row.
    unresolved: u32,
}

/// One address and the connection to it.
struct Link {
    address: Address,
    connection: Option<Connection>,
    /// Failed attempts in a row.
    failures: u32,
    retry_at: Instant,
}

impl Driver {
    async fn run(mut self) {
        let mut wanted = false;
        loop {
            let retry_at = match self.dialer.addresses().await {
                Ok(addresses) => {
                    self.unresolved = 0;
                    self.keep(addresses);
                    self.connect(wanted).await;
                    self.links.iter().filter(|l| l.connection.is_none()).map(|l| l.retry_at).min()
                }
                Err(reason) => {
                    if self.ready().is_empty() {
                        self.fail(&reason);
                    }
                    self.unresolved = self.unresolved.saturating_add(1);
                    Some(Instant::now() + pause(self.unresolved))
                }
            };
            wanted = false;
            tokio::select! {
                () = self.closed.notified() => {}
                () = self.wanted.notified() => wanted = true,
                () = sleep_until(retry_at.unwrap_or_else(Instant::now)), if retry_at.is_some() => {}
            }
            self.bury();
        }
    }

    /// Makes `addresses` the ones to be connected to, keeping what there is.
    fn keep(&mut self, addresses: Vec<Address>) {
        self.links.retain(|link| addresses.contains(&link.address));
        for address in addresses.into_iter().take(MAX_ADDRESSES) {
            if !self.links.iter().any(|link| link.address == address) {
                self.links.push(Link { address, connection: None, failures: 0, retry_at: Instant::now() });
            }
        }
    }

    /// Tries every address that is due, or all if a call wants it. What is ready can be used before the others are.
    async fn connect(&mut self, wanted: bool) {
        let now = Instant::now();
        let mut attempts = JoinSet::new();
        let permits = Arc::new(Semaphore::new(CONCURRENT_ATTEMPTS));
        for (index, link) in self.links.iter().enumerate() {
            if link.connection.is_some() || !(wanted || link.retry_at <= now) {
                continue;
            }
            let (dialer, closed, permits) =
                (Arc::clone(&self.dialer), Arc::clone(&self.closed), Arc::clone(&permits));
            let address = link.address.clone();
            attempts.spawn(async move {
                let _permit = permits.acquire_owned().await;
                (index, dialer.connect(&address, closed).await)
            });
        }
        let mut reason = None;
        while let Some(outcome) = attempts.join_next().await {
            // Only a panic or an abort could have taken the outcome away; the address is tried again in its turn.
            let Ok((index, outcome)) = outcome else { continue };
            let link = &mut self.links[index];
            match outcome {
                Ok(connection) => {
                    link.connection = Some(connection);
                    self.publish_ready();
                }
                Err(error) => {
                    link.failed();
                    reason.get_or_insert(error);
                }
            }
        }
        if let Some(reason) = reason.filter(|_| self.ready().is_empty()) {
            self.fail(&reason);
        }
    }

    /// Forgets connections that have closed.
    fn bury(&mut self) {
        let (mut lost, mut hung_up) = (false, false);
        for link in &mut self.links {
            let Some(connection) = link.connection.take_if(|c| c.is_closed()) else { continue };
            lost = true;
            if connection.age() < SHORT_LIFE && !connection.was_used() {
                hung_up = true;
                link.failed();
            } else {
                link.failures = 0;
                link.retry_at = Instant::now();
            }
        }
        if hung_up && self.ready().is_empty() {
            self.fail("connection error: desc = \"error reading server preface: EOF\"");
        } else if lost {
            self.publish_ready();
        }
    }

    fn ready(&self) -> Vec<Connection> {
        self.links.iter().filter_map(|link| link.connection.clone()).filter(|c| !c.is_closed()).collect()
    }

    fn publish_ready(&self) {
        let ready = self.ready().into();
        self.publish.send_replace(State { ready, failure: None });
    }

    fn fail(&self, reason: &str) {
        let failure = Failure { reason: reason.into(), at: Instant::now() };
        self.publish.send_replace(State { ready: Arc::default(), failure: Some(failure) });
    }
}

impl Link {
    fn failed(&mut self) {
        self.failures = self.failures.saturating_add(1);
        self.retry_at = Instant::now() + pause(self.failures);
    }
}

/// The pause after this many failures in a row.
fn pause(failures: u32) -> Duration {
    let exponent = i32::try_from(failures.saturating_sub(1)).unwrap_or(i32::MAX);
    let seconds = FIRST_PAUSE.as_secs_f64() * GROWTH.powi(exponent);
    Duration::from_secs_f64(seconds.min(LONGEST_PAUSE.as_secs_f64()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pauses_grow_up_to_a_limit() {
        assert_eq!(pause(1), FIRST_PAUSE);
        assert_eq!(pause(2), Duration::from_millis(160));
        assert_eq!(pause(u32::MAX), LONGEST_PAUSE);
    }
}
