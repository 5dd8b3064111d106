//! Making one component from its section.

use std::sync::Arc;

use slimcol_config::{ComponentId, Config, Configured, Issue, Reference};
use slimcol_pdata::Signal;

use super::{Lane, Placed, check};
use crate::{
    Context, Info, Instance, Kind, Log, Next, Signals, StatusReporter,
    context::Process,
    factory::{AnyConnector, AnyExporter, AnyExtension, AnyReceiver, Make, Part, Read},
    registry::Registry,
    stability,
};

/// What components are made of and in. The configuration was checked: reading its sections finds nothing new.
#[derive(Clone, Copy)]
pub(crate) struct Surroundings<'a> {
    pub(crate) config: &'a Config,
    pub(crate) registry: Registry,
    pub(crate) process: &'a Arc<Process>,
    pub(crate) log: &'a Log,
}

/// A component that is named, for whatever it is named: what `make` takes beside the context.
struct Found<'a, T> {
    configured: &'a Configured,
    info: &'a Info,
    read: Read<T>,
}

impl<T> Found<'_, T> {
    /// Makes it. Why that cannot be stands where its section does: what names it is not what is wrong.
    fn make(&self, cx: &Context, refused: impl FnOnce(&str) -> Issue) -> Result<T, Issue> {
        let made = (self.read)(&mut self.configured.settings()).make(cx);
        made.map_err(|error| refused(&error.to_string()).at(self.configured.place.clone()))
    }
}

impl<'a> Surroundings<'a> {
    pub(super) fn receiver(
        self,
        named: &Reference,
        signals: Signals,
    ) -> Result<Placed<Box<dyn AnyReceiver>>, Issue> {
        let found = self.find(&self.config.receivers, Kind::Receiver, &named.id, |make| match make {
            Make::Receiver(read) => Some(read),
            _ => None,
        })?;
        self.for_all_signals(Kind::Receiver, &found, named, signals)
    }

    pub(super) fn exporter(
        self,
        named: &Reference,
        signals: Signals,
    ) -> Result<Placed<Arc<dyn AnyExporter>>, Issue> {
        let found = self.find(&self.config.exporters, Kind::Exporter, &named.id, |make| match make {
            Make::Exporter(read) => Some(read),
            _ => None,
        })?;
        self.for_all_signals(Kind::Exporter, &found, named, signals)
    }

    pub(super) fn connector(
        self,
        named: &Reference,
        signals: Signals,
    ) -> Result<Placed<Arc<dyn AnyConnector>>, Issue> {
        let found = self.find(&self.config.connectors, Kind::Connector, &named.id, |make| match make {
            Make::Connector(read) => Some(read),
            _ => None,
        })?;
        self.for_all_signals(Kind::Connector, &found, named, signals)
    }

    pub(super) fn processor(
        self,
        lane: &Lane,
        named: &Reference,
        next: Next,
    ) -> Result<Placed<Arc<dyn Part>>, Issue> {
        let found = self.find(&self.config.processors, Kind::Processor, &named.id, |make| match make {
            Make::Processor(read) => Some(read),
            _ => None,
        })?;
        let cx = self.context(Kind::Processor, &named.id, Signals::only(lane.signal), Some(lane));
        let pipeline = ("otelcol.pipeline.id", (&lane.id).into());
        let log = cx.log.with(&[pipeline, ("otelcol.signal", lane.signal.as_str().into())]);
        say(found.info, &named.id, &log);
        let cx = Context { log, ..cx };
        let made = found.make(&cx, |error| processor_refused(named, lane, error))?;
        Ok(self.placed(Kind::Processor, named, Context { signals: Signals::NONE, ..cx }, made.before(next)))
    }

    pub(super) fn extension(self, named: &Reference) -> Result<Placed<Box<dyn AnyExtension>>, Issue> {
        let found = self.find(&self.config.extensions, Kind::Extension, &named.id, |make| match make {
            Make::Extension(read) => Some(read),
            _ => None,
        })?;
        let cx = self.context(Kind::Extension, &named.id, Signals::NONE, None);
        say(found.info, &named.id, &cx.log);
        let made = found
            .make(&cx, |error| Issue::new(format!("failed to create extension \"{}\": {error}", named.id)))?;
        Ok(self.placed(Kind::Extension, named, cx, made))
    }

    /// Makes what serves several signals with one instance.
    fn for_all_signals<T>(
        self,
        kind: Kind,
        found: &Found<'_, T>,
        named: &Reference,
        signals: Signals,
    ) -> Result<Placed<T>, Issue> {
        let cx = self.context(kind, &named.id, signals, None);
        for signal in signals.iter() {
            say(found.info, &named.id, &cx.log_for(signal));
        }
        let signal = signals.iter().next().unwrap_or(Signal::Traces);
        let made = found.make(&cx, |error| refused(named, kind, signal, error))?;
        Ok(self.placed(kind, named, cx, made))
    }

    fn find<T>(
        self,
        list: &'a [Configured],
        kind: Kind,
        id: &ComponentId,
        pick: fn(Make) -> Option<Read<T>>,
    ) -> Result<Found<'a, T>, Issue> {
        let configured = list.iter().find(|configured| configured.id == *id);
        let factory = self.registry.find(kind, &id.kind);
        let found = configured.zip(factory).and_then(|(configured, factory)| {
            Some(Found { configured, info: &factory.info, read: pick(factory.make)? })
        });
        found.ok_or_else(|| Issue::new(format!("{} \"{id}\" is not configured", kind.as_str())))
    }

    fn placed<T>(self, kind: Kind, named: &Reference, cx: Context, it: T) -> Placed<T> {
        let stamp = self.stamp(kind, &named.id, cx.signals);
        Placed { id: cx.id.to_string(), kind, log: cx.log, status: cx.status, stamp, runs: false, it }
    }

    /// What a component of this id is made of, as a number: its settings, and the signals that it is for.
    pub(super) fn stamp(self, kind: Kind, id: &ComponentId, signals: Signals) -> u64 {
        let mut all = check::all(self.config);
        let found = all.find(|(of, configured)| *of == kind && configured.id == *id);
        found.map_or(0, |(_, configured)| configured.stamp().wrapping_add(signals.bits()))
    }

    /// The context of a component; a processor's with the one pipeline that it is for.
    fn context(self, kind: Kind, id: &ComponentId, signals: Signals, lane: Option<&Lane>) -> Context {
        let status = self.status(kind, id, lane);
        let id = id.to_string();
        let fields =
            [("otelcol.component.id", (&id).into()), ("otelcol.component.kind", kind.as_str().into())];
        Context {
            log: self.log.with(&fields),
            id: id.into(),
            kind: Some(kind),
            signals,
            status,
            process: Arc::clone(self.process),
        }
    }

    /// What a component reports its status with: for receivers and exporters by signal, as Go has an instance for each.
    pub(super) fn status(self, kind: Kind, id: &ComponentId, of: Option<&Lane>) -> StatusReporter {
        let name: Arc<str> = id.to_string().into();
        let mut instances: Vec<(Option<Signal>, Instance)> = Vec::new();
        for lane in self.config.service.pipelines.iter().filter_map(Lane::of) {
            let named = match kind {
                Kind::Receiver => lane.receives_from(id),
                Kind::Exporter => lane.exports_to(id),
                Kind::Connector => lane.receives_from(id) || lane.exports_to(id),
                _ => of.is_some_and(|of| of.id == lane.id),
            };
            let signal = matches!(kind, Kind::Receiver | Kind::Exporter).then_some(lane.signal);
            match instances.iter_mut().find(|instance| instance.0 == signal) {
                _ if !named => {}
                Some((_, instance)) => instance.pipelines.push(lane.id),
                None => {
                    let pipelines = vec![lane.id];
                    instances.push((signal, Instance { kind, id: name.clone(), pipelines }));
                }
            }
        }
        if kind == Kind::Extension {
            instances.push((None, Instance { kind, id: name, pipelines: Vec::new() }));
        }
        self.process.statuses.enter(instances)
    }
}

/// Why a receiver or an exporter could not be made, in the Go collector's words.
pub(super) fn refused(named: &Reference, kind: Kind, signal: Signal, why: &str) -> Issue {
    let (id, kind) = (&named.id, kind.as_str());
    Issue::new(format!("failed to create \"{id}\" {kind} for data type \"{signal}\": {why}"))
        .at(named.place.clone())
}

/// Why a processor could not be made, in the Go collector's words.
pub(super) fn processor_refused(named: &Reference, lane: &Lane, why: &str) -> Issue {
    let message = format!("failed to create \"{}\" processor, in pipeline \"{}\": {why}", named.id, lane.id);
    Issue::new(message).at(named.place.clone())
}

/// Says what users should know of a component that they named.
fn say(info: &Info, id: &ComponentId, log: &Log) {
    if id.kind != info.name {
        log.warn(&format!("\"{}\" alias is deprecated; use \"{}\" instead", id.kind, info.name), &[]);
    }
    stability::log(log, info.stability);
}
