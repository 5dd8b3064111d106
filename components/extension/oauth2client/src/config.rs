//! The extension's settings (Go's `extension/oauth2clientauthextension`).

use std::collections::BTreeMap;

use serde_json::{Map, Value};
use slimcol_config::{Duration, Problems, Secret, Section, Settings, Shown};
use slimcol_net::tls::ClientTls;

pub(crate) const NO_CLIENT_ID: &str = "no ClientID provided in the OAuth2 exporter configuration";
pub(crate) const NO_CLIENT_SECRET: &str =
    "no ClientSecret provided in OAuth Client Credentials configuration";
pub(crate) const NO_KEY: &str = "no ClientCertificateKey provided in the OAuth2 exporter configuration";

/// The keys of `oauth2client`. A file goes before the text.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    pub(crate) client_id: String,
    pub(crate) client_id_file: String,
    pub(crate) client_secret: Secret,
    pub(crate) client_secret_file: String,
    pub(crate) token_url: String,
    pub(crate) endpoint_params: BTreeMap<String, Vec<String>>,
    pub(crate) scopes: Vec<String>,
    pub(crate) tls: ClientTls,
    /// Zero is none that the user set.
    pub(crate) timeout: Duration,
    pub(crate) expiry_buffer: Duration,
    pub(crate) grant: Grant,
    pub(crate) assertion: Assertion,
}

/// `grant_type`: what is shown to the authorization server.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Grant {
    /// Name and secret.
    ClientCredentials,
    /// A statement that is signed with the client's key (RFC 7523).
    JwtBearer,
}

/// What only [`Grant::JwtBearer`] needs.
#[derive(Clone, Debug)]
pub(crate) struct Assertion {
    pub(crate) key: Secret,
    pub(crate) key_file: String,
    pub(crate) key_id: String,
    pub(crate) algorithm: Algorithm,
    /// Without one it is the client's id.
    pub(crate) issuer: String,
    /// Without one it is the token URL.
    pub(crate) audience: String,
    /// Go before all others.
    pub(crate) claims: Map<String, Value>,
}

/// `signature_algorithm`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Algorithm {
    Rs256,
    Rs384,
    Rs512,
}

const GRANTS: [(&str, Grant); 3] = [
    ("client_credentials", Grant::ClientCredentials),
    ("urn:ietf:params:oauth:grant-type:jwt-bearer", Grant::JwtBearer),
    ("", Grant::ClientCredentials),
];
const ALGORITHMS: [(&str, Algorithm); 4] = [
    ("RS256", Algorithm::Rs256),
    ("RS384", Algorithm::Rs384),
    ("RS512", Algorithm::Rs512),
    ("", Algorithm::Rs256),
];

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        let grant = from.choice("grant_type", Grant::ClientCredentials, &GRANTS);
        if !from.has("grant_type") {
            from.print_as("grant_type", &|| Some(Shown::text("")));
        }
        let assertion = Assertion::read(from);
        let client_id = from.get("client_id", String::new());
        let client_id_file = from.get("client_id_file", String::new());
        let client_secret = from.get("client_secret", Secret::default());
        let client_secret_file = from.get("client_secret_file", String::new());
        let token_url = from.get("token_url", String::new());
        let endpoint_params = from.get("endpoint_params", BTreeMap::new());
        from.terse(true);
        Self {
            client_id,
            client_id_file,
            client_secret,
            client_secret_file,
            token_url,
            endpoint_params,
            scopes: from.get("scopes", Vec::new()),
            tls: from.section("tls"),
            timeout: from.get("timeout", Duration::default()),
            expiry_buffer: from.get("expiry_buffer", Duration::secs(300)),
            grant,
            assertion,
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let missing = |text: &str, file: &str| text.is_empty() && file.is_empty();
        if missing(&self.client_id, &self.client_id_file) {
            problems.add("", NO_CLIENT_ID);
        }
        match self.grant {
            Grant::ClientCredentials => {
                if missing(self.client_secret.reveal(), &self.client_secret_file) {
                    problems.add("", NO_CLIENT_SECRET);
                }
            }
            Grant::JwtBearer => {
                if missing(self.assertion.key.reveal(), &self.assertion.key_file) {
                    problems.add("", NO_KEY);
                }
            }
        }
        if self.token_url.is_empty() {
            problems.add("", "no TokenURL provided in OAuth Client Credentials configuration");
        }
        let taken = [("scope", !self.scopes.is_empty()), ("assertion", self.grant == Grant::JwtBearer)];
        for (name, _) in taken.iter().filter(|(name, set)| *set && self.endpoint_params.contains_key(*name)) {
            problems.add("endpoint_params", format_args!("oauth2: cannot overwrite parameter {name:?}"));
        }
        problems.within("tls", &self.tls);
    }
}

impl Assertion {
    fn read(from: &mut Section<'_>) -> Self {
        let key_id = from.get("client_certificate_key_id", String::new());
        let key = from.get("client_certificate_key", Secret::default());
        let key_file = from.get("client_certificate_key_file", String::new());
        let terse = from.terse(true);
        let assertion = Self {
            key,
            key_file,
            key_id,
            algorithm: from.choice("signature_algorithm", Algorithm::Rs256, &ALGORITHMS),
            issuer: from.get("iss", String::new()),
            audience: from.get("audience", String::new()),
            claims: claims(from),
        };
        from.terse(terse);
        assertion
    }
}

fn claims(from: &mut Section<'_>) -> Map<String, Value> {
    let Some(node) = from.node("claims").filter(|node| !node.is_null()) else { return Map::new() };
    if let Value::Object(map) = value(&Shown::from(node)) {
        return map;
    }
    let message = format!("expected a map, got {:?}", node.go_kind());
    from.error("claims", message);
    Map::new()
}

/// A claim as JSON.
fn value(shown: &Shown) -> Value {
    match shown {
        // Free values are neither of the last two.
        Shown::Null | Shown::Secret(_) | Shown::Duration(_) => Value::Null,
        Shown::Bool(it) => (*it).into(),
        Shown::Int(it) => i64::try_from(*it).map_or_else(|_| u64::try_from(*it).ok().into(), Value::from),
        Shown::Float(it) => (*it).into(),
        Shown::Text(text) => text.clone().into(),
        Shown::List(items) => items.iter().map(value).collect(),
        Shown::Map(fields) => fields.iter().map(|field| (field.key.clone(), value(&field.value))).collect(),
    }
}
