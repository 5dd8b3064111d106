//! The extension's settings (Go's `extension/bearertokenauthextension`).

use slimcol_config::{Problems, Secret, Section, Settings};

/// The keys of `bearertokenauth`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The header, as written.
    pub(crate) header: String,
    /// What stands before the token; may be nothing.
    pub(crate) scheme: String,
    pub(crate) token: Secret,
    pub(crate) tokens: Vec<Secret>,
    pub(crate) filename: String,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            header: from.get("header", "Authorization".to_owned()),
            scheme: from.get("scheme", "Bearer".to_owned()),
            token: from.get("token", Secret::default()),
            tokens: from.get("tokens", Vec::new()),
            filename: from.get("filename", String::new()),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let token = !self.token.reveal().is_empty();
        if !token && self.tokens.is_empty() && self.filename.is_empty() {
            problems.add("", "no bearer token provided");
        } else if token && !self.tokens.is_empty() {
            problems.add("", "either tokens or token should be provided, not both");
        }
    }
}
