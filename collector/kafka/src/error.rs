//! What can go wrong between this client and a cluster.

mod code;

use std::{error, fmt};

pub use self::code::Code;
use crate::wire::Malformed;

/// Why something asked of a cluster was not done.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// No connection could be made; the text says to whom and why.
    Connect(String),
    /// The connection ended, or nothing came in time, before the answer did.
    Broken(String),
    /// What came is no answer to what was asked.
    Malformed(&'static str),
    /// The broker has no version of the request that this client speaks.
    Unsupported(&'static str),
    /// The broker refuses to talk to this client; the text says why.
    Authentication(String),
    /// The broker's answer is an error.
    Refused(Code),
    /// A record is larger than the configuration allows: its size and the limit.
    TooLarge(usize, usize),
    /// No broker leads the partition, or the topic is not there (yet).
    NoLeader(String),
}

impl Error {
    /// Whether the same can succeed later without anybody doing something about it.
    pub const fn is_retryable(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Broken(_) | Self::Malformed(_) | Self::NoLeader(_) => true,
            Self::Refused(code) => code.is_retryable(),
            Self::Unsupported(_) | Self::Authentication(_) | Self::TooLarge(..) => false,
        }
    }

    /// Whether what is known of who leads what may be out of date.
    pub(crate) const fn is_stale(&self) -> bool {
        match self {
            Self::Connect(_) | Self::Broken(_) | Self::NoLeader(_) => true,
            Self::Refused(code) => code.is_stale(),
            _ => false,
        }
    }

    /// The error that a broker's number means, if it is one.
    pub(crate) const fn check(code: i16) -> Result<(), Self> {
        if code == 0 { Ok(()) } else { Err(Self::Refused(Code(code))) }
    }
}

impl From<Malformed> for Error {
    fn from(_: Malformed) -> Self {
        Self::Malformed("the broker's answer is cut off or damaged")
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Connect(why) => write!(f, "unable to dial: {why}"),
            Self::Broken(why) => write!(f, "connection to the broker was lost: {why}"),
            Self::Malformed(why) => f.write_str(why),
            Self::Unsupported(what) => write!(f, "the broker is too old or too new for {what} requests"),
            Self::Authentication(why) => write!(f, "SASL_AUTHENTICATION_FAILED: {why}"),
            Self::Refused(code) => code.fmt(f),
            Self::TooLarge(size, limit) => {
                write!(f, "record size {size} exceeds max {limit}: {}", Code::MESSAGE_TOO_LARGE)
            }
            Self::NoLeader(what) => write!(f, "no broker leads {what}"),
        }
    }
}

impl error::Error for Error {}
