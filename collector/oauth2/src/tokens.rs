//! The token in use. One request at a time gets a new one, however many need it.

use std::{
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use slimcol_service::{BoxError, Log};
use tokio::{sync, task::JoinHandle, time::Instant};

/// How long a token counts at least when it is refused, and how long after a renewal that failed the next is tried while the
/// old token is still good. A server that refuses all tokens must not make this one ask for another with each request.
const APART: Duration = Duration::from_secs(5);
/// How long before its end a token stops being shown: it has a way to go, and clocks differ. Go's; less for short lives.
const MARGIN: Duration = Duration::from_secs(10);

/// Where tokens come from.
pub trait Issuer: Send + Sync + 'static {
    /// A new token.
    ///
    /// # Errors
    /// Why there is none, without secrets.
    fn issue(&self) -> impl Future<Output = Result<Token, String>> + Send;
}

/// A token as its issuer gave it.
#[derive(Debug)]
pub struct Token {
    /// What `Authorization` says: the type and the token.
    pub value: String,
    /// How long it is good for, from when it was asked for; without it, for ever.
    pub lifetime: Option<Duration>,
}

/// Keeps a token for as long as it is good.
pub struct Tokens<I> {
    issuer: I,
    /// How long before its end a token is renewed.
    buffer: Duration,
    log: Log,
    held: Mutex<Held>,
    /// Whose it is gets the next token.
    turn: Arc<sync::Mutex<()>>,
    /// Gets the next token while the last is good still.
    renewal: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Held {
    token: Option<Kept>,
    /// How often one was asked for.
    asked: u64,
    /// When the last one could not be had, and why.
    failed: Option<(Instant, Arc<str>)>,
}

struct Kept {
    value: Arc<str>,
    since: Instant,
    /// When to renew it.
    fresh: Option<Instant>,
    /// When it ends.
    good: Option<Instant>,
}

/// What is held.
enum Finding {
    /// A token, and nothing to do.
    Fresh(Arc<str>),
    /// A token that should be renewed, but is good still.
    Good(Arc<str>),
    Nothing,
}

impl<I: Issuer> Tokens<I> {
    /// No token yet; one is renewed `buffer` before its end.
    pub fn new(issuer: I, buffer: Duration, log: Log) -> Self {
        let (held, turn, renewal) = (Mutex::default(), Arc::default(), Mutex::default());
        Self { issuer, buffer, log, held, turn, renewal }
    }

    /// What to show now.
    ///
    /// # Errors
    /// The issuer's, also if another request heard it while this one waited.
    pub async fn current(self: &Arc<Self>) -> Result<Arc<str>, BoxError> {
        let asked = self.lock().asked;
        match self.find() {
            Finding::Fresh(value) => return Ok(value),
            Finding::Good(value) => {
                self.renew();
                return Ok(value);
            }
            Finding::Nothing => {}
        }
        let _turn = self.turn.lock().await;
        if let Finding::Fresh(value) = self.find() {
            return Ok(value);
        }
        {
            let held = self.lock();
            if let (true, Some((_, why))) = (held.asked > asked, &held.failed) {
                return Err((**why).into());
            }
        }
        self.get().await.map_err(|why| (*why).into())
    }

    /// Has a new token got, unless that is under way. No request waits for it, and none that is given up ends it.
    fn renew(self: &Arc<Self>) {
        let Ok(turn) = self.turn.clone().try_lock_owned() else { return };
        let this = self.clone();
        let renewal = tokio::spawn(async move {
            if let Err(why) = this.get().await {
                let text = "cannot renew the token, going on with the one that there is";
                this.log.warn(text, &[("error", (&*why).into())]);
            }
            drop(turn);
        });
        *self.renewal.lock().unwrap_or_else(PoisonError::into_inner) = Some(renewal);
    }

    /// Ends what is under way without anybody who waits for it.
    pub fn stop(&self) {
        if let Some(renewal) = self.renewal.lock().unwrap_or_else(PoisonError::into_inner).take() {
            renewal.abort();
        }
    }

    async fn get(&self) -> Result<Arc<str>, Arc<str>> {
        let since = Instant::now();
        let issued = self.issuer.issue().await;
        self.keep(since, issued)
    }

    /// A far end did not take the token: the next request gets another.
    pub fn refused(&self) {
        let mut held = self.lock();
        if held.token.as_ref().is_some_and(|token| token.since.elapsed() >= APART) {
            held.token = None;
        }
    }

    fn find(&self) -> Finding {
        let held = self.lock();
        let Some(token) = &held.token else { return Finding::Nothing };
        let (now, value) = (Instant::now(), token.value.clone());
        let resting = held.failed.as_ref().is_some_and(|(when, _)| now < *when + APART);
        let before = |end: Option<Instant>| end.is_none_or(|end| now < end);
        match (before(token.good), before(token.fresh) || resting) {
            (true, true) => Finding::Fresh(value),
            (true, false) => Finding::Good(value),
            (false, _) => Finding::Nothing,
        }
    }

    fn keep(&self, since: Instant, issued: Result<Token, String>) -> Result<Arc<str>, Arc<str>> {
        let mut held = self.lock();
        held.asked += 1;
        match issued {
            Ok(Token { value, lifetime }) => {
                let value: Arc<str> = value.into();
                let until = |life: Option<Duration>| life.and_then(|life| since.checked_add(life));
                let good = lifetime.map(|life| life.saturating_sub(MARGIN.min(life / 4)));
                // A token that lives for less than the buffer would be none from the start.
                let fresh = lifetime.map(|life| life.checked_sub(self.buffer).unwrap_or(life / 2)).min(good);
                held.token = Some(Kept {
                    value: value.clone(),
                    since: Instant::now(),
                    fresh: until(fresh),
                    good: until(good),
                });
                held.failed = None;
                Ok(value)
            }
            Err(why) => {
                let why: Arc<str> = why.into();
                held.failed = Some((Instant::now(), why.clone()));
                Err(why)
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Held> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<I> fmt::Debug for Tokens<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}

#[cfg(test)]
mod tests;
