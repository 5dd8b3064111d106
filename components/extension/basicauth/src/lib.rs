//! The `basicauth` extension: on servers it lets in who knows a password of an htpasswd file, on clients it shows one.
//!
//! ```yaml
//! extensions:
//!   basicauth/server:
//!     htpasswd:
//!       file: /etc/otelcol/htpasswd
//!   basicauth/client:
//!     client_auth:
//!       username: otel
//!       password: ${env:PASSWORD}
//! receivers:
//!   otlp:
//!     protocols:
//!       http:
//!         auth: {authenticator: basicauth/server}
//! service:
//!   extensions: [basicauth/server, basicauth/client]
//! ```

mod client;
mod config;
mod htpasswd;
mod server;
mod verified;

use std::sync::Arc;

use slimcol_service::{
    BoxError, Component, Context, Extension, Factory, Info, Offers, Running, Stability, Stop,
};

use self::{client::Shown, config::Config, server::Door};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<BasicAuth>();

/// One side of basic authentication.
#[derive(Debug)]
struct BasicAuth {
    side: Side,
    cx: Context,
}

#[derive(Debug)]
enum Side {
    Server(Arc<Door>),
    Client(Arc<Shown>),
}

impl Component for BasicAuth {
    type Config = Config;
    const INFO: Info = Info {
        aliases: &["basic_auth"],
        stability: Stability::Beta,
        ..Info::new("basicauth", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        let side = match (config.client, config.htpasswd) {
            (Some(client), _) => Side::Client(Arc::new(Shown::new(client))),
            (None, Some(htpasswd)) if !htpasswd.file.is_empty() || !htpasswd.inline.reveal().is_empty() => {
                Side::Server(Arc::new(Door::new(htpasswd)?))
            }
            _ => return Err(config::NO_SOURCE.into()),
        };
        Ok(Self { side, cx: cx.clone() })
    }
}

impl Extension for BasicAuth {
    fn offers(&self) -> Offers {
        match &self.side {
            Side::Server(door) => Offers::default().with_server_auth(door.clone()),
            Side::Client(shown) => Offers::default().with_client_auth(shown.clone()),
        }
    }

    async fn start(self, mut stop: Stop) -> Result<Running, BoxError> {
        match &self.side {
            Side::Server(door) => door.open(self.cx.log())?,
            Side::Client(shown) => shown.open(self.cx.log())?,
        }
        Ok(Running::new(async move {
            stop.wait().await;
            Ok(())
        }))
    }
}

#[cfg(test)]
mod tests;
