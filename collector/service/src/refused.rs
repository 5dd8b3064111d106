//! Refusal: the one way in which a component says that it did not take data.

use std::{error::Error, fmt, time::Duration};

use crate::BoxError;

/// Why a payload was not taken, and whether sending it again can help.
///
/// Receivers turn it into an answer to their client, retrying exporters into another attempt.
#[derive(Debug)]
pub struct Refused {
    /// Whether and when to try again.
    pub retry: Retry,
    /// The gRPC status to show to a client, where the cause has one.
    pub code: Option<Code>,
    /// The cause.
    pub source: BoxError,
}

/// Whether and when to send refused data again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The data itself is the trouble: it will be refused each time.
    Never,
    /// The same data may be taken later.
    Later,
    /// The same data may be taken after this long, as the far end asked.
    After(Duration),
}

impl Refused {
    /// The same data will never be taken.
    pub fn permanent(source: impl Into<BoxError>) -> Self {
        Self { retry: Retry::Never, code: None, source: source.into() }
    }

    /// The same data may be taken later.
    pub fn retryable(source: impl Into<BoxError>) -> Self {
        Self { retry: Retry::Later, code: None, source: source.into() }
    }

    /// The same refusal with a gRPC status code for the client.
    #[must_use]
    pub fn with_code(mut self, code: Code) -> Self {
        self.code = Some(code);
        self
    }

    /// The same refusal with another [`Retry`].
    #[must_use]
    pub fn with_retry(mut self, retry: Retry) -> Self {
        self.retry = retry;
        self
    }

    /// Whether sending the same data again is pointless.
    pub fn is_permanent(&self) -> bool {
        self.retry == Retry::Never
    }

    /// The status that a client sees: the cause's own, else `Internal` for what is permanent and `Unavailable` for what
    /// may pass later (the Go collector's `GetStatusFromError`).
    pub fn status(&self) -> Code {
        self.code.unwrap_or(if self.is_permanent() { Code::Internal } else { Code::Unavailable })
    }

    /// Joins the refusals of several consumers of the same data: permanent if any is, the first code that there is,
    /// messages joined with `; ` (the Go collector's fan-out). `None` if there are none.
    pub fn join(refusals: Vec<Self>) -> Option<Self> {
        let mut all = refusals.into_iter();
        let first = all.next()?;
        Some(all.fold(first, |a, b| Self {
            retry: match (a.retry, b.retry) {
                (Retry::Never, _) | (_, Retry::Never) => Retry::Never,
                (Retry::After(x), Retry::After(y)) => Retry::After(x.max(y)),
                (Retry::After(x), _) | (_, Retry::After(x)) => Retry::After(x),
                _ => Retry::Later,
            },
            code: a.code.or(b.code),
            source: format!("{}; {}", a.source, b.source).into(),
        }))
    }
}

impl fmt::Display for Refused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.source.fmt(f)
    }
}

impl Error for Refused {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// A gRPC status code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs, reason = "the names are gRPC's own")]
#[repr(u8)]
pub enum Code {
    Ok = 0,
    Canceled,
    Unknown,
    InvalidArgument,
    DeadlineExceeded,
    NotFound,
    AlreadyExists,
    PermissionDenied,
    ResourceExhausted,
    FailedPrecondition,
    Aborted,
    OutOfRange,
    Unimplemented,
    Internal,
    Unavailable,
    DataLoss,
    Unauthenticated,
}

impl Code {
    /// Every code, in numeric order.
    pub const ALL: [Self; 17] = [
        Self::Ok,
        Self::Canceled,
        Self::Unknown,
        Self::InvalidArgument,
        Self::DeadlineExceeded,
        Self::NotFound,
        Self::AlreadyExists,
        Self::PermissionDenied,
        Self::ResourceExhausted,
        Self::FailedPrecondition,
        Self::Aborted,
        Self::OutOfRange,
        Self::Unimplemented,
        Self::Internal,
        Self::Unavailable,
        Self::DataLoss,
        Self::Unauthenticated,
    ];

    /// The code with this number; `Unknown` for numbers that gRPC does not define.
    pub fn from_number(number: u32) -> Self {
        Self::ALL.get(number as usize).copied().unwrap_or(Self::Unknown)
    }
}

impl fmt::Display for Code {
    /// The name as the Go implementation prints it (`Unavailable`, `OK`).
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("OK"),
            other => write!(f, "{other:?}"),
        }
    }
}
