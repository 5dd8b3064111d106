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
use slimcol_config::Duration;
use slimcol_net::{
    Pieces,
    http::client::{HttpClient, HttpClientConfig, HttpRequest, shown},
};
use slimcol_service::{BoxError, Client, Context, go_error};

use crate::{
    answer, assertion,
    config::{Config, Grant, NO_CLIENT_ID, NO_CLIENT_SECRET, NO_KEY},
    form,
    tokens::{Issuer, Token},
};

/// How long a request may take without `timeout`. Go waits for ever.
const TIMEOUT: Duration = Duration::secs(30);
/// The largest answer that is read, and the largest file, bytes.
const LIMIT: usize = 1 << 20;

/// How the client's name and secret are sent; which of the two a server wants it does not say.
const UNKNOWN: u8 = 0;
const IN_HEADER: u8 = 1;
const IN_BODY: u8 = 2;

/// Asks for tokens.
#[derive(Debug)]
pub(crate) struct Endpoint {
    client: HttpClient,
    uri: Uri,
    config: Config,
    /// What the server took before.
    style: AtomicU8,
}

/// Why there is no token.
struct Failure {
    text: String,
    /// The server did not know the client, or not by this style.
    stranger: bool,
}

impl From<String> for Failure {
    fn from(text: String) -> Self {
        Self { text, stranger: false }
    }
}

impl Endpoint {
    /// Loads what will be needed, so that what is missing shows at start.
    pub(crate) fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let uri: Uri = config.token_url.parse().map_err(|error| format!("invalid token_url: {error}"))?;
        if !matches!(uri.scheme_str(), Some("http" | "https")) || uri.host().is_none_or(str::is_empty) {
            return Err("invalid token_url: it must be an http:// or https:// URL".into());
        }
        let timeout = if config.timeout.is_zero() { TIMEOUT } else { config.timeout };
        let client = HttpClient::new(&HttpClientConfig::over(config.tls.clone(), timeout), cx)?.uncounted();
        client.prepare(&uri)?;
        if config.grant == Grant::JwtBearer && config.assertion.key_file.is_empty() {
            assertion::key(config.assertion.key.reveal())?;
        }
        Ok(Self { client, uri, config, style: AtomicU8::new(UNKNOWN) })
    }

    async fn by_secret(&self, scopes: &str) -> Result<Token, Failure> {
        let config = &self.config;
        let id = credential(&config.client_id, &config.client_id_file, NO_CLIENT_ID).await?;
        let secret =
            credential(config.client_secret.reveal(), &config.client_secret_file, NO_CLIENT_SECRET).await?;
        let known = self.style.load(Ordering::Relaxed);
        let first = if known == UNKNOWN { IN_HEADER } else { known };
        let (style, outcome) = match self.as_client(&id, &secret, scopes, first).await {
            Err(failure) if known == UNKNOWN && failure.stranger => {
                (IN_BODY, self.as_client(&id, &secret, scopes, IN_BODY).await)
            }
            outcome => (first, outcome),
        };
        if outcome.is_ok() {
            self.style.store(style, Ordering::Relaxed);
        }
        outcome
    }

    async fn as_client(&self, id: &str, secret: &str, scopes: &str, style: u8) -> Result<Token, Failure> {
        let mut fields = vec![("grant_type", "client_credentials")];
        let basic = BASE64_STANDARD.encode(format!("{}:{}", form::escape(id), form::escape(secret)));
        let mut authorization = None;
        if style == IN_BODY {
            fields.extend([("client_id", id), ("client_secret", secret)]);
        } else {
            authorization = Some(format!("Basic {basic}"));
        }
        self.ask(fields, scopes, authorization, &[secret, &basic, &form::escape(secret)]).await
    }

    async fn by_key(&self, scopes: &str) -> Result<Token, Failure> {
        let Config { client_id, client_id_file, assertion: settings, token_url, .. } = &self.config;
        let id = credential(client_id, client_id_file, NO_CLIENT_ID).await?;
        let pem = credential(settings.key.reveal(), &settings.key_file, NO_KEY).await?;
        let statement = assertion::sign(&pem, settings, &id, token_url, scopes)?;
        let fields = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", statement.as_str()),
        ];
        self.ask(fields, scopes, None, &[&statement]).await
    }

    /// One request. A `grant_type` among the parameters goes before the usual one, for servers that have names of their own.
    async fn ask(
        &self,
        fields: Vec<(&str, &str)>,
        scopes: &str,
        authorization: Option<String>,
        secrets: &[&str],
    ) -> Result<Token, Failure> {
        let mut all: BTreeMap<&str, Vec<&str>> = fields.into_iter().map(|(k, v)| (k, vec![v])).collect();
        if !scopes.is_empty() {
            all.insert("scope", vec![scopes]);
        }
        for (name, values) in &self.config.endpoint_params {
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
        let scopes = self.config.scopes.join(" ");
        let issued = match self.config.grant {
            Grant::ClientCredentials => self.by_secret(&scopes).await,
            Grant::JwtBearer => self.by_key(&scopes).await,
        };
        issued.map_err(|failure| {
            format!(
                "failed to get security token from token endpoint (endpoint {:?}): {}",
                shown(&self.uri),
                failure.text
            )
        })
    }
}

/// What is written, or what the file says now.
async fn credential(text: &str, path: &str, missing: &str) -> Result<String, String> {
    if path.is_empty() {
        return Ok(text.to_owned());
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
