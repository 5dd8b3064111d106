//! Why a command fails. Scripts tell the classes apart by the exit code, so there is one variant a code.

use std::{error::Error as _, io, path::Path};

use slimcol_config::{Issue, render};

use crate::interrupt;

/// A failed command. [`std::error::Error::source`] is the cause, where there is one.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Error {
    /// The manifest, or the configuration that stands for one, is at fault: every issue.
    #[error("{}", rendered(.0))]
    Manifest(Vec<Issue>),
    /// A crate or one of its dependencies could not be found, fetched or agreed on.
    #[error("{0}")]
    Resolve(String),
    /// cargo compiled and failed.
    #[error("{0}")]
    Compile(String),
    /// The binary is larger than it may be.
    #[error("{0}")]
    TooBig(String),
    /// The machine lacks something, or the command was used in a way that cannot work.
    #[error("{0}")]
    Other(String),
    /// A signal ended the work.
    #[error("interrupted")]
    Interrupted,
    /// The operating system refused.
    #[error("{doing}")]
    Io {
        /// What was being done, as `cannot …`.
        doing: String,
        /// The operating system's reason.
        source: io::Error,
    },
}

impl Error {
    /// The process's exit code.
    pub(crate) const fn code(&self) -> u8 {
        match self {
            Self::Other(_) | Self::Io { .. } => 1,
            Self::Manifest(_) => 2,
            Self::Resolve(_) => 3,
            Self::Compile(_) => 4,
            Self::TooBig(_) => 5,
            Self::Interrupted => interrupt::EXIT_CODE,
        }
    }

    /// The error for a manifest with one fault that has no place in it.
    pub(crate) fn manifest(message: impl Into<String>) -> Self {
        Self::Manifest(vec![Issue::new(message)])
    }

    /// The message and its causes in one text.
    pub(crate) fn chain(&self) -> String {
        let mut text = self.to_string();
        let mut cause = self.source();
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}

/// Each issue with its position, as rustc separates them.
fn rendered(issues: &[Issue]) -> String {
    issues.iter().map(render).collect::<Vec<_>>().join("\n\nerror: ")
}

/// Says what was being done, and with which file, when the operating system refused.
pub(crate) trait Doing<T> {
    /// `cannot <verb> <path>`.
    fn doing(self, verb: &str, path: &Path) -> Result<T, Error>;
}

impl<T> Doing<T> for io::Result<T> {
    fn doing(self, verb: &str, path: &Path) -> Result<T, Error> {
        self.map_err(|source| Error::Io { doing: format!("cannot {verb} `{}`", path.display()), source })
    }
}
