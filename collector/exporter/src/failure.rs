//! Refusals with a few words on what the helper made of them.

use std::{error::Error, fmt};

use slimcol_service::{BoxError, Refused};

/// `said: source`, with the source kept.
#[derive(Debug)]
struct Prefixed {
    said: &'static str,
    source: BoxError,
}

impl fmt::Display for Prefixed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.said, self.source)
    }
}

impl Error for Prefixed {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&*self.source)
    }
}

/// What is said of data whose retries a stop has ended.
pub(crate) const INTERRUPTED: &str = "interrupted due to shutdown";

/// Whether a stop has ended the retries: data that is kept elsewhere is not lost then.
pub(crate) fn interrupted(refused: &Refused) -> bool {
    refused.source.downcast_ref::<Prefixed>().is_some_and(|prefixed| prefixed.said == INTERRUPTED)
}

/// The same refusal with `said: ` before its message.
pub(crate) fn prefixed(said: &'static str, refused: Refused) -> Refused {
    let Refused { retry, code, source } = refused;
    Refused { retry, code, source: Box::new(Prefixed { said, source }) }
}

/// The same refusal once more, for another caller whose data was in the same batch; the cause is kept as text.
pub(crate) fn copied(refused: &Refused) -> Refused {
    Refused { retry: refused.retry, code: refused.code, source: refused.to_string().into() }
}
