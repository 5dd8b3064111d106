//! Keys that stand in a file instead of at the provider's.

use std::{
    fmt, fs,
    sync::{Arc, Mutex, PoisonError},
};

use slimcol_service::{BoxError, Log, WatchedFile, go_error};

use crate::{
    algorithm::Algorithm,
    keys::{self, Key},
};

/// The keys of a file, which is read again when it has changed.
pub(crate) struct File {
    path: String,
    watched: Arc<WatchedFile>,
    read: Mutex<(Arc<str>, Arc<Vec<Key>>)>,
    log: Log,
}

impl File {
    pub(crate) async fn open(path: &str, log: &Log) -> Result<Self, BoxError> {
        let watched = Arc::new(WatchedFile::open(path, log)?);
        let text = watched.text().await;
        let keys = parse(&text)?;
        let read = Mutex::new((text, Arc::new(keys)));
        Ok(Self { path: path.to_owned(), watched, read, log: log.clone() })
    }

    /// The keys as they were at most a second ago. While the file has none, they are the last that it had.
    pub(crate) async fn keys(&self) -> Arc<Vec<Key>> {
        let text = self.watched.text().await;
        let mut read = self.read.lock().unwrap_or_else(PoisonError::into_inner);
        if !Arc::ptr_eq(&read.0, &text) {
            read.0 = text;
            match parse(&read.0) {
                Ok(keys) => read.1 = Arc::new(keys),
                Err(error) => {
                    let fields = [("file", (&*self.path).into()), ("error", (&*error).into())];
                    self.log.error("failed to reload JWKS file", &fields);
                }
            }
        }
        read.1.clone()
    }
}

impl fmt::Debug for File {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("File").field("path", &self.path).finish_non_exhaustive()
    }
}

/// What tokens may be signed with, going by the keys that there are.
pub(crate) fn algorithms(keys: &[Key]) -> Vec<Algorithm> {
    Algorithm::ALL.into_iter().filter(|one| keys.iter().any(|key| key.algorithms.contains(one))).collect()
}

/// Says what is wrong with a file, in Go's words.
pub(crate) fn try_read(path: &str) -> Result<(), String> {
    let text = fs::read_to_string(path)
        .map_err(|error| format!("could not read file: open {path}: {}", go_error(&error)))?;
    parse(&text).map(drop)
}

fn parse(text: &str) -> Result<Vec<Key>, String> {
    let keys = keys::read(text.as_bytes()).map_err(|error| format!("failed to parse JWKS: {error}"))?;
    if keys.is_empty() {
        let text = "file contains no supported keys (supported types are RSA, ECDSA, and ED25519)";
        return Err(text.to_owned());
    }
    Ok(keys)
}
