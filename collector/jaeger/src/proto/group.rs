//! Spans by process and scope: in protobuf each span may have a process of its own.

use std::{borrow::Cow, collections::HashMap};

use slimcol_pdata::{Traces, put};

use super::process;
use crate::{Error, from_otlp::NO_SERVICE, span::Process, span::Span, to_otlp};

/// Spans by process and within it by scope, in the order in which each came first.
#[derive(Debug, Default)]
pub(super) struct Groups<'a> {
    places: HashMap<Option<&'a [u8]>, usize>,
    groups: Vec<Group<'a>>,
}

/// The spans of one process.
#[derive(Debug)]
struct Group<'a> {
    /// As it is encoded.
    process: Option<&'a [u8]>,
    places: HashMap<Scope<'a>, usize>,
    /// Scopes with their encoded spans.
    scopes: Vec<(Scope<'a>, Vec<u8>)>,
}

/// Name and version.
type Scope<'a> = (Cow<'a, str>, Cow<'a, str>);

impl<'a> Groups<'a> {
    pub(super) fn add(&mut self, process: Option<&'a [u8]>, mut span: Span<'a>) {
        let place = *self.places.entry(process).or_insert(self.groups.len());
        if place == self.groups.len() {
            self.groups.push(Group { process, places: HashMap::new(), scopes: Vec::new() });
        }
        let group = &mut self.groups[place];
        let scope = scope(&mut span);
        let place = if let Some(place) = group.places.get(&scope) {
            *place
        } else {
            group.places.insert(scope.clone(), group.scopes.len());
            group.scopes.push((scope, Vec::new()));
            group.scopes.len() - 1
        };
        to_otlp::span(span, true, &mut group.scopes[place].1);
    }

    /// The request.
    pub(super) fn finish(self) -> Result<Traces, Error> {
        let mut request = Vec::new();
        for group in self.groups {
            let process = group.process.map(process).transpose()?.filter(|by| by.service != NO_SERVICE);
            put::message(&mut request, 1, |to| write(process, &group.scopes, to));
        }
        Ok(Traces::from_bytes(request.into())?)
    }
}

fn write(process: Option<Process<'_>>, scopes: &[(Scope<'_>, Vec<u8>)], to: &mut Vec<u8>) {
    if let Some(process) = process {
        to_otlp::resource(process, to);
    }
    for ((name, version), spans) in scopes {
        put::message(to, 2, |to| {
            if !name.is_empty() || !version.is_empty() {
                put::message(to, 1, |to| {
                    put::bytes(to, 1, name.as_bytes());
                    put::bytes(to, 2, version.as_bytes());
                });
            }
            to.extend_from_slice(spans);
        });
    }
}

/// Takes the scope out of a span's tags. Without a name there is no version.
fn scope<'a>(span: &mut Span<'a>) -> Scope<'a> {
    let mut take = |name: &str| {
        let at = span.tags.iter().position(|(own, _)| own == name)?;
        let (_, value) = span.tags.remove(at);
        Some(value.into_text())
    };
    match take("otel.scope.name") {
        Some(name) => (name, take("otel.scope.version").unwrap_or_default()),
        None => Scope::default(),
    }
}
