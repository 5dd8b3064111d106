//! What statements are about: the narrow way from the engine to the telemetry.

mod cast;
mod datapoint;
mod exemplar;
mod fields;
mod log;
mod metric;
mod resource;
mod scope;
mod scratch;
pub(crate) mod sender;
mod span;
mod spanevent;

use std::{
    cell::RefCell,
    fmt::{self, Debug},
};

use slimcol_pdata::{
    edit::{AttributesMut, Copied, MetricMut, OwnMetric, ShortPair, ValueMut},
    view::ValueRef,
};
use slimcol_service::Client;

pub use self::{
    cast::id,
    datapoint::{PointContext, PointField},
    exemplar::{ExemplarContext, ExemplarField},
    fields::{Field, Kind, SENDER, SENDER_FIELDS},
    log::{LogContext, LogField},
    metric::{MetricContext, MetricField},
    resource::{ResourceContext, ResourceField},
    scope::{ScopeContext, ScopeField},
    scratch::Scratch,
    sender::SenderField,
    span::{SpanContext, SpanField},
    spanevent::{EventContext, EventField},
};
use crate::{fault::Fault, value::Value};

/// A record with what it belongs to. Reading borrows from the record; only what is set opens it.
pub trait Context {
    /// The value of `field`.
    fn get(&self, field: Field) -> Value<'_>;

    /// Sets a field that is no map.
    fn set(&mut self, field: Field, value: &Value<'_>) -> Result<(), Fault>;

    /// The map or value that `field` is, to be changed in place; `None` if it is neither.
    fn slot(&mut self, field: Field) -> Option<Slot<'_>>;

    /// What `key` is in the map that `field` is.
    fn lookup(&self, field: Field, key: &str) -> Option<ValueRef<'_>> {
        match self.get(field) {
            Value::Data(ValueRef::Map(map)) => map.get(key),
            _ => None,
        }
    }

    /// Sets `key` in the map that `field` is.
    fn put(&mut self, field: Field, key: &str, value: ValueRef<'_>) {
        if let Some(Slot::Map(mut map)) = self.slot(field) {
            map.insert(key, value);
        }
    }

    /// Sets `key` in the map that `field` is, where it is not there yet, to what `pair` has, whose key it is; whether it was.
    fn add(&mut self, _field: Field, _key: &str, _pair: &ShortPair) -> bool {
        false
    }

    /// Sets a key in the map that a field is to what another is there or in the map that another field is, if that is no more
    /// than copying a few bytes.
    fn copy(&mut self, _from: (Field, &str), _to: (Field, &str)) -> Copied {
        Copied::Not
    }

    /// Removes `key` from the map that `field` is.
    fn remove(&mut self, field: Field, key: &str) {
        if self.lookup(field, key).is_some()
            && let Some(Slot::Map(mut map)) = self.slot(field)
        {
            map.remove(key);
        }
    }

    /// How many entries the map has that `field` is, and how many bytes the longest takes with what stands around it: if
    /// that is known without going through all of the map.
    fn extent(&self, _: Field) -> Option<(usize, usize)> {
        None
    }

    /// Who sent the request that the record came in.
    fn sender(&self) -> Option<&Client> {
        None
    }

    /// What the functions without a name were handed that are being worked out.
    fn local(&self, _: usize) -> Option<&Value<'_>> {
        None
    }

    /// Where a text is kept whose room the next one is written to.
    fn spare(&self) -> Option<&RefCell<String>> {
        None
    }

    /// The metric that conditions are about.
    fn whole_metric(&self) -> Option<&MetricMut<'_>> {
        None
    }

    /// Where metrics go that statements about its points add.
    fn added(&mut self) -> Option<&mut Vec<OwnMetric>> {
        None
    }

    /// The metric that statements are about, and where those go that they add.
    fn metric(&mut self) -> Option<(MetricMut<'_>, &mut Vec<OwnMetric>)> {
        None
    }
}

impl dyn Context + '_ {
    /// An empty text, most likely with room.
    #[inline]
    pub(crate) fn text(&self) -> String {
        let mut text = self.spare().map(RefCell::take).unwrap_or_default();
        text.clear();
        text
    }

    /// A copy of a text.
    #[inline]
    pub(crate) fn text_of(&self, text: &str) -> String {
        let mut own = self.text();
        own.push_str(text);
        own
    }

    /// Keeps the room of a text for the next.
    #[inline]
    pub(crate) fn keep(&self, text: String) {
        if let Some(spare) = self.spare() {
            drop(spare.replace(text));
        }
    }
}

// As a supertrait it would be compiled for all that records are made of.
impl Debug for dyn Context + '_ {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Context")
    }
}

/// What can be changed in place.
#[derive(Debug)]
pub enum Slot<'a> {
    /// A map.
    Map(AttributesMut<'a>),
    /// A value of any kind.
    Value(ValueMut<'a>),
}
