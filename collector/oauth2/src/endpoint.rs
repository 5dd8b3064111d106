//! The authorization server's token endpoint, and what is said to it.

use std::{
    collections::BTreeMap,
    sync::atomic::{AtomicU8, Ordering},
};

use base64::{Engine, prelude::BASE64_STANDARD};
use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method, StatusCode, Uri,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use slimcol_config::Secret;
use slimcol_net::{
    Pieces,
    http::client::{HttpClient, HttpRequest, shown},
};
use slimcol_service::{BoxError, Client, go_error};

use crate::{
    answer, form,
    tokens::{Issuer, Token},
};

/// The largest answer that is read, and the largest file, bytes.
const LIMIT: usize = 1 << 20;

/// How the client's name and secret are sent; which of the two a server wants it does not say.
const UNKNOWN: u8 = 0;
const IN_HEADER: u8 = 1;
const IN_BODY: u8 = 2;

/// A text that is written, or stands in a file, which is read whenever it is needed and goes before the text.
#[derive(Clone, Debug, Default)]
pub struct Credential {
    /// What is written.
    pub text: Secret,
    /// The file, or nothing.
    pub file: String,
    /// What is said where the file has none.
    pub missing: &'static str,
}

/// Who asks whom for what.
#[derive(Clone, Debug, Default)]
pub struct Terms {
    /// The client's name.
    pub id: Credential,
    /// The client's secret.
    pub secret: Credential,
    /// The server's URL.
    pub token_url: String,
    /// What is asked for.
    pub scopes: Vec<String>,
    /// What is said besides.
    pub endpoint_params: BTreeMap<String, Vec<String>>,
}

/// An authorization server's token endpoint; as an [`Issuer`] it is shown the client's name and secret.
#[derive(Debug)]
pub struct Endpoint {
    client: HttpClient,
    uri: Uri,
    terms: Terms,
    /// What the server took before.
    style: AtomicU8,
}

/// Why there is no token.
#[derive(Debug)]
pub struct Failure {
    text: String,
    /// The server did not know the client, or not by this style.
    stranger: bool,
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self { text, stranger: false }
    }
}

impl Terms {
    /// The server's URL.
    ///
    /// # Errors
    /// It is none of HTTP.
    pub fn uri(&self) -> Result<Uri, String> {
        let uri: Uri = self.token_url.parse().map_err(|error| format!("invalid token_url: {error}"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return Err("invalid token_url: it must be an http:// or https:// URL".into());
        }
        Ok(uri)
    }
}

impl Endpoint {
    /// Loads what will be needed, so that what is missing shows at start.
    ///
    /// # Errors
    /// The URL or the client's certificates are wrong.
    pub fn new(terms: Terms, client: HttpClient) -> Result<Self, BoxError> {
        let uri = terms.uri()?;
        client.prepare(&uri)?;
        Ok(Self { client, uri, terms, style: AtomicU8::new(UNKNOWN) })
    }

    /// Whose behalf it is on.
    pub fn terms(&self) -> &Terms {
        &self.terms
    }

    async fn by_secret(&self) -> Result<Token, Failure> {
        let id = self.terms.id.now().await?;
        let secret = self.terms.secret.now().await?;
        let known = self.style.load(Ordering::Relaxed);
        let first = if known == UNKNOWN { IN_HEADER } else { known };
        let (style, outcome) = match self.as_client(&id, &secret, first).await {
            Err(failure) if known == UNKNOWN && failure.stranger => {
                (IN_BODY, self.as_client(&id, &secret, IN_BODY).await)
            }
            outcome => (first, outcome),
        };
        if outcome.is_ok() {
            self.style.store(style, Ordering::Relaxed);
        }
        outcome
    }

    /// The failure with where it was.
    pub fn told(&self, failure: &Failure) -> String {
        format!(
            "failed to get security token from token endpoint (endpoint {:?}): {}",
            shown(&self.uri),
            failure.text
        )
    }

    async fn as_client(&self, id: &str, secret: &str, style: u8) -> Result<Token, Failure> {
        let mut fields = vec![("grant_type", "client_credentials")];
        let basic = BASE64_STANDARD.encode(format!("{}:{}", form::escape(id), form::escape(secret)));
        let mut authorization = None;
        if style == IN_BODY {
            fields.extend([("client_id", id), ("client_secret", secret)]);
        } else {
            authorization = Some(format!("Basic {basic}"));
        }
        self.ask(fields, authorization, &[secret, &basic, &form::escape(secret)]).await
    }

    /// One request. A `grant_type` among the parameters goes before the usual one, for servers that have names of their own.
    ///
    /// # Errors
    /// There is no token; `secrets` are what must not be in the reason.
    pub async fn ask(
        &self,
        fields: Vec<(&str, &str)>,
        authorization: Option<String>,
        secrets: &[&str],
    ) -> Result<Token, Failure> {
        let mut all: BTreeMap<&str, Vec<&str>> = fields.into_iter().map(|(k, v)| (k, vec![v])).collect();
        let scopes = self.terms.scopes.join(" ");
        if !scopes.is_empty() {
            all.insert("scope", vec![&scopes]);
        }
        for (name, values) in &self.terms.endpoint_params {
            let values = values.iter().map(String::as_str).collect();
            if name == "grant_type" {
                all.insert(name, values);
            } else {
                all.entry(name).or_insert(values);
            }
        }
        let pairs = all.iter().flat_map(|(name, values)| values.iter().map(|value| (*name, *value)));
        let mut headers = HeaderMap::new();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
        if let Some(authorization) = authorization {
            let mut value = HeaderValue::try_from(authorization).map_err(|error| error.to_string())?;
            value.set_sensitive(true);
            headers.insert(AUTHORIZATION, value);
        }
        let request = HttpRequest {
            method: Method::POST,
            uri: self.uri.clone(),
            headers,
            body: Pieces::from(Bytes::from(form::encode(pairs))),
            client: Client::default(),
        };
        let response = self.client.send(request).await.map_err(|error| error.to_string())?;
        let status = response.status;
        let kind = response.headers.get(CONTENT_TYPE).map(|kind| String::from_utf8_lossy(kind.as_bytes()));
        let kind = kind.unwrap_or_default().into_owned();
        let body =
            response.body(LIMIT).await.map_err(|error| format!("oauth2: cannot fetch token: {error}"))?;
        let stranger = status.is_client_error() && status != StatusCode::TOO_MANY_REQUESTS;
        answer::read(status, &kind, &body, secrets)
            .map_err(|text| Failure { text, stranger: stranger || status.is_success() })
    }
}

impl Issuer for Endpoint {
    async fn issue(&self) -> Result<Token, String> {
        self.by_secret().await.map_err(|failure| self.told(&failure))
    }
}

impl Credential {
    /// What is written, or what the file says now.
    ///
    /// # Errors
    /// The file cannot be read, or says nothing.
    pub async fn now(&self) -> Result<String, String> {
        let Self { text, file: path, missing } = self;
        if path.is_empty() {
            return Ok(text.reveal().to_owned());
        }
        let failed = |error: std::io::Error| {
            format!("{missing}; failed to read credentials file {path:?}: open {path}: {}", go_error(&error))
        };
        if tokio::fs::metadata(path).await.map_err(failed)?.len() > LIMIT as u64 {
            return Err(format!(
                "{missing}; failed to read credentials file {path:?}: larger than {LIMIT} bytes"
            ));
        }
        let read = tokio::fs::read_to_string(path).await.map_err(failed)?;
        match read.trim() {
            "" => Err(format!("{missing}; empty credentials file {path:?}")),
            text => Ok(text.to_owned()),
        }
    }
}
