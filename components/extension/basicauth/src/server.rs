//! Who servers let in.

use std::{fs, sync::OnceLock, thread::available_parallelism};

use base64::{Engine, prelude::BASE64_STANDARD};
use slimcol_service::{BoxError, BoxFuture, Field, Log, RequestHeaders, ServerAuth, go_error};
use tokio::sync::Semaphore;

use crate::{
    config::Htpasswd,
    htpasswd::{Hash, Users},
    verified::Verified,
};

/// The check of names and passwords.
#[derive(Debug)]
pub(crate) struct Door {
    config: Htpasswd,
    users: OnceLock<Users>,
    verified: Verified,
    /// Slow hashes are tried on at most half of the CPUs, so that a flood of wrong passwords leaves room for the rest.
    trials: Semaphore,
}

impl Door {
    /// # Errors
    /// The system has no randomness.
    pub(crate) fn new(config: Htpasswd) -> Result<Self, BoxError> {
        let cpus = available_parallelism().map_or(1, usize::from);
        Ok(Self {
            config,
            users: OnceLock::new(),
            verified: Verified::new()?,
            trials: Semaphore::new((cpus / 2).max(1)),
        })
    }

    /// Reads who may come in. Warns of lines that say nothing.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(crate) fn open(&self, log: &Log) -> Result<(), BoxError> {
        let Htpasswd { file, inline } = &self.config;
        let mut text = String::new();
        if !file.is_empty() {
            text = fs::read_to_string(file)
                .map_err(|error| format!("open htpasswd file: open {file}: {}", go_error(&error)))?;
            text.push('\n');
        }
        let inline_from = text.lines().count();
        text.push_str(inline.reveal());
        let (users, bad) = Users::parse(&text);
        for line in bad {
            let (of, line) = match line.checked_sub(inline_from) {
                Some(line) if line > 0 => ("inline", line),
                _ => (file.as_str(), line),
            };
            let fields = [("htpasswd", Field::from(of)), ("line", line.into())];
            log.warn("There is no user and password in a line of the htpasswd content.", &fields);
        }
        self.users.set(users).map_err(|_| "basicauth started twice".into())
    }

    async fn is_right(&self, users: &Users, user: &str, password: &str, raw: &str) -> bool {
        let known = users.find(user);
        let Some(hash) = known.or_else(|| users.any()) else { return false };
        if !hash.is_slow() {
            return known.is_some() & hash.fits(password);
        }
        let digest = self.verified.digest(raw);
        if self.verified.knows(digest) {
            return true;
        }
        let Ok(_turn) = self.trials.acquire().await else { return false };
        // The first of many requests at once has answered for the others.
        if self.verified.knows(digest) {
            return true;
        }
        let fits = tried(hash.clone(), password.to_owned()).await & known.is_some();
        if fits {
            self.verified.learn(digest);
        }
        fits
    }
}

/// Tries a slow hash where it holds up nobody.
async fn tried(hash: Hash, password: String) -> bool {
    tokio::task::spawn_blocking(move || hash.fits(&password)).await.unwrap_or(false)
}

impl ServerAuth for Door {
    fn authenticate<'a>(
        &'a self,
        headers: &'a RequestHeaders,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, BoxError>> {
        Box::pin(async move {
            let users = self.users.get().ok_or("basicauth has not started")?;
            let shown = headers.iter().find(|(name, _)| name == "authorization").map(|(_, value)| value);
            let shown = shown.filter(|value| !value.is_empty()).ok_or("no basic auth provided")?;
            let encoded = shown
                .split_at_checked(6)
                .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("Basic "))
                .map(|(_, encoded)| encoded)
                .ok_or("invalid authorization scheme prefix")?;
            let raw = BASE64_STANDARD.decode(encoded).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let raw = raw.ok_or("invalid authorization format")?;
            let (user, password) = raw.split_once(':').ok_or("invalid authorization format")?;
            if !self.is_right(users, user, password, &raw).await {
                return Err("invalid credentials".into());
            }
            Ok(vec![("username".to_owned(), user.to_owned()), ("raw".to_owned(), encoded.to_owned())])
        })
    }
}
