//! The extension's settings (Go's `extension/oidcauthextension`).

use slimcol_config::{Problems, Section, Settings};

use crate::file;

/// The keys of `oidc`.
#[derive(Clone, Debug)]
pub(crate) struct Config {
    /// The header.
    pub(crate) attribute: String,
    /// The one provider whose keys stand right here, as they did before there could be several.
    flat: ProviderSettings,
    listed: Vec<ProviderSettings>,
}

/// An entry of `providers`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProviderSettings {
    pub(crate) issuer_url: String,
    pub(crate) audience: String,
    pub(crate) ignore_audience: bool,
    pub(crate) ignore_issuer: bool,
    pub(crate) issuer_ca_path: String,
    pub(crate) username_claim: String,
    pub(crate) groups_claim: String,
    pub(crate) public_keys_file: String,
}

impl Config {
    /// All providers, the flat one first.
    pub(crate) fn providers(&self) -> impl Iterator<Item = &ProviderSettings> {
        let flat = Some(&self.flat).filter(|flat| **flat != ProviderSettings::default());
        flat.into_iter().chain(&self.listed)
    }
}

impl Settings for Config {
    fn read(from: &mut Section<'_>) -> Self {
        const DEFAULT: &str = "authorization";
        let attribute = from.get("attribute", DEFAULT.to_owned());
        Self {
            attribute: if attribute.is_empty() { DEFAULT.to_owned() } else { attribute },
            flat: shared(from),
            listed: from.list("providers"),
        }
    }

    fn validate(&self, problems: &mut Problems<'_>) {
        let several = self.providers().count() > 1;
        let mut seen: Vec<&str> = Vec::new();
        for provider in self.providers() {
            if several && provider.ignore_issuer {
                let text = "ignore_issuer cannot be true when multiple providers are configured";
                problems.add("providers", text);
            }
            if seen.contains(&provider.issuer_url.as_str()) {
                let text = format!("duplicate issuer URL found: {}", provider.issuer_url);
                problems.add("providers", text);
                continue;
            }
            seen.push(&provider.issuer_url);
            if let Err(text) = provider.check() {
                problems.add("providers", text);
            }
        }
    }
}

impl ProviderSettings {
    fn check(&self) -> Result<(), String> {
        if self.audience.is_empty() && !self.ignore_audience {
            return Err("no Audience provided for the OIDC configuration".to_owned());
        }
        if self.issuer_url.is_empty() {
            return Err("no IssuerURL provided for the OIDC configuration".to_owned());
        }
        if !self.public_keys_file.is_empty() {
            file::try_read(&self.public_keys_file)
                .map_err(|error| format!("invalid public_keys_file {:?}: {error}", self.public_keys_file))?;
        }
        Ok(())
    }
}

impl Settings for ProviderSettings {
    fn read(from: &mut Section<'_>) -> Self {
        Self {
            ignore_issuer: from.get("ignore_issuer", false),
            public_keys_file: from.get("public_keys_file", String::new()),
            ..shared(from)
        }
    }
}

/// The keys that could stand in either place.
fn shared(from: &mut Section<'_>) -> ProviderSettings {
    ProviderSettings {
        issuer_url: from.get("issuer_url", String::new()),
        audience: from.get("audience", String::new()),
        ignore_audience: from.get("ignore_audience", false),
        issuer_ca_path: from.get("issuer_ca_path", String::new()),
        username_claim: from.get("username_claim", String::new()),
        groups_claim: from.get("groups_claim", String::new()),
        ..ProviderSettings::default()
    }
}
