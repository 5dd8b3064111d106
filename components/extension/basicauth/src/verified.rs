//! Which credentials have been found right, so that a hash that takes 50 ms to try is not tried on each request.

use std::{
    collections::HashSet,
    fmt,
    sync::{Mutex, PoisonError},
};

use ring::{hmac, rand::SystemRandom};
use slimcol_service::BoxError;

/// How many are remembered. Beyond that all are forgotten, which costs each sender one trial.
const MOST: usize = 1024;

/// Digests of credentials under a key that only this process knows: what is here is no password and no hash of one that
/// could be tried elsewhere.
pub(crate) struct Verified {
    key: hmac::Key,
    digests: Mutex<HashSet<[u8; 32]>>,
}

/// What stands for a name and a password.
#[derive(Clone, Copy)]
pub(crate) struct Digest([u8; 32]);

impl Verified {
    /// Nothing yet.
    ///
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn new() -> Result<Self, BoxError> {
        let key = hmac::Key::generate(hmac::HMAC_SHA256, &SystemRandom::new())
            .map_err(|_| "no randomness to make a key of")?;
        Ok(Self { key, digests: Mutex::default() })
    }

    /// What `raw`, name and password as sent, is known by.
    pub(crate) fn digest(&self, raw: &str) -> Digest {
        let mut digest = [0; 32];
        digest.copy_from_slice(hmac::sign(&self.key, raw.as_bytes()).as_ref());
        Digest(digest)
    }

    /// Whether this was found right before.
    pub(crate) fn knows(&self, digest: Digest) -> bool {
        self.digests.lock().unwrap_or_else(PoisonError::into_inner).contains(&digest.0)
    }

    /// Remembers that this is right.
    pub(crate) fn learn(&self, digest: Digest) {
        let mut digests = self.digests.lock().unwrap_or_else(PoisonError::into_inner);
        if digests.len() >= MOST {
            digests.clear();
        }
        digests.insert(digest.0);
    }
}

impl fmt::Debug for Verified {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verified")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_learned_is_known_until_there_is_too_much() {
        let verified = Verified::new().unwrap();
        let first = verified.digest("a:b");
        assert!(!verified.knows(first));
        verified.learn(first);
        assert!(verified.knows(verified.digest("a:b")) && !verified.knows(verified.digest("a:c")));
        assert!(!Verified::new().unwrap().knows(first), "another key");
        for number in 1..MOST {
            verified.learn(verified.digest(&number.to_string()));
        }
        assert!(verified.knows(first));
        verified.learn(verified.digest("one too many"));
        assert!(!verified.knows(first));
        assert_eq!(verified.digests.lock().unwrap().len(), 1);
    }
}
