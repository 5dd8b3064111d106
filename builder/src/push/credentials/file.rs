//! docker's `config.json` and podman's `auth.json`, which have one form.

use std::{collections::BTreeMap, fs, io, path::Path};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use slimcol_config::Secret;

use super::{Login, helper, key};
use crate::{
    error::{Doing as _, Error},
    image::{DOCKER_HUB, Reference},
};

/// A file with credentials, or with where they are.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct File {
    auths: BTreeMap<String, Auth>,
    #[serde(rename = "credHelpers")]
    helpers: BTreeMap<String, String>,
    #[serde(rename = "credsStore")]
    store: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Auth {
    /// `user:password` in base64.
    #[serde(rename = "auth")]
    pair: Option<String>,
    username: Option<String>,
    password: Option<String>,
    #[serde(rename = "identitytoken")]
    identity: Option<String>,
    #[serde(rename = "registrytoken")]
    token: Option<String>,
}

impl File {
    /// Reads the file, if it is there.
    pub(super) fn read(path: &Path, required: bool) -> Result<Option<Self>, Error> {
        let text = match fs::read(path) {
            Err(e) if e.kind() == io::ErrorKind::NotFound && !required => return Ok(None),
            read => read.doing("read", path)?,
        };
        // serde_json's message has a position and a type, and never a value.
        let wrong = |e: serde_json::Error| {
            Error::Other(format!("`{}` is no file of credentials: {}", path.display(), shape(&e)))
        };
        serde_json::from_slice(&text).map(Some).map_err(wrong)
    }

    /// What the file, which messages call `name`, has for the registry of `reference`, and how it came by it.
    pub(super) fn find(&self, reference: &Reference, name: &str) -> Result<Option<(Login, String)>, Error> {
        let registry = reference.registry();
        let own = self.helpers.iter().find(|(host, _)| is_of(host, registry)).map(|(_, helper)| helper);
        if let Some(helper) = own.or(self.store.as_ref().filter(|store| !store.is_empty())) {
            let told = helper::ask(helper, key(registry))
                .map_err(|what| Error::Other(format!("{what}, which {name} names")))?;
            if let Some(login) = told {
                let how =
                    format!("{} from `docker-credential-{helper}`, which {name} names", login.described());
                return Ok(Some((login, how)));
            }
        }
        let Some(auth) = self.auth(reference) else { return Ok(None) };
        let login = auth
            .login()
            .map_err(|what| Error::Other(format!("{name}: the entry for `{registry}` {what}")))?;
        Ok(login.map(|login| {
            let how = format!("{} from {name}", login.described());
            (login, how)
        }))
    }

    /// The entry of the repository, of the folders that it is in, or of the registry, whichever is the nearest.
    fn auth(&self, reference: &Reference) -> Option<&Auth> {
        let full = format!("{}/{}", reference.registry(), reference.repository());
        let mut path = full.as_str();
        while let Some((above, _)) = path.rsplit_once('/') {
            if let Some(auth) = self.auths.get(path) {
                return Some(auth);
            }
            path = above;
        }
        self.auths.iter().find(|(host, _)| is_of(host, path)).map(|(_, auth)| auth)
    }
}

/// Whether `written`, which may be a URL, is the registry's host.
fn is_of(written: &str, registry: &str) -> bool {
    let host = written.trim_start_matches("https://").trim_start_matches("http://");
    let (host, path) = host.split_once('/').unwrap_or((host, ""));
    let whole = matches!(path, "" | "v1" | "v1/" | "v2" | "v2/");
    let hub = |host: &str| matches!(host, DOCKER_HUB | "index.docker.io" | "registry-1.docker.io");
    whole && (host == registry || hub(host) && hub(registry))
}

impl Auth {
    fn login(&self) -> Result<Option<Login>, &'static str> {
        let filled = |text: &Option<String>| text.clone().filter(|text| !text.is_empty());
        if let Some(token) = filled(&self.token) {
            return Ok(Some(Login::Token(Secret::new(token))));
        }
        if let Some(identity) = filled(&self.identity) {
            return Ok(Some(Login::Identity(Secret::new(identity))));
        }
        if let Some(pair) = filled(&self.pair) {
            let decoded = STANDARD.decode(pair.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
            let decoded = decoded.ok_or("has an `auth` that is not base64")?;
            let (user, password) = decoded.split_once(':').ok_or("has an `auth` without a colon in it")?;
            // docker pads what it writes.
            let password = Secret::new(password.trim_end_matches('\0'));
            return Ok(Some(Login::Password { user: user.to_owned(), password }));
        }
        let named = filled(&self.username).zip(filled(&self.password));
        Ok(named.map(|(user, password)| Login::Password { user, password: Secret::new(password) }))
    }
}

impl Login {
    /// What it is, without what is secret of it.
    pub(super) fn described(&self) -> String {
        match self {
            Self::Password { user, .. } => format!("user `{user}`"),
            Self::Identity(_) => "an identity token".to_owned(),
            Self::Token(_) => "a registry token".to_owned(),
        }
    }
}

/// Where a document is wrong. What `serde_json` says of a wrong type can quote the value, which may be a password.
fn shape(e: &serde_json::Error) -> String {
    let what = match e.classify() {
        serde_json::error::Category::Data => "something other than expected",
        _ => "no JSON",
    };
    format!("{what} at line {}, column {}", e.line(), e.column())
}
