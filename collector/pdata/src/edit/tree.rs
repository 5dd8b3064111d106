//! A request taken apart as far as it is being changed.

use std::marker::PhantomData;

use bytes::Bytes;

use super::{entry::EntryMut, node::Node};
use crate::{
    Of, Otlp,
    fields::Fields,
    level::Level,
    put,
    rope::{Piece, Rope},
};

/// Telemetry of one signal, to be changed or made. `From` goes both ways; [`Otlp::edit`] does so around a change.
#[derive(Debug)]
pub struct Tree<S> {
    entries: Vec<Entry>,
    /// Fields of the request itself that are not known.
    rest: Vec<u8>,
    marker: PhantomData<S>,
}

/// A resource with its scopes, and the bytes in which it lies.
#[derive(Debug)]
struct Entry {
    source: Bytes,
    node: Node,
}

impl<S> Default for Tree<S> {
    fn default() -> Self {
        Self { entries: Vec::new(), rest: Vec::new(), marker: PhantomData }
    }
}

impl<S: Of> From<Otlp<S>> for Tree<S> {
    fn from(otlp: Otlp<S>) -> Self {
        let mut tree = Self::default();
        for piece in otlp.rope.pieces() {
            let mut at = 0;
            for field in Fields::of(&piece.bytes) {
                at += field.whole.len();
                if Level::Request.repeats(field.number) {
                    let node = Node::kept(field.number, at - field.value.len()..at);
                    tree.entries.push(Entry { source: piece.bytes.clone(), node });
                } else {
                    tree.rest.extend_from_slice(field.whole);
                }
            }
        }
        tree
    }
}

impl<S: Of> From<Tree<S>> for Otlp<S> {
    fn from(mut tree: Tree<S>) -> Self {
        let entries = tree.entries.iter_mut();
        let size: usize = entries.map(|entry| put::bytes_len(1, entry.node.measure())).sum();
        let mut bytes = Vec::with_capacity(size + tree.rest.len());
        let mut items = 0;
        for Entry { source, node } in &tree.entries {
            node.write(source, &mut bytes);
            items += node.items(S::SIGNAL, Level::Resource, source);
        }
        bytes.extend_from_slice(&tree.rest);
        Rope::from(Piece { bytes: bytes.into(), items }).into()
    }
}

impl<S: Of> Tree<S> {
    /// The resources with their scopes, to be changed.
    pub fn entries_mut(&mut self) -> impl Iterator<Item = EntryMut<'_, S>> {
        self.entries.iter_mut().map(|entry| EntryMut::of(&entry.source, &mut entry.node))
    }

    /// Removes the entries of which `keep` says no. It may change those that stay.
    pub fn retain_entries(&mut self, mut keep: impl FnMut(&mut EntryMut<'_, S>) -> bool) {
        self.entries.retain_mut(|entry| keep(&mut EntryMut::of(&entry.source, &mut entry.node)));
    }

    /// Adds an empty resource at the end.
    pub fn add_entry(&mut self) -> EntryMut<'_, S> {
        let entry = Entry { source: Bytes::new(), node: Node::new(1, Level::Resource) };
        let entry = self.entries.push_mut(entry);
        EntryMut::of(&entry.source, &mut entry.node)
    }

    /// How many spans, data points or log records there are.
    pub fn items(&self) -> usize {
        let items = |entry: &Entry| entry.node.items(S::SIGNAL, Level::Resource, &entry.source);
        self.entries.iter().map(items).sum()
    }
}

impl<S: Of> Otlp<S> {
    /// Changes the telemetry. Resources, scopes and items that `change` does not ask to change stay as they are encoded.
    pub fn edit<R>(&mut self, change: impl FnOnce(&mut Tree<S>) -> R) -> R {
        let mut tree = Tree::from(std::mem::take(self));
        let result = change(&mut tree);
        *self = tree.into();
        result
    }
}
