//! The `oidc` extension: servers let in who shows a token that an `OpenID` Connect provider signed.
//!
//! ```yaml
//! extensions:
//!   oidc:
//!     providers:
//!       - {issuer_url: https://login.example.com/realms/telemetry, audience: otelcol}
//! receivers:
//!   otlp:
//!     protocols:
//!       grpc: {auth: {authenticator: oidc}}
//! service:
//!   extensions: [oidc]
//! ```

mod algorithm;
mod claims;
mod config;
mod fetch;
mod file;
mod keys;
mod provider;
mod remote;
mod token;

use std::sync::{Arc, OnceLock};

use slimcol_service::{
    BoxError, BoxFuture, Component, Context, Extension, Factory, Info, Offers, RequestHeaders, Running,
    ServerAuth, Stability, Stop,
};

use self::{
    algorithm::Algorithm,
    config::Config,
    provider::{Failure, Provider},
    token::Token,
};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<Oidc>();

/// Lets in who has a token.
#[derive(Debug)]
struct Oidc {
    door: Arc<Door>,
}

/// What looks at each request.
#[derive(Debug)]
struct Door {
    config: Config,
    cx: Context,
    providers: OnceLock<Vec<Provider>>,
}

impl Component for Oidc {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Beta,
        ..Info::new("oidc", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        Ok(Self { door: Arc::new(Door { config, cx: cx.clone(), providers: OnceLock::new() }) })
    }
}

impl Extension for Oidc {
    fn offers(&self) -> Offers {
        Offers::default().with_server_auth(self.door.clone())
    }

    async fn start(self, mut stop: Stop) -> Result<Running, BoxError> {
        let (mut providers, mut failures) = (Vec::new(), Vec::new());
        for settings in self.door.config.providers() {
            match Provider::start(settings, &self.door.cx).await {
                Ok(provider) => providers.push(provider),
                Err(failure) => failures.push(failure),
            }
        }
        if !failures.is_empty() {
            let text = "failed to get configuration from at least one configured auth server";
            return Err(format!("{text}: {}", failures.join("; ")).into());
        }
        self.door.providers.set(providers).map_err(|_| "oidc started twice")?;
        Ok(Running::new(async move {
            stop.wait().await;
            Ok(())
        }))
    }
}

impl ServerAuth for Door {
    fn authenticate<'a>(
        &'a self,
        headers: &'a RequestHeaders,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, BoxError>> {
        Box::pin(async move {
            self.admit(headers).await.map_err(|(what, failure)| {
                let text = failure.text();
                self.cx.log().warn(&format!("Authentication failed: {what}"), &[("error", text.into())]);
                failure.into()
            })
        })
    }
}

impl Door {
    /// What the token says of its bearer. Otherwise, in Go's words, what went wrong for the log, and for the sender.
    async fn admit(
        &self,
        headers: &RequestHeaders,
    ) -> Result<Vec<(String, String)>, (&'static str, Failure)> {
        let name = self.config.attribute.to_ascii_lowercase();
        let refused = |what, text: String| (what, Failure::Refused(text));
        let shown = headers
            .iter()
            .find(|(other, _)| *other == name)
            .ok_or_else(|| refused("missing or empty header", "authentication didn't succeed".to_owned()))?;
        // Whatever stands before the token.
        let [_, raw] = shown.1.split(' ').collect::<Vec<_>>()[..] else {
            let text = "invalid authorization header format";
            return Err(refused("invalid header format", text.to_owned()));
        };
        let token = Token::parse(raw, &Algorithm::ALL).map_err(|error| {
            let text = format!("failed to parse the token: oidc: {error}");
            refused("could not parse issuer from token", text)
        })?;
        let provider =
            self.provider(token.issuer()).map_err(|text| refused("could not resolve provider", text))?;
        provider
            .verify(&token)
            .await
            .map_err(|failure| ("token verification failed", failure.within("failed to verify token")))?;
        claims::learn(&provider.settings, &token).map_err(|(what, text)| refused(what, text))
    }

    fn provider(&self, issuer: &str) -> Result<&Provider, String> {
        let providers = self.providers.get().map_or(&[][..], Vec::as_slice);
        match providers {
            [one] => Ok(one),
            several => several.iter().find(|one| one.settings.issuer_url == issuer).ok_or_else(|| {
                let issuer = token::shortened(issuer);
                format!(
                    "failed to resolve OIDC provider for the issuer {issuer:?}: no OIDC provider configured for the \
                     issuer {issuer:?}"
                )
            }),
        }
    }
}

#[cfg(test)]
mod tests;
