//! The components that are built in, by kind and by the name that users write.

use slimcol_config::{Fetch, Retrieved};

use crate::{BoxError, Factory, Kind, factory::Make};

/// All factories of a distribution.
#[derive(Clone, Copy)]
pub(crate) struct Registry(&'static [&'static Factory]);

impl Registry {
    pub(crate) fn new(factories: &'static [&'static Factory]) -> Self {
        Self(factories)
    }

    /// The factory for what users call `name`, by its present name or an older one.
    pub(crate) fn find(self, kind: Kind, name: &str) -> Option<&'static Factory> {
        self.of_kind(kind).find(|factory| factory.info.answers_to(name))
    }

    pub(crate) fn of_kind(self, kind: Kind) -> impl Iterator<Item = &'static Factory> {
        self.0.iter().copied().filter(move |factory| factory.kind == kind)
    }

    /// Every name, old ones too, that users may write for a component of `kind`; sorted.
    pub(crate) fn names(self, kind: Kind) -> Vec<&'static str> {
        let mut names: Vec<&str> = self
            .of_kind(kind)
            .flat_map(|factory| {
                std::iter::once(factory.info.name).chain(factory.info.aliases.iter().copied())
            })
            .collect();
        slimcol_order::sort(&mut names);
        names
    }
}

impl Fetch for Registry {
    fn schemes(&self) -> Vec<&'static str> {
        self.of_kind(Kind::Provider).map(|factory| factory.info.name).collect()
    }

    async fn fetch(&self, scheme: &str, location: &str) -> Result<Retrieved, BoxError> {
        match self.find(Kind::Provider, scheme).map(|factory| factory.make) {
            Some(Make::Provider(retrieve)) => retrieve(location).await,
            _ => Err(format!("scheme {scheme:?} is not supported for uri \"{scheme}:{location}\"").into()),
        }
    }
}
