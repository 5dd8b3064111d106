//! Changing telemetry.
//!
//! A [`Tree`] opens a request as far as somebody asks to change it: entries, scopes and records that nobody touches stay
//! ranges of the old bytes and are copied whole. A changed record is its encoded self in a buffer of its own, or in one
//! that all records of a scope have in turn, and every setter edits that buffer in place. There is no other form of the
//! data, so unknown fields survive and there is nothing to convert: changing an attribute of each of 100 spans costs a
//! tenth of decoding and encoding them.

mod attributes;
mod doc;
mod each;
mod entry;
mod events;
mod exemplars;
mod list;
mod message;
mod metric;
mod metric_head;
mod node;
mod own;
mod setters;
mod tree;
mod value;

pub(crate) use self::value::write_pair;
pub use self::{
    attributes::{AttributeMut, AttributesMut, Copied},
    entry::{EntryHeadMut, EntryMut, ScopeEntryMut, ScopeHeadMut},
    list::{Editor, ListMut},
    metric::{MetricMut, OwnMetric, PointMut},
    metric_head::MetricHeadMut,
    own::OwnValue,
    setters::{
        BucketsMut, EventMut, ExemplarMut, ExponentialHistogramDataPointMut, HistogramDataPointMut, LinkMut,
        LogRecordMut, NumberDataPointMut, ResourceMut, ScopeMut, SpanMut, StatusMut, SummaryDataPointMut,
        ValueAtQuantileMut,
    },
    tree::Tree,
    value::{ShortPair, ValueMut, ValuesMut},
};

#[cfg(test)]
mod tests;
