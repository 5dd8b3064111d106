//! Taking stacks while time passes. The process has one timer of this kind, so one profile is taken at a time.

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    time::{Instant, SystemTime},
};

use crate::{profile, ticks::Ticks};

/// Why there are no profiles in this build, if there are none.
pub(crate) const IMPOSSIBLE: Option<&str> = if cfg!(panic = "abort") {
    Some(
        "this collector was built with `dist.panic: abort`, without the tables that lead from a function to its caller",
    )
} else {
    None
};

static TAKEN: AtomicBool = AtomicBool::new(false);

/// A profile that is being taken.
pub(crate) struct Sampling {
    // Before the turn, so that the timer has stopped when the next one may begin.
    ticks: Ticks,
    _turn: Turn,
    begun: SystemTime,
    clock: Instant,
}

/// The right to take a profile.
struct Turn;

impl Turn {
    fn take() -> Option<Self> {
        TAKEN.compare_exchange(false, true, SeqCst, SeqCst).is_ok().then_some(Self)
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        TAKEN.store(false, SeqCst);
    }
}

impl Sampling {
    /// Begins.
    ///
    /// # Errors
    /// A profile is being taken already, or none can be.
    pub(crate) fn begin() -> Result<Self, String> {
        if let Some(why) = IMPOSSIBLE {
            return Err(why.to_owned());
        }
        let turn = Turn::take().ok_or("cpu profiling already in use")?;
        let ticks = Ticks::begin().map_err(|error| error.to_string())?;
        Ok(Self { ticks, _turn: turn, begun: SystemTime::now(), clock: Instant::now() })
    }

    /// Ends; the profile in pprof's format, compressed.
    ///
    /// # Errors
    /// What was sampled cannot be read.
    pub(crate) fn end(self) -> Result<Vec<u8>, String> {
        profile::encode(&self.ticks.end(), self.begun, self.clock.elapsed())
    }
}

impl fmt::Debug for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampling").field("begun", &self.begun).finish_non_exhaustive()
    }
}
