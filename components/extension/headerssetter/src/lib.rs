//! The `headers_setter` extension: sets headers of what clients send, from the configuration, from files, and from what
//! the senders sent.
//!
//! ```yaml
//! extensions:
//!   headers_setter:
//!     headers:
//!       - {action: upsert, key: X-Scope-OrgID, from_context: x-tenant, default_value: anonymous}
//! exporters:
//!   otlp_http:
//!     endpoint: https://gateway:4318
//!     auth: {authenticator: headers_setter}
//! service:
//!   extensions: [headers_setter]
//! ```

mod config;

use std::sync::{Arc, OnceLock};

use slimcol_config::Secret;
use slimcol_service::{
    BoxError, BoxFuture, Client, ClientAuth, Component, Context, Dependencies, Extension, Factory,
    HeaderChange, Info, Offers, Running, Stability, Stop, WatchedFile,
};

use self::config::{Action, Config, Header};

/// What a collector is built with.
pub static FACTORY: Factory = Factory::extension::<HeadersSetter>();

/// Sets headers.
#[derive(Debug)]
struct HeadersSetter {
    setter: Arc<Setter>,
    cx: Context,
}

/// What is done to each request.
#[derive(Debug)]
struct Setter {
    config: Config,
    ready: OnceLock<Ready>,
}

/// What there is once everything that is named has been found.
struct Ready {
    rules: Vec<Rule>,
    additional: Option<Arc<dyn ClientAuth>>,
}

#[derive(Debug)]
struct Rule {
    key: String,
    action: fn(String, String) -> HeaderChange,
    source: Source,
}

/// Where a value comes from; the last two with what to take instead.
#[derive(Debug)]
enum Source {
    Text(Secret),
    File(Arc<WatchedFile>),
    Metadata(String, Secret),
    Attribute(String, Secret),
}

impl Component for HeadersSetter {
    type Config = Config;
    const INFO: Info = Info {
        stability: Stability::Alpha,
        ..Info::new("headers_setter", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"))
    };

    fn new(config: Config, cx: &Context) -> Result<Self, BoxError> {
        for header in &config.headers {
            if header.action == Action::Unsaid {
                let text = "The action was not provided, using 'upsert'. In future versions, we'll require this to be \
                            explicitly set";
                cx.log().warn(text, &[]);
            }
        }
        Ok(Self { setter: Arc::new(Setter { config, ready: OnceLock::new() }), cx: cx.clone() })
    }
}

impl Extension for HeadersSetter {
    fn offers(&self) -> Offers {
        Offers::default().with_client_auth(self.setter.clone())
    }

    fn dependencies(&self) -> Dependencies {
        Dependencies::on(self.setter.config.additional_auth.iter().cloned().collect())
    }

    async fn start(self, mut stop: Stop) -> Result<Running, BoxError> {
        let config = &self.setter.config;
        let rules =
            config.headers.iter().map(|header| Rule::new(header, &self.cx)).collect::<Result<_, _>>()?;
        let mut additional = None;
        if let Some(id) = &config.additional_auth {
            let offers = self
                .cx
                .extension(id)
                .ok_or_else(|| format!("failed to resolve authenticator {id:?}: authenticator not found"))?;
            let auth = offers.client_auth().cloned();
            additional = Some(auth.ok_or("requested authenticator is not a client authenticator")?);
        }
        self.setter.ready.set(Ready { rules, additional }).map_err(|_| "headers_setter started twice")?;
        Ok(Running::new(async move {
            stop.wait().await;
            Ok(())
        }))
    }
}

impl Rule {
    fn new(header: &Header, cx: &Context) -> Result<Self, BoxError> {
        let Header { key, action, value, value_file, from_context, from_attribute, default_value } = header;
        let action: fn(String, String) -> HeaderChange = match action {
            Action::Insert => HeaderChange::Insert,
            Action::Update => HeaderChange::Update,
            Action::Upsert | Action::Unsaid => HeaderChange::Set,
            Action::Delete => |key, _| HeaderChange::Remove(key),
        };
        let source = match (value, value_file, from_context, from_attribute) {
            (Some(value), ..) => Source::Text(value.clone()),
            (_, Some(path), ..) => Source::File(Arc::new(WatchedFile::open(path, cx.log())?)),
            (_, _, Some(name), _) => Source::Metadata(name.clone(), default_value.clone()),
            (_, _, _, Some(name)) => Source::Attribute(name.clone(), default_value.clone()),
            // To delete a header nothing needs to be known of it.
            _ => Source::Text(Secret::default()),
        };
        Ok(Self { key: key.clone(), action, source })
    }
}

impl Source {
    async fn value(&self, client: &Client) -> Result<String, BoxError> {
        Ok(match self {
            Self::Text(text) => text.reveal().to_owned(),
            Self::File(file) => file.text().await.trim().to_owned(),
            Self::Metadata(name, default) => match client.metadata(name) {
                [] => default.reveal().to_owned(),
                [one] => one.clone(),
                several => {
                    return Err(format!(
                        "failed to determine the source: {} source keys found in the context, can't determine which one \
                         to use",
                        several.len()
                    )
                    .into());
                }
            },
            Self::Attribute(name, default) => client.attribute(name).unwrap_or(default.reveal()).to_owned(),
        })
    }
}

impl ClientAuth for Setter {
    fn headers<'a>(&'a self, client: &'a Client) -> BoxFuture<'a, Result<Vec<HeaderChange>, BoxError>> {
        Box::pin(async move {
            let ready = self.ready.get().ok_or("headers_setter has not started")?;
            let mut changes = Vec::with_capacity(ready.rules.len());
            for rule in &ready.rules {
                changes.push((rule.action)(rule.key.clone(), rule.source.value(client).await?));
            }
            if let Some(auth) = &ready.additional {
                changes.extend(auth.headers(client).await?);
            }
            Ok(changes)
        })
    }

    fn refused(&self) {
        if let Some(auth) = self.additional() {
            auth.refused();
        }
    }

    fn wants_tls(&self) -> bool {
        self.additional().is_some_and(|auth| auth.wants_tls())
    }
}

impl Setter {
    fn additional(&self) -> Option<&Arc<dyn ClientAuth>> {
        self.ready.get()?.additional.as_ref()
    }
}

impl std::fmt::Debug for Ready {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Ready").field("rules", &self.rules).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
