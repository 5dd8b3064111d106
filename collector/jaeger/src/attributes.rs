//! Tags on their way to attributes: each name once.

use std::borrow::Cow;

use slimcol_pdata::{put, view::ValueRef};

use crate::span::{Tag, Value};

/// How many tags are compared with each other rather than sorted.
const FEW: usize = 24;

/// Tags by name, in the order in which each name came first.
#[derive(Clone, Debug, Default)]
pub(crate) struct Attributes<'a>(Vec<Tag<'a>>);

impl<'a> From<Vec<Tag<'a>>> for Attributes<'a> {
    /// Of several values of a name the last counts, in the place of the first.
    fn from(mut tags: Vec<Tag<'a>>) -> Self {
        for (name, _) in &mut tags {
            // The old name is what Go writes with its feature gates as they are by default.
            if name == "http.response.status_code" {
                *name = Cow::Borrowed("http.status_code");
            }
        }
        if repeats(&tags) {
            tags = unique(tags);
        }
        Self(tags)
    }
}

fn repeats(tags: &[Tag<'_>]) -> bool {
    tags.len() > FEW
        || tags.iter().enumerate().any(|(at, (name, _))| tags[..at].iter().any(|(other, _)| other == name))
}

fn unique(tags: Vec<Tag<'_>>) -> Vec<Tag<'_>> {
    let mut by_name: Vec<_> = tags.into_iter().enumerate().collect();
    slimcol_order::sort_by(&mut by_name, |(_, (a, _)), (_, (b, _))| a.cmp(b));
    by_name.dedup_by(|(_, (name, value)), (_, (first, last))| {
        let same = name == first;
        if same {
            std::mem::swap(last, value);
        }
        same
    });
    slimcol_order::sort_by_key(&mut by_name, |(place, _)| *place);
    by_name.into_iter().map(|(_, tag)| tag).collect()
}

impl<'a> Attributes<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&Value<'a>> {
        self.0.iter().find(|(own, _)| own == name).map(|(_, value)| value)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Value<'a>> {
        let at = self.0.iter().position(|(own, _)| own == name)?;
        Some(self.0.remove(at).1)
    }

    /// Takes a tag, of which only a text is of interest.
    pub(crate) fn take_text(&mut self, name: &str) -> Option<Cow<'a, str>> {
        self.take(name).map(Value::into_text)
    }

    pub(crate) fn set(&mut self, name: &'static str, value: Value<'a>) {
        match self.0.iter_mut().find(|(own, _)| own == name) {
            Some((_, old)) => *old = value,
            None => self.0.push((Cow::Borrowed(name), value)),
        }
    }

    /// Appends them as field `number`.
    pub(crate) fn write(&self, number: u32, to: &mut Vec<u8>) {
        for (name, value) in &self.0 {
            let value = match value {
                Value::Text(text) => ValueRef::Str(text),
                Value::Bool(value) => ValueRef::Bool(*value),
                Value::Int(value) => ValueRef::Int(*value),
                Value::Double(value) => ValueRef::Double(*value),
                Value::Bytes(bytes) => ValueRef::Bytes(bytes),
            };
            put::attribute(to, number, name, value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_name_is_there_once() {
        for many in [3, 100] {
            let mut tags: Vec<Tag<'_>> =
                (0..many).map(|number| (number.to_string().into(), Value::Int(number))).collect();
            tags.push(("1".into(), Value::Int(-1)));
            tags.push(("http.response.status_code".into(), Value::Int(200)));
            tags.push(("1".into(), Value::Int(-2)));
            let attributes = Attributes::from(tags);
            assert_eq!(attributes.0.len(), usize::try_from(many).unwrap() + 1);
            assert_eq!(attributes.0[1], ("1".into(), Value::Int(-2)));
            assert_eq!(attributes.get("http.status_code"), Some(&Value::Int(200)));
            assert!(attributes.0[..3].is_sorted_by_key(|(name, _)| name.clone()));
        }
    }
}
