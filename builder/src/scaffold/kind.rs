//! The kinds of component that there is a template of.

use clap::ValueEnum;

use crate::class::Class;

/// A kind of component.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Kind {
    /// Brings data in; the template ticks
    Receiver,
    /// Changes data on its way; the template sets an attribute
    Processor,
    /// Sends data out; the template posts JSON
    Exporter,
    /// Joins pipelines; the template counts what passes
    Connector,
    /// Serves the process; the template keeps a file while the collector is ready
    Extension,
}

impl Kind {
    /// The class of components.
    pub(crate) const fn class(self) -> Class {
        match self {
            Self::Receiver => Class::Receiver,
            Self::Processor => Class::Processor,
            Self::Exporter => Class::Exporter,
            Self::Connector => Class::Connector,
            Self::Extension => Class::Extension,
        }
    }
}
