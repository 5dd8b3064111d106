//! Taking stacks while time passes. The process has one timer of this kind, so one profile is taken at a time.

use std::{
    collections::HashMap,
    fmt,
    path::Path,
    sync::atomic::{AtomicBool, Ordering::SeqCst},
    time::{Instant, SystemTime},
};

use pprof::{ProfilerGuard, UnresolvedReport};

use crate::profile::{self, Stack, Stacks};

/// Samples a second, as in Go.
pub(crate) const FREQUENCY: i32 = 100;

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
    guard: ProfilerGuard<'static>,
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
        // What is sampled more than fits into memory goes to a file, for which an image of nothing but a collector has no `/tmp`.
        if !std::env::temp_dir().is_dir() {
            // It stays as it is if it was overridden already.
            let _ = tempfile::env::override_temp_dir(Path::new("/dev/shm"));
        }
        let guard = ProfilerGuard::new(FREQUENCY).map_err(|error| {
            format!(
                "no profile can be taken, maybe for want of a folder for temporary files (TMPDIR): {error}"
            )
        })?;
        Ok(Self { guard, _turn: turn, begun: SystemTime::now(), clock: Instant::now() })
    }

    /// Ends; the profile in pprof's format, compressed.
    ///
    /// # Errors
    /// What was sampled cannot be read.
    pub(crate) fn end(self) -> Result<Vec<u8>, String> {
        let report = self.guard.report().build_unresolved().map_err(|error| error.to_string())?;
        // No more samples from here on.
        drop(self.guard);
        let stacks = stacks(report);
        profile::encode(&stacks, self.begun, self.clock.elapsed())
    }
}

/// The addresses of each stack, from the innermost outwards.
fn stacks(report: UnresolvedReport) -> Stacks {
    let mut stacks = HashMap::new();
    for (frames, count) in report.data {
        let name = frames.thread_name.get(..frames.thread_name_length).unwrap_or_default();
        let thread = String::from_utf8_lossy(name).into_owned();
        let functions = frames.frames.iter().map(|frame| frame.symbol_address() as usize).collect();
        let addresses = frames.frames.iter().map(|frame| frame.ip() as usize).collect();
        let stack = Stack { thread, functions, addresses };
        *stacks.entry(stack).or_insert(0) += u64::try_from(count).unwrap_or_default();
    }
    Stacks(stacks)
}

impl fmt::Debug for Sampling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sampling").field("begun", &self.begun).finish_non_exhaustive()
    }
}
