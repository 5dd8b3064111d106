//! What a collector runs, for extensions that show it. Only what is asked for is linked: all that every collector does for it is
//! to keep its configuration's `service` section.

use std::sync::Arc;

use slimcol_config::{ComponentId, Config, Configured, MetricsLevel, Reference, Service};

use crate::{Context, Kind, cli::Gate, context::locked, gates, registry::Registry};

/// What is kept of a configuration.
pub(crate) struct Inventory {
    service: Service,
    connectors: Vec<Configured>,
    registry: Registry,
    /// The feature gates that were set to something other than their default.
    turned: Vec<&'static str>,
}

/// A pipeline that runs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RunningPipeline {
    /// Its id (`traces/backend`).
    pub id: String,
    /// The signal that it carries.
    pub signal: &'static str,
    /// Whether a part of it changes data.
    pub mutates: bool,
    /// What gives it data, in the order written.
    pub receivers: Vec<Member>,
    /// What its data goes through.
    pub processors: Vec<Member>,
    /// What it gives data to.
    pub exporters: Vec<Member>,
}

/// A component that a pipeline names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// Its id.
    pub id: String,
    /// What it is, whatever it is named for.
    pub kind: Kind,
}

/// A feature gate and whether it is on.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs, reason = "the fields are the columns of Go's table")]
pub struct FeatureGate {
    pub id: &'static str,
    pub enabled: bool,
    pub description: &'static str,
    pub stage: &'static str,
    pub from_version: &'static str,
}

impl Inventory {
    pub(crate) fn new(config: Config, registry: Registry, turned: &[&'static str]) -> Self {
        let Config { service, connectors, .. } = config;
        Self { service, connectors, registry, turned: turned.to_vec() }
    }

    fn mutates(&self, kind: Kind, named: &Reference) -> bool {
        self.registry.find(kind, &named.id.kind).is_some_and(|factory| factory.info.mutates)
    }

    fn members(&self, kind: Kind, named: &[Reference]) -> Vec<Member> {
        let connects = |id: &ComponentId| self.connectors.iter().any(|connector| connector.id == *id);
        let member = |named: &Reference| Member {
            id: named.id.to_string(),
            kind: if kind != Kind::Processor && connects(&named.id) { Kind::Connector } else { kind },
        };
        named.iter().map(member).collect()
    }
}

impl Context {
    fn inventory(&self) -> Option<Arc<Inventory>> {
        locked(&self.process.inventory).clone()
    }

    /// The pipelines that run, in the order written.
    pub fn pipelines(&self) -> Vec<RunningPipeline> {
        let Some(all) = self.inventory() else { return Vec::new() };
        let pipelines = all.service.pipelines.iter().map(|pipeline| RunningPipeline {
            id: pipeline.id.to_string(),
            signal: pipeline.id.signal.as_str(),
            mutates: pipeline.processors.iter().any(|named| all.mutates(Kind::Processor, named))
                || pipeline.exporters.iter().any(|named| all.mutates(Kind::Exporter, named)),
            receivers: all.members(Kind::Receiver, &pipeline.receivers),
            processors: all.members(Kind::Processor, &pipeline.processors),
            exporters: all.members(Kind::Exporter, &pipeline.exporters),
        });
        pipelines.collect()
    }

    /// The extensions that run, in the order written.
    pub fn extensions(&self) -> Vec<String> {
        let Some(all) = self.inventory() else { return Vec::new() };
        all.service.extensions.iter().map(|named| named.id.to_string()).collect()
    }

    /// Whether the configuration has nothing against spans of the collector's own.
    pub fn traces(&self) -> bool {
        self.inventory().is_none_or(|all| all.service.telemetry.traces.level != MetricsLevel::None)
    }

    /// The feature gates that there are, by id.
    pub fn gates(&self) -> Vec<FeatureGate> {
        let all = self.inventory();
        let turned = all.as_ref().map_or(&[][..], |all| &all.turned);
        let shown = |gate: &Gate| FeatureGate {
            id: gate.id,
            enabled: match gates::find(gate.id) {
                Some(switch) => switch.is_on(),
                None => gate.beta != turned.contains(&gate.id),
            },
            description: gate.about,
            stage: gate.stage(),
            from_version: gate.since,
        };
        crate::cli::GATES.iter().map(shown).collect()
    }

    /// The same context in a collector that runs `config`: for tests of extensions that show what runs.
    #[must_use]
    pub fn with_config(self, config: Config) -> Self {
        self.process.keep(Inventory::new(config, Registry::new(&[]), &[]));
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Log, Signals};

    fn config(yaml: &str) -> Config {
        let (config, findings) = Config::read(slimcol_config::parse("test.yaml", yaml).unwrap());
        assert!(findings.issues.is_empty(), "{:?}", findings.issues);
        config
    }

    #[test]
    fn what_runs_is_what_was_told_last() {
        let cx = Context::standalone("x", Signals::NONE, Log::none());
        assert_eq!((cx.pipelines(), cx.extensions()), (vec![], vec![]));
        let first = "connectors: {c: }\nservice: {extensions: [b, a], pipelines: {logs/x: {receivers: [c], exporters: [e]}}}";
        let cx = cx.with_config(config(first));
        assert_eq!(cx.extensions(), ["b", "a"]);
        let [pipeline] = &cx.pipelines()[..] else { panic!("one pipeline") };
        assert_eq!((pipeline.id.as_str(), pipeline.signal, pipeline.mutates), ("logs/x", "logs", false));
        let kinds = [&pipeline.receivers, &pipeline.exporters].map(|members| members[0].kind);
        assert_eq!(kinds, [Kind::Connector, Kind::Exporter]);
        let cx = cx.with_config(config("service: {extensions: [c], pipelines: {}}"));
        assert_eq!((cx.extensions(), cx.pipelines().len()), (vec!["c".to_owned()], 0));
    }

    #[test]
    fn gates_that_were_turned_are_the_other_way_round() {
        let cx = Context::standalone("x", Signals::NONE, Log::none());
        let turned = ["service.partialReload", "service.partialReloadReceivers"];
        cx.process.keep(Inventory::new(config("service: {}"), Registry::new(&[]), &turned));
        let on: Vec<&str> = cx.gates().iter().filter(|gate| gate.enabled).map(|gate| gate.id).collect();
        let always = ["ottl.contexts.enableOTelColContext", "pkg.confighttp.PrioritizeNewKeepalive"];
        assert_eq!(on, [always[0], always[1], "service.partialReload"]);
    }
}
