//! The graph: components made from a configuration and wired to each other, and their lives.
//!
//! A receiver, an exporter and a connector are one instance an id, whatever pipelines and signals name them; a processor is
//! one instance a pipeline. A connector's instance stands behind each signal that it takes in with the pipelines that it can
//! reach from there, so that a configuration is a cycle here if and only if it is one for the Go collector.

mod build;
mod check;
mod connect;
mod door;
mod lane;
mod life;
mod make;
mod shown;
mod succeed;
mod work;

use std::{collections::HashMap, mem, sync::Arc};

use slimcol_pdata::Signal;

use crate::{
    Kind, Log, Next, StatusReporter,
    factory::{AnyExtension, AnyReceiver, Part},
};

use self::{door::Door, lane::Lane};

pub(crate) use self::{
    build::build,
    check::check,
    make::Surroundings,
    shown::{described, shown},
    succeed::Leaving,
    work::Work,
};

/// All components of a configuration: made, or running.
#[derive(Default)]
pub(crate) struct Graph {
    /// In the order in which they start.
    extensions: Vec<Placed<Source<Box<dyn AnyExtension>>>>,
    receivers: Vec<Placed<Receiver>>,
    /// Processors and connectors, each before those that it gives data to.
    middle: Parts,
    exporters: Parts,
    heads: Heads,
    /// What the middle consists of: another number for other pipelines.
    plan: u64,
}

/// Parts of pipelines.
type Parts = Vec<Placed<Arc<dyn Part>>>;

/// The first step of each pipeline, by its place in the configuration.
type Heads = HashMap<usize, Next>;

/// A component and how to speak of it.
#[derive(Clone)]
pub(crate) struct Placed<T> {
    pub(crate) id: String,
    pub(crate) kind: Kind,
    pub(crate) log: Log,
    pub(crate) status: StatusReporter,
    /// What it was made of: another number for other settings.
    stamp: u64,
    /// Whether a part of a pipeline has started and not stopped.
    runs: bool,
    pub(crate) it: T,
}

/// What works in the background, in the stages of its life.
enum Source<T> {
    Made(T),
    /// It runs in the graph that this one succeeds, at this place.
    There(usize),
    Runs(Work),
    /// It has stopped, or runs in the graph that succeeded this one.
    Gone,
}

/// A receiver and its doors: for each signal the way that the door is to lead.
struct Receiver {
    source: Source<Box<dyn AnyReceiver>>,
    doors: Vec<(Signal, Arc<Door>, Next)>,
}

impl<T> Placed<T> {
    /// The same component in another form.
    fn map<U>(self, change: impl FnOnce(T) -> U) -> Placed<U> {
        let Self { id, kind, log, status, stamp, runs, it } = self;
        Placed { id, kind, log, status, stamp, runs, it: change(it) }
    }

    /// Another form of the component, beside it.
    fn with<U>(&self, it: U) -> Placed<U> {
        let Self { id, kind, log, status, .. } = self;
        let (id, log, status) = (id.clone(), log.clone(), status.clone());
        Placed { id, kind: *kind, log, status, stamp: self.stamp, runs: self.runs, it }
    }

    /// What it is called in messages (`exporter otlp_grpc`).
    pub(crate) fn name(&self) -> String {
        format!("{} {}", self.kind.as_str(), self.id)
    }
}

impl<T> Source<T> {
    /// What was made, to be started.
    fn take_made(&mut self) -> Option<T> {
        match mem::replace(self, Self::Gone) {
            Self::Made(it) => Some(it),
            other => {
                *self = other;
                None
            }
        }
    }

    fn work(&mut self) -> Option<&mut Work> {
        if let Self::Runs(work) = self { Some(work) } else { None }
    }

    fn runs(&self) -> bool {
        matches!(self, Self::Runs(_))
    }
}

#[cfg(test)]
mod tests;
