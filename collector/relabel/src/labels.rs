//! Sets of labels.

use std::fmt;

use slimcol_prometheus::is_label;

/// Labels sorted by name; none has an empty value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Labels(Vec<(String, String)>);

impl Labels {
    /// The labels of these pairs; the error is a name that is there twice.
    pub fn unique(mut pairs: Vec<(String, String)>) -> Result<Self, String> {
        slimcol_order::sort_by(&mut pairs, |a, b| a.0.cmp(&b.0));
        if let Some(two) = pairs.windows(2).find(|two| two[0].0 == two[1].0) {
            return Err(two[0].0.clone());
        }
        pairs.retain(|(_, value)| !value.is_empty());
        Ok(Self(pairs))
    }

    /// The value of `name`, or nothing.
    pub fn get(&self, name: &str) -> &str {
        self.at(name).map_or("", |at| &self.0[at].1)
    }

    /// Whether there is a label of that name.
    pub fn has(&self, name: &str) -> bool {
        self.at(name).is_ok()
    }

    /// Sets a label; an empty value removes it.
    pub fn set(&mut self, name: &str, value: &str) {
        match self.at(name) {
            Ok(at) if value.is_empty() => drop(self.0.remove(at)),
            Ok(at) => value.clone_into(&mut self.0[at].1),
            Err(_) if value.is_empty() => {}
            Err(at) => self.0.insert(at, (name.to_owned(), value.to_owned())),
        }
    }

    /// Keeps the labels whose names `keep` says yes to.
    pub fn retain(&mut self, keep: impl Fn(&str) -> bool) {
        self.0.retain(|(name, _)| keep(name));
    }

    /// Names and values, in the order of the names.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (&**name, &**value))
    }

    /// How many labels there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn at(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(other, _)| other.as_str().cmp(name))
    }
}

impl<const N: usize> From<[(&str, &str); N]> for Labels {
    fn from(pairs: [(&str, &str); N]) -> Self {
        let mut labels = Self::default();
        for (name, value) in pairs {
            labels.set(name, value);
        }
        labels
    }
}

/// As Prometheus prints them.
impl fmt::Display for Labels {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (nth, (name, value)) in self.iter().enumerate() {
            let comma = if nth == 0 { "" } else { ", " };
            write!(f, "{comma}{name}={value:?}")?;
        }
        f.write_str("}")
    }
}

/// Whether `name` is one that a label can have: any text, or what Prometheus took before it took any.
pub fn is_name(name: &str, legacy: bool) -> bool {
    if legacy { is_label(name) } else { !name.is_empty() }
}
