//! How a client says who it is.

use std::fs;

use base64::{Engine, prelude::BASE64_STANDARD};
use http::HeaderValue;
use slimcol_config::{NoSettings, Secret, Section};
use slimcol_service::go_error;

use super::{Files, oauth2::OAuth2};
use crate::durations::Scalar;

/// How a client says who it is.
#[derive(Clone, Debug, Default)]
pub(super) enum Auth {
    #[default]
    None,
    Basic {
        username: Text,
        password: Text,
    },
    Authorization {
        scheme: String,
        credentials: Text,
    },
    /// What is shown is given for it.
    OAuth2(Box<OAuth2>),
}

/// A text that is written, or stands in a file that may change.
#[derive(Clone, Debug, Default)]
pub(super) struct Text {
    pub(super) text: Secret,
    pub(super) file: String,
}

impl Text {
    pub(super) fn read(from: &mut Section<'_>, key: &'static str, file: &'static str) -> Self {
        Self { text: from.get(key, Secret::default()), file: from.get(file, String::new()) }
    }

    pub(super) fn both(&self) -> bool {
        !self.text.reveal().is_empty() && !self.file.is_empty()
    }

    fn is_empty(&self) -> bool {
        self.text.reveal().is_empty() && self.file.is_empty()
    }

    fn now(&self) -> Result<String, String> {
        if self.file.is_empty() {
            return Ok(self.text.reveal().to_owned());
        }
        let read = fs::read_to_string(&self.file);
        let text =
            read.map_err(|error| format!("unable to read file {}: {}", self.file, go_error(&error)))?;
        Ok(text.trim().to_owned())
    }
}

impl Auth {
    /// Reads the keys, which stand among others.
    pub(super) fn read(from: &mut Section<'_>, files: &mut Files) -> Self {
        let mut all = Vec::new();
        if from.has("basic_auth") {
            all.push(basic(from));
        }
        if from.has("authorization") {
            all.push(authorization(from, files));
        }
        if from.has("oauth2") {
            all.push(Self::OAuth2(Box::new(OAuth2::read(from))));
        }
        let bearer = Text::read(from, "bearer_token", "bearer_token_file");
        if bearer.both() {
            from.error("bearer_token", "at most one of bearer_token & bearer_token_file must be configured");
        }
        if !bearer.is_empty() {
            if !all.is_empty() {
                let error =
                    "at most one of basic_auth, oauth2, bearer_token & bearer_token_file must be configured";
                from.error("bearer_token", error);
            }
            all.push(Self::Authorization { scheme: "Bearer".into(), credentials: bearer });
        } else if all.len() > 1 {
            let key = if from.has("authorization") { "authorization" } else { "oauth2" };
            from.error(key, "at most one of basic_auth, oauth2 & authorization must be configured");
        }
        all.pop().unwrap_or_default()
    }

    /// What the header `Authorization` says, as the files are now.
    pub(super) fn header(&self) -> Result<Option<HeaderValue>, String> {
        let text = match self {
            Self::None | Self::OAuth2(_) => return Ok(None),
            Self::Basic { username, password } => {
                let name =
                    username.now().map_err(|why| format!("unable to read basic auth username: {why}"))?;
                let word =
                    password.now().map_err(|why| format!("unable to read basic auth password: {why}"))?;
                format!("Basic {}", BASE64_STANDARD.encode(format!("{name}:{word}")))
            }
            Self::Authorization { scheme, credentials } => {
                let read = credentials.now();
                let text = read.map_err(|why| format!("unable to read authorization credentials: {why}"))?;
                format!("{scheme} {text}")
            }
        };
        let header = HeaderValue::try_from(text);
        let mut value = header.map_err(|_| "net/http: invalid header field value".to_owned())?;
        value.set_sensitive(true);
        Ok(Some(value))
    }
}

fn basic(from: &mut Section<'_>) -> Auth {
    let (mut username, mut password) = (Text::default(), Text::default());
    from.section_with("basic_auth", |basic| {
        username = Text {
            text: Secret::new(basic.get("username", Scalar::default()).0),
            file: basic.get("username_file", String::new()),
        };
        password = Text::read(basic, "password", "password_file");
        for (text, what) in [(&username, "username"), (&password, "password")] {
            if text.both() {
                let error =
                    format!("at most one of basic_auth {what}, {what}_file & {what}_ref must be configured");
                basic.error(what, error);
            }
        }
        NoSettings
    });
    Auth::Basic { username, password }
}

fn authorization(from: &mut Section<'_>, files: &mut Files) -> Auth {
    let (mut scheme, mut credentials) = (String::new(), Text::default());
    from.section_with("authorization", |section| {
        section.get("type", "Bearer".to_owned()).trim().clone_into(&mut scheme);
        if scheme.eq_ignore_ascii_case("basic") {
            section
                .error("type", "authorization type cannot be set to \"basic\", use \"basic_auth\" instead");
        }
        credentials = Text::read(section, "credentials", "credentials_file");
        if credentials.both() {
            let error = "at most one of authorization credentials & credentials_file must be configured";
            section.error("credentials", error);
        }
        NoSettings
    });
    if !credentials.file.is_empty() {
        files.push(("authorization credentials", credentials.file.clone()));
    }
    Auth::Authorization { scheme, credentials }
}
