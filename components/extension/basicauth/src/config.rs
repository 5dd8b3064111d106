//! The extension's settings (Go's `extension/basicauthextension`).

use slimcol_config::{Problems, Secret, Section, Settings};

pub(crate) const NO_SOURCE: &str = "no credential source provided";

/// One of the two.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) htpasswd: Option<Htpasswd>,
    pub(crate) client: Option<Client>,
}

/// `htpasswd`: who is let in.
#[derive(Clone, Debug)]
pub(crate) struct Htpasswd {
    pub(crate) file: String,
    /// Counts besides the file, and before it.
    pub(crate) inline: Secret,
}

/// `client_auth`: what is shown to others. A file goes before the text.
#[derive(Clone, Debug)]
pub(crate) struct Client {
    pub(crate) username: String,
    pub(crate) username_file: String,
    pub(crate) password: Secret,
    pub(crate) password_file: String,
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            htpasswd: from.nullable("htpasswd").into_option(),
            client: from.nullable("client_auth").into_option(),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        match (&self.htpasswd, &self.client) {
            (Some(_), Some(_)) => {
                problems.add("", "only one of `htpasswd` or `client_auth` can be specified");
            }
            (None, None) => problems.add("", NO_SOURCE),
            _ => {}
        }
    }
}

impl Settings for Htpasswd {
    fn read(from: &mut Section<'_>) -> Self {
        Self { file: from.get("file", String::new()), inline: from.get("inline", Secret::default()) }
    }
}

impl Settings for Client {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            username: from.get("username", String::new()),
            username_file: from.get("username_file", String::new()),
            password: from.get("password", Secret::default()),
            password_file: from.get("password_file", String::new()),
        }
    }
}
