//! Components that say in their log what happens to them, and a provider for configurations that change.

use std::sync::{
    Arc,
    atomic::{AtomicUsize, Ordering::Relaxed},
};

use bytes::Bytes;
use slimcol_config::{Problems, Retrieved, Section, Settings};
use slimcol_pdata::{Data, Signal};

use crate::{
    BoxError, Build, Component, Connector, Context, Dependencies, Exporter, Extension, Factory, Info, Log,
    Next, Outputs, Payload, Phase, Processor, Provider, Receiver, Refused, Routes, Running, Signals,
    Stability, Stop, Watcher, contain, lifecycle::Asked, registry::Registry,
};

pub(crate) const BUILD: Build =
    Build { name: "otelcol-fake", version: "1.2.3", description: "for tests", config: None, readers: None };

pub(crate) const COMPONENTS: &[&Factory] = &[
    &Factory::receiver::<Fake>(),
    &Factory::processor::<Fake>(),
    &Factory::exporter::<Fake>(),
    &Factory::exporter::<TracesOnly>(),
    &Factory::connector::<Fake>(),
    &Factory::extension::<Fake>(),
    &Factory::provider::<Files>(),
];

/// What a collector of fakes is told that has these configurations and nothing else.
pub(crate) fn asked(configs: &[String]) -> Asked<'_> {
    Asked {
        build: &BUILD,
        registry: Registry::new(COMPONENTS),
        configs,
        sets: &[],
        idle_gates: &[],
        shutdown_timeout: None,
    }
}

const INFO: Info = Info {
    aliases: &["old_fake"],
    signals: Signals::ALL,
    routes: &[(Signal::Traces, Signal::Traces), (Signal::Logs, Signal::Logs), (Signal::Traces, Signal::Logs)],
    stability: Stability::Development,
    ..Info::new("fake", "slimcol-fake", "0.1.0")
};

/// What a fake does besides logging.
#[derive(Clone, Debug)]
#[allow(clippy::struct_excessive_bools, reason = "each is one thing that a test asks for")]
pub(crate) struct Script {
    /// Making, starting, running or handling data fails with this text.
    fail: Option<String>,
    /// Where it fails: `new`, `start`, `run`, `data`, `stop`, or `task`, which is one that an exporter spawns.
    at: String,
    /// Whether it panics rather than fails.
    panic: bool,
    /// Whether a receiver sends a payload of each signal when it starts.
    send: bool,
    /// Whether stopping never ends.
    hang: bool,
    /// The extensions that an extension depends on.
    depends_on: Vec<String>,
    /// Whether an extension tells of every change of a status.
    watch: bool,
    /// Whether a receiver sends one payload after the other, and an exporter counts them; both say at the end how many.
    flow: bool,
    /// Whether an exporter can be there twice.
    overlaps: bool,
    /// The extension that an exporter uses.
    uses: Option<String>,
    /// What a processor complains of while it starts.
    complain: Option<String>,
}

impl Settings for Script {
    fn read(from: &mut Section<'_>) -> Self {
        if from.has("old_key") {
            from.warn("old_key", "'old_key' is deprecated");
            from.get("old_key", String::new());
        }
        Self {
            fail: from.find("fail"),
            at: from.get("at", "start".to_owned()),
            panic: from.get("panic", false),
            send: from.get("send", false),
            hang: from.get("hang", false),
            depends_on: from.get("depends_on", Vec::new()),
            watch: from.get("watch", false),
            flow: from.get("flow", false),
            overlaps: from.get("overlaps", false),
            uses: from.find("uses"),
            complain: from.find("complain"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if !["new", "start", "run", "data", "stop", "task"].contains(&self.at.as_str()) {
            problems.add("at", format!("no such moment: {:?}", self.at));
        }
    }
}

impl Script {
    fn reach(&self, moment: &str) -> Result<(), BoxError> {
        match &self.fail {
            Some(text) if self.at == moment => {
                assert!(!self.panic, "{text}");
                Err(text.clone().into())
            }
            _ => Ok(()),
        }
    }
}

pub(crate) struct Fake {
    script: Script,
    log: Log,
    cx: Context,
    flowed: AtomicUsize,
}

impl Component for Fake {
    type Config = Script;
    const INFO: Info = INFO;

    fn new(script: Script, cx: &Context) -> Result<Self, BoxError> {
        script.reach("new")?;
        if script.watch {
            cx.want_config();
        }
        let signals = cx.signals().iter().map(|s| s.to_string()).collect();
        cx.log().info("new", &[("signals", crate::Field::List(signals))]);
        Ok(Self { script, log: cx.log().clone(), cx: cx.clone(), flowed: AtomicUsize::new(0) })
    }
}

impl Fake {
    async fn stopped(&self) {
        self.log.info("stop", &[]);
        if self.script.flow && self.cx.kind != Some(crate::Kind::Processor) {
            self.log.info(&format!("{} flowed", self.flowed.load(Relaxed)), &[]);
        }
        if self.script.hang {
            std::future::pending::<()>().await;
        }
    }

    fn run(self, mut stop: Stop) -> Running {
        Running::new(async move {
            let mut phase = self.cx.phase();
            phase.wait_for(|phase| *phase != Phase::Starting).await?;
            self.script.reach("run")?;
            stop.wait().await;
            assert_ne!(*phase.borrow(), Phase::Starting);
            self.stopped().await;
            self.script.reach("stop")
        })
    }
}

impl Receiver for Fake {
    async fn start(self, to: Outputs, stop: Stop) -> Result<Running, BoxError> {
        self.log.info("start", &[]);
        self.script.reach("start")?;
        for signal in to.signals().iter().filter(|_| self.script.send) {
            let payload = Payload::from(Data::from_bytes(signal, Bytes::new())?);
            let sent = match to.get(signal) {
                Some(next) => next.consume(payload).await,
                None => Ok(()),
            };
            let outcome = sent.map_or_else(|refused| refused.to_string(), |()| "taken".to_owned());
            self.log.info(&format!("sent {signal}: {outcome}"), &[]);
        }
        if self.script.fail.is_none() && self.script.at == "run" {
            return Ok(Running::idle());
        }
        if self.script.flow {
            let mut stop = stop;
            return Ok(Running::new(async move {
                while !stop.is_stopping() {
                    for signal in to.signals().iter() {
                        let payload = Payload::from(Data::from_bytes(signal, Bytes::new())?);
                        to.get(signal).ok_or("no way")?.consume(payload).await?;
                        self.flowed.fetch_add(1, Relaxed);
                    }
                    tokio::task::yield_now().await;
                }
                stop.wait().await;
                self.stopped().await;
                Ok(())
            }));
        }
        Ok(self.run(stop))
    }
}

impl Extension for Fake {
    fn dependencies(&self) -> Dependencies {
        Dependencies::on(self.script.depends_on.clone())
    }
    async fn start(self, stop: Stop) -> Result<Running, BoxError> {
        self.script.reach("start")?;
        if !self.script.watch {
            return Ok(self.run(stop));
        }
        let log = self.log.clone();
        let watcher: Arc<Watcher> = Arc::new(move |of, event| {
            let error = event.error.as_deref().map(|error| format!(": {error}")).unwrap_or_default();
            let (kind, status) = (of.kind.as_str(), event.status.as_str());
            log.info(&format!("{kind} {} {:?} {status}{error}", of.id, of.pipelines), &[]);
        });
        self.cx.statuses().watch(&watcher);
        let cx = self.cx.clone();
        let rest = self.run(stop).0;
        Ok(Running::new(async move {
            let ended = rest.await;
            drop(watcher);
            let all = cx.statuses().all();
            let names =
                all.iter().map(|(of, _)| format!("{} {}", of.kind.as_str(), of.id)).collect::<Vec<_>>();
            cx.log().info(&format!("at the end: {}", names.join(", ")), &[]);
            cx.log()
                .info(&format!("configured: {}", cx.config().unwrap_or_default().contains("fake/y")), &[]);
            ended
        }))
    }
}

impl Processor for Fake {
    async fn start(&self, _: &Next) -> Result<(), BoxError> {
        self.log.info("start", &[]);
        if let Some(complaint) = &self.script.complain {
            self.cx.status().recoverable(complaint);
        }
        self.script.reach("start")
    }
    async fn process(&self, payload: Payload, next: &Next) -> Result<(), Refused> {
        if !self.script.flow {
            self.log.info("data", &[]);
        }
        self.script.reach("data").map_err(Refused::retryable)?;
        next.consume(payload).await
    }
    async fn stop(&self, _: &Next) {
        self.stopped().await;
        assert!(self.script.at != "stop" || !self.script.panic, "cannot stop");
    }
}

impl Exporter for Fake {
    async fn start(&self) -> Result<(), BoxError> {
        self.log.info("start", &[]);
        if self.script.at == "task" {
            self.cx.spawn(async { panic!("lost my way") });
        }
        if let Some(id) = &self.script.uses {
            self.cx.extension(id).ok_or("extension not found")?;
        }
        self.script.reach("start")
    }
    async fn export(&self, payload: Payload) -> Result<(), Refused> {
        if self.script.flow {
            self.flowed.fetch_add(1, Relaxed);
        } else {
            self.log.info(&format!("data {}", payload.data.signal()), &[]);
        }
        self.script.reach("data").map_err(Refused::permanent)
    }
    async fn stop(&self) {
        self.stopped().await;
        assert!(self.script.at != "stop" || !self.script.panic, "cannot stop");
    }
    fn overlaps(&self) -> bool {
        self.script.overlaps
    }
    fn held(&self) -> usize {
        if self.script.hang { 7 } else { 0 }
    }
}

impl Connector for Fake {
    async fn start(&self, to: &Routes) -> Result<(), BoxError> {
        let reaches = Signal::ALL.into_iter().filter(|signal| to.all(*signal).is_some());
        self.log.info("start", &[("reaches", crate::Field::List(reaches.map(|s| s.to_string()).collect()))]);
        self.script.reach("start")
    }
    async fn route(&self, payload: Payload, to: &Routes) -> Result<(), Refused> {
        self.log.info("data", &[]);
        for next in Signal::ALL.into_iter().filter_map(|signal| to.all(signal)) {
            next.consume(payload.clone()).await?;
        }
        Ok(())
    }
    async fn stop(&self, _: &Routes) {
        self.stopped().await;
        assert!(self.script.at != "stop" || !self.script.panic, "cannot stop");
    }
}

/// An exporter that cannot do everything.
pub(crate) struct TracesOnly(Fake);

impl Component for TracesOnly {
    type Config = Script;
    const INFO: Info =
        Info { signals: Signals::TRACES, aliases: &[], ..Info::new("traces_only", "slimcol-fake", "0.1.0") };

    fn new(script: Script, cx: &Context) -> Result<Self, BoxError> {
        Fake::new(script, cx).map(Self)
    }
}

impl Exporter for TracesOnly {
    async fn export(&self, payload: Payload) -> Result<(), Refused> {
        self.0.export(payload).await
    }
}

/// The scheme `file`.
pub(crate) struct Files;

impl Provider for Files {
    const INFO: Info = Info::new("file", "slimcol-fake", "0.1.0");

    async fn retrieve(location: &str) -> Result<Retrieved, BoxError> {
        let read = contain(async { std::fs::read_to_string(location) }).await?;
        let text = read.map_err(|e| format!("open {location}: {}", crate::go_error(&e)))?;
        Ok(Retrieved { text, name: location.to_owned(), warning: None })
    }
}

/// A configuration on disk and the log that its collector writes beside it.
pub(crate) struct Bed {
    dir: tempfile::TempDir,
}

impl Bed {
    /// A configuration of what stands in `yaml`, logging everything to a file.
    pub(crate) fn new(yaml: &str) -> Self {
        let bed = Self { dir: tempfile::tempdir().unwrap() };
        bed.write("config.yaml", yaml);
        bed
    }

    /// The configuration from now on.
    pub(crate) fn change(&self, yaml: &str) {
        self.write("config.yaml", yaml);
    }

    fn write(&self, name: &str, yaml: &str) {
        let telemetry = format!(
            "telemetry: {{metrics: {{level: none}}, logs: {{disable_caller: true, disable_zap_resource: true, \
             sampling: {{enabled: false}}, output_paths: [{}]}}}}",
            self.dir.path().join("log").display()
        );
        let yaml = yaml.replace("service:\n", &format!("service:\n  {telemetry}\n"));
        std::fs::write(self.dir.path().join(name), yaml).unwrap();
    }

    /// The path of the configuration.
    pub(crate) fn config(&self) -> String {
        self.dir.path().join("config.yaml").display().to_string()
    }

    /// The lines of the log, without time and level: `message`, or `id: message` if a component wrote it.
    pub(crate) fn log(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default();
        text.lines()
            .map(|line| {
                let mut columns = line.split('\t').skip(2);
                let (message, fields) =
                    (columns.next().unwrap_or_default(), columns.next().unwrap_or_default());
                let field = |name: &str| {
                    fields
                        .split_once(&format!("\"{name}\": \""))
                        .map(|(_, rest)| rest.split('"').next().unwrap_or_default())
                };
                match (
                    field("otelcol.component.id"),
                    field("otelcol.component.kind"),
                    field("otelcol.pipeline.id"),
                ) {
                    (Some(id), Some("processor"), Some(pipeline)) => {
                        format!("processor {id} in {pipeline}: {message}")
                    }
                    (Some(id), Some(kind), _) => format!("{kind} {id}: {message}"),
                    _ => message.to_owned(),
                }
            })
            .collect()
    }

    /// The whole log.
    pub(crate) fn raw_log(&self) -> String {
        std::fs::read_to_string(self.dir.path().join("log")).unwrap_or_default()
    }
}
