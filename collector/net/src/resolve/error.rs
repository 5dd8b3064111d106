//! Why a name has no addresses, in Go's words: users search for these texts.

use std::{borrow::Cow, fmt, net::SocketAddr};

/// A failed lookup; the text is Go's (`lookup nope.invalid on 10.0.0.1:53: no such host`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LookupError {
    name: String,
    server: Option<SocketAddr>,
    why: Why,
}

/// What went wrong, without for which name and at which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// There is no such name, or it has no address: another server would say the same.
    NoSuchHost,
    /// Anything else, which another server may do better.
    Other(Cow<'static, str>),
}

impl LookupError {
    pub(crate) fn new(name: &str, server: Option<SocketAddr>, why: Why) -> Self {
        Self { name: name.to_owned(), server, why }
    }
}

impl fmt::Display for LookupError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "lookup {}", self.name)?;
        if let Some(server) = self.server {
            write!(f, " on {server}")?;
        }
        let why = match &self.why {
            Why::NoSuchHost => "no such host",
            Why::Other(why) => why,
        };
        write!(f, ": {why}")
    }
}

impl std::error::Error for LookupError {}
