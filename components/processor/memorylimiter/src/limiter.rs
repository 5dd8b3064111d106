//! The checker that all pipelines of one id share.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use slimcol_service::{BoxError, Log, Memory, StatusReporter};
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::{
    Config,
    check::{Check, Gate, Place, Statuses, seconds},
    heap::Own,
    limits::Limits,
    measure::System,
};

/// What a payload costs beside its bytes, more or less.
const BESIDE: i64 = 512;

/// Looks at the process's memory now and then, and knows whether to refuse data.
#[derive(Debug)]
pub(crate) struct Limiter {
    config: Config,
    place: Place,
    gate: Arc<Gate>,
    statuses: Statuses,
    users: Mutex<Users>,
}

/// How many pipelines have started and not stopped, and the task that serves them.
#[derive(Debug, Default)]
struct Users {
    count: usize,
    check: Option<Arc<Check>>,
    /// The number of its limit to what is read.
    limit: u64,
    task: Option<JoinHandle<()>>,
}

impl Limiter {
    pub(crate) fn new(config: Config, log: Log, memory: Arc<Memory>) -> Self {
        Self::at(Place { system: System::here(), heap: Arc::new(Own), log, memory }, config)
    }

    /// One at `place`.
    pub(crate) fn at(place: Place, config: Config) -> Self {
        Self { config, place, gate: Arc::default(), statuses: Arc::default(), users: Mutex::default() }
    }

    /// Whether so many bytes more may be held.
    pub(crate) fn admits(&self, bytes: usize) -> bool {
        if self.gate.refuses() {
            return false;
        }
        let bytes = i64::try_from(bytes).unwrap_or(i64::MAX).saturating_add(BESIDE);
        if self.gate.has_room(self.place.memory.note(bytes)) {
            return true;
        }
        let check = self.users().check.clone();
        if let Some(check) = check {
            check.between();
        }
        // Without a new look, as another is at it, what is known must do.
        let admits = !self.gate.refuses() && self.place.memory.suffices();
        if !admits {
            self.place.memory.note(-bytes);
        }
        admits
    }

    /// Begins to look, for the first of the pipelines; `status` is to be told what is found.
    pub(crate) fn start(&self, status: &StatusReporter) -> Result<(), BoxError> {
        let mut users = self.users();
        if users.count == 0 {
            let limits = Limits::new(&self.config, &self.place.system, &self.place.log)?;
            self.place.log.info(
                "Memory limiter configured",
                &[
                    ("limit_mib", limits.limit_mib().into()),
                    ("spike_limit_mib", limits.spike_limit_mib().into()),
                    ("check_interval", seconds(self.config.check_interval.std())),
                ],
            );
            let check = Arc::new(Check::new(
                limits,
                &self.config,
                self.place.clone(),
                self.gate.clone(),
                self.statuses.clone(),
            ));
            // Not finding out later, and never refusing, would be worse than not starting.
            check.begin().map_err(|e| format!("failed to read the process's memory: {e}"))?;
            let on_demand = Arc::downgrade(&check);
            users.limit =
                self.place.memory.limit(move || on_demand.upgrade().iter().for_each(|check| check.between()));
            users.check = Some(check.clone());
            let every = self.config.check_interval.std();
            users.task = Some(tokio::spawn(async move {
                let mut ticks = interval(every);
                ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
                // The first tick is at once.
                ticks.tick().await;
                loop {
                    ticks.tick().await;
                    check.look();
                }
            }));
        }
        locked(&self.statuses).push(status.clone());
        users.count += 1;
        Ok(())
    }

    /// Looks no more, after the last of the pipelines.
    pub(crate) fn stop(&self) {
        let mut users = self.users();
        users.count = users.count.saturating_sub(1);
        if users.count == 0
            && let Some(task) = users.task.take()
        {
            task.abort();
            users.check = None;
            self.place.memory.unlimit(users.limit);
            locked(&self.statuses).clear();
        }
    }

    fn users(&self) -> MutexGuard<'_, Users> {
        locked(&self.users)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
