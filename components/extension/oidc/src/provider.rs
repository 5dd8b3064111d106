//! Who signs tokens.

use std::fs;

use http::Uri;
use serde_json::Value;
use slimcol_config::{Duration, Secret};
use slimcol_net::{
    http::client::{HttpClient, HttpClientConfig},
    tls::ClientTls,
};
use slimcol_service::{BoxError, Context, Refused, go_error};

use crate::{
    algorithm::Algorithm,
    claims,
    config::ProviderSettings,
    fetch,
    file::{self, File},
    keys::Key,
    remote::{Remote, Renewal},
    token::{Token, unexpected},
};

/// How long a request to a provider may take; Go's.
const TIMEOUT: Duration = Duration::secs(5);

/// A provider whose tokens count.
#[derive(Debug)]
pub(crate) struct Provider {
    pub(crate) settings: ProviderSettings,
    keys: Keys,
}

#[derive(Debug)]
enum Keys {
    Remote { keys: Box<Remote>, algorithms: Vec<Algorithm> },
    File(File),
}

/// Why a request may not come in.
#[derive(Debug)]
pub(crate) enum Failure {
    /// The token does not count.
    Refused(String),
    /// Nobody knows: the provider does not answer.
    Unknown(String),
}

impl Failure {
    pub(crate) fn text(&self) -> &str {
        match self {
            Self::Refused(text) | Self::Unknown(text) => text,
        }
    }

    pub(crate) fn within(self, what: &str) -> Self {
        match self {
            Self::Refused(text) => Self::Refused(format!("{what}: {text}")),
            Self::Unknown(text) => Self::Unknown(format!("{what}: {text}")),
        }
    }
}

impl From<Failure> for BoxError {
    fn from(failure: Failure) -> Self {
        match failure {
            Failure::Refused(text) => text.into(),
            Failure::Unknown(text) => Refused::retryable(text).into(),
        }
    }
}

impl Provider {
    /// Finds out what the provider says of itself, or reads its keys.
    ///
    /// # Errors
    /// Go's texts: it does not answer, or calls itself by another name.
    pub(crate) async fn start(settings: &ProviderSettings, cx: &Context) -> Result<Self, String> {
        let issuer = &settings.issuer_url;
        let keys = if settings.public_keys_file.is_empty() {
            let client = client(settings, cx)?;
            discover(client, issuer, cx)
                .await
                .map_err(|error| format!("failed to create OIDC provider for {issuer:?}: {error}"))?
        } else {
            let path = &settings.public_keys_file;
            let file = File::open(path, cx.log()).await;
            Keys::File(file.map_err(|error| format!("failed to load JWKS file {path:?}: {error}"))?)
        };
        Ok(Self { settings: settings.clone(), keys })
    }

    /// Checks a token's signature, then what it says.
    pub(crate) async fn verify(&self, token: &Token<'_>) -> Result<(), Failure> {
        match &self.keys {
            Keys::Remote { keys, algorithms } => {
                expect(token, algorithms)?;
                verify_remotely(keys, token).await?;
            }
            Keys::File(file) => {
                let keys = file.keys().await;
                expect(token, &file::algorithms(&keys))?;
                // As in Go, a key's name does not matter here.
                if !keys.iter().any(|key| key.signed(token)) {
                    return Err(unverified("no public keys able to verify jwt"));
                }
            }
        }
        claims::check(&self.settings, token).map_err(Failure::Refused)
    }
}

fn expect(token: &Token<'_>, algorithms: &[Algorithm]) -> Result<(), Failure> {
    if algorithms.contains(&token.algorithm) {
        return Ok(());
    }
    let text = unexpected(token.algorithm.name(), algorithms);
    Err(Failure::Refused(format!("oidc: malformed jwt: {text}")))
}

async fn verify_remotely(keys: &Remote, token: &Token<'_>) -> Result<(), Failure> {
    let fits = |keys: &[Key]| {
        keys.iter().any(|key| (token.key.is_empty() || key.id == token.key) && key.signed(token))
    };
    let (known, asked) = keys.known().await;
    if fits(&known) {
        return Ok(());
    }
    match keys.renewed(asked).await {
        Renewal::New(keys) if fits(&keys) => Ok(()),
        Renewal::Failed(error) => {
            Err(Failure::Unknown(format!("failed to verify signature: fetching keys {error}")))
        }
        Renewal::New(_) | Renewal::Spent => Err(unverified("failed to verify id token signature")),
    }
}

fn unverified(why: &str) -> Failure {
    Failure::Refused(format!("failed to verify signature: {why}"))
}

/// A client that trusts whom it should.
fn client(settings: &ProviderSettings, cx: &Context) -> Result<HttpClient, String> {
    let path = &settings.issuer_ca_path;
    let tls = if path.is_empty() {
        ClientTls::default()
    } else {
        let failed = |why: &str| format!("could not read the CA file {path:?}: {why}");
        let pem = fs::read_to_string(path)
            .map_err(|error| failed(&format!("open {path}: {}", go_error(&error))))?;
        if pem.is_empty() {
            return Err(failed("empty file"));
        }
        if !pem.contains("-----BEGIN") {
            return Err(format!("cannot decode the contents of the CA file {path:?}"));
        }
        ClientTls::trusting(Secret::new(pem))
    };
    let client = HttpClient::new(&HttpClientConfig::over(tls, TIMEOUT), cx);
    client.map(HttpClient::uncounted).map_err(|error| error.to_string())
}

/// Reads the provider's description of itself (`OpenID` Connect Discovery, section 4), and its keys if they are there already.
async fn discover(client: HttpClient, issuer: &str, cx: &Context) -> Result<Keys, String> {
    let invalid = |what: &str| format!("{what} is no http:// or https:// URL");
    let at = format!("{}/.well-known/openid-configuration", issuer.strip_suffix('/').unwrap_or(issuer));
    let at = url(&at).ok_or_else(|| invalid("`issuer_url`"))?;
    client.prepare(&at).map_err(|error| error.to_string())?;
    let text = fetch::get(&client, &at).await?;
    let description: Value = serde_json::from_slice(&text)
        .map_err(|error| format!("oidc: failed to decode provider discovery object: {error}"))?;
    let text = |name: &str| description.get(name).and_then(Value::as_str).unwrap_or_default();
    if text("issuer") != issuer {
        return Err(format!(
            "oidc: issuer URL provided to client ({issuer:?}) did not match the issuer URL returned by provider ({:?})",
            text("issuer")
        ));
    }
    let listed = description.get("id_token_signing_alg_values_supported").and_then(Value::as_array);
    let names = listed.into_iter().flatten().filter_map(Value::as_str);
    let mut algorithms: Vec<_> = names.filter_map(Algorithm::from_name).collect();
    if algorithms.is_empty() {
        algorithms.push(Algorithm::Rs256);
    }
    let keys = url(text("jwks_uri")).ok_or_else(|| invalid("`jwks_uri`"))?;
    let keys = Box::new(Remote::new(client, keys, cx.log().clone()));
    // Not to depend on the provider when the first request comes. Go begins without.
    if let Renewal::Failed(error) = keys.renewed(0).await {
        cx.log().warn("cannot get the keys yet", &[("error", (&*error).into())]);
    }
    Ok(Keys::Remote { keys, algorithms })
}

fn url(text: &str) -> Option<Uri> {
    let uri: Uri = text.parse().ok()?;
    let host = uri.host().is_some_and(|host| !host.is_empty());
    (host && matches!(uri.scheme_str(), Some("http" | "https"))).then_some(uri)
}
