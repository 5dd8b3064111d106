//! The kinds of component a manifest can list.

use std::fmt;

/// A kind of component. The order is the one in which a generated `main` lists them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Class {
    Receiver,
    Processor,
    Exporter,
    Connector,
    Extension,
    Provider,
}

impl Class {
    /// Every class.
    pub(crate) const ALL: [Self; 6] =
        [Self::Receiver, Self::Processor, Self::Exporter, Self::Connector, Self::Extension, Self::Provider];

    /// The word that crates' metadata uses (`receiver`).
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Receiver => "receiver",
            Self::Processor => "processor",
            Self::Exporter => "exporter",
            Self::Connector => "connector",
            Self::Extension => "extension",
            Self::Provider => "provider",
        }
    }

    /// The word with its article, for messages (`an exporter`).
    pub(crate) const fn with_article(self) -> &'static str {
        match self {
            Self::Receiver => "a receiver",
            Self::Processor => "a processor",
            Self::Exporter => "an exporter",
            Self::Connector => "a connector",
            Self::Extension => "an extension",
            Self::Provider => "a provider",
        }
    }

    /// The manifest's key (`receivers`).
    pub(crate) const fn section(self) -> &'static str {
        match self {
            Self::Receiver => "receivers",
            Self::Processor => "processors",
            Self::Exporter => "exporters",
            Self::Connector => "connectors",
            Self::Extension => "extensions",
            Self::Provider => "providers",
        }
    }

    /// The class that metadata's `word` names.
    pub(crate) fn from_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.as_str() == word)
    }

    /// The class whose section is `key`.
    pub(crate) fn from_section(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.section() == key)
    }
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}
