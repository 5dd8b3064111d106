//! One look at the process's memory, and what follows from it.

use std::{
    io,
    sync::{
        Arc, Mutex, PoisonError, TryLockError,
        atomic::{AtomicBool, AtomicI64, Ordering::Relaxed},
    },
    time::Duration,
};

use slimcol_service::{Field, Log, MEMORY_IS_SHORT, Memory, StatusReporter};
use tokio::time::Instant;

use crate::{
    Config,
    collections::Pacing,
    heap::Heap,
    limits::{Limits, mib},
    measure::System,
};

/// Between two ticks looks are at least this far apart, so that they cost little however many requests ask for one.
const APART: Duration = Duration::from_millis(2);

/// How far apart the allocator is asked, which may take it a millisecond.
const ASKED_APART: Duration = Duration::from_millis(50);

/// What the way of data asks: whether it is open, and how far.
#[derive(Debug)]
pub(crate) struct Gate {
    refuses: AtomicBool,
    /// What may be noted before it is time to look again.
    mark: AtomicI64,
}

impl Default for Gate {
    fn default() -> Self {
        Self { refuses: AtomicBool::new(false), mark: AtomicI64::new(i64::MAX) }
    }
}

impl Gate {
    /// Whether memory was short when last looked at.
    pub(crate) fn refuses(&self) -> bool {
        self.refuses.load(Relaxed)
    }

    /// Whether memory cannot be short yet.
    pub(crate) fn has_room(&self, noted: i64) -> bool {
        noted < self.mark.load(Relaxed)
    }
}

/// Of all pipelines that have started.
pub(crate) type Statuses = Arc<Mutex<Vec<StatusReporter>>>;

/// Where a limiter is.
#[derive(Clone, Debug)]
pub(crate) struct Place {
    pub(crate) system: System,
    pub(crate) heap: Arc<dyn Heap>,
    pub(crate) log: Log,
    pub(crate) memory: Arc<Memory>,
}

/// What looks.
#[derive(Debug)]
pub(crate) struct Check {
    limits: Limits,
    system: System,
    heap: Arc<dyn Heap>,
    log: Log,
    memory: Arc<Memory>,
    gate: Arc<Gate>,
    statuses: Statuses,
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    pacing: Pacing,
    looked: Instant,
    /// When the allocator was last asked.
    asked: Instant,
}

impl Check {
    pub(crate) fn new(
        limits: Limits,
        config: &Config,
        place: Place,
        gate: Arc<Gate>,
        statuses: Statuses,
    ) -> Self {
        let Place { system, heap, log, memory } = place;
        let pacing = Pacing::new(&config.collections, config.check_interval.std());
        let state = Mutex::new(State { pacing, looked: Instant::now(), asked: Instant::now() });
        Self { limits, system, heap, log, memory, gate, statuses, state }
    }

    /// Measures for the first time.
    pub(crate) fn begin(&self) -> io::Result<()> {
        self.publish(self.system.used()?);
        Ok(())
    }

    /// Looks because it is time to.
    pub(crate) fn look(&self) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        self.run(&mut state, true);
    }

    /// Looks because of what has come since the last time. If another does so already, that is soon enough.
    pub(crate) fn between(&self) {
        let mut state = match self.state.try_lock() {
            Ok(state) => state,
            Err(TryLockError::Poisoned(poisoned)) => poisoned.into_inner(),
            Err(TryLockError::WouldBlock) => return,
        };
        if state.looked.elapsed() >= APART {
            self.run(&mut state, false);
        }
    }

    fn run(&self, state: &mut State, thoroughly: bool) {
        let Some(mut used) = self.used() else { return };
        self.log.debug("Currently used memory.", &[shown(used)]);
        let mut short = self.limits.exceeded_by(used);
        state.pacing.look(used, short);
        if short {
            let hard = self.limits.hard_exceeded_by(used);
            if state.pacing.is_due(hard) || ((thoroughly || hard) && self.would_help(used, state)) {
                self.release(used, hard);
                used = self.used().unwrap_or(used);
                self.log.info("Memory usage after GC.", &[shown(used)]);
                short = self.limits.exceeded_by(used);
                if let Some((soft, hard)) = state.pacing.released(used, short) {
                    self.log.warn(
                        "Forced GC did not reclaim enough memory. Will back off GC frequency to preserve CPU for recovery.",
                        &[
                            ("next_soft_gc_interval", seconds(soft)),
                            ("next_hard_gc_interval", seconds(hard)),
                            shown(used),
                        ],
                    );
                }
            }
        }
        let before = self.gate.refuses.swap(short, Relaxed);
        if short != before {
            for status in self.statuses.lock().unwrap_or_else(PoisonError::into_inner).iter() {
                if short { status.recoverable(&MEMORY_IS_SHORT) } else { status.ok() }
            }
        }
        if short && !before {
            self.log.warn("Memory usage is above soft limit. Refusing data.", &[shown(used)]);
        } else if before && !short {
            self.log.info("Memory usage back within limits. Resuming normal operation.", &[shown(used)]);
        }
        self.publish(used);
        state.looked = Instant::now();
    }

    fn used(&self) -> Option<u64> {
        match self.system.used() {
            Ok(used) => Some(used),
            Err(error) => {
                // The state stays as it is: refusing for ever or never would both be guesses.
                self.log.error("Cannot read the process's memory.", &[("error", error.to_string().into())]);
                None
            }
        }
    }

    /// Whether the allocator keeps so much that was freed that giving it back is worth the while, whatever the intervals:
    /// half of what lies between the limits.
    fn would_help(&self, used: u64, state: &mut State) -> bool {
        if state.asked.elapsed() < ASKED_APART {
            return false;
        }
        state.asked = Instant::now();
        self.heap.live(used).is_some_and(|live| live.saturating_add(self.limits.spike() / 2) < used)
    }

    fn release(&self, used: u64, hard: bool) {
        if hard {
            self.log.warn("Memory usage is above hard limit. Forcing a GC.", &[shown(used)]);
        } else {
            self.log.info("Memory usage is above soft limit. Forcing a GC.", &[shown(used)]);
        }
        self.heap.release();
    }

    /// Tells those who read requests, and those who hand them on, how far they may go.
    fn publish(&self, used: u64) {
        let signed = |bytes: u64| i64::try_from(bytes).unwrap_or(i64::MAX);
        // The room between the limits is for what does not count as it comes: the buffers of connections, which are full when
        // the machine is busy, and what the allocator has not given back yet.
        let most = self.limits.soft();
        self.memory.measured(signed(used), signed(most));
        // Close to the limit a look is due after a little, not with each request.
        let step = self.limits.soft().saturating_sub(used).max(self.limits.spike() / 16);
        self.gate.mark.store(self.memory.noted().saturating_add(signed(step)), Relaxed);
    }
}

fn shown(used: u64) -> (&'static str, Field<'static>) {
    ("cur_mem_mib", mib(used).into())
}

/// A duration as zap's JSON shows it.
pub(crate) fn seconds(duration: Duration) -> Field<'static> {
    Field::Float(duration.as_secs_f64())
}
