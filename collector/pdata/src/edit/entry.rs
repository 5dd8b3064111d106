//! Resources and scopes with what they hold, being changed.

use std::marker::PhantomData;

use super::{
    attributes::AttributesMut,
    message::MessageMut,
    metric::{MetricMut, OwnMetric},
    node::Node,
    setters::{LogRecordMut, ResourceMut, ScopeMut, SpanMut},
};
use crate::{
    LogsKind, MetricsKind, Of, TracesKind,
    level::Level,
    put,
    schema::numbers,
    view::{ResourceRef, ScopeRef, View, find, find_text},
};

/// A resource with its scopes (`ResourceSpans`, `ResourceMetrics`, `ResourceLogs`), to be changed.
#[derive(Debug)]
pub struct EntryMut<'a, S> {
    source: &'a [u8],
    node: &'a mut Node,
    marker: PhantomData<S>,
}

impl<'a, S: Of> EntryMut<'a, S> {
    pub(super) fn of(source: &'a [u8], node: &'a mut Node) -> Self {
        Self { source, node, marker: PhantomData }
    }

    /// The resource as it is now.
    pub fn resource(&self) -> ResourceRef<'_> {
        View::of(find(self.node.body.bytes(self.source), 1).map_or(&[], |field| field.value))
    }

    /// The resource, to be changed.
    pub fn resource_mut(&mut self) -> ResourceMut<'_> {
        ResourceMut(self.node.header(Level::Resource, self.source).into_nested(1))
    }

    /// The URL of the resource's schema.
    pub fn schema_url(&self) -> &str {
        find_text(self.node.body.bytes(self.source), 3)
    }

    /// Sets the URL of the resource's schema.
    pub fn set_schema_url(&mut self, url: &str) {
        self.node.header(Level::Resource, self.source).set(3, |to| put::bytes(to, 3, url.as_bytes()));
    }

    /// The scopes, to be changed.
    pub fn scopes_mut(&mut self) -> impl Iterator<Item = ScopeEntryMut<'_, S>> {
        let source = self.source;
        self.node.open(Level::Resource, source).iter_mut().map(|node| ScopeEntryMut::of(source, node))
    }

    /// The resource and, apart from it, the scopes.
    pub fn split(&mut self) -> (EntryHeadMut<'_>, impl Iterator<Item = ScopeEntryMut<'_, S>>) {
        let source = self.source;
        let (header, nodes) = self.node.split(Level::Resource, source);
        (EntryHeadMut(header), nodes.iter_mut().map(|node| ScopeEntryMut::of(source, node)))
    }

    /// Removes the scopes of which `keep` says no. It may change those that stay.
    pub fn retain_scopes(&mut self, mut keep: impl FnMut(&mut ScopeEntryMut<'_, S>) -> bool) {
        let source = self.source;
        self.node.open(Level::Resource, source).retain_mut(|node| keep(&mut ScopeEntryMut::of(source, node)));
    }

    /// Removes the scopes of which `keep` says no, which sees and may change the resource besides. How many stay.
    pub fn retain_split(
        &mut self,
        mut keep: impl FnMut(&mut EntryHeadMut<'_>, &mut ScopeEntryMut<'_, S>) -> bool,
    ) -> usize {
        let source = self.source;
        let (header, nodes) = self.node.split(Level::Resource, source);
        let mut head = EntryHeadMut(header);
        nodes.retain_mut(|node| keep(&mut head, &mut ScopeEntryMut::of(source, node)));
        nodes.len()
    }

    /// Adds an empty scope at the end.
    pub fn add_scope(&mut self) -> ScopeEntryMut<'_, S> {
        let nodes = self.node.open(Level::Resource, self.source);
        ScopeEntryMut::of(self.source, nodes.push_mut(Node::new(2, Level::Scope)))
    }
}

/// What an entry says of its resource, to be changed apart from its scopes.
#[derive(Debug)]
pub struct EntryHeadMut<'a>(MessageMut<'a>);

/// What an entry says of its scope, to be changed apart from its items.
#[derive(Debug)]
pub struct ScopeHeadMut<'a>(MessageMut<'a>);

impl<'a> ScopeHeadMut<'a> {
    /// Of the scope's entry without its items.
    pub(super) fn of(header: MessageMut<'a>) -> Self {
        Self(header)
    }
}

/// The methods of what stands before an entry's parts.
macro_rules! heads { ($($head:ident $what:literal $get:ident $view:ident $edit:ident $mut:ident $message:ident;)*) => { $(
    impl $head<'_> {
        #[doc = concat!("The ", $what, " as it is now.")]
        pub fn $get(&self) -> $view<'_> {
            View::of(find(self.0.bytes(), 1).map_or(&[], |field| field.value))
        }

        #[doc = concat!("The ", $what, ", to be changed.")]
        pub fn $edit(&mut self) -> $mut<'_> {
            $mut(self.0.nested(1))
        }

        #[doc = concat!("The ", $what, "'s attributes, to be changed.")]
        pub fn attributes_mut(&mut self) -> AttributesMut<'_> {
            AttributesMut::of(self.0.nested(1), numbers::$message::attributes)
        }

        #[doc = concat!("The URL of the ", $what, "'s schema.")]
        pub fn schema_url(&self) -> &str {
            find_text(self.0.bytes(), 3)
        }

        #[doc = concat!("Sets the URL of the ", $what, "'s schema.")]
        pub fn set_schema_url(&mut self, url: &str) {
            self.0.set(3, |to| put::bytes(to, 3, url.as_bytes()));
        }
    }
)* } }

heads! {
    EntryHeadMut "resource" resource ResourceRef resource_mut ResourceMut Resource;
    ScopeHeadMut "scope" scope ScopeRef scope_mut ScopeMut InstrumentationScope;
}

/// A scope with its items (`ScopeSpans`, `ScopeMetrics`, `ScopeLogs`), to be changed.
#[derive(Debug)]
pub struct ScopeEntryMut<'a, S> {
    source: &'a [u8],
    node: &'a mut Node,
    marker: PhantomData<S>,
}

impl<'a, S: Of> ScopeEntryMut<'a, S> {
    fn of(source: &'a [u8], node: &'a mut Node) -> Self {
        Self { source, node, marker: PhantomData }
    }

    /// What the scope's bytes lie in, and its node.
    pub(super) fn parts(&mut self) -> (&[u8], &mut Node) {
        (self.source, self.node)
    }

    /// The scope as it is now.
    pub fn scope(&self) -> ScopeRef<'_> {
        View::of(find(self.node.body.bytes(self.source), 1).map_or(&[], |field| field.value))
    }

    /// The scope, to be changed.
    pub fn scope_mut(&mut self) -> ScopeMut<'_> {
        ScopeMut(self.node.header(Level::Scope, self.source).into_nested(1))
    }

    /// The URL of the scope's schema.
    pub fn schema_url(&self) -> &str {
        find_text(self.node.body.bytes(self.source), 3)
    }

    /// Sets the URL of the scope's schema.
    pub fn set_schema_url(&mut self, url: &str) {
        self.node.header(Level::Scope, self.source).set(3, |to| put::bytes(to, 3, url.as_bytes()));
    }

    /// What the entry says of its scope, to be changed.
    pub fn head(&mut self) -> ScopeHeadMut<'_> {
        ScopeHeadMut(self.node.header(Level::Scope, self.source))
    }

    /// How many spans, data points or log records the scope holds.
    pub fn items(&self) -> usize {
        self.node.items(S::SIGNAL, Level::Scope, self.source)
    }
}

/// The methods of a scope that holds items of one kind.
macro_rules! items { ($($signal:ident $edit:ident $what:literal $all:ident $retain:ident $add:ident $level:ident $retain_split:ident;)*) => { $(
    impl ScopeEntryMut<'_, $signal> {
        #[doc = concat!("The ", $what, "s, to be changed.")]
        pub fn $all(&mut self) -> impl Iterator<Item = $edit<'_>> {
            let source = self.source;
            self.node.open(Level::Scope, source).iter_mut().map(|node| $edit::on_node(source, node))
        }

        #[doc = concat!("Removes the ", $what, "s of which `keep` says no. It may change those that stay.")]
        pub fn $retain(&mut self, mut keep: impl FnMut(&mut $edit<'_>) -> bool) {
            let source = self.source;
            self.node.open(Level::Scope, source).retain_mut(|node| keep(&mut $edit::on_node(source, node)));
        }

        #[doc = concat!("Removes the ", $what, "s of which `keep` says no, which sees and may change the scope besides. How many stay.")]
        pub fn $retain_split(
            &mut self,
            mut keep: impl FnMut(&mut ScopeHeadMut<'_>, &mut $edit<'_>) -> bool,
        ) -> usize {
            let source = self.source;
            let (header, nodes) = self.node.split(Level::Scope, source);
            let mut head = ScopeHeadMut(header);
            nodes.retain_mut(|node| keep(&mut head, &mut $edit::on_node(source, node)));
            nodes.len()
        }

        #[doc = concat!("Adds an empty ", $what, " at the end.")]
        pub fn $add(&mut self) -> $edit<'_> {
            let nodes = self.node.open(Level::Scope, self.source);
            $edit::on_node(self.source, nodes.push_mut(Node::new(2, Level::$level)))
        }
    }
)* } }

items! {
    TracesKind SpanMut "span" spans_mut retain_spans add_span Item retain_split_spans;
    MetricsKind MetricMut "metric" metrics_mut retain_metrics add_metric Metric retain_split_metrics;
    LogsKind LogRecordMut "log record" log_records_mut retain_log_records add_log_record Item retain_split_log_records;
}

impl ScopeEntryMut<'_, MetricsKind> {
    /// How many metrics there are.
    pub fn metrics(&mut self) -> usize {
        self.node.open(Level::Scope, self.source).len()
    }

    /// The scope and, apart from it, one of the metrics, by its place.
    pub fn split_metric(&mut self, at: usize) -> Option<(ScopeHeadMut<'_>, MetricMut<'_>)> {
        let source = self.source;
        let (header, nodes) = self.node.split(Level::Scope, source);
        Some((ScopeHeadMut(header), MetricMut::on_node(source, nodes.get_mut(at)?)))
    }

    /// Adds a metric that stands alone at the end.
    pub fn push_metric(&mut self, metric: OwnMetric) {
        self.node.open(Level::Scope, self.source).push(metric.0);
    }
}
