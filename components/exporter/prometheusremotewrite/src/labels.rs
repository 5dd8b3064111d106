//! The labels of series.

use std::borrow::Cow;

use slimcol_pdata::view::ScopeRef;
use slimcol_prometheus::{Namer, Sorted};

/// What labels are made of besides attributes.
pub(crate) struct Around<'a> {
    pub(crate) job: &'a str,
    pub(crate) instance: &'a str,
    /// Labels that give way to attributes.
    pub(crate) external: &'a [(String, String)],
    /// The scope, if it is labels.
    pub(crate) scope: Option<ScopeRef<'a>>,
}

/// Labels, sorted by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct Labels<'a>(Vec<(Cow<'a, str>, Cow<'a, str>)>);

impl<'a> Labels<'a> {
    /// The labels of a point, or of a resource.
    pub(crate) fn new(attributes: &Sorted<'a>, around: &Around<'a>, namer: &Namer) -> Result<Self, String> {
        let mut labels = Self::default();
        for (key, value) in attributes.iter().filter(|(_, value)| !value.is_empty()) {
            let name = namer.label(key)?;
            match labels.place(&name) {
                // Attributes whose names became one.
                Ok(at) => {
                    let there = &mut labels.0[at].1;
                    if there != value {
                        there.to_mut().extend([";", value]);
                    }
                }
                Err(at) => labels.0.insert(at, (name, value.clone())),
            }
        }
        for (name, value) in [("job", around.job), ("instance", around.instance)] {
            if !value.is_empty() {
                labels.set(name.into(), value.into());
            }
        }
        for (name, value) in around.external {
            if let Err(at) = labels.place(name) {
                labels.0.insert(at, (name.into(), value.into()));
            }
        }
        if let Some(scope) = around.scope {
            for (name, value) in [("otel_scope_name", scope.name()), ("otel_scope_version", scope.version())]
            {
                if !value.is_empty() {
                    labels.set(name.into(), value.into());
                }
            }
            for (key, value) in scope.attributes() {
                let key = format!("otel_scope_{key}");
                let reserved = matches!(
                    key.as_str(),
                    "otel_scope_name" | "otel_scope_version" | "otel_scope_schema_url"
                );
                if !reserved && let Ok(name) = namer.label(&key) {
                    labels.set(name.into_owned().into(), value.to_text());
                }
            }
        }
        Ok(labels)
    }

    fn place(&self, name: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(name))
    }

    /// Sets a label, whatever it was.
    pub(crate) fn set(&mut self, name: Cow<'a, str>, value: Cow<'a, str>) {
        match self.place(&name) {
            Ok(at) => self.0[at].1 = value,
            Err(at) => self.0.insert(at, (name, value)),
        }
    }

    pub(crate) fn has(&self, name: &str) -> bool {
        self.place(name).is_ok()
    }

    /// All of them, those of `more` in place of those of the same name.
    pub(crate) fn with<'b>(&'b self, more: &[(&'b str, &'b str)]) -> Vec<(&'b str, &'b str)> {
        let own = self.0.iter().map(|(name, value)| (&**name, &**value));
        let mut all: Vec<_> = own.filter(|(name, _)| more.iter().all(|(other, _)| other != name)).collect();
        for (name, value) in more {
            let at = all.partition_point(|(known, _)| known < name);
            all.insert(at, (name, value));
        }
        all
    }
}
