//! Operators put together: each hands its entries to others, the last ones out of the pipeline.

mod graph;

use std::time::Duration;

use slimcol_service::{Field as LogField, Log};

use self::graph::{EMITTER, Wiring, wire};
use crate::{
    Entry, OperatorConfig,
    operator::{With, Work},
};

/// Operators that work.
#[derive(Debug)]
pub struct Pipeline {
    /// In an order in which each hands on to later ones only.
    nodes: Vec<Node>,
    /// Where entries enter.
    first: Vec<usize>,
}

/// Where the entries of a pipeline come from.
#[derive(Clone, Copy, Debug)]
pub struct Input<'a> {
    /// The input's name among the operators (`file_input`).
    pub id: &'a str,
    /// The operators that it hands its entries to; none is the first.
    pub outputs: &'a [String],
}

/// What came of a batch.
#[derive(Debug, Default)]
pub struct Processed {
    /// The entries that came through.
    pub entries: Vec<Entry>,
    /// What went wrong and was not to be kept quiet. It is logged already.
    pub errors: Vec<String>,
}

/// What operators let go that they held back.
#[derive(Clone, Copy, Debug)]
enum Release {
    Nothing,
    /// What is old enough at the time.
    Due(i64),
    All,
}

#[derive(Debug)]
struct Node {
    work: Work,
    outputs: Vec<usize>,
}

impl Pipeline {
    /// Puts operators together.
    ///
    /// # Errors
    /// Go's texts, and where the operator stands that cannot be made.
    pub fn new(input: Input<'_>, operators: &[OperatorConfig], log: &Log) -> Result<Self, String> {
        let Wiring { ids, mut outputs, order, first } = wire(input, operators)?;
        let mut nodes = Vec::with_capacity(operators.len());
        for at in order {
            let (operator, id) = (&operators[at], &ids[at]);
            let fields =
                [("operator_id", LogField::from(id)), ("operator_type", LogField::from(&operator.kind))];
            let work = operator.build(&With { id, log: log.with(&fields) });
            let work = work.map_err(|why| match operator.path.as_str() {
                "" => why,
                path => format!("'{path}' {why}"),
            })?;
            nodes.push(Node { work, outputs: std::mem::take(&mut outputs[at]) });
        }
        Ok(Self { nodes, first })
    }

    /// Passes entries through the operators, in the caller's task and at the same time as other callers.
    pub fn process(&self, entries: Vec<Entry>) -> Processed {
        self.run(entries, Release::Nothing)
    }

    /// How often [`Pipeline::flush`] is to be called, if at all.
    pub fn period(&self) -> Option<Duration> {
        let periods = self.nodes.iter().filter_map(|node| match &node.work {
            Work::Hold(hold) => Some(hold.period()),
            _ => None,
        });
        periods.min()
    }

    /// Passes on what operators held back for long enough; `now` is nanoseconds since 1970.
    pub fn flush(&self, now: i64) -> Processed {
        self.run(Vec::new(), Release::Due(now))
    }

    /// Passes on all that operators hold back: nothing more will come.
    pub fn finish(&self) -> Processed {
        self.run(Vec::new(), Release::All)
    }

    fn run(&self, entries: Vec<Entry>, release: Release) -> Processed {
        let mut done = Processed::default();
        let mut waiting: Vec<Vec<Entry>> = Vec::new();
        waiting.resize_with(self.nodes.len(), Vec::new);
        deliver(entries, &self.first, &mut waiting, &mut done.entries);
        for (at, node) in self.nodes.iter().enumerate() {
            let mut entries = std::mem::take(&mut waiting[at]);
            match &node.work {
                Work::Pass => {}
                Work::Each(guard, change) => {
                    entries.retain_mut(|entry| guard.run(&**change, entry, &mut done.errors));
                }
                Work::Filter(filter) => entries.retain(|entry| filter.keeps(entry)),
                Work::Hold(hold) => {
                    entries = hold.process(entries, &mut done.errors);
                    match release {
                        Release::Nothing => {}
                        Release::Due(now) => entries.append(&mut hold.due(now)),
                        Release::All => entries.append(&mut hold.due(i64::MAX)),
                    }
                }
                Work::Out(output) => {
                    if !entries.is_empty() {
                        output.write(&entries, &mut done.errors);
                    }
                    continue;
                }
                Work::Router(router) => {
                    for (outputs, entries) in router.sort(entries) {
                        deliver(entries, &node.outputs[outputs], &mut waiting, &mut done.entries);
                    }
                    continue;
                }
            }
            deliver(entries, &node.outputs, &mut waiting, &mut done.entries);
        }
        done
    }
}

/// Hands entries on: copies to all targets but the last.
fn deliver(mut entries: Vec<Entry>, to: &[usize], waiting: &mut [Vec<Entry>], out: &mut Vec<Entry>) {
    let Some((last, others)) = to.split_last() else { return };
    let mut target = |at: usize, mut entries: Vec<Entry>| {
        let target = if at == EMITTER { &mut *out } else { &mut waiting[at] };
        if target.is_empty() {
            *target = entries;
        } else {
            target.append(&mut entries);
        }
    };
    for at in others {
        target(*at, entries.clone());
    }
    target(*last, std::mem::take(&mut entries));
}

#[cfg(test)]
mod tests;
