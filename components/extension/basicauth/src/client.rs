//! What clients show.

use std::sync::{Arc, OnceLock};

use base64::{Engine, prelude::BASE64_STANDARD};
use slimcol_config::Secret;
use slimcol_service::{BoxError, BoxFuture, Client, ClientAuth, HeaderChange, Log, WatchedFile};

use crate::config;

/// A name and a password.
#[derive(Debug)]
pub(crate) struct Shown {
    config: config::Client,
    parts: OnceLock<[Source; 2]>,
}

/// Where one of them comes from.
#[derive(Debug)]
enum Source {
    Text(Secret),
    File(Arc<WatchedFile>),
}

impl Source {
    fn new(text: &str, file: &str, log: &Log) -> Result<Self, BoxError> {
        if file.is_empty() {
            return Ok(Self::Text(Secret::new(text)));
        }
        WatchedFile::open(file, log).map(|file| Self::File(Arc::new(file)))
    }

    async fn value(&self) -> String {
        match self {
            Self::Text(text) => text.reveal().to_owned(),
            Self::File(file) => file.text().await.trim().to_owned(),
        }
    }
}

impl Shown {
    pub(crate) fn new(config: config::Client) -> Self {
        Self { config, parts: OnceLock::new() }
    }

    /// Reads the files that there are.
    ///
    /// # Errors
    /// One cannot be read; a name that cannot be told from the password.
    pub(crate) fn open(&self, log: &Log) -> Result<(), BoxError> {
        let config::Client { username, username_file, password, password_file } = &self.config;
        if username_file.is_empty() && username.contains(':') {
            return Err("invalid authorization format".into());
        }
        let parts =
            [Source::new(username, username_file, log)?, Source::new(password.reveal(), password_file, log)?];
        self.parts.set(parts).map_err(|_| "basicauth started twice".into())
    }
}

impl ClientAuth for Shown {
    fn headers<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Vec<HeaderChange>, BoxError>> {
        Box::pin(async move {
            let [username, password] = self.parts.get().ok_or("basicauth has not started")?;
            let username = username.value().await;
            if username.contains(':') {
                return Err("invalid authorization format".into());
            }
            let encoded = BASE64_STANDARD.encode(format!("{username}:{}", password.value().await));
            Ok(vec![HeaderChange::Set("authorization".to_owned(), format!("Basic {encoded}"))])
        })
    }

    fn wants_tls(&self) -> bool {
        true
    }
}
