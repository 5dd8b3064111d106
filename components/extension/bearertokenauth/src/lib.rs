//! The `bearertokenauth` extension: on servers it lets in who knows a token, on clients it shows one.
//!
//! ```yaml
//! extensions:
//!   bearertokenauth:
//!     filename: /var/run/secrets/token
//! exporters:
//!   otlp_http:
//!     endpoint: https://gateway:4318
//!     auth: {authenticator: bearertokenauth}
//! service:
//!   extensions: [bearertokenauth]
//! ```

mod config;

use std::sync::{Arc, OnceLock};

use slimcol_config::Secret;
use slimcol_service::{
    BoxError, BoxFuture, Client, ClientAuth, Component, Context, Extension, Factory, HeaderChange, Info,
    Offers, RequestHeaders, Running, ServerAuth, Stability, Stop, WatchedFile,
};
use subtle::ConstantTimeEq;

use self::config::Config;

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<BearerTokenAuth>();

/// One set of tokens for both sides.
#[derive(Debug)]
struct BearerTokenAuth {
    tokens: Arc<Tokens>,
    cx: Context,
}

/// The tokens and where they stand.
#[derive(Debug)]
struct Tokens {
    /// In lower case.
    header: String,
    config: Config,
    source: OnceLock<Source>,
}

#[derive(Debug)]
enum Source {
    Texts(Vec<Secret>),
    /// One on each line.
    File(Arc<WatchedFile>),
}

impl Component for BearerTokenAuth {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["bearer_token_auth"],
        stability: Stability::Beta,
        ..Info::new("bearertokenauth", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let header = config.header.to_ascii_lowercase();
        let tokens = Arc::new(Tokens { header, config, source: OnceLock::new() });
        Ok(Self { tokens, cx: cx.clone() })
    }
}

impl Extension for BearerTokenAuth {
    fn offers(&self) -> Offers {
        Offers::default().with_server_auth(self.tokens.clone()).with_client_auth(self.tokens.clone())
    }

    async fn start(self, mut stop: Stop) -> Result<Running, BoxError> {
        let Config { token, tokens, filename, .. } = &self.tokens.config;
        let source = if filename.is_empty() {
            let one = Some(token).filter(|token| !token.reveal().is_empty());
            Source::Texts(tokens.iter().chain(one).cloned().collect())
        } else {
            if !tokens.is_empty() || !token.reveal().is_empty() {
                self.cx.log().warn("a filename is specified. Configured token(s) is ignored!", &[]);
            }
            Source::File(Arc::new(WatchedFile::open(filename, self.cx.log())?))
        };
        self.tokens.source.set(source).map_err(|_| "bearertokenauth started twice")?;
        Ok(Running::new(async move {
            stop.wait().await;
            Ok(())
        }))
    }
}

impl Tokens {
    /// What the header says for each token. An empty token is none: the end of a file would let everyone in.
    async fn values(&self) -> Result<Vec<String>, BoxError> {
        let full = |token: &str| match self.config.scheme.as_str() {
            "" => token.to_owned(),
            scheme => format!("{scheme} {token}"),
        };
        Ok(match self.source.get().ok_or("bearertokenauth has not started")? {
            Source::Texts(texts) => texts.iter().map(|text| full(text.reveal())).collect(),
            Source::File(file) => {
                let text = file.text().await;
                text.lines().map(str::trim).filter(|line| !line.is_empty()).map(full).collect()
            }
        })
    }
}

impl ServerAuth for Tokens {
    fn authenticate<'a>(
        &'a self,
        headers: &'a RequestHeaders,
    ) -> BoxFuture<'a, Result<Vec<(String, String)>, BoxError>> {
        Box::pin(async move {
            let shown =
                headers.iter().find(|(name, _)| *name == self.header).map(|(_, value)| value.as_bytes());
            let shown = shown
                .ok_or_else(|| format!("missing or empty authorization header: {}", self.config.header))?;
            // All of them, so that time does not tell which one comes close.
            let fits = |fits, value: &String| fits | bool::from(value.as_bytes().ct_eq(shown));
            if self.values().await?.iter().fold(false, fits) {
                return Ok(Vec::new());
            }
            // Go repeats the token here.
            Err("scheme or token does not match".into())
        })
    }
}

impl ClientAuth for Tokens {
    fn headers<'a>(&'a self, _: &'a Client) -> BoxFuture<'a, Result<Vec<HeaderChange>, BoxError>> {
        Box::pin(async move {
            let value = self.values().await?.into_iter().next().ok_or("no bearer token provided")?;
            Ok(vec![HeaderChange::Set(self.header.clone(), value)])
        })
    }

    fn wants_tls(&self) -> bool {
        true
    }
}

#[cfg(test)]
mod tests;
