//! Entries as expressions see them.

use slimcol_expreval::{Environment, Fields, Held, Items, List, Map as Seen, Time, Value as Shown};

use crate::{Entry, Map, Text, Value};

impl Environment for Entry {
    fn get(&self, name: &str) -> Option<Shown<'_>> {
        match name {
            "body" | "$" => Some(shown(&self.body)),
            "attributes" => Some(Shown::Map(Seen::Foreign(&*self.attributes))),
            "resource" => Some(Shown::Map(Seen::Foreign(&*self.resource))),
            "timestamp" => self.timestamp.map(|nanos| Shown::Time(Time::from_unix_nanos(nanos))),
            _ => None,
        }
    }
}

impl Fields for Map {
    fn len(&self) -> usize {
        Self::len(self)
    }

    fn get(&self, key: &str) -> Option<Shown<'_>> {
        Self::get(self, key).map(shown)
    }

    fn entry(&self, index: usize) -> (&str, Shown<'_>) {
        self.at(index).map_or(("", Shown::Nil), |(name, value)| (name, shown(value)))
    }
}

/// A list; what is none has no items.
impl Items for Value {
    fn len(&self) -> usize {
        if let Self::List(items) = self { items.len() } else { 0 }
    }

    fn get(&self, index: usize) -> Shown<'_> {
        match self {
            Self::List(items) => items.get(index).map_or(Shown::Nil, shown),
            _ => Shown::Nil,
        }
    }
}

fn shown(value: &Value) -> Shown<'_> {
    match value {
        Value::Null => Shown::Nil,
        Value::Bool(set) => Shown::Bool(*set),
        Value::Int(number) => Shown::Int(*number),
        Value::Float(number) => Shown::Float(*number),
        Value::Text(text) => Shown::Text(Held::Borrowed(text)),
        Value::Bytes(bytes) => Shown::Bytes(Held::Borrowed(bytes)),
        Value::List(_) => Shown::List(List::Foreign(value)),
        Value::Map(map) => Shown::Map(Seen::Foreign(map)),
    }
}

/// What an expression came to, to be kept. Times and durations are sent as their texts, and are them from here on.
pub fn owned(value: &Shown<'_>) -> Value {
    match value {
        Shown::Nil => Value::Null,
        Shown::Bool(set) => Value::Bool(*set),
        Shown::Int(number) => Value::Int(*number),
        Shown::Float(number) => Value::Float(*number),
        Shown::Text(text) => Value::Text(Text::from(&**text)),
        Shown::Bytes(bytes) => Value::Bytes(bytes.to_vec().into()),
        Shown::List(items) => Value::List(items.iter().map(|item| owned(&item)).collect()),
        Shown::Map(map) => {
            let pairs = map.entries().into_iter().map(|(name, value)| (Text::from(&*name), owned(&value)));
            Value::Map(Map::from_pairs(pairs.collect()))
        }
        Shown::Time(_) | Shown::Duration(_) => Value::Text(value.to_text().into()),
    }
}
