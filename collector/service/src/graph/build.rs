//! Wiring the components of a configuration.

use std::{collections::HashMap, sync::Arc};

use slimcol_config::{ComponentId, Error, Issue, Reference};

use super::{
    Graph, Lane, Pipelines, Placed, Surroundings,
    connect::{self, Link},
    guard::guard,
    make::{processor_refused, refused},
};
use crate::{
    Kind, Next, Outputs, Routes, Signals,
    factory::{AnyConnector, AnyExporter, AnyExtension, AnyReceiver, Part},
};

/// Makes and wires everything that a configuration runs.
///
/// # Errors
/// All that is wrong with how the configuration puts components together, or what making one failed with.
pub(crate) fn build(around: Surroundings<'_>) -> Result<Graph, Error> {
    let service = &around.config.service;
    let lanes: Vec<Lane> = service.pipelines.iter().filter_map(Lane::of).collect();
    let pipelines = Builder::new(&lanes, around)
        .and_then(|builder| builder.build().map_err(|issue| vec![issue]))
        .map_err(|issues| Error::invalid(issues).context("failed to build pipelines: "))?;
    let extensions = service.extensions.iter().map(|named| around.extension(named));
    let extensions = extensions
        .collect::<Result<Vec<_>, _>>()
        .and_then(arranged)
        .map_err(|issue| Error::one("failed to build extensions: ", issue))?;
    Ok(Graph { extensions, pipelines })
}

/// Extensions in the order in which they start: that of the configuration, unless one of them depends on another.
fn arranged(
    extensions: Vec<Placed<Box<dyn AnyExtension>>>,
) -> Result<Vec<Placed<Box<dyn AnyExtension>>>, Issue> {
    match extensions.iter().find_map(|extension| extension.it.dependencies().arrange()) {
        Some(arrange) => arrange(extensions),
        None => Ok(extensions),
    }
}

/// The pipelines while they are being built.
struct Builder<'a> {
    lanes: &'a [Lane],
    around: Surroundings<'a>,
    links: Vec<Link<'a>>,
    /// The pipelines by index, each before those that it gives data to.
    order: Vec<usize>,
}

/// The first step of each pipeline that is built, by index.
type Heads = HashMap<usize, Next>;

impl<'a> Builder<'a> {
    /// Looks at how components are put together, before any is made.
    fn new(lanes: &'a [Lane], around: Surroundings<'a>) -> Result<Self, Vec<Issue>> {
        let link = |id: &'a ComponentId| {
            let factory = around.registry.find(Kind::Connector, &id.kind)?;
            Some(Link { id, info: &factory.info })
        };
        let links: Vec<Link<'a>> = around.config.connectors.iter().filter_map(|c| link(&c.id)).collect();
        let mut issues: Vec<Issue> = lanes.iter().flat_map(|lane| unsupported(lane, around)).collect();
        issues.extend(connect::check_ends(lanes, &links));
        let order = connect::order(lanes, &links).unwrap_or_else(|cycle| {
            issues.push(cycle);
            Vec::new()
        });
        if issues.is_empty() { Ok(Self { lanes, around, links, order }) } else { Err(issues) }
    }

    fn build(self) -> Result<Pipelines, Issue> {
        let mut exporters = Vec::new();
        for (named, signals) in self.ends(|lane| &lane.exporters) {
            exporters.push((&named.id, self.around.exporter(named, signals)?));
        }
        let mut connectors = Vec::new();
        for (named, _) in self.joints() {
            let takes = self.lanes.iter().filter(|lane| lane.exports_to(&named.id));
            let signals = takes.fold(Signals::NONE, |all, lane| all.or(Signals::only(lane.signal)));
            connectors.push((&named.id, self.around.connector(named, signals)?));
        }
        let mut heads = Heads::new();
        let mut processors = HashMap::new();
        for &at in self.order.iter().rev() {
            let mut next = self.exits(&self.lanes[at], &heads, &exporters, &connectors);
            let mut made = Vec::new();
            for named in self.lanes[at].processors.iter().rev() {
                let part = self.around.processor(&self.lanes[at], named, next)?;
                next = Next(part.it.clone());
                made.push(part);
            }
            made.reverse();
            processors.insert(at, made);
            heads.insert(at, next);
        }
        let receivers = self.receivers(&heads)?;
        let exporters =
            exporters.into_iter().map(|(_, exporter)| exporter.map(|it| it as Arc<dyn Part>)).collect();
        Ok(Pipelines { receivers, middle: self.middle(connectors, processors, &heads), exporters })
    }

    /// The end of a pipeline: its exporters, and the connectors that it names as exporters.
    fn exits(
        &self,
        lane: &Lane,
        heads: &Heads,
        exporters: &[(&ComponentId, Placed<Arc<dyn AnyExporter>>)],
        connectors: &[(&ComponentId, Placed<Arc<dyn AnyConnector>>)],
    ) -> Next {
        let exit = |named: &Reference| {
            if let Some((_, exporter)) = exporters.iter().find(|exporter| *exporter.0 == named.id) {
                return Some(Next(exporter.it.clone()));
            }
            let (id, connector) = connectors.iter().find(|connector| *connector.0 == named.id)?;
            let link = self.links.iter().find(|link| link.id == *id)?;
            let routes = self.routes(heads, |to| link.joins(lane, to));
            Some(Next(connector.it.clone().before(routes)))
        };
        Next::fan_out(lane.exporters.iter().filter_map(exit).collect())
    }

    /// Processors and connectors in the data's order: a connector behind all that gives it data and before all that it
    /// gives data to.
    fn middle(
        &self,
        connectors: Vec<(&ComponentId, Placed<Arc<dyn AnyConnector>>)>,
        mut processors: HashMap<usize, Vec<Placed<Arc<dyn Part>>>>,
        heads: &Heads,
    ) -> Vec<Placed<Arc<dyn Part>>> {
        let mut middle = Vec::new();
        let mut connectors: Vec<_> = connectors.into_iter().map(Some).collect();
        for at in &self.order {
            for slot in &mut connectors {
                if let Some((id, connector)) = slot.take_if(|(id, _)| self.lanes[*at].receives_from(id)) {
                    // It starts and stops with all that it can ever reach, from whatever signal.
                    let routes = self.routes(heads, |to| to.receives_from(id));
                    middle.push(connector.map(|it| it.before(routes)));
                }
            }
            middle.extend(processors.remove(at).unwrap_or_default());
        }
        middle
    }

    #[allow(clippy::type_complexity, reason = "spelled out where it is made")]
    fn receivers(&self, heads: &Heads) -> Result<Vec<Placed<(Box<dyn AnyReceiver>, Outputs)>>, Issue> {
        let mut receivers = Vec::new();
        for (named, signals) in self.ends(|lane| &lane.receivers) {
            let receiver = self.around.receiver(named, signals)?;
            let outputs = signals.iter().fold(Outputs::default(), |outputs, signal| {
                let fed = |lane: &Lane| lane.signal == signal && lane.receives_from(&named.id);
                let lanes = self.lanes.iter().enumerate().filter(|(_, lane)| fed(lane));
                let next = Next::fan_out(lanes.filter_map(|(at, _)| heads.get(&at).cloned()).collect());
                let status = receiver.status.of(signal);
                outputs.with(signal, guard(next, &receiver.log, status, &self.around.process.failures))
            });
            receivers.push(receiver.map(|it| (it, outputs)));
        }
        Ok(receivers)
    }

    /// The pipelines that `wanted` picks, as routes.
    fn routes(&self, heads: &Heads, wanted: impl Fn(&Lane) -> bool) -> Routes {
        let lanes = self.lanes.iter().enumerate().filter(|(_, lane)| wanted(lane));
        let routes =
            lanes.filter_map(|(at, lane)| Some((lane.signal, lane.id.clone(), heads.get(&at)?.clone())));
        Routes::new(routes.collect())
    }

    /// What pipelines name at one of their ends, connectors left out: the first place that names it, and the signals of all.
    fn ends(&self, end: impl Fn(&'a Lane) -> &'a [Reference]) -> Vec<(&'a Reference, Signals)> {
        let mut all = self.named(end);
        all.retain(|(named, _)| !is_connector(&named.id, self.around));
        all
    }

    /// The connectors that pipelines name as receivers, with the signals that they give there.
    fn joints(&self) -> Vec<(&'a Reference, Signals)> {
        let mut all = self.named(|lane| &lane.receivers);
        all.retain(|(named, _)| is_connector(&named.id, self.around));
        all
    }

    fn named(&self, end: impl Fn(&'a Lane) -> &'a [Reference]) -> Vec<(&'a Reference, Signals)> {
        let mut all: Vec<(&Reference, Signals)> = Vec::new();
        for lane in self.lanes {
            for named in end(lane) {
                let signal = Signals::only(lane.signal);
                match all.iter_mut().find(|one| one.0.id == named.id) {
                    Some(one) => one.1 = one.1.or(signal),
                    None => all.push((named, signal)),
                }
            }
        }
        all
    }
}

/// Components that a pipeline names for a signal which they do not have.
fn unsupported(lane: &Lane, around: Surroundings<'_>) -> Vec<Issue> {
    const WHY: &str = "telemetry type is not supported";
    let lacks = |kind, named: &&Reference| {
        let factory = around.registry.find(kind, &named.id.kind);
        !factory.is_some_and(|factory| factory.info.signals.has(lane.signal))
    };
    let end = |kind, all: &[Reference]| -> Vec<Issue> {
        let own = all.iter().filter(|named| !is_connector(&named.id, around));
        own.filter(|named| lacks(kind, named)).map(|named| refused(named, kind, lane.signal, WHY)).collect()
    };
    let mut issues = end(Kind::Receiver, &lane.receivers);
    let processors = lane.processors.iter().filter(|named| lacks(Kind::Processor, named));
    issues.extend(processors.map(|named| processor_refused(named, lane, WHY)));
    issues.extend(end(Kind::Exporter, &lane.exporters));
    issues
}

fn is_connector(id: &ComponentId, around: Surroundings<'_>) -> bool {
    around.config.connectors.iter().any(|configured| configured.id == *id)
}
