//! Why spans cannot be read or written.

use std::{error, fmt};

use slimcol_pdata::{Invalid, get::Malformed, json::Fault};

/// Why spans are not Zipkin's, or cannot become so: one sentence fit for the client that sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
    }

    /// The same error of a `part` of the whole.
    pub(crate) fn of(self, part: &str) -> Self {
        Self(format!("{part}: {}", self.0))
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl error::Error for Error {}

impl From<Invalid> for Error {
    fn from(invalid: Invalid) -> Self {
        Self(invalid.to_string())
    }
}

impl From<Fault> for Error {
    fn from(fault: Fault) -> Self {
        Invalid::from(fault).into()
    }
}

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        Self(format!("proto: {malformed}"))
    }
}

impl From<slimcol_thrift::Error> for Error {
    fn from(error: slimcol_thrift::Error) -> Self {
        Self(error.to_string())
    }
}
