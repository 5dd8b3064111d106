//! Why spans cannot be read.

use std::{error, fmt};

use slimcol_pdata::{Invalid, get::Malformed};

/// Why spans are not Jaeger's: one sentence fit for the client that sent them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Error(String);

impl Error {
    pub(crate) fn new(reason: impl Into<String>) -> Self {
        Self(reason.into())
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

impl From<Malformed> for Error {
    fn from(malformed: Malformed) -> Self {
        Self(malformed.to_string())
    }
}

impl From<slimcol_thrift::Error> for Error {
    fn from(error: slimcol_thrift::Error) -> Self {
        Self(error.to_string())
    }
}
