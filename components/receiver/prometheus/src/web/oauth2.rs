//! `oauth2`: an authorization server gives what is shown.

use std::collections::BTreeMap;

use slimcol_config::{NoSettings, Secret, Section};
use slimcol_net::http::client::{HttpClient, HttpClientConfig};
use slimcol_oauth2::{Credential, Endpoint, Terms, Tokens};
use slimcol_service::{BoxError, Context};

use super::{auth::Text, client_config, proxy, tls::Tls};
use crate::durations::Scalar;

/// The grant that is signed for instead of showing a secret.
const SIGNED: &str = "urn:ietf:params:oauth:grant-type:jwt-bearer";

/// The server, and what is said to it.
#[derive(Clone, Debug, Default)]
pub(super) struct OAuth2 {
    terms: Terms,
    config: HttpClientConfig,
    environment: bool,
}

impl OAuth2 {
    /// Reads the section.
    pub(super) fn read(from: &mut Section<'_>) -> Self {
        let mut read = Self::default();
        from.section_with("oauth2", |section| {
            read = Self::keys(section);
            NoSettings
        });
        read
    }

    fn keys(from: &mut Section<'_>) -> Self {
        let id = from.get("client_id", Scalar::default()).0;
        if id.is_empty() {
            from.error("client_id", "oauth2 client_id must be configured");
        }
        let secret = Text::read(from, "client_secret", "client_secret_file");
        if secret.both() {
            let error = "at most one of oauth2 client_secret, client_secret_file & client_secret_ref must be configured using \
                         grant-type=client_credentials";
            from.error("client_secret", error);
        }
        if from.get("grant_type", String::new()) == SIGNED {
            from.error("grant_type", format!("`{SIGNED}` is not supported by this receiver yet"));
        }
        let scopes: Vec<String> = from.get("scopes", Vec::new());
        let params: BTreeMap<String, Scalar> = from.get("endpoint_params", BTreeMap::new());
        if !scopes.is_empty() && params.contains_key("scope") {
            from.error("endpoint_params", "oauth2: cannot overwrite parameter \"scope\"");
        }
        let terms = Terms {
            id: Credential { text: Secret::new(id), ..Credential::default() },
            secret: Credential {
                text: secret.text,
                file: secret.file,
                missing: "unable to read oauth2 client secret",
            },
            token_url: from.get("token_url", String::new()),
            scopes,
            endpoint_params: params.into_iter().map(|(name, value)| (name, vec![value.0])).collect(),
        };
        if terms.token_url.is_empty() {
            from.error("token_url", "oauth2 token_url must be configured");
        } else if let Err(error) = terms.uri() {
            from.error("token_url", error);
        }
        // Whether its files are there shows when the client is made.
        let tls = Tls::read(from, &mut Vec::new());
        let (proxy, environment) = proxy(from);
        Self { terms, config: client_config(from, tls, true, proxy), environment }
    }

    /// The tokens, of which there is none yet.
    pub(super) fn tokens(&self, cx: &Context) -> Result<Tokens<Endpoint>, BoxError> {
        let mut http = HttpClient::new(&self.config, cx)?.uncounted().resting();
        if !self.environment {
            http = http.past_environment(&self.config);
        }
        let endpoint = Endpoint::new(self.terms.clone(), http)?;
        Ok(Tokens::new(endpoint, std::time::Duration::ZERO, cx.log().clone()))
    }
}
