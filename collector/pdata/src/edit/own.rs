//! Values that are no part of any telemetry yet.

use super::{
    doc::Doc,
    message::MessageMut,
    node::Body,
    value::{ValueMut, bounded, size, write, write_pair},
};
use crate::{
    put,
    view::{Attributes, ValueRef},
};

/// A value on its own: what is computed and will perhaps be put somewhere. It is encoded like those in telemetry, so it is
/// read and changed in the same ways, and put somewhere by a copy.
#[derive(Clone, Debug)]
pub struct OwnValue(Body);

impl<'v, T: Into<ValueRef<'v>>> From<T> for OwnValue {
    fn from(value: T) -> Self {
        Self::of_value(value.into())
    }
}

impl OwnValue {
    // What takes values of many types is compiled once.
    fn of_value(value: ValueRef<'_>) -> Self {
        let mut bytes = Vec::new();
        bounded(value, 0, |value| write(&mut bytes, value));
        Self::of(bytes)
    }

    fn of(bytes: Vec<u8>) -> Self {
        Self(Body::Own(Doc::from(bytes)))
    }

    /// A map without entries.
    pub fn empty_map() -> Self {
        ValueRef::Map(Attributes::of(&[], 1)).into()
    }

    /// A map of `pairs`. It is for the caller that no key comes twice.
    pub fn map<'k, 'v>(pairs: impl IntoIterator<Item = (&'k str, ValueRef<'v>)>) -> Self {
        let mut inner = Vec::new();
        for (key, value) in pairs {
            add_pair(&mut inner, key, value);
        }
        Self::around(6, &inner)
    }

    /// A list of `values`.
    pub fn list<'v>(values: impl IntoIterator<Item = ValueRef<'v>>) -> Self {
        let mut inner = Vec::new();
        for value in values {
            add_item(&mut inner, value);
        }
        Self::around(5, &inner)
    }

    fn around(number: u32, inner: &[u8]) -> Self {
        let mut bytes = Vec::with_capacity(inner.len() + 6);
        put::bytes(&mut bytes, number, inner);
        Self::of(bytes)
    }

    /// The value.
    pub fn view(&self) -> ValueRef<'_> {
        ValueRef::of(self.0.bytes(&[]))
    }

    /// The value, to be changed.
    pub fn edit(&mut self) -> ValueMut<'_> {
        ValueMut(MessageMut::of(&[], &mut self.0))
    }
}

fn add_pair(to: &mut Vec<u8>, key: &str, value: ValueRef<'_>) {
    bounded(value, 3, |value| write_pair(to, 1, key, value));
}

fn add_item(to: &mut Vec<u8>, value: ValueRef<'_>) {
    bounded(value, 2, |value| {
        put::head(to, 1, size(value));
        write(to, value);
    });
}

#[cfg(test)]
mod tests {
    use super::OwnValue;
    use crate::view::ValueRef;

    #[test]
    fn is_built_read_and_changed() {
        let list = OwnValue::list([ValueRef::Int(1), ValueRef::Empty, ValueRef::Str("a")]);
        let mut map = OwnValue::map([("list", list.view()), ("text", ValueRef::Str("b"))]);
        assert_eq!(map.view().to_text(), r#"{"list":[1,null,"a"],"text":"b"}"#);
        let mut value = map.edit();
        let mut pairs = value.as_map_mut().unwrap();
        pairs.get_mut("list").unwrap().as_array_mut().unwrap().get_mut(1).unwrap().set(2.5);
        assert!(pairs.get_mut("list").unwrap().as_array_mut().unwrap().get_mut(3).is_none());
        pairs.insert("text", "a longer text than there was");
        assert_eq!(map.view().to_text(), r#"{"list":[1,2.5,"a"],"text":"a longer text than there was"}"#);
        let ValueRef::Map(all) = map.view() else { panic!("it is a map") };
        let mut other = OwnValue::map([("gone", ValueRef::Bool(true))]);
        other.edit().as_map_mut().unwrap().replace(all);
        assert_eq!(other.view().to_text(), map.view().to_text());
        map.edit().set("text");
        assert_eq!(map.view().to_text(), "text");
        assert_eq!(OwnValue::empty_map().view().to_text(), "{}");
    }

    #[test]
    fn nests_no_deeper_than_telemetry_may() {
        let mut value = OwnValue::from("innermost");
        for _ in 0..200 {
            value = OwnValue::list([value.view()]);
        }
        let text = value.view().to_text().into_owned();
        assert!(text.contains("innermost") && text.starts_with("[[["), "{text}");
        let mut map = OwnValue::empty_map();
        map.edit().as_map_mut().unwrap().insert("deep", value.view());
        assert!(map.view().to_text().contains("innermost"));
    }
}
