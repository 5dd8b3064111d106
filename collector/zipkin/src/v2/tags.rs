//! A span's tags: each name once, in order.

use std::borrow::Cow;

use crate::json::keep_last;

/// Tags by name.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tags<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> From<Vec<(Cow<'a, str>, Cow<'a, str>)>> for Tags<'a> {
    /// Of several values of a name the last counts.
    fn from(mut pairs: Vec<(Cow<'a, str>, Cow<'a, str>)>) -> Self {
        keep_last(&mut pairs);
        Self(pairs)
    }
}

impl<'a> Tags<'a> {
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.place(name).ok().map(|at| &*self.0[at].1)
    }

    pub(crate) fn take(&mut self, name: &str) -> Option<Cow<'a, str>> {
        self.place(name).ok().map(|at| self.0.remove(at).1)
    }

    pub(crate) fn set(&mut self, name: impl Into<Cow<'a, str>>, value: impl Into<Cow<'a, str>>) {
        let name = name.into();
        match self.place(&name) {
            Ok(at) => self.0[at].1 = value.into(),
            Err(at) => self.0.insert(at, (name, value.into())),
        }
    }

    pub(crate) fn into_pairs(self) -> Vec<(Cow<'a, str>, Cow<'a, str>)> {
        self.0
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| (**own).cmp(name))
    }
}
