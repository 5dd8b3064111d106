//! The statuses of all components of a process.

use std::{
    fmt,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError, Weak,
        atomic::{AtomicBool, AtomicU8, Ordering::Relaxed},
    },
    time::{Instant, SystemTime},
};

use slimcol_pdata::Signal;

use super::{Instance, Status, StatusEvent, StatusReporter};

/// Told of each change of a status, one after the other.
pub type Watcher = dyn Fn(&Instance, &StatusEvent) + Send + Sync;

/// What is known of how components are.
#[derive(Default)]
pub struct Statuses {
    /// In the order in which components were made. Who has stopped stays until somebody else comes.
    entries: Mutex<Vec<Arc<Entry>>>,
    /// Held while a status changes, so that nobody sees changes in another order.
    watchers: Mutex<Vec<Weak<Watcher>>>,
}

/// The status of one instance.
pub(super) struct Entry {
    board: Arc<Statuses>,
    instance: Mutex<Instance>,
    /// The signal that the instance is for, if its component has several.
    pub(super) signal: Option<Signal>,
    last: Mutex<StatusEvent>,
    /// The status alone: what is fine, and says so for each payload, should not wait for a lock.
    now: AtomicU8,
    /// Whether it is of the past.
    left: AtomicBool,
}

impl Statuses {
    /// Enters a component with its instances, each with its signal; what it reports with.
    pub(crate) fn enter(self: &Arc<Self>, instances: Vec<(Option<Signal>, Instance)>) -> StatusReporter {
        let mut entries = Vec::with_capacity(instances.len());
        for (signal, instance) in instances {
            let last = StatusEvent {
                status: Status::None,
                error: None,
                at: SystemTime::now(),
                clock: Instant::now(),
            };
            let now = AtomicU8::new(Status::None as u8);
            let entry = Entry {
                board: self.clone(),
                instance: Mutex::new(instance),
                signal,
                last: Mutex::new(last),
                now,
                left: AtomicBool::new(false),
            };
            entries.push(Arc::new(entry));
        }
        let mut all = locked(&self.entries);
        all.retain(|entry| Arc::strong_count(entry) > 1);
        all.extend(entries.iter().cloned());
        StatusReporter(entries)
    }

    /// Forgets what has stopped or left, and tells so once more: a watcher that looks then sees only what there is.
    pub(crate) fn tidy(&self) {
        let mut gone = Vec::new();
        locked(&self.entries).retain(|entry| {
            let goes = entry.is(Status::Stopped) || entry.left.load(Relaxed);
            if goes {
                gone.push(entry.clone());
            }
            !goes
        });
        let mut watchers = locked(&self.watchers);
        for entry in gone {
            let event = StatusEvent { status: Status::Stopped, ..locked(&entry.last).clone() };
            entry.tell(&mut watchers, &event);
        }
    }

    /// All instances that said anything yet, with the last that they said.
    pub fn all(&self) -> Vec<(Instance, StatusEvent)> {
        let mut all = Vec::new();
        for entry in &*locked(&self.entries) {
            let last = locked(&entry.last).clone();
            if last.status != Status::None {
                all.push((locked(&entry.instance).clone(), last));
            }
        }
        all
    }

    /// Tells `watcher` of all changes from now on, for as long as somebody holds it. It is called where the change happens,
    /// so it should do no more than take note, and report nothing itself.
    pub fn watch(&self, watcher: &Arc<Watcher>) {
        locked(&self.watchers).push(Arc::downgrade(watcher));
    }
}

impl Entry {
    pub(super) fn is(&self, status: Status) -> bool {
        self.now.load(Relaxed) == status as u8
    }

    /// Takes the name of `other`.
    pub(super) fn rename(&self, other: &Self) {
        let instance = locked(&other.instance).clone();
        *locked(&self.instance) = instance;
    }

    /// Goes over to `status` if that can follow on the present one.
    #[cold]
    pub(super) fn set(&self, status: Status, error: Option<&Arc<str>>) {
        let mut watchers = locked(&self.board.watchers);
        let event = {
            let mut last = locked(&self.last);
            let again = last.status == status;
            if !last.status.leads_to(status) || again && last.error.as_ref() == error {
                return;
            }
            last.error = error.cloned();
            if !again {
                (last.status, last.at, last.clock) = (status, SystemTime::now(), Instant::now());
            }
            last.clone()
        };
        self.now.store(status as u8, Relaxed);
        self.tell(&mut watchers, &event);
    }

    pub(super) fn leave(&self) {
        self.left.store(true, Relaxed);
    }

    fn tell(&self, watchers: &mut Vec<Weak<Watcher>>, event: &StatusEvent) {
        let instance = locked(&self.instance).clone();
        watchers.retain(|watcher| {
            let watcher = watcher.upgrade();
            if let Some(watcher) = &watcher {
                watcher(&instance, event);
            }
            watcher.is_some()
        });
    }
}

impl fmt::Debug for Statuses {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Statuses")
    }
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Entry").field("instance", &*locked(&self.instance)).finish_non_exhaustive()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
