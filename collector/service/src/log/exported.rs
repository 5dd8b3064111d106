//! Lines as OTLP's log records, as Go's bridge from zap makes them.

use std::sync::Arc;

use super::{Field, Log, encode::Head};
use crate::{
    Record, Waiting,
    wire::{attribute, fixed, nanos, number, text, value},
};

/// Who logs, whatever component it is.
const SCOPE: &str = "go.opentelemetry.io/collector/service";

/// Where a log's lines are exported to, and what their records have in common.
#[derive(Clone)]
pub(super) struct Exported {
    to: Vec<Arc<Waiting>>,
    scope: Vec<u8>,
    attributes: Vec<u8>,
}

impl Log {
    /// The same log, whose lines wait in each of `to` besides. What is on each of its lines by now is not exported: it is
    /// the resource's.
    #[must_use]
    pub fn exported_to(&self, to: &[Arc<Waiting>]) -> Self {
        let mut scope = Vec::new();
        text(&mut scope, 1, SCOPE);
        let exported = Exported { to: to.to_vec(), scope, attributes: Vec::new() };
        Self { exported: (!to.is_empty()).then(|| Arc::new(exported)), ..self.clone() }
    }

    /// The same log without export: for who exports it, whose lines would call for more of them.
    #[must_use]
    pub fn unexported(&self) -> Self {
        Self { exported: None, ..self.clone() }
    }
}

impl Exported {
    /// The same with `fields`. Which component it is is the scope's.
    pub(super) fn with(&self, fields: &[(&str, Field<'_>)]) -> Self {
        let mut all = self.clone();
        for field in fields {
            if field.0.starts_with("otelcol.") {
                add(&mut all.scope, 3, field);
            } else {
                add(&mut all.attributes, 6, field);
            }
        }
        all
    }

    /// A line to export.
    pub(super) fn push(&self, head: &Head<'_>, fields: &[(&str, Field<'_>)]) {
        let mut encoded = Vec::new();
        let time = nanos(head.time);
        fixed(&mut encoded, 1, time);
        // OTLP's levels are four steps each, from debug's on.
        number(&mut encoded, 2, 5 + 4 * head.level as u64);
        text(&mut encoded, 3, head.level.as_str());
        value(&mut encoded, 5, &head.message.into());
        encoded.extend_from_slice(&self.attributes);
        if let Some(caller) = head.caller {
            attribute(&mut encoded, 6, "code.file.path", &from_crate(caller.file()).into());
            attribute(&mut encoded, 6, "code.line.number", &Field::Int(caller.line().into()));
        }
        for field in fields {
            add(&mut encoded, 6, field);
        }
        fixed(&mut encoded, 11, time);
        for waiting in &self.to {
            waiting.push(Record { scope: self.scope.clone(), encoded: encoded.clone() });
        }
    }
}

/// A path from the crate's folder on: where that lies is the builder's matter.
fn from_crate(path: &str) -> &str {
    let folder = path.rfind("/src/").and_then(|at| path[..at].rfind('/'));
    folder.map_or(path, |at| &path[at + 1..])
}

/// Appends a field, which for an error has the name that telemetry has for it.
fn add(to: &mut Vec<u8>, number: u32, (name, value): &(&str, Field<'_>)) {
    let name = if *name == "error" { "exception.message" } else { name };
    attribute(to, number, name, value);
}
