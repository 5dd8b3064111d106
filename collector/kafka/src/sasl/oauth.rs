//! OAUTHBEARER (RFC 7628): a token that an extension has, in place of name and password.

use std::{fmt, sync::Arc};

use slimcol_service::{BoxError, Client, ClientAuth, Context, HeaderChange};

use crate::{
    Error,
    config::{Auth, no_tokens},
};

/// Where tokens come from.
pub(crate) struct TokenSource(Arc<dyn ClientAuth>);

impl TokenSource {
    /// The extension that the configuration names; `None` without one.
    ///
    /// # Errors
    /// Go's text: there is no such extension. Or it has nothing for clients.
    pub(crate) fn find(auth: &Auth, cx: &Context) -> Result<Option<Self>, BoxError> {
        let Some(id) = auth.sasl.as_ref().and_then(|sasl| sasl.token_source()) else { return Ok(None) };
        let offers = cx.extension(id).ok_or_else(|| no_tokens(id))?;
        let found = offers.client_auth().cloned();
        let found = found.ok_or_else(|| format!("failed to configure SASL: extension {id} has no tokens"))?;
        Ok(Some(Self(found)))
    }

    /// What is said first, with the token of now in it.
    ///
    /// # Errors
    /// There is none, which may pass, or what the extension has is no token.
    pub(super) async fn first(&self) -> Result<String, Error> {
        let client = Client::default();
        let changes = self.0.headers(&client).await;
        let changes = changes.map_err(|error| Error::Connect(format!("no token: {error}")))?;
        let shown = changes.iter().find_map(|change| match change {
            HeaderChange::Set(name, value) | HeaderChange::Insert(name, value) => {
                name.eq_ignore_ascii_case("authorization").then_some(value.as_str())
            }
            HeaderChange::Update(..) | HeaderChange::Remove(_) => None,
        });
        let token = shown.and_then(token).ok_or_else(|| {
            Error::Authentication("what the extension of oauthbearer_token_source has is no token".to_owned())
        })?;
        Ok(format!("n,,\u{1}auth=Bearer {token}\u{1}\u{1}"))
    }

    /// The broker did not believe the token: the extension is to get another.
    pub(super) fn refused(&self, why: &str) -> Error {
        self.0.refused();
        Error::Connect(format!("the broker does not take the token: {why}"))
    }
}

impl fmt::Debug for TokenSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenSource")
    }
}

/// The token in what a header says, with or without its type before it.
fn token(shown: &str) -> Option<&str> {
    let token = match shown.split_once(' ') {
        Some((scheme, token)) => scheme.eq_ignore_ascii_case("bearer").then_some(token)?,
        None => shown,
    };
    // Anything else could end the message and begin another.
    let fits = |byte: u8| byte.is_ascii_graphic();
    (!token.is_empty() && token.bytes().all(fits)).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_what_a_header_says() {
        for (shown, found) in [
            ("Bearer a.b.c=", Some("a.b.c=")),
            ("bearer x", Some("x")),
            ("x", Some("x")),
            ("Basic eA==", None),
            ("Bearer ", None),
            ("", None),
            ("Bearer a b", None),
            ("Bearer a\u{1}auth=b", None),
        ] {
            assert_eq!(token(shown), found, "{shown:?}");
        }
    }
}
