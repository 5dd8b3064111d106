//! Telemetry by the resources that it comes from.

use std::{collections::HashMap, hash::Hash};

use crate::{
    Data, Logs, Metrics, Of, Otlp, Signal, Traces,
    fields::Fields,
    level::Level,
    rope::{Piece, Rope},
    view::{Each, ResourceLogsRef, ResourceMetricsRef, ResourceRef, ResourceSpansRef, View, find},
};

impl Traces {
    /// The resources with their spans.
    pub fn resource_spans(&self) -> impl Iterator<Item = ResourceSpansRef<'_>> {
        entries(&self.rope)
    }
}

impl Metrics {
    /// The resources with their metrics.
    pub fn resource_metrics(&self) -> impl Iterator<Item = ResourceMetricsRef<'_>> {
        entries(&self.rope)
    }
}

impl Logs {
    /// The resources with their log records.
    pub fn resource_logs(&self) -> impl Iterator<Item = ResourceLogsRef<'_>> {
        entries(&self.rope)
    }
}

impl<S: Of> Otlp<S> {
    /// The resources of the entries, one each.
    pub fn resources(&self) -> impl Iterator<Item = ResourceRef<'_>> {
        resources(&self.rope)
    }

    /// The telemetry in groups by what `key` says of its resource, in the order of first appearance; nothing is copied.
    pub fn group_by_resource<K: Eq + Hash>(self, key: impl FnMut(ResourceRef<'_>) -> K) -> Vec<(K, Self)> {
        group(S::SIGNAL, &self.rope, key).into_iter().map(|(key, rope)| (key, rope.into())).collect()
    }
}

impl Data {
    /// The resources of the entries, one each.
    pub fn resources(&self) -> impl Iterator<Item = ResourceRef<'_>> {
        resources(self.rope())
    }

    /// The telemetry in groups by what `key` says of its resource, in the order of first appearance; nothing is copied.
    pub fn group_by_resource<K: Eq + Hash>(self, key: impl FnMut(ResourceRef<'_>) -> K) -> Vec<(K, Self)> {
        let signal = self.signal();
        group(signal, self.rope(), key)
            .into_iter()
            .map(|(key, rope)| (key, Self::new(signal, rope)))
            .collect()
    }
}

fn entries<'a, T: View<'a>>(rope: &'a Rope) -> impl Iterator<Item = T> {
    rope.pieces().iter().flat_map(|piece| Each::of(&piece.bytes, 1))
}

fn resources(rope: &Rope) -> impl Iterator<Item = ResourceRef<'_>> {
    let entries = rope.pieces().iter().flat_map(|piece| Fields::of(&piece.bytes));
    entries.filter(|field| field.number == 1).map(|entry| resource(entry.value))
}

fn resource(entry: &[u8]) -> ResourceRef<'_> {
    View::of(find(entry, 1).map_or(&[], |field| field.value))
}

fn group<K: Eq + Hash>(
    signal: Signal,
    rope: &Rope,
    mut key: impl FnMut(ResourceRef<'_>) -> K,
) -> Vec<(K, Rope)> {
    let mut groups: HashMap<K, (usize, Vec<Piece>)> = HashMap::new();
    for piece in rope.pieces() {
        let mut at = 0;
        for field in Fields::of(&piece.bytes) {
            let range = at..at + field.whole.len();
            at = range.end;
            if field.number == 1 {
                let items = Level::Resource.count(signal, field.value);
                let (next, own) = (groups.len(), key(resource(field.value)));
                let (_, pieces) = groups.entry(own).or_insert((next, Vec::new()));
                pieces.push(Piece { bytes: piece.bytes.slice(range), items });
            }
        }
    }
    let mut groups: Vec<_> = groups.into_iter().collect();
    slimcol_order::sort_by_key(&mut groups, |(_, (order, _))| *order);
    groups.into_iter().map(|(key, (_, pieces))| (key, pieces.into_iter().collect())).collect()
}
