//! The checker that all pipelines of one id share.

use std::sync::{
    Arc, Mutex, MutexGuard, PoisonError,
    atomic::{AtomicBool, Ordering},
};

use slimcol_service::{BoxError, Field, Log, StatusReporter};
use tokio::{
    task::JoinHandle,
    time::{MissedTickBehavior, interval},
};

use crate::{
    Config, REFUSED,
    limits::{Limits, mib},
    measure::System,
};

/// Looks at the process's memory now and then, and knows whether to refuse data.
#[derive(Debug)]
pub(crate) struct Limiter {
    config: Config,
    log: Log,
    system: System,
    refuses: Arc<AtomicBool>,
    statuses: Statuses,
    users: Mutex<Users>,
}

/// Of all pipelines that have started.
type Statuses = Arc<Mutex<Vec<StatusReporter>>>;

/// How many pipelines have started and not stopped, and the task that serves them.
#[derive(Debug, Default)]
struct Users {
    count: usize,
    task: Option<JoinHandle<()>>,
}

impl Limiter {
    pub(crate) fn new(config: Config, log: Log) -> Self {
        Self::on(System::here(), config, log)
    }

    /// One that looks at `system`.
    pub(crate) fn on(system: System, config: Config, log: Log) -> Self {
        Self {
            config,
            log,
            system,
            refuses: Arc::default(),
            statuses: Arc::default(),
            users: Mutex::default(),
        }
    }

    /// Whether memory was short when last looked at.
    pub(crate) fn refuses(&self) -> bool {
        self.refuses.load(Ordering::Relaxed)
    }

    /// Begins to look, for the first of the pipelines; `status` is to be told what is found.
    pub(crate) fn start(&self, status: &StatusReporter) -> Result<(), BoxError> {
        let mut users = self.users();
        if users.count == 0 {
            let limits = Limits::new(&self.config, &self.system, &self.log)?;
            // Not finding out later, and never refusing, would be worse than not starting.
            self.system.used().map_err(|e| format!("failed to read the process's memory: {e}"))?;
            self.log.info(
                "Memory limiter configured",
                &[
                    ("limit_mib", limits.limit_mib().into()),
                    ("spike_limit_mib", limits.spike_limit_mib().into()),
                    ("check_interval", seconds(self.config.check_interval)),
                ],
            );
            let check = Check {
                limits,
                system: self.system.clone(),
                log: self.log.clone(),
                refuses: self.refuses.clone(),
                statuses: self.statuses.clone(),
            };
            users.task = Some(tokio::spawn(check.run(self.config.check_interval.std())));
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

/// A duration as zap's JSON shows it: seconds.
#[allow(
    clippy::cast_precision_loss,
    reason = "a check interval is far below 2^53 ns; the line is for reading"
)]
fn seconds(duration: slimcol_config::Duration) -> Field<'static> {
    Field::Float(duration.0 as f64 / 1e9)
}

/// What the task needs.
#[derive(Debug)]
pub(crate) struct Check {
    pub(crate) limits: Limits,
    pub(crate) system: System,
    pub(crate) log: Log,
    pub(crate) refuses: Arc<AtomicBool>,
    pub(crate) statuses: Statuses,
}

impl Check {
    async fn run(self, every: std::time::Duration) {
        let mut ticks = interval(every);
        ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
        // The first tick is at once.
        ticks.tick().await;
        loop {
            ticks.tick().await;
            self.check();
        }
    }

    /// Looks once.
    pub(crate) fn check(&self) {
        let used = match self.system.used() {
            Ok(used) => used,
            Err(error) => {
                // The state stays as it is: refusing for ever or never would both be guesses.
                self.log.error("Cannot read the process's memory.", &[("error", error.to_string().into())]);
                return;
            }
        };
        let fields = [("cur_mem_mib", Field::from(mib(used)))];
        self.log.debug("Currently used memory.", &fields);
        let refuses = self.limits.exceeded_by(used);
        let before = self.refuses.swap(refuses, Ordering::Relaxed);
        if refuses != before {
            for status in locked(&self.statuses).iter() {
                if refuses { status.recoverable(&REFUSED) } else { status.ok() }
            }
        }
        if refuses && !before {
            self.log.warn("Memory usage is above soft limit. Refusing data.", &fields);
        } else if before && !refuses {
            self.log.info("Memory usage back within limits. Resuming normal operation.", &fields);
        }
    }
}
