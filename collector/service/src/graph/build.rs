//! Wiring the components of a configuration.

use std::{
    collections::HashMap,
    hash::{DefaultHasher, Hash, Hasher},
    sync::Arc,
};

use slimcol_config::{ComponentId, Error, Issue, Reference};

use super::{
    Door, Graph, Heads, Lane, Parts, Placed, Receiver, Source, Surroundings,
    connect::{self, Link},
    make::{processor_refused, refused},
};
use crate::{
    Kind, Log, Next, Routes, Signals,
    factory::{AnyConnector, AnyExtension, Part},
};

/// Makes and wires everything that a configuration runs; what runs already in `old`, and is to be what it is, stays.
///
/// # Errors
/// All that is wrong with how the configuration puts components together, or what making one failed with.
pub(crate) fn build(around: Surroundings<'_>, old: Option<&Graph>) -> Result<Graph, Error> {
    let service = &around.config.service;
    let lanes: Vec<Lane> = service.pipelines.iter().filter_map(Lane::of).collect();
    let old = old.map(|graph| Old { graph, gone: gone(around, graph) });
    if let Some(old) = &old {
        around.process.forget(&old.gone);
    }
    let mut graph = Builder::new(&lanes, around, old.as_ref())
        .and_then(|builder| builder.build().map_err(|issue| vec![issue]))
        .map_err(|issues| Error::invalid(issues).context("failed to build pipelines: "))?;
    let stays = |stamp| old.as_ref().and_then(|old| old.find(around, &old.graph.extensions, stamp));
    // Those that stay are made too, to tell which others they need; nobody shall hear of it.
    let silence = Log::none();
    let extensions = service.extensions.iter().map(|named| {
        let stamp = around.stamp(Kind::Extension, &named.id, Signals::NONE);
        let log = if stays(stamp).is_some() { &silence } else { around.log };
        Surroundings { log, ..around }.extension(named)
    });
    let extensions = extensions
        .collect::<Result<Vec<_>, _>>()
        .and_then(arranged)
        .map_err(|issue| Error::one("failed to build extensions: ", issue))?;
    for extension in extensions {
        graph.extensions.push(if let Some((at, runs)) = stays(extension.stamp) {
            runs.with(Source::There(at))
        } else {
            around.process.offer(&extension.id, extension.it.offers(), &extension.it.dependencies());
            extension.map(Source::Made)
        });
    }
    Ok(graph)
}

/// The graph that runs, and which of its extensions go.
struct Old<'a> {
    graph: &'a Graph,
    gone: Vec<String>,
}

impl Old<'_> {
    /// Which of `components` has this stamp and uses nothing that goes.
    fn find<'a, T>(
        &self,
        around: Surroundings<'_>,
        components: &'a [Placed<T>],
        stamp: u64,
    ) -> Option<(usize, &'a Placed<T>)> {
        let stays = |one: &&Placed<T>| {
            one.stamp == stamp
                && !self.gone.contains(&one.id)
                && !around.process.uses(one.kind, &one.id, &self.gone)
        };
        components.iter().enumerate().find(|(_, one)| stays(one))
    }
}

/// The extensions of `old` that the configuration does not have as they are, and those that use such.
fn gone(around: Surroundings<'_>, old: &Graph) -> Vec<String> {
    let named = &around.config.service.extensions;
    let mut gone: Vec<String> = Vec::new();
    let goes = |extension: &&Placed<_>, gone: &[String]| {
        !gone.contains(&extension.id)
            && (!named
                .iter()
                .any(|named| around.stamp(Kind::Extension, &named.id, Signals::NONE) == extension.stamp)
                || around.process.uses(extension.kind, &extension.id, gone))
    };
    while let Some(extension) = old.extensions.iter().find(|extension| goes(extension, &gone)) {
        gone.push(extension.id.clone());
    }
    gone
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
    old: Option<&'a Old<'a>>,
    links: Vec<Link<'a>>,
    /// The pipelines by index, each before those that it gives data to.
    order: Vec<usize>,
}

impl<'a> Builder<'a> {
    /// Looks at how components are put together, before any is made.
    fn new(
        lanes: &'a [Lane],
        around: Surroundings<'a>,
        old: Option<&'a Old<'a>>,
    ) -> Result<Self, Vec<Issue>> {
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
        if issues.is_empty() { Ok(Self { lanes, around, old, links, order }) } else { Err(issues) }
    }

    fn build(self) -> Result<Graph, Issue> {
        let mut exporters = Vec::new();
        for (named, signals) in self.ends(|lane| &lane.exporters) {
            let stays = self.find(Kind::Exporter, &named.id, signals, |old| &old.exporters);
            exporters.push(match stays {
                Some((_, runs)) => runs.clone(),
                None => self.around.exporter(named, signals)?.map(|it| it as Arc<dyn Part>),
            });
        }
        let plan = self.plan();
        let stays = self.old.filter(|old| {
            old.graph.plan == plan
                && exporters.iter().all(|exporter| exporter.runs)
                && old
                    .graph
                    .middle
                    .iter()
                    .all(|part| !self.around.process.uses(part.kind, &part.id, &old.gone))
        });
        let (middle, heads) = match stays {
            Some(old) => (old.graph.middle.clone(), old.graph.heads.clone()),
            None => self.middle(&exporters)?,
        };
        let receivers = self.receivers(&heads)?;
        Ok(Graph { extensions: Vec::new(), receivers, middle, exporters, heads, plan })
    }

    /// The component of this id that runs and is to be what it is; it hears of the pipelines that name it now.
    fn find<T>(
        &self,
        kind: Kind,
        id: &ComponentId,
        signals: Signals,
        all: fn(&Graph) -> &[Placed<T>],
    ) -> Option<(usize, &'a Placed<T>)> {
        let found =
            self.old?.find(self.around, all(self.old?.graph), self.around.stamp(kind, id, signals))?;
        found.1.status.become_as(&self.around.status(kind, id, None));
        Some(found)
    }

    /// What there is between receivers and exporters, as a number.
    fn plan(&self) -> u64 {
        let mut to = DefaultHasher::new();
        for lane in self.lanes {
            let processors =
                lane.processors.iter().map(|p| self.around.stamp(Kind::Processor, &p.id, Signals::NONE));
            let exporters = lane.exporters.iter().map(|exporter| &exporter.id);
            let connectors = self.links.iter().filter(|link| lane.receives_from(link.id));
            let connectors =
                connectors.map(|link| self.around.stamp(Kind::Connector, link.id, Signals::NONE));
            (&lane.id, processors.collect::<Vec<_>>(), exporters.collect::<Vec<_>>()).hash(&mut to);
            connectors.collect::<Vec<_>>().hash(&mut to);
        }
        to.finish()
    }

    /// Processors and connectors, and the way into each pipeline.
    fn middle(&self, exporters: &[Placed<Arc<dyn Part>>]) -> Result<(Parts, Heads), Issue> {
        let mut connectors = Vec::new();
        for (named, _) in self.joints() {
            let takes = self.lanes.iter().filter(|lane| lane.exports_to(&named.id));
            let signals = takes.fold(Signals::NONE, |all, lane| all.or(Signals::only(lane.signal)));
            connectors.push((&named.id, self.around.connector(named, signals)?));
        }
        let mut heads = Heads::new();
        let mut processors = HashMap::new();
        for &at in self.order.iter().rev() {
            let mut next = self.exits(&self.lanes[at], &heads, exporters, &connectors);
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
        Ok((self.arrange(connectors, processors, &heads), heads))
    }

    /// The end of a pipeline: its exporters, and the connectors that it names as exporters.
    fn exits(
        &self,
        lane: &Lane,
        heads: &Heads,
        exporters: &[Placed<Arc<dyn Part>>],
        connectors: &[(&ComponentId, Placed<Arc<dyn AnyConnector>>)],
    ) -> Next {
        let exit = |named: &Reference| {
            let id = named.id.to_string();
            if let Some(exporter) = exporters.iter().find(|exporter| exporter.id == id) {
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
    fn arrange(
        &self,
        connectors: Vec<(&ComponentId, Placed<Arc<dyn AnyConnector>>)>,
        mut processors: HashMap<usize, Parts>,
        heads: &Heads,
    ) -> Parts {
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

    fn receivers(&self, heads: &Heads) -> Result<Vec<Placed<Receiver>>, Issue> {
        let mut receivers = Vec::new();
        for (named, signals) in self.ends(|lane| &lane.receivers) {
            let stays = self.find(Kind::Receiver, &named.id, signals, |old| &old.receivers);
            let receiver = match stays {
                Some((at, runs)) => runs.with(Source::There(at)),
                None => self.around.receiver(named, signals)?.map(Source::Made),
            };
            let mut doors = Vec::new();
            for signal in signals.iter() {
                let fed = |lane: &Lane| lane.signal == signal && lane.receives_from(&named.id);
                let lanes = self.lanes.iter().enumerate().filter(|(_, lane)| fed(lane));
                let next = Next::fan_out(lanes.filter_map(|(at, _)| heads.get(&at).cloned()).collect());
                let there = stays.and_then(|(_, runs)| runs.it.doors.iter().find(|door| door.0 == signal));
                let door = there.map_or_else(
                    || {
                        let did = ["TraceDataReceived", "MetricsReceived", "LogsReceived"][signal as usize];
                        let span = format!("receiver/{}/{did}", named.id);
                        let process = self.around.process;
                        let status = receiver.status.of(signal);
                        Door::new(span, &receiver.log, status, &process.failures, &process.tracing)
                    },
                    |(_, door, _)| door.clone(),
                );
                doors.push((signal, door, next));
            }
            receivers.push(receiver.map(|source| Receiver { source, doors }));
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
