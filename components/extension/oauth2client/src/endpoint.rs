//! The authorization server, and what is shown to it.

use slimcol_config::{Duration, Secret};
use slimcol_net::http::client::{HttpClient, HttpClientConfig};
use slimcol_oauth2::{Credential, Endpoint, Failure, Issuer, Terms, Token};
use slimcol_service::{BoxError, Context};

use crate::{
    assertion,
    config::{Assertion, Config, Grant, NO_CLIENT_ID, NO_CLIENT_SECRET, NO_KEY},
};

/// How long a request may take without `timeout`. Go waits for ever.
const TIMEOUT: Duration = Duration::secs(30);

/// Asks for tokens.
#[derive(Debug)]
pub(crate) struct Server {
    endpoint: Endpoint,
    /// What is shown instead of a secret, and with which key it is signed.
    signed: Option<(Assertion, Credential)>,
}

impl Server {
    /// Loads what will be needed, so that what is missing shows at start.
    pub(crate) fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let timeout = if config.timeout.is_zero() { TIMEOUT } else { config.timeout };
        let client = HttpClient::new(&HttpClientConfig::over(config.tls, timeout), cx)?.uncounted();
        let id = Credential {
            text: Secret::new(config.client_id),
            file: config.client_id_file,
            missing: NO_CLIENT_ID,
        };
        let secret = Credential {
            text: config.client_secret,
            file: config.client_secret_file,
            missing: NO_CLIENT_SECRET,
        };
        let Config { token_url, scopes, endpoint_params, assertion, .. } = config;
        let endpoint = Endpoint::new(Terms { id, secret, token_url, scopes, endpoint_params }, client)?;
        let signed = (config.grant == Grant::JwtBearer).then(|| {
            let key =
                Credential { text: assertion.key.clone(), file: assertion.key_file.clone(), missing: NO_KEY };
            (assertion, key)
        });
        if let Some((assertion, _)) = signed.as_ref().filter(|(assertion, _)| assertion.key_file.is_empty()) {
            assertion::key(assertion.key.reveal())?;
        }
        Ok(Self { endpoint, signed })
    }

    async fn by_key(&self, settings: &Assertion, key: &Credential) -> Result<Token, Failure> {
        let terms = self.endpoint.terms();
        let id = terms.id.now().await?;
        let pem = key.now().await?;
        let scopes = terms.scopes.join(" ");
        let statement = assertion::sign(&pem, settings, &id, &terms.token_url, &scopes)?;
        let fields = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", statement.as_str()),
        ];
        self.endpoint.ask(fields, None, &[&statement]).await
    }
}

impl Issuer for Server {
    async fn issue(&self) -> Result<Token, String> {
        match &self.signed {
            None => self.endpoint.issue().await,
            Some((settings, key)) => {
                self.by_key(settings, key).await.map_err(|failure| self.endpoint.told(&failure))
            }
        }
    }
}
