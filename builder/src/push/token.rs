//! Tokens: what a token server gives for a name and a password, and a registry takes in place of them.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde::Deserialize;
use slimcol_config::Secret;
use ureq::http::Method;

use super::{
    credentials::Login,
    http::{Client, Failure, Request},
};

#[derive(Deserialize)]
struct Given {
    token: Option<String>,
    access_token: Option<String>,
}

/// Where tokens are given, and for what.
#[derive(Debug)]
pub(super) struct Office<'a> {
    pub(super) realm: &'a str,
    pub(super) service: Option<&'a str>,
    /// `repository:NAME:pull,push`, as many as are needed.
    pub(super) scopes: &'a [String],
}

impl Office<'_> {
    /// Asks for a token: with what `login` is, or as nobody. The answer is a whole `Authorization`; `None` is a refusal.
    pub(super) fn ask(&self, client: &Client, login: Option<&Login>) -> Result<Option<Secret>, Failure> {
        let mut query = String::new();
        let mut add = |key: &str, value: &str| {
            let separator = if query.is_empty() { "" } else { "&" };
            // Writing to a String cannot fail.
            let _ = write!(query, "{separator}{key}={}", encoded(value));
        };
        if let Some(Login::Identity(token)) = login {
            add("grant_type", "refresh_token");
            add("client_id", "slimcol");
            add("service", self.service.unwrap_or_default());
            add("scope", &self.scopes.join(" "));
            add("refresh_token", token.reveal());
            let form = ("Content-Type", "application/x-www-form-urlencoded");
            return self.exchange(client, Method::POST, self.realm, vec![form], Some(query.as_bytes()));
        }
        if let Some(service) = self.service {
            add("service", service);
        }
        for scope in self.scopes {
            add("scope", scope);
        }
        let separator = if self.realm.contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}{query}", self.realm);
        match login {
            Some(Login::Password { user, password }) => {
                let basic = basic(user, password);
                self.exchange(client, Method::GET, &url, vec![("Authorization", basic.reveal())], None)
            }
            _ => self.exchange(client, Method::GET, &url, Vec::new(), None),
        }
    }

    fn exchange(
        &self,
        client: &Client,
        method: Method,
        url: &str,
        headers: Vec<(&'static str, &str)>,
        body: Option<&[u8]>,
    ) -> Result<Option<Secret>, Failure> {
        let request = Request { method, url, headers, body };
        let response = client.persevere(|| client.send(&request))?;
        match response.status {
            200 => {}
            400 | 401 | 403 => return Ok(None),
            _ => {
                return Err(Failure::lasting(format!(
                    "the token server `{}` answers {}",
                    self.realm,
                    response.said()
                )));
            }
        }
        let given: Option<Given> = serde_json::from_slice(&response.body).ok();
        let token =
            given.and_then(|given| given.token.or(given.access_token)).filter(|token| !token.is_empty());
        match token {
            Some(token) => Ok(Some(Secret::new(format!("Bearer {token}")))),
            None => Err(Failure::lasting(format!("the token server `{}` gives no token", self.realm))),
        }
    }
}

/// The `Authorization` that is a name and a password.
pub(super) fn basic(user: &str, password: &Secret) -> Secret {
    Secret::new(format!("Basic {}", STANDARD.encode(format!("{user}:{}", password.reveal()))))
}

/// A text as part of a query.
fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => encoded.push(byte.into()),
            _ => {
                // Writing to a String cannot fail.
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn queries_are_encoded() {
        assert_eq!(encoded("repository:a/b:pull,push é"), "repository%3Aa%2Fb%3Apull%2Cpush%20%C3%A9");
    }

    #[test]
    fn names_and_passwords_go_as_base64_and_do_not_show() {
        let header = basic("u", &Secret::new("p"));
        assert_eq!(header.reveal(), "Basic dTpw");
        assert_eq!(format!("{header:?}"), "[REDACTED]");
    }
}
