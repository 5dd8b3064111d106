//! The `oauth2client` extension: shows tokens that an OAuth 2 authorization server gives for the collector's own
//! credentials.
//!
//! ```yaml
//! extensions:
//!   oauth2client:
//!     client_id: otelcol
//!     client_secret_file: /var/run/secrets/oauth
//!     token_url: https://login.example.com/oauth2/token
//! exporters:
//!   otlp_http:
//!     endpoint: https://gateway:4318
//!     auth: {authenticator: oauth2client}
//! service:
//!   extensions: [oauth2client]
//! ```

mod assertion;
mod config;
mod endpoint;

use std::sync::Arc;

use slimcol_oauth2::Tokens;
use slimcol_service::{
    BoxError, BoxFuture, Client, ClientAuth, Component, Context, Extension, Factory, HeaderChange, Info,
    Offers, Running, Stability, Stop,
};

use self::{config::Config, endpoint::Server};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<OAuth2Client>();

/// Gets tokens and shows them.
#[derive(Debug)]
struct OAuth2Client {
    proof: Arc<Proof>,
}

/// What is shown with each request.
#[derive(Debug)]
struct Proof(Arc<Tokens<Server>>);

impl Component for OAuth2Client {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Beta,
        ..Info::new("oauth2client", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let buffer = config.expiry_buffer.std();
        let server = Server::new(config, cx)?;
        let tokens = Tokens::new(server, buffer, cx.log().clone());
        Ok(Self { proof: Arc::new(Proof(Arc::new(tokens))) })
    }
}

impl Extension for OAuth2Client {
    fn offers(&self) -> Offers {
        Offers::default().with_client_auth(self.proof.clone())
    }

    async fn start(self, mut stop: Stop) -> Result<Running, BoxError> {
        Ok(Running::new(async move {
            stop.wait().await;
            self.proof.0.stop();
            Ok(())
        }))
    }
}

impl ClientAuth for Proof {
    fn headers<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Vec<HeaderChange>, BoxError>> {
        Box::pin(async move {
            let value = self.0.current().await?;
            Ok(vec![HeaderChange::Set("authorization".to_owned(), value.to_string())])
        })
    }

    fn refused(&self) {
        self.0.refused();
    }

    fn wants_tls(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
