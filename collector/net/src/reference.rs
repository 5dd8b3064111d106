//! References from the settings of servers and clients to extensions: authenticators and middlewares.

use std::{fmt, sync::Arc};

use http::{HeaderMap, HeaderName, HeaderValue, request::Parts};
use slimcol_config::{Section, Settings};
use slimcol_service::{
    BoxError, BoxFuture, Client, ClientAuth, Context, HeaderChange, Offers, Refused, ServerAuth,
};

use crate::http::client::proxy::percent_decoded;

/// The `auth` section: which extension authenticates.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Auth {
    authenticator: String,
}

impl Auth {
    /// Reads the section under its usual key; `None` if it is not there or switched off.
    pub(crate) fn read_from(from: &mut Section<'_>) -> Option<Self> {
        from.nullable("auth").into_option()
    }
}

impl Settings for Auth {
    fn read(from: &mut Section<'_>) -> Self {
        let authenticator = from.get("authenticator", String::new());
        from.wants_extension("authenticator", &authenticator, no_authenticator(&authenticator));
        Self { authenticator }
    }
}

/// An entry of `middlewares`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Middleware {
    id: String,
}

impl Settings for Middleware {
    fn read(from: &mut Section<'_>) -> Self {
        Self { id: from.get("id", String::new()) }
    }
}

/// What admits a server's requests.
#[derive(Clone)]
pub(crate) struct Guard(Arc<dyn ServerAuth>);

impl Guard {
    /// The authenticator that `auth` names; nothing without one.
    ///
    /// # Errors
    /// Go's text: there is no such extension, or it does not authenticate servers' requests; any middleware.
    pub(crate) fn find(
        auth: Option<&Auth>,
        middlewares: &[Middleware],
        cx: &Context,
    ) -> Result<Option<Self>, BoxError> {
        let offers = offers(auth, middlewares, cx)?;
        let found = offers.as_ref().map(|offers| offers.server_auth().cloned());
        match found {
            None => Ok(None),
            Some(None) => Err("requested authenticator is not a server authenticator".into()),
            Some(Some(auth)) => Ok(Some(Self(auth))),
        }
    }

    /// What the authenticator learns from a request's headers and, under the names that `params` lists, its query.
    ///
    /// # Errors
    /// The authenticator's refusal.
    pub(crate) fn admit<'a>(
        &'a self,
        head: &'a Parts,
        params: &'a [String],
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, Denied>> {
        Box::pin(async move {
            let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
            let mut headers: Vec<(String, String)> = head
                .headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
                .collect();
            for param in params {
                let values: Vec<String> = query(head.uri.query().unwrap_or_default(), param).collect();
                if !values.is_empty() {
                    let name = param.to_ascii_lowercase();
                    headers.retain(|(other, _)| *other != name);
                    headers.extend(values.into_iter().map(|value| (name.clone(), value)));
                }
            }
            self.0.authenticate(&headers).await.map_err(|error| {
                let refused = error.downcast_ref::<Refused>();
                let later = refused.is_some_and(|refused| !refused.is_permanent());
                Denied { message: error.to_string(), later }
            })
        })
    }
}

/// Why a request was not let in.
pub(crate) struct Denied {
    /// For the sender.
    pub(crate) message: String,
    /// It may be let in later.
    pub(crate) later: bool,
}

/// What proves who sends a client's requests.
#[derive(Clone)]
pub(crate) struct Proof(Arc<dyn ClientAuth>);

impl Proof {
    /// The authenticator that `auth` names; nothing without one. `kind` is what the client speaks, as Go calls it.
    ///
    /// # Errors
    /// Go's text: there is no such extension, or it has no proof for clients; any middleware.
    pub(crate) fn find(
        auth: Option<&Auth>,
        middlewares: &[Middleware],
        cx: &Context,
        kind: &str,
    ) -> Result<Option<Self>, BoxError> {
        let offers = offers(auth, middlewares, cx)?;
        let found = offers.as_ref().map(|offers| offers.client_auth().cloned());
        match found {
            None => Ok(None),
            Some(None) => Err(format!("requested authenticator is not a {kind} client authenticator").into()),
            Some(Some(auth)) => Ok(Some(Self(auth))),
        }
    }

    /// Whether the proof must not be sent in plain text.
    pub(crate) fn wants_tls(&self) -> bool {
        self.0.wants_tls()
    }

    /// Told when the far end did not believe it.
    pub(crate) fn refused(&self) {
        self.0.refused();
    }

    /// Puts the proof into the headers of a request that sends on what `client` sent.
    ///
    /// # Errors
    /// Why there is no proof; never with a value in it.
    pub(crate) fn apply<'a>(
        &'a self,
        headers: &'a mut HeaderMap,
        client: &'a Client,
    ) -> BoxFuture<'a, Result<(), String>> {
        Box::pin(async move {
            for change in self.0.headers(client).await.map_err(|error| error.to_string())? {
                let (name, value) = match &change {
                    HeaderChange::Set(name, value)
                    | HeaderChange::Insert(name, value)
                    | HeaderChange::Update(name, value) => (name, value.as_str()),
                    HeaderChange::Remove(name) => (name, ""),
                };
                let key = HeaderName::try_from(name)
                    .map_err(|_| format!("net/http: invalid header field name {name:?}"))?;
                let wanted = match change {
                    HeaderChange::Set(..) => true,
                    HeaderChange::Insert(..) => !headers.contains_key(&key),
                    HeaderChange::Update(..) => headers.contains_key(&key),
                    HeaderChange::Remove(_) => {
                        headers.remove(&key);
                        false
                    }
                };
                if wanted {
                    let mut value = HeaderValue::try_from(value)
                        .map_err(|_| format!("net/http: invalid header field value for {name:?}"))?;
                    value.set_sensitive(true);
                    headers.insert(key, value);
                }
            }
            Ok(())
        })
    }
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guard")
    }
}

impl fmt::Debug for Proof {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Proof")
    }
}

/// What the extension offers that `auth` names. No extension sits in between yet, so each middleware is a reference to one
/// that does not exist, and going on without it would be wrong.
fn offers(auth: Option<&Auth>, middlewares: &[Middleware], cx: &Context) -> Result<Option<Offers>, BoxError> {
    let found = match auth {
        None => None,
        Some(Auth { authenticator }) => {
            Some(cx.extension(authenticator).ok_or_else(|| no_authenticator(authenticator))?)
        }
    };
    match middlewares.first() {
        Some(middleware) => {
            Err(format!("failed to resolve middleware {:?}: middleware not found", middleware.id).into())
        }
        None => Ok(found),
    }
}

fn no_authenticator(id: &str) -> String {
    format!("failed to resolve authenticator {id:?}: authenticator not found")
}

/// The values of `name` in a URL's query.
pub(crate) fn query<'a>(query: &'a str, name: &'a str) -> impl Iterator<Item = String> {
    let decoded =
        |text: &str| String::from_utf8_lossy(&percent_decoded(&text.replace('+', " "))).into_owned();
    query.split('&').filter_map(move |pair| {
        let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
        (decoded(key) == name).then(|| decoded(value))
    })
}

#[cfg(test)]
mod tests;
