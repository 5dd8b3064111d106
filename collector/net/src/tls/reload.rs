//! Configurations that are made again when their files may have changed.

use std::{
    fmt, fs,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant, SystemTime},
};

/// Makes a rustls configuration from files and PEM texts.
pub(super) type Make<C> = Box<dyn Fn() -> Result<Arc<C>, String> + Send + Sync>;

/// A configuration of rustls and what says that it is out of date.
pub(super) struct Reloading<C> {
    make: Make<C>,
    /// Zero: never.
    interval: Duration,
    /// A file whose change makes the configuration again.
    watched: Option<String>,
    current: Mutex<Current<C>>,
}

struct Current<C> {
    config: Arc<C>,
    made: Instant,
    modified: Option<SystemTime>,
}

impl<C> Reloading<C> {
    /// Makes the first configuration.
    pub(super) fn new(make: Make<C>, interval: Duration, watched: Option<String>) -> Result<Self, String> {
        let modified = modified(watched.as_deref());
        let config = make()?;
        let current = Mutex::new(Current { config, made: Instant::now(), modified });
        Ok(Self { make, interval, watched, current })
    }

    /// The configuration for a new connection. An error after `interval`, like Go's, fails that connection only: the next one
    /// tries again.
    pub(super) fn config(&self) -> Result<Arc<C>, String> {
        let mut current = self.current.lock().unwrap_or_else(PoisonError::into_inner);
        let stale = !self.interval.is_zero() && current.made.elapsed() >= self.interval;
        let modified = modified(self.watched.as_deref());
        if stale || modified != current.modified {
            match (self.make)() {
                Ok(config) => {
                    current.config = config;
                    current.made = Instant::now();
                    current.modified = modified;
                }
                Err(error) if stale => return Err(error),
                // A file that is watched may be half written. Go goes on with what it had, too.
                Err(_) => {}
            }
        }
        Ok(current.config.clone())
    }
}

impl<C> fmt::Debug for Reloading<C> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Reloading").field("interval", &self.interval).finish_non_exhaustive()
    }
}

fn modified(path: Option<&str>) -> Option<SystemTime> {
    fs::metadata(path?).and_then(|data| data.modified()).ok()
}
