//! What a component is given when it is made.

use std::{
    any::Any,
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use slimcol_pdata::Signal;
use tokio::{sync::watch, task::JoinHandle};

use crate::{
    BoxFuture, Dependencies, Instance, Kind, Log, Memory, Offers, Readers, Signals, Status, StatusReporter,
    Statuses, Tracing, contain,
    failure::Failures,
    inventory::Inventory,
    meter::{Meter, Meters, MetricsLevel},
};

/// What a generated `main` says of itself.
#[derive(Clone, Copy, Debug)]
pub struct Build {
    /// The binary's name (`otelcol-otlp`), also the command in messages.
    pub name: &'static str,
    /// The distribution's version.
    pub version: &'static str,
    /// The distribution's description; exporters show it as their user agent.
    pub description: &'static str,
    /// The configuration for a start without `--config`.
    pub config: Option<&'static str>,
    /// What serves and sends the collector's own metrics, if the distribution has it.
    pub readers: Option<Readers>,
}

/// Where the collector is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// Not everything has started yet.
    Starting,
    /// Everything runs.
    Ready,
    /// Shutdown has begun.
    Stopping,
}

/// What a component knows of its surroundings. Cloning is cheap.
#[derive(Clone)]
pub struct Context {
    pub(crate) id: Arc<str>,
    /// `None` outside a collector.
    pub(crate) kind: Option<Kind>,
    pub(crate) log: Log,
    pub(crate) signals: Signals,
    pub(crate) status: StatusReporter,
    pub(crate) process: Arc<Process>,
}

/// What all components of a process share.
pub(crate) struct Process {
    pub(crate) build: Build,
    pub(crate) phase: watch::Receiver<Phase>,
    pub(crate) failures: Failures,
    pub(crate) meters: Arc<Meters>,
    pub(crate) statuses: Arc<Statuses>,
    memory: Arc<Memory>,
    pub(crate) inventory: Mutex<Option<Arc<Inventory>>>,
    pub(crate) tracing: Arc<Tracing>,
    shared: Mutex<HashMap<String, Arc<dyn Any + Send + Sync>>>,
    /// By the id of the extension.
    offers: Mutex<HashMap<String, Offers>>,
    /// Components, each with an extension that it asked for or depends on.
    uses: Mutex<Vec<(Option<Kind>, String, String)>>,
    /// The configuration as text, empty until it is printed, if somebody asked for it.
    config: Mutex<Option<Arc<str>>>,
}

impl Process {
    pub(crate) fn new(
        build: Build,
        phase: watch::Receiver<Phase>,
        failures: Failures,
        meters: Arc<Meters>,
    ) -> Arc<Self> {
        Arc::new(Self {
            build,
            phase,
            failures,
            meters,
            memory: Arc::default(),
            statuses: Arc::default(),
            inventory: Mutex::default(),
            tracing: Arc::default(),
            shared: Mutex::default(),
            offers: Mutex::default(),
            uses: Mutex::default(),
            config: Mutex::default(),
        })
    }

    /// Keeps what `print` gives for those who asked for the configuration as text, if any did.
    pub(crate) fn keep_config(&self, print: impl FnOnce() -> String) {
        if let Some(text) = &mut *locked(&self.config) {
            *text = print().into();
        }
    }

    /// Makes known what the extension `id` does for others, and which others it needs.
    pub(crate) fn offer(&self, id: &str, offers: Offers, needs: &Dependencies) {
        locked(&self.offers).insert(id.to_owned(), offers);
        for needed in needs.ids() {
            self.note_use(Some(Kind::Extension), id, needed);
        }
    }

    /// Forgets what extensions that go offer, and what components that run share: those that come share something else.
    pub(crate) fn forget(&self, gone: &[String]) {
        locked(&self.offers).retain(|id, _| !gone.contains(id));
        locked(&self.shared).clear();
    }

    /// Whether a component ever asked for one of these extensions.
    pub(crate) fn uses(&self, kind: Kind, id: &str, extensions: &[String]) -> bool {
        let by = |user: &(Option<Kind>, String, String)| user.0 == Some(kind) && user.1 == id;
        locked(&self.uses).iter().any(|user| by(user) && extensions.contains(&user.2))
    }

    fn note_use(&self, kind: Option<Kind>, id: &str, extension: &str) {
        let mut uses = locked(&self.uses);
        if !uses.iter().any(|user| user.0 == kind && user.1 == id && user.2 == extension) {
            uses.push((kind, id.to_owned(), extension.to_owned()));
        }
    }

    /// Makes known what runs.
    pub(crate) fn keep(&self, inventory: Inventory) {
        *locked(&self.inventory) = Some(Arc::new(inventory));
    }
}

impl Context {
    /// A context for a component that is made outside a collector: in tests and benchmarks.
    pub fn standalone(id: &str, signals: Signals, log: Log) -> Self {
        let build = Build {
            name: "standalone",
            version: env!("CARGO_PKG_VERSION"),
            description: "standalone",
            config: None,
            readers: None,
        };
        let (_, phase) = watch::channel(Phase::Ready);
        let meters = Meters::new(MetricsLevel::Detailed);
        let process = Process::new(build, phase, Failures::new().0, meters);
        // Nobody starts it, so it runs. What kind of component it is nobody knows here.
        let instance = |signal: Signal| {
            let pipelines = vec![signal.as_str().to_owned()];
            (Some(signal), Instance { kind: Kind::Processor, id: id.into(), pipelines })
        };
        let status = process.statuses.enter(signals.iter().map(instance).collect());
        status.set(Status::Starting);
        status.ok();
        Self { id: id.into(), kind: None, log, signals, status, process }
    }

    /// The component's meter: its instruments carry the component's id.
    pub fn meter(&self) -> Meter {
        let name = self.kind.map_or("component", Kind::as_str);
        Meter::new(self.process.meters.clone(), Some((name, self.id.clone())))
    }

    /// All instruments of the process.
    pub fn meters(&self) -> &Arc<Meters> {
        &self.process.meters
    }

    /// What the process's memory may still take: for those who read requests, and those who limit memory.
    pub fn memory(&self) -> &Arc<Memory> {
        &self.process.memory
    }

    /// The component's id as the user wrote it (`otlp/backend`).
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The component's log: every line carries the component's id and kind, a processor's its pipeline and signal too.
    pub fn log(&self) -> &Log {
        &self.log
    }

    /// The component's log for what concerns one signal, which each line names: for exporters and receivers, of which one
    /// instance serves all signals.
    #[must_use]
    pub fn log_for(&self, signal: Signal) -> Log {
        self.log.with(&[("otelcol.signal", signal.as_str().into())])
    }

    /// The signals of the pipelines that name the component.
    pub fn signals(&self) -> Signals {
        self.signals
    }

    /// What the component says of itself with: that sending fails and works again. That it starts, runs, stops and has
    /// stopped the service says.
    pub fn status(&self) -> &StatusReporter {
        &self.status
    }

    /// How all components of the process are.
    pub fn statuses(&self) -> &Arc<Statuses> {
        &self.process.statuses
    }

    /// The binary that this is.
    pub fn build(&self) -> &Build {
        &self.process.build
    }

    /// What the extension `id` does for others; `None` if `service::extensions` does not name it. To be asked at the start:
    /// when components are made, not all extensions are.
    pub fn extension(&self, id: &str) -> Option<Offers> {
        self.process.note_use(self.kind, &self.id, id);
        locked(&self.process.offers).get(id).cloned()
    }

    /// Asks for the configuration as text, when the component is made; [`Self::config`] has it from the start on.
    pub fn want_config(&self) {
        locked(&self.process.config).get_or_insert_with(|| "".into());
    }

    /// The configuration as it is understood, defaults included and without secrets, as JSON. `None` if nobody asked for it.
    pub fn config(&self) -> Option<Arc<str>> {
        locked(&self.process.config).clone().filter(|text| !text.is_empty())
    }

    /// The same context, in which the extension `id` offers something: for tests of components that use it.
    #[must_use]
    pub fn with_extension(self, id: &str, offers: Offers) -> Self {
        self.process.offer(id, offers, &Dependencies::default());
        self
    }

    /// Where the collector is in its life, to read or to wait on. Who waits may never see [`Phase::Ready`]: stopping can
    /// follow at once.
    pub fn phase(&self) -> watch::Receiver<Phase> {
        self.process.phase.clone()
    }

    /// Runs `work` in a task of its own, whose panic is reported as the component's failure and ends the collector in
    /// order. The component keeps the handle and awaits it in `stop`.
    pub fn spawn(&self, work: impl Future<Output = ()> + Send + 'static) -> JoinHandle<()> {
        tokio::spawn(self.contained(work))
    }

    /// The same for a component that keeps several tasks in a set.
    pub fn contained(&self, work: impl Future<Output = ()> + Send + 'static) -> BoxFuture<'static, ()> {
        self.clone().watched(Box::pin(work))
    }

    /// Compiled once, and with it what the runtime needs for a task: a kilobyte for each kind of future otherwise.
    fn watched(self, work: BoxFuture<'static, ()>) -> BoxFuture<'static, ()> {
        Box::pin(async move {
            if let Err(panicked) = contain(work).await {
                self.status.fatal(&panicked);
                self.process.failures.report(&self.log, panicked.into());
            }
        })
    }

    /// What all instances under one component id share, such as the one memory checker of a limiter that several
    /// pipelines name: made by the first to ask.
    ///
    /// # Panics
    /// If the component asks for different types under one id, which is a mistake in the component.
    pub fn shared<T: Send + Sync + 'static>(&self, make: impl FnOnce() -> T) -> Arc<T> {
        let mut all = locked(&self.process.shared);
        let key = format!("{}:{}", std::any::type_name::<T>(), self.id);
        let one = all.entry(key).or_insert_with(|| Arc::new(make())).clone();
        one.downcast().expect("the key holds the type's name")
    }
}

pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl fmt::Debug for Context {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Context")
            .field("id", &self.id)
            .field("signals", &self.signals)
            .finish_non_exhaustive()
    }
}
