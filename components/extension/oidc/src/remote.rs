//! Keys that a provider publishes, kept until one is missing.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use http::Uri;
use slimcol_net::http::client::HttpClient;
use slimcol_service::Log;
use tokio::time::Instant;

use crate::{fetch, keys, keys::Key};

/// After this long the keys are asked for anew, so that one that was withdrawn stops counting.
const OLD: Duration = Duration::from_hours(1);
/// How long to go on with old keys when that fails, before it is tried again.
const RETRY: Duration = Duration::from_mins(1);
/// How often in a row the provider is asked because of tokens whose keys are not known, and how long it takes until it may be
/// asked once more: anybody can send such tokens.
const BURST: u32 = 5;
const REFILL: Duration = Duration::from_secs(10);

/// The keys at an address.
pub(crate) struct Remote {
    client: HttpClient,
    uri: Uri,
    log: Log,
    state: Mutex<State>,
    /// Whose it is asks the provider.
    turn: tokio::sync::Mutex<()>,
}

struct State {
    keys: Arc<Vec<Key>>,
    /// When to ask for them anew; from the start.
    until: Instant,
    /// How often the provider was asked, and why the last time failed.
    asked: u64,
    failed: Option<Arc<str>>,
    left: u32,
    refilled: Instant,
}

/// What asking for keys came to.
pub(crate) enum Renewal {
    /// Keys that were published a moment ago.
    New(Arc<Vec<Key>>),
    /// It has been asked too often.
    Spent,
    Failed(Arc<str>),
}

impl Remote {
    pub(crate) fn new(client: HttpClient, uri: Uri, log: Log) -> Self {
        let now = Instant::now();
        let state =
            State { keys: Arc::default(), until: now, asked: 0, failed: None, left: BURST, refilled: now };
        Self { client, uri, log, state: Mutex::new(state), turn: tokio::sync::Mutex::default() }
    }

    /// The keys that are known, and how often they had been asked for.
    pub(crate) async fn known(&self) -> (Arc<Vec<Key>>, u64) {
        let (keys, asked, old) = {
            let state = self.lock();
            (state.keys.clone(), state.asked, Instant::now() >= state.until)
        };
        // One asks while the others go on.
        if old
            && asked > 0
            && let Ok(_turn) = self.turn.try_lock()
        {
            match self.ask().await {
                Ok(keys) => return (keys, self.lock().asked),
                Err(error) => {
                    self.lock().until = Instant::now() + RETRY;
                    let text = "cannot renew the keys, going on with those that there are";
                    self.log.warn(text, &[("error", (&*error).into())]);
                }
            }
        }
        (keys, asked)
    }

    /// The keys as they are now, for a token that none fits of those known after `asked`.
    pub(crate) async fn renewed(&self, asked: u64) -> Renewal {
        let _turn = self.turn.lock().await;
        {
            let mut state = self.lock();
            if state.asked > asked {
                // Another request's turn answered this one's question.
                return match &state.failed {
                    Some(error) => Renewal::Failed(error.clone()),
                    None => Renewal::New(state.keys.clone()),
                };
            }
            if !state.spend() {
                return state.failed.clone().map_or(Renewal::Spent, Renewal::Failed);
            }
        }
        self.ask().await.map_or_else(Renewal::Failed, Renewal::New)
    }

    async fn ask(&self) -> Result<Arc<Vec<Key>>, Arc<str>> {
        let read = match fetch::get(&self.client, &self.uri).await {
            Ok(text) => keys::read(&text).map_err(|error| format!("oidc: failed to decode keys: {error}")),
            Err(error) => Err(format!("oidc: get keys failed: {error}")),
        };
        let mut state = self.lock();
        state.asked += 1;
        match read {
            Ok(keys) => {
                (state.keys, state.until, state.failed) = (Arc::new(keys), Instant::now() + OLD, None);
                Ok(state.keys.clone())
            }
            Err(error) => {
                let error: Arc<str> = error.into();
                state.failed = Some(error.clone());
                Err(error)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// Takes one of the questions that are left.
    fn spend(&mut self) -> bool {
        let (now, mut left) = (Instant::now(), self.left);
        while left < BURST && now - self.refilled >= REFILL {
            (left, self.refilled) = (left + 1, self.refilled + REFILL);
        }
        if left == BURST {
            self.refilled = now;
        }
        self.left = left.saturating_sub(1);
        left > 0
    }
}

impl fmt::Debug for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Remote").field("uri", &self.uri).finish_non_exhaustive()
    }
}
