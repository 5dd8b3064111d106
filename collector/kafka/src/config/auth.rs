//! Who a client says it is.

use slimcol_config::{Problems, Secret, Section, Settings};

/// The mechanism that shows tokens.
const OAUTHBEARER: &str = "OAUTHBEARER";

/// The `auth` section.
#[derive(Clone, Debug, Default)]
pub struct Auth {
    /// Name, password and how they are proven; `None` if brokers do not ask.
    pub(crate) sasl: Option<Sasl>,
}

/// The `sasl` section.
#[derive(Clone, Debug)]
pub(crate) struct Sasl {
    pub(crate) mechanism: String,
    pub(crate) username: String,
    pub(crate) password: Secret,
    version: i64,
    /// The extension that has tokens, with OAUTHBEARER.
    oauthbearer_token_source: String,
}

impl Sasl {
    /// The extension to ask for tokens, if the mechanism shows any.
    pub(crate) fn token_source(&self) -> Option<&str> {
        (self.mechanism == OAUTHBEARER).then_some(&self.oauthbearer_token_source)
    }
}

impl Settings for Auth {
    fn read(from: &mut Section<'_>) -> Self {
        let sasl = from.when_written("sasl");
        let plain: Option<Plain> = from.when_written("plain_text");
        if plain.is_some() {
            from.warn("plain_text", "auth::plain_text is deprecated, use auth::sasl with mechanism PLAIN");
        }
        Self { sasl: sasl.or(plain.map(|plain| plain.0)) }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        if let Some(sasl) = &self.sasl {
            problems.within("sasl", sasl);
        }
    }
}

/// Go's text for an extension that is not there.
pub(crate) fn no_tokens(id: &str) -> String {
    format!("failed to configure SASL: extension {id} is not configured")
}

impl Settings for Sasl {
    fn read(from: &mut Section<'_>) -> Self {
        let mechanism = from.get("mechanism", String::new());
        let token_source = from.get("oauthbearer_token_source", String::new());
        if mechanism == OAUTHBEARER && !token_source.is_empty() {
            from.wants_extension("oauthbearer_token_source", &token_source, no_tokens(&token_source));
        }
        Self {
            mechanism,
            username: from.get("username", String::new()),
            password: from.get("password", Secret::default()),
            version: from.get("version", 0),
            oauthbearer_token_source: token_source,
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        match self.mechanism.as_str() {
            "PLAIN" | "SCRAM-SHA-256" | "SCRAM-SHA-512" => {
                if self.username.is_empty() {
                    problems.add("username", "username is required");
                }
                if self.password.reveal().is_empty() {
                    problems.add("password", "password is required");
                }
            }
            OAUTHBEARER => {
                if self.oauthbearer_token_source.is_empty() {
                    let message = "oauth2authclient extension is required";
                    problems.add("oauthbearer_token_source", message);
                }
            }
            other => problems.add(
                "mechanism",
                format_args!(
                    "mechanism should be one of 'PLAIN', 'OAUTHBEARER', 'SCRAM-SHA-256' or 'SCRAM-SHA-512'. configured value {other}"
                ),
            ),
        }
        if !(0..=1).contains(&self.version) {
            let message = format_args!("version has to be either 0 or 1. configured value {}", self.version);
            problems.add("version", message);
        }
    }
}

/// The older section for PLAIN.
struct Plain(Sasl);

impl Settings for Plain {
    fn read(from: &mut Section<'_>) -> Self {
        Self(Sasl {
            mechanism: "PLAIN".to_owned(),
            username: from.get("username", String::new()),
            password: from.get("password", Secret::default()),
            version: 0,
            oauthbearer_token_source: String::new(),
        })
    }
}
